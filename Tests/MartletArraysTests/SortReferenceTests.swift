import Foundation
import Martlet
import Testing

/// Sorting, searching, sets and statistics against what NumPy makes of the same arrays.
struct SortReferenceTests {
  /// One line of the file.
  struct Line: Sendable {
    let name: String
    let arguments: [String]
    let inputs: [NDArray]
    let results: [NDArray]
    let text: Substring
  }

  private static let names = [
    "sorted", "argsort", "top", "searchsorted", "sorter", "unique", "isIn", "intersection",
    "setDifference", "union", "symmetricDifference", "quantile", "nanquantile", "median",
    "nanmedian", "cov", "corrcoef", "average", "ptp",
  ]

  private static let lines: Result<[Line], any Error> = Result {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "SortReference/sort_reference.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { text in
      let words = text.split(separator: "\t", omittingEmptySubsequences: false)
      let mark = try #require(words.firstIndex(of: ">"))
      return Line(
        name: String(words[0]), arguments: words[1].split(separator: " ").map(String.init),
        inputs: try words[2..<mark].map(array), results: try words[(mark + 1)...].map(array),
        text: text)
    }
  }

  private static func array(_ text: Substring) throws -> NDArray {
    let words = text.split(separator: " ")
    let dtype = try #require(ElementType(rawValue: String(words[0])))
    let shape = words[1].dropFirst().dropLast().split(separator: ",").compactMap { Int($0) }
    let elements = words.dropFirst(2)
    if dtype.isReal {
      return NDArray(elements.compactMap { Double($0) }, shape: shape).asType(dtype)
    }
    return NDArray(elements.compactMap { Int($0) }, shape: shape).asType(dtype)
  }

  @Test func everyLineIsOfAKnownFunction() throws {
    let lines = try Self.lines.get()
    #expect(Set(lines.map(\.name)) == Set(Self.names))
    #expect(lines.count > 1_500)
  }

  @Test(arguments: names)
  func asInNumPy(name: String) throws {
    for line in try Self.lines.get() where line.name == name {
      let results = try Self.compute(line, line.inputs)
      // The same elements lying backwards in memory.
      let others = try Self.compute(
        line, line.inputs.map { ($0.transposed() * 1).asType($0.dtype).eval().transposed() })
      for (expected, pair) in zip(line.results, zip(results, others)) {
        #expect(Self.agree(pair.0, expected), "\(line.text)")
        #expect(Self.agree(pair.1, expected), "transposed: \(line.text)")
      }
      #expect(results.count == line.results.count)
    }
  }

  private static func compute(_ line: Line, _ inputs: [NDArray]) throws -> [NDArray] {
    let a = inputs[0]
    func number(_ k: Int) throws -> Int { try #require(Int(line.arguments[k])) }
    func axes() -> [Int] { line.arguments[0].split(separator: ",").compactMap { Int($0) } }
    func method() throws -> QuantileMethod {
      try #require(QuantileMethod(rawValue: line.arguments[1]))
    }
    func fractions() -> [Double] {
      line.arguments[2].split(separator: ",").compactMap { Double($0) }
    }
    switch line.name {
    case "sorted": return [a.sorted(axis: try number(0), descending: try number(1) == 1)]
    case "argsort": return [a.argsort(axis: try number(0), descending: try number(1) == 1)]
    case "top":
      let top = a.top(try number(0), axis: try number(1))
      return [top.values, top.indices]
    case "searchsorted":
      return [a.searchsorted(inputs[1], side: line.arguments[0] == "left" ? .left : .right)]
    case "sorter": return [a.searchsorted(inputs[1], sorter: inputs[2])]
    case "unique":
      let all = a.uniqueAll()
      #expect(agree(a.unique(), all.values))
      #expect(agree(a.uniqueCounts().values, all.values))
      #expect(agree(a.uniqueCounts().counts, all.counts))
      #expect(agree(a.uniqueInverse().inverse, all.inverse))
      return [all.values, all.indices, all.inverse, all.counts]
    case "isIn": return [a.isIn(inputs[1])]
    case "intersection": return [a.intersection(inputs[1])]
    case "setDifference": return [a.setDifference(inputs[1])]
    case "union": return [a.union(inputs[1])]
    case "symmetricDifference": return [a.symmetricDifference(inputs[1])]
    case "quantile": return [a.quantile(fractions(), axis: axes(), method: try method())]
    case "nanquantile": return [a.nanquantile(fractions(), axis: axes(), method: try method())]
    case "median": return [a.median(axis: axes())]
    case "nanmedian": return [a.nanmedian(axis: axes())]
    case "cov": return [a.cov(ddof: Double(try number(0)))]
    case "corrcoef": return [a.corrcoef()]
    case "average": return [a.average(weights: inputs[1].doubles, axis: try number(0))]
    case "ptp": return [a.ptp(axis: try number(0))]
    default: throw CancellationError()
    }
  }

  /// The same type, shape and elements; real ones within a few units of the last place of the greatest.
  private static func agree(_ array: NDArray, _ expected: NDArray) -> Bool {
    guard array.shape == expected.shape, array.dtype == expected.dtype else { return false }
    let (x, y) = (array.doubles, expected.doubles)
    let scale = y.filter(\.isFinite).map(abs).max() ?? 0
    let tolerance = scale * (array.dtype == .float32 ? 1e-6 : array.dtype == .float64 ? 1e-14 : 0)
    return zip(x, y).allSatisfy {
      $0 == $1 && $0.sign == $1.sign || $0.isNaN && $1.isNaN
        || $0.isFinite && $1.isFinite && abs($0 - $1) <= tolerance && $0 != $1
        || $0 == 0 && $1 == 0
    }
  }
}
