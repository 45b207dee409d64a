import Foundation

/// One line of the reference of elementary functions: arguments, the rounded result, and how far the
/// exact one lies from it in units of the last place; nil where the bits must be these.
struct MathPoint {
  var arguments: [Double]
  var result: Double
  var rest: Double?

  /// By function; those of float have a final 32.
  static func all() throws -> [String: [MathPoint]] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../MathReference/math_reference.txt")
    var points: [String: [MathPoint]] = [:]
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("#") { continue }
      let words = line.split(separator: " ")
      let numbers = words[1..<(words.count - 1)].compactMap { word in
        word.count == 8
          ? UInt32(word, radix: 16).map { Double(Float(bitPattern: $0)) }
          : UInt64(word, radix: 16).map { Double(bitPattern: $0) }
      }
      let mark = words[words.count - 1]
      let rest = mark == "=" ? nil : Double(mark)
      guard numbers.count == words.count - 2, numbers.count >= 2, mark == "=" || rest != nil else {
        throw Failure("cannot read \(line)")
      }
      points[String(words[0]), default: []].append(
        MathPoint(
          arguments: numbers.dropLast(), result: numbers[numbers.count - 1], rest: rest))
    }
    return points
  }
}
