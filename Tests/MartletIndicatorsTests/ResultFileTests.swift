import Foundation
import Martlet
import TestSupport
import Testing

/// Results go to files and come back as they were.
struct ResultFileTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path())
  }

  @Test(arguments: [ElementType.float64, .float32])
  func npzHoldsEveryArray(dtype: ElementType) throws {
    let panel = try Market.ragged(9, 80).panel(dtype)
    let indicators: [Indicator] = [.rsi(5), .macd(fast: 3, slow: 6, signal: 4), .sma(3), .sma(9)]
    try inFolder { folder in
      for table in [try panel.compute(indicators), try panel.latest(indicators)] {
        try table.write(to: "\(folder)/a.npz")
        let file = try NPZFile(path: "\(folder)/a.npz")
        for (name, array) in zip(table.names, table.arrays) {
          let stored = try file.array(name)
          #expect(stored.shape == array.shape)
          #expect(sameBits(stored.doubles, array.doubles), "\(name)")
        }
        #expect(try file.strings("symbols") == panel.symbols)
        let time = try file.array("time").elements(as: Int64.self)
        guard table.isLatest else {
          #expect(time == panel.time)
          continue
        }
        for symbol in panel.symbols.indices {
          let last = panel.time.indices.last { panel.bar(symbol: symbol, time: $0) != nil }
          #expect(time[symbol] == last.map { panel.time[$0] } ?? .min)
        }
      }
    }
  }

  @Test func csvHasARowForEveryBar() throws {
    let panel = try Market.ragged(9, 60).panel()
    let features = try FeatureSet(
      "two",
      [
        FeatureColumn("RSI", "rsi(5)", category: "momentum"),
        FeatureColumn("STRETCH", "close / sma(4) - 1", category: "trend"),
      ])
    try inFolder { folder in
      let table = try panel.compute(features)
      try table.write(to: "\(folder)/a.csv")
      let text = try String(contentsOfFile: "\(folder)/a.csv", encoding: .utf8)
      let lines = text.split(separator: "\n")
      #expect(lines[0] == "symbol,time,RSI,STRETCH")
      #expect(lines.count == 1 + panel.barCounts.reduce(0, +))
      let last = lines.last { $0.hasPrefix("S0,") }!.split(
        separator: ",", omittingEmptySubsequences: false)
      #expect(Double(last[2]) == table.arrays[0][0, -1])
      #expect(Double(last[3]) == table.arrays[1][0, -1])
    }
  }

  @Test func nothingIsLeftBehind() throws {
    let panel = try Market.dense(3, 40).panel()
    let table = try panel.compute([.sma(3)])
    try inFolder { folder in
      expectError(.malformed, ".arrow or .feather") { try table.write(to: "\(folder)/a.txt") }
      expectError(.unreadable, "") { try table.write(to: "\(folder)/none/a.npz") }
      expectError(.duplicate, "column x") {
        _ = try ResultFile(path: "\(folder)/a.npz", columns: ["x", "x"], over: panel)
      }
      expectError(.wrongShape, "2 arrays for 1") {
        let file = try ResultFile(path: "\(folder)/a.npz", columns: ["x"], over: panel)
        try file.write([table.arrays[0], table.arrays[0]])
      }
      expectError(.wrongShape, "expected [3]") {
        let file = try ResultFile(
          path: "\(folder)/a.csv", columns: ["x"], over: panel, latest: true)
        try file.write(table.arrays)
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }
}
