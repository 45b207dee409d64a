import Martlet
import TestSupport
import Testing

/// Panels from arrays, rows and tables, and what is in them.
struct PanelTests {
  private func address(_ array: NDArray) -> UnsafeRawPointer? {
    array.withUnsafeBytes { $0.baseAddress }
  }

  @Test func oneCleanSymbolIsNotCopied() throws {
    let market = Market.dense(1, 50)
    let fields = (0..<5).map { NDArray(market.fields[$0]) }
    let panel = try Panel(
      open: fields[0], high: fields[1], low: fields[2], close: fields[3], volume: fields[4])
    for field in 0..<5 {
      let lanes = panel.source.lanes(fields: [field])
      #expect(UnsafeRawPointer(lanes.field(0, of: 0)) == address(fields[field]))
    }
    #expect(panel.symbols == ["S0"])
    #expect(panel.bars.close.sma(3).values().shape == [1, 50])
    // Several symbols, or one with a hole, are packed.
    let two = Market.dense(2, 50)
    let both = two.array(3)
    let packed = try two.panel()
    #expect(UnsafeRawPointer(packed.source.lanes(fields: [3]).field(0, of: 0)) != address(both))
    #expect(firstDifference(packed.values(of: .close), both) == nil)
  }

  @Test(arguments: ElementType.reals)
  func valuesComeBack(dtype: ElementType) throws {
    let market = Market.ragged(70, 60, seed: 71)
    let panel = try market.panel(dtype)
    #expect(panel.dtype == dtype)
    for (number, field) in BarField.stored.enumerated() {
      let finite = market.fields[number].map { $0.isInfinite ? .nan : $0 }
      let expected =
        dtype == .float64
        ? NDArray(finite, shape: [70, 60]) : NDArray(finite.map { Float($0) }, shape: [70, 60])
      let difference = firstDifference(panel.values(of: field), expected)
      #expect(difference == nil, "\(field): \(difference ?? "")")
    }
    let counts = panel.barCounts
    for symbol in 0..<70 {
      let rows = (0..<5).map { market.row($0, symbol) }
      let present = (0..<60).filter { time in rows.contains { $0[time].isFinite } }
      #expect(counts[symbol] == present.count)
      for time in 0..<60 {
        let bar = panel.bar(symbol: symbol, time: time)
        #expect((bar != nil) == present.contains(time))
        guard let bar, dtype == .float64 else { continue }
        #expect(bar.time == Market.time(of: time))
        let fields = [bar.open, bar.high, bar.low, bar.close, bar.volume]
        for k in 0..<5 {
          let value = rows[k][time]
          #expect(sameBits(fields[k], value.isInfinite ? .nan : value))
        }
      }
    }
    let hl2 = panel.values(of: .hl2)
    let (high, low) = (panel.values(of: .high)[0, 9], panel.values(of: .low)[0, 9])
    #expect(abs(hl2[0, 9] - (high + low) / 2) < 1e-5 * high)
  }

  @Test func partsOfAPanel() throws {
    let panel = try Market.ragged(12, 60, seed: 72).panel()
    let part = panel.times(10..<25).symbols([7, 2, 11])
    #expect(part.symbols == ["S7", "S2", "S11"])
    #expect(part.time == (10..<25).map { Market.time(of: $0) })
    for (number, symbol) in [7, 2, 11].enumerated() {
      for time in 0..<15 {
        let a = part.bar(symbol: number, time: time)
        let b = panel.bar(symbol: symbol, time: time + 10)
        #expect(a?.time == b?.time && sameBits(a?.close ?? .nan, b?.close ?? .nan))
      }
    }
    #expect(panel.index(of: "S11") == 11)
    #expect(panel.index(of: "S12") == nil)
    #expect(panel.times(0..<0).time.isEmpty)
    #expect(try panel.times(0..<0).compute([.sma(1)]).arrays[0].shape == [12, 0])
    #expect(try panel.times(0..<0).latest([.sma(1)]).arrays[0].doubles.allSatisfy(\.isNaN))
  }

  @Test func rowsInAnyOrder() throws {
    let times: [Int64] = [30, 10, 20, 10, 20, 20, 40]
    let names: [Int32] = [0, 0, 0, 1, 1, 1, 0]
    let close: [Double] = [3, 1, 2, 11, 12, 13, 4]
    let table = try BarTable(
      symbols: ["A", "B"], symbolIndex: names, time: times, open: close, high: close, low: close,
      close: close, volume: close)
    let panel = try Panel(table)
    #expect(panel.symbols == ["A", "B"])
    #expect(panel.time == [10, 20, 30, 40])
    let expected = NDArray([1, 2, 3, 4, 11, 13, .nan, .nan] as [Double], shape: [2, 4])
    #expect(firstDifference(panel.values(of: .close), expected) == nil)
    #expect(panel.report.counts[.unordered] == 1)
    #expect(panel.report.counts[.duplicate] == 1)
    #expect(panel.report.policies[.duplicate] == .repair)
    #expect(panel.report.firstFound[.duplicate]?.contains("B") == true)
    #expect(panel.report.description.contains("duplicate times"))
    expectError(.order, "bars", "symbol A", "data row 2") {
      _ = try Panel(table, checks: BarChecks([.unordered: .reject]))
    }
    expectError(.duplicate, "symbol B", "data row 6") {
      _ = try Panel(table, checks: BarChecks([.duplicate: .reject]))
    }
  }

  @Test func barsBySymbol() throws {
    func bar(_ time: Int64) -> Bar {
      Bar(time: time, open: 2, high: 3, low: 1, close: Double(time), volume: 9)
    }
    let panel = try Panel(["B": [bar(2), bar(1)], "A": [bar(2)], "C": []])
    #expect(panel.symbols == ["A", "B", "C"])
    #expect(panel.barCounts == [1, 2, 0])
    #expect(panel.values(of: .close)[1, 0] == 1)
    #expect(panel.bar(symbol: 0, time: 0) == nil)
    #expect(panel.bar(symbol: 0, time: 1) == bar(2))
  }

  @Test func withoutVolume() throws {
    let market = Market.dense(3, 40)
    let panel = try Panel(
      open: market.array(0), high: market.array(1), low: market.array(2), close: market.array(3))
    let table = try panel.compute([.sma(3), .obv()])
    #expect(!table["sma"]![0, 5].isNaN)
    #expect(table["obv"]!.isUndefined)
    #expect(panel.bar(symbol: 0, time: 0)?.volume.isNaN == true)
  }

  @Test func wrongArrays() {
    func array(_ shape: Int...) -> NDArray {
      NDArray([Double](repeating: 1, count: shape.reduce(1, *)), shape: shape)
    }
    func make(
      _ symbols: [String]? = nil, _ time: [Int64]? = nil, high: NDArray? = nil, close: NDArray,
      volume: NDArray? = nil
    ) throws {
      _ = try Panel(
        symbols: symbols, time: time, open: close, high: high ?? close, low: close, close: close,
        volume: volume, name: "prices")
    }
    expectError(.wrongShape, "prices", "array high", "[2, 4]", "[2, 5]") {
      try make(high: array(2, 4), close: array(2, 5))
    }
    expectError(.wrongShape, "array volume", "[5]") {
      try make(close: array(1, 5), volume: array(5))
    }
    expectError(.wrongShape, "array close", "[2, 2, 2]") { try make(close: array(2, 2, 2)) }
    expectError(.wrongShape, "array close", "[]") { try make(close: array()) }
    expectError(.empty, "prices", "[0, 5]") { try make(close: array(0, 5)) }
    expectError(.empty, "prices", "[2, 0]") { try make(close: array(2, 0)) }
    expectError(.wrongShape, "array symbols", "1 names for 2") {
      try make(["A"], close: array(2, 5))
    }
    expectError(.duplicate, "symbol A", "twice") { try make(["A", "A"], close: array(2, 5)) }
    expectError(.wrongShape, "array time", "4 times for 5") {
      try make(nil, [1, 2, 3, 4], close: array(2, 5))
    }
    expectError(.order, "array time, index 2", "2 after 3") {
      try make(nil, [1, 3, 2, 4, 5], close: array(2, 5))
    }
    expectError(.order, "array time, index 4", "4 after 4") {
      try make(nil, [1, 2, 3, 4, 4], close: array(2, 5))
    }
    expectError(.empty, "bars", "no rows") { _ = try Panel([String: [Bar]]()) }
    expectError(.empty, "no rows") { _ = try Panel(["A": []]) }
    expectError(.unreadable, "no-such-file.csv") { _ = try Panel(csv: "no-such-file.csv") }
    expectError(.unreadable, "no-such-file.npz") { _ = try Panel(npz: "no-such-file.npz") }
  }
}
