import CMartletKernels
import Testing

/// Between lanes and [symbols, time].
struct LayoutTests {
  private static let setups: [Setup] = instructionSets.flatMap { isa in
    [64, 8, 1].flatMap { width in
      [8, 4].map { Setup(isa: isa, width: width, size: $0) }
    }
  }

  /// One lane in nine has no symbol.
  private func symbols(_ width: Int) -> [Int] {
    (0..<width).map { width > 1 && $0 % 9 == 4 ? -1 : ($0 * 7 + 2) % (width + 3) }
  }

  /// Symbol-major cells whose values say where they stand.
  private func cells(_ symbols: Int, _ times: Int, _ size: Int) -> Rows {
    let cells = Rows(symbols, width: times, size: size)
    for symbol in 0..<symbols {
      for time in 0..<times { cells[symbol, time] = Double(1_000 * symbol + time) }
    }
    return cells
  }

  @Test func packAndStoreAreInverse() throws {
    for setup in Self.setups {
      guard let table = setup.table() else { throw Failure("no table") }
      let symbols = symbols(setup.width)
      for times in [0, 1, 5, 7, 8, 9, 15, 16, 33, 64] {
        let source = cells(setup.width + 3, times + 1, setup.size)
        // One row more than is packed.
        let lanes = Rows(times + 1, width: setup.width, size: setup.size)
        table.pack(
          source.base, Int64(source.width), symbols.map { Int64($0) }, Int64(times), lanes.base)
        var wrong: [String] = []
        for lane in 0..<setup.width {
          for time in 0..<times {
            let got = lanes[time, lane]
            let want = symbols[lane] < 0 ? Double.nan : source[symbols[lane], time]
            if want.isNaN ? !got.isNaN : got != want { wrong.append("lane \(lane), \(time)") }
          }
          if !lanes.isFiller(times, lane) { wrong.append("lane \(lane), past the end") }
        }
        #expect(wrong.first == nil, "\(times) rows, \(setup)")

        for isDense in [false, true] {
          let sink = Sink(
            symbolCount: setup.width + 3, length: times + 1, size: setup.size, symbols: symbols,
            counts: symbols.map { _ in times }, firsts: symbols.map { _ in 0 })
          sink.denseRows = isDense ? times : 0
          store(table, mk_operand(base: lanes.base, mask: -1, lag: 0), sink, rows: times)
          let difference = sink.difference(from: expected(source, symbols, times))
          #expect(difference == nil, "\(times) rows, dense \(isDense), \(setup)")
        }
      }
    }
  }

  /// A ring is read where its mask says, whatever the first row, the lag and the way of storing.
  @Test func ringsAreStoredAcrossTheirEnd() throws {
    for setup in Self.setups {
      guard let table = setup.table() else { throw Failure("no table") }
      let symbols = symbols(setup.width)
      let times = 40
      let source = cells(setup.width + 3, times + 1, setup.size)
      var wrong: [String] = []
      for lag in 0...3 {
        for first in 0...7 {
          for isDense in [false, true] {
            let sink = Sink(
              symbolCount: setup.width + 3, length: times + 1, size: setup.size,
              symbols: symbols, counts: symbols.map { _ in times },
              firsts: symbols.map { _ in 0 })
            sink.denseRows = isDense ? times : 0
            storeThroughRing(table, setup, source, symbols, sink, first: first, lag: lag)
            if let problem = sink.difference(from: expected(source, symbols, times)) {
              wrong.append("first \(first), lag \(lag), dense \(isDense), \(problem)")
            }
          }
        }
      }
      #expect(wrong.first == nil, "\(wrong.count) of 64, \(setup)")
    }
  }

  /// An operand that is a row of equal values, not stepped.
  @Test func aConstantIsStored() throws {
    for setup in Self.setups {
      guard let table = setup.table() else { throw Failure("no table") }
      // Only its first row is the constant.
      let row = Rows(8, width: 64, size: setup.size)
      for lane in 0..<64 { row[0, lane] = 2.5 }
      let symbols = symbols(setup.width)
      for isDense in [false, true] {
        let sink = Sink(
          symbolCount: setup.width + 3, length: 9, size: setup.size, symbols: symbols,
          counts: symbols.map { _ in 8 }, firsts: symbols.map { _ in 0 })
        sink.denseRows = isDense ? 8 : 0
        store(table, mk_operand(base: row.base, mask: 0, lag: 0), sink, rows: 8)
        let source = Rows(
          [[Double]](repeating: .init(repeating: 2.5, count: setup.width + 3), count: 9), size: 8)
        let difference = sink.difference(from: expected(source, symbols, 8))
        #expect(difference == nil, "dense \(isDense), \(setup)")
      }
    }
  }

  private func expected(_ source: Rows, _ symbols: [Int], _ times: Int) -> [[Double?]] {
    (0..<source.count).map { symbol in
      (0..<source.width).map { time in
        time < times && symbols.contains(symbol) ? source[symbol, time] : nil
      }
    }
  }

  private func store(_ table: mk_table, _ operand: mk_operand, _ sink: Sink, rows: Int) {
    var operand = operand
    var raw = sink.raw
    for t in stride(from: 0, to: rows, by: 8) {
      table.store(&operand, &raw, Int64(t), Int64(min(8, rows - t)))
    }
  }

  /// Calls of eight rows, the first one shorter, out of a ring of sixteen.
  private func storeThroughRing(
    _ table: mk_table, _ setup: Setup, _ source: Rows, _ symbols: [Int], _ sink: Sink,
    first: Int, lag: Int
  ) {
    // With some memory behind it that is not part of it.
    let ring = Rows(24, width: setup.width, size: setup.size)
    var operand = mk_operand(base: ring.base, mask: 15, lag: Int64(lag))
    var raw = sink.raw
    var t = 0
    while t < source.width - 1 {
      let rows = min(t == 0 && first > 0 ? first : 8, source.width - 1 - t)
      for time in t..<t + rows {
        for (lane, symbol) in symbols.enumerated() where symbol >= 0 {
          ring[(time - lag) & 15, lane] = source[symbol, time]
        }
      }
      table.store(&operand, &raw, Int64(t), Int64(rows))
      t += rows
    }
  }
}
