import MartletNetworks

/// Words as a trie over their UTF-8 bytes: 0.7 MB for BERT's 30,522.
///
/// The children of a node lie side by side in the order of their bytes, those of the next node
/// after them, so a step is a search among at most 256 bytes whatever the words are. A class, so that nothing is counted
/// per byte.
final class WordTrie: Sendable {
  /// The words' bytes behind each other, and where each ends.
  private let bytes: [UInt8]
  private let ends: [Int]
  /// Of each node: its first child, the byte that leads to it, the word that ends there or -1.
  private let firsts: [UInt32]
  private let labels: [UInt8]
  private let words: [Int32]
  /// Steps from the root by the first byte; 0 where there is none.
  private let roots: [UInt32]

  /// Builds the trie; word i is the bytes up to `ends[i]`.
  ///
  /// Throws `DataError` for an empty word and for one that is there twice.
  init(bytes: [UInt8], ends: [Int], name: String) throws(DataError) {
    func range(_ word: Int) -> Range<Int> { (word == 0 ? 0 : ends[word - 1])..<ends[word] }
    func text(_ word: Int) -> String { String(decoding: bytes[range(word)], as: UTF8.self) }
    for word in ends.indices where range(word).isEmpty {
      throw DataError(.empty, in: name, at: "word \(word)", "has no characters")
    }
    let order = Self.order(bytes, range, count: ends.count)
    // Nodes in order of their depth; each is the words with one beginning.
    var groups: [(words: Range<Int>, depth: Int)] = [(ends.indices, 0)]
    var firsts: [UInt32] = []
    var labels: [UInt8] = [0]
    var words: [Int32] = []
    var roots = [UInt32](repeating: 0, count: 256)
    var node = 0
    while node < groups.count {
      var (rest, depth) = groups[node]
      node += 1
      firsts.append(UInt32(groups.count))
      var word: Int32 = -1
      if let first = rest.first, range(order[first]).count == depth {
        word = Int32(order[first])
        rest = rest.dropFirst()
        if let second = rest.first, range(order[second]).count == depth {
          throw DataError(
            .duplicate, in: name, at: "word \(order[second])",
            "\(excerpt(text(order[second]))) is word \(word) already")
        }
      }
      words.append(word)
      while let first = rest.first {
        let label = bytes[range(order[first]).lowerBound + depth]
        let end =
          rest.first { bytes[range(order[$0]).lowerBound + depth] != label } ?? rest.upperBound
        if node == 1 { roots[Int(label)] = UInt32(groups.count) }
        labels.append(label)
        groups.append((first..<end, depth + 1))
        rest = end..<rest.upperBound
      }
    }
    firsts.append(UInt32(groups.count))
    self.bytes = bytes
    self.ends = ends
    self.firsts = firsts
    self.labels = labels
    self.words = words
    self.roots = roots
  }

  /// Builds the trie from texts.
  convenience init(_ texts: [String], name: String) throws(DataError) {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    for text in texts {
      bytes += text.utf8
      ends.append(bytes.count)
    }
    try self.init(bytes: bytes, ends: ends, name: name)
  }

  /// Words.
  var count: Int { ends.count }

  /// The text of a word.
  subscript(_ word: Int) -> String {
    String(decoding: bytes[(word == 0 ? 0 : ends[word - 1])..<ends[word]], as: UTF8.self)
  }

  /// The words in the order of their bytes, equal ones in their own.
  private static func order(
    _ bytes: [UInt8], _ range: (Int) -> Range<Int>, count: Int
  ) -> [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      (0..<count).sorted { x, y in
        let (a, b) = (range(x), range(y))
        for offset in 0..<min(a.count, b.count) {
          let (p, q) = (bytes[a.lowerBound + offset], bytes[b.lowerBound + offset])
          if p != q { return p < q }
        }
        return a.count == b.count ? x < y : a.count < b.count
      }
    }
  }

  /// Where a trie's words begin.
  static let root: UInt32 = 0

  /// The node that a byte leads to, or 0.
  private func step(_ node: UInt32, _ byte: UInt8) -> UInt32 {
    if node == Self.root { return roots[Int(byte)] }
    var low = firsts[Int(node)]
    var high = firsts[Int(node) + 1]
    while high - low > 4 {
      let middle = (low + high) >> 1
      if labels[Int(middle)] <= byte { low = middle } else { high = middle }
    }
    while low < high {
      if labels[Int(low)] == byte { return low }
      low += 1
    }
    return 0
  }

  /// The longest word that `text` goes on with from `start`, read on from `node`, and where it ends.
  func longest(
    in text: UnsafeBufferPointer<UInt8>, from start: Int, node: UInt32 = root
  ) -> (word: Int32, end: Int) {
    var node = node
    var found: (word: Int32, end: Int) = (-1, start)
    for position in start..<text.count {
      node = step(node, text[position])
      if node == 0 { break }
      let word = words[Int(node)]
      if word >= 0 { found = (word, position + 1) }
    }
    return found
  }

  /// The word with exactly these bytes.
  func word(_ text: some Sequence<UInt8>) -> Int32? {
    guard let node = node(after: text), node != Self.root, words[Int(node)] >= 0 else { return nil }
    return words[Int(node)]
  }

  /// The node after these bytes; nil where no word begins with them.
  func node(after text: some Sequence<UInt8>) -> UInt32? {
    var node = Self.root
    for byte in text {
      node = step(node, byte)
      if node == 0 { return nil }
    }
    return node
  }

  /// Whether a word begins with this byte.
  func begins(with byte: UInt8) -> Bool { roots[Int(byte)] != 0 }
}
