import MartletNetworks

/// Cuts text into the numbers of its pieces, without the tokens before and behind it.
///
/// A class, so that nothing is counted per word.
final class PieceCutter: Sendable {
  /// The words of the vocabulary; their places are their numbers.
  let vocabulary: WordTrie
  /// The tokens that are found in a text where they are written out, and their numbers.
  let special: WordTrie
  let specialIDs: [Int32]
  /// How text is prepared.
  let steps: WordScanner.Steps
  /// Stands for a word that has no pieces.
  private let unknown: Int32
  /// The node of `vocabulary` after the continuation; nil where nothing continues a word.
  private let continued: UInt32?
  private let longestWord: Int

  init(
    vocabulary: WordTrie, special: WordTrie, specialIDs: [Int32], unknown: Int32,
    steps: WordScanner.Steps, continuation: String, longestWord: Int
  ) {
    self.vocabulary = vocabulary
    self.special = special
    self.specialIDs = specialIDs
    self.steps = steps
    self.unknown = unknown
    self.longestWord = longestWord
    continued = vocabulary.node(after: continuation.utf8)
  }

  /// Appends the numbers of a text until there are `limit`.
  func appendPieces(of text: String, to ids: inout [Int32], limit: Int) {
    guard ids.count < limit else { return }
    var text = text
    text.withUTF8 { bytes in
      var scanner = WordScanner(steps, limit: longestWord)
      var begin = 0
      var position = 0
      while position < bytes.count, ids.count < limit {
        guard special.begins(with: bytes[position]) else {
          position += 1
          continue
        }
        let (token, end) = special.longest(in: bytes, from: position)
        guard token >= 0 else {
          position += 1
          continue
        }
        append(bytes, begin..<position, &scanner, to: &ids, limit)
        ids.append(specialIDs[Int(token)])
        begin = end
        position = end
      }
      append(bytes, begin..<bytes.count, &scanner, to: &ids, limit)
    }
    ids.removeLast(max(ids.count - limit, 0))
  }

  /// Appends the numbers of bytes without special tokens.
  private func append(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scanner: inout WordScanner,
    to ids: inout [Int32], _ limit: Int
  ) {
    guard ids.count < limit else { return }
    scanner.scan(bytes, range) { word in
      appendPieces(ofWord: word, to: &ids)
      return ids.count < limit
    }
  }

  /// Appends the longest pieces from the left; a word with a rest that is no piece is unknown.
  private func appendPieces(ofWord word: UnsafeBufferPointer<UInt8>?, to ids: inout [Int32]) {
    guard let word else { return ids.append(unknown) }
    let before = ids.count
    var found = vocabulary.longest(in: word, from: 0)
    while found.word >= 0 {
      ids.append(found.word)
      if found.end == word.count { return }
      guard let continued else { break }
      found = vocabulary.longest(in: word, from: found.end, node: continued)
    }
    ids.removeLast(ids.count - before)
    ids.append(unknown)
  }
}
