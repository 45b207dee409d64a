import Foundation
import Martlet
import Testing

/// Every case of the files in `Reference`: values of TA-Lib, or of the source that its row names, on
/// nine kinds of data.
struct ReferenceTests {
  struct Case: Decodable {
    struct Output: Decodable {
      let source: String
      let lookback: Int
      let magnitude: String
    }
    let k: Int
    let indicator: String
    let text: String
    let inputs: [String: String]
    let sets: [String]
    let outputs: [String: Output]
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Reference")

  /// The file that holds the data, and the cases of the first 24.
  static func file() throws -> NPZFile {
    try NPZFile(path: folder.appending(path: "reference.npz").path())
  }

  /// Every file with cases: that one, and one per family.
  static func files() throws -> [NPZFile] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path())
      .filter { $0.hasSuffix(".npz") }.sorted()
      .map { try NPZFile(path: folder.appending(path: $0).path()) }
  }

  /// Six bars a day, from the first of January 1970 on.
  static let times = (0..<260).map { Int64($0) * 4 * 3_600_000_000_000 }

  static func cases(in file: NPZFile) throws -> [Case] {
    try file.strings("cases").map {
      try JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
  }

  @Test func everyCaseHasTheReferenceValues() throws {
    let files = try Self.files()
    let market = try Self.file()
    var data: [String: [[Double]]] = [:]
    var seen: [String: Int] = [:]
    let cases = try files.flatMap { file in try Self.cases(in: file).map { (file, $0) } }
    for (file, test) in cases {
      let fields = test.inputs.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      let separator = test.text.hasSuffix("()") || fields.isEmpty ? "" : ","
      let text = "\(test.text.prefix { $0 != ")" })\(separator)\(fields.joined(separator: ",")))"
      let indicator = try Indicator(text)
      #expect(Set(indicator.definition.outputs) == Set(test.outputs.keys), "\(text)")
      for set in test.sets {
        if data[set] == nil {
          let flat = try market.array("data.\(set)").doubles
          data[set] = (0..<5).map { Array(flat[($0 * 260)..<($0 * 260 + 260)]) }
        }
        let columns = data[set]!
        let source = FieldSource(fields: columns.map { NDArray($0) }, isFlat: true)
          .clocked(.utc, SourceAxes(symbols: ["S"], time: Self.times))
        let series = indicator.series(of: Bars(of: source))
        let results = Series.values(of: series)
        for (output, (array, line)) in zip(
          indicator.definition.outputs, zip(results, series))
        {
          let key = "case.\(test.k).\(set).\(output)"
          // Where prices cross zero some outputs mean nothing and have no reference.
          if set == "spread", !file.contains(key) { continue }
          let expected = try file.array(key).doubles
          let reference = test.outputs[output]!
          #expect(line.lookback == reference.lookback, "\(text) \(output)")
          let scale = output == "angle" ? 57 : Self.scale(reference.magnitude, columns, test.inputs)
          if let problem = Self.difference(array.doubles, expected, scale: scale) {
            Issue.record("\(text).\(output) on \(set) (\(reference.source)): \(problem)")
          }
        }
        seen[test.indicator, default: 0] += 1
      }
    }
    #expect(Set(seen.keys) == Set(Indicator.definitions.map(\.id)))
  }

  static func scale(
    _ magnitude: String, _ columns: [[Double]], _ inputs: [String: String]
  ) -> Double {
    func largest(_ field: Int) -> Double { columns[field].map(abs).max() ?? 0 }
    let names = ["open", "high", "low", "close", "volume"]
    let field = inputs["x"].flatMap { names.firstIndex(of: $0) } ?? 3
    switch magnitude {
    case "input": return largest(field)
    case "input squared": return largest(field) * largest(field)
    case "volume": return largest(4)
    case "percent": return 100
    case "angle": return 57
    default: return 1
    }
  }

  /// The first bar that is further from the reference than 1e-9 of its value, or, where the value
  /// is little beside its scale, than 1e-10 of the scale: TA-Lib's own rounding is not smaller.
  static func difference(_ got: [Double], _ expected: [Double], scale: Double) -> String? {
    for bar in expected.indices {
      let (a, b) = (got[bar], expected[bar])
      if a.isNaN && b.isNaN { continue }
      let bound = 1e-9 * max(abs(b), 0.1 * scale)
      if a.isNaN || b.isNaN || abs(a - b) > bound { return "bar \(bar): \(a), expected \(b)" }
    }
    return nil
  }
}
