public import MartletNetworks

/// BERT's tokenizer: text to the numbers of word pieces, as the `tokenizers` library does it.
///
/// A text is cut at special tokens written out in it; what lies between is cleaned, ideographs are
/// set apart, accents stripped, upper case lowered; words end at white space and punctuation, and
/// each is cut greedily into the longest pieces of the vocabulary (J. Devlin et al., BERT, 2019).
///
/// ```swift
/// let tokenizer = try WordPieceTokenizer(tokenizerJSON: "model/tokenizer.json")
/// let ids = tokenizer.encode("Prices rose.", maximumLength: 128)
/// ```
///
/// Encoding takes time and memory proportional to the bytes of the text, whatever they are. What
/// characters are comes from tables of the package, not from the system: the same everywhere.
public struct WordPieceTokenizer: Sendable {
  /// How text is prepared and words are cut; the defaults are those of BERT uncased.
  public struct Options: Hashable, Sendable {
    /// Removes control characters, NUL and U+FFFD.
    public var cleansText = true
    /// Makes a word of each CJK ideograph.
    public var separatesIdeographs = true
    /// Takes accents off; nil: where letters are lowered.
    public var stripsAccents: Bool?
    /// Lowers letters.
    public var lowercases = true
    /// What pieces begin with that continue a word.
    public var continuation = "##"
    /// Characters beyond which a word is unknown.
    public var longestWord = 100
    /// Stands for a word that has no pieces.
    public var unknown = "[UNK]"
    /// Begins each sequence.
    public var classification = "[CLS]"
    /// Ends each sequence.
    public var separator = "[SEP]"
    /// Tokens that are found in a text where they are written out; the vocabulary need not have all.
    public var special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

    /// The options of BERT uncased.
    public init() {}
  }

  /// A pair of texts in one sequence.
  public struct Pair: Hashable, Sendable {
    /// `[CLS]` first `[SEP]` second `[SEP]`.
    public let ids: [Int32]
    /// 0 up to the first `[SEP]`, then 1.
    public let types: [Int32]
  }

  /// How text is prepared and words are cut.
  public let options: Options
  /// The length that the file truncates sequences to; nil without a file or where it does not.
  public let maximumLength: Int?
  /// Tokens: the words of the vocabulary, and special ones added behind them.
  public let count: Int
  private let cutter: PieceCutter
  let classification: Int32
  let separator: Int32

  /// A tokenizer with the words of a vocabulary; a word's place is its number.
  ///
  /// Throws `DataError` for a vocabulary that is empty, has an empty word or one twice, or lacks the
  /// unknown, classification or separator token. Words are equal when their scalars are.
  public init(
    vocabulary: [String], options: Options = Options(), name: String = "vocabulary"
  ) throws(DataError) {
    try self.init(
      trie: WordTrie(vocabulary, name: name), added: [], options: options, name: name)
  }

  /// A tokenizer whose special tokens are those of the options and `added`; the numbers of `added` go
  /// on behind the words.
  init(
    trie: WordTrie, added: [String], options: Options, name: String, maximumLength: Int? = nil
  ) throws(DataError) {
    guard trie.count > 0 else { throw DataError(.empty, in: name, "has no words") }
    guard options.longestWord >= 0 else {
      throw DataError(.outOfRange, in: name, "longest word \(options.longestWord); expected ≥ 0")
    }
    for token in added {
      if let word = trie.word(token.utf8) {
        throw DataError(
          .duplicate, in: name, at: "added token \(excerpt(token))",
          "is word \(word) of the vocabulary")
      }
    }
    var ids: [Int32] = []
    // What is written twice in the options is one token.
    for id in options.special.compactMap({ trie.word($0.utf8) }) where !ids.contains(id) {
      ids.append(id)
    }
    let special = try WordTrie(ids.map { trie[Int($0)] } + added, name: name)
    let specialIDs = ids + added.indices.map { Int32(trie.count + $0) }
    count = trie.count + added.count
    func id(_ token: String, _ found: Int32?) throws(DataError) -> Int32 {
      if let found { return found }
      throw DataError(
        .missing, in: name, "no special token \(excerpt(token)) among \(trie.count) words")
    }
    func anyID(_ token: String) -> Int32? {
      trie.word(token.utf8) ?? special.word(token.utf8).map { specialIDs[Int($0)] }
    }
    let unknown = try id(options.unknown, trie.word(options.unknown.utf8))
    classification = try id(options.classification, anyID(options.classification))
    separator = try id(options.separator, anyID(options.separator))
    cutter = PieceCutter(
      vocabulary: trie, special: special, specialIDs: specialIDs, unknown: unknown,
      steps: WordScanner.Steps(
        cleans: options.cleansText, spaces: options.separatesIdeographs,
        strips: options.stripsAccents ?? options.lowercases, lowers: options.lowercases),
      continuation: options.continuation, longestWord: options.longestWord)
    self.options = options
    self.maximumLength = maximumLength
  }

  // MARK: Vocabulary

  /// The number of a token; nil where there is no such token.
  public func id(of token: String) -> Int32? {
    cutter.vocabulary.word(token.utf8)
      ?? cutter.special.word(token.utf8).map { cutter.specialIDs[Int($0)] }
  }

  /// The tokens of numbers; throws `DataError` for a number that is no token.
  public func tokens(of ids: [Int32]) throws(DataError) -> [String] {
    // Added tokens are the last of the special ones.
    let words = cutter.vocabulary.count
    var tokens: [String] = []
    for (index, id) in ids.enumerated() {
      guard id >= 0, id < count else {
        throw DataError(
          .outOfRange, in: "ids", at: "place \(index)", "\(id); expected 0…\(count - 1)")
      }
      tokens.append(
        id < words
          ? cutter.vocabulary[Int(id)] : cutter.special[cutter.special.count - count + Int(id)])
    }
    return tokens
  }

  // MARK: Encoding

  /// The sequence of a text: classification token, pieces, separator.
  ///
  /// - Parameter maximumLength: Pieces at the end are left out so that the sequence has at most so
  ///   many numbers, the two special tokens among them; at least 2. nil: all are kept.
  public func encode(_ text: String, maximumLength: Int? = nil) -> [Int32] {
    require(
      maximumLength.map { $0 >= 2 } ?? true,
      "encode: maximum length \(maximumLength ?? 0); the special tokens alone are 2")
    var ids = [classification]
    cutter.appendPieces(of: text, to: &ids, limit: maximumLength.map { $0 - 1 } ?? .max)
    ids.append(separator)
    return ids
  }

  /// The sequence of each text, each as long as it is: nothing is padded.
  public func encode(_ texts: [String], maximumLength: Int? = nil) -> [[Int32]] {
    texts.map { encode($0, maximumLength: maximumLength) }
  }

  /// The sequence of two texts: classification token, first, separator, second, separator.
  ///
  /// - Parameter maximumLength: Pieces are left out at the end of the longer text, then of both
  ///   alike, so that the sequence has at most so many numbers; at least 3. nil: all are kept.
  public func encode(pair first: String, _ second: String, maximumLength: Int? = nil) -> Pair {
    require(
      maximumLength.map { $0 >= 3 } ?? true,
      "encode: maximum length \(maximumLength ?? 0); the special tokens alone are 3")
    var a: [Int32] = []
    var b: [Int32] = []
    cutter.appendPieces(of: first, to: &a, limit: .max)
    cutter.appendPieces(of: second, to: &b, limit: .max)
    if let room = maximumLength.map({ $0 - 3 }), a.count + b.count > room {
      // The shorter is kept whole where the longer can give way, else they share; the one that was
      // longer gets the odd place, the second where they were equal.
      let shorter = min(a.count, b.count)
      let longer = max(shorter, room - shorter)
      let isShared = shorter + longer > room
      let sizes = isShared ? (room / 2, room / 2 + room % 2) : (shorter, longer)
      let isSwapped = a.count > b.count
      a.removeLast(max(a.count - (isSwapped ? sizes.1 : sizes.0), 0))
      b.removeLast(max(b.count - (isSwapped ? sizes.0 : sizes.1), 0))
    }
    let ids = [classification] + a + [separator] + b + [separator]
    let types = (0..<ids.count).map { Int32($0 < a.count + 2 ? 0 : 1) }
    return Pair(ids: ids, types: types)
  }

  /// The words of a text before they are cut into pieces.
  ///
  /// The text is prepared and split at white space and punctuation; special tokens are not looked
  /// for. A word may be of any length.
  public func words(of text: String) -> [String] {
    var words: [String] = []
    var text = text
    text.withUTF8 { bytes in
      var scanner = WordScanner(cutter.steps, limit: .max)
      scanner.scan(bytes, 0..<bytes.count) { word in
        if let word { words.append(String(decoding: word, as: UTF8.self)) }
        return true
      }
    }
    return words
  }
}
