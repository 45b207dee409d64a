import CMartletKernels
import Martlet
import Testing

/// Whole programs through the inner loop.
struct ProgramTests {
  private static let bars = 43

  /// Every table, on every instruction set.
  private static let setups: [Setup] = instructionSets.flatMap { isa in
    [64, 8, 1].flatMap { width in
      [8, 4].map { Setup(isa: isa, width: width, size: $0) }
    }
  }

  /// Lanes of other lengths and characters.
  private func closes(_ width: Int, count: (Int) -> Int) -> [[Double]] {
    (0..<width).map { lane in
      let character: Character = lane % 5 == 3 ? .undefinedRuns : lane % 7 == 6 ? .ties : .walk
      return Array(character.series(Self.bars, seed: 90 + lane).prefix(count(lane)))
    }
  }

  /// Symbols in another order than lanes, one lane without a symbol, two symbols without a lane.
  private func symbols(_ width: Int) -> [Int] {
    (0..<width).map { width > 1 && $0 == 5 ? -1 : ($0 * 7 + 3) % (width + 1) }
  }

  private func sinks(
    _ setup: Setup, length: Int, counts: [Int], firsts: [Int], times: [[Int]?]? = nil
  ) -> [Sink] {
    (0..<SmallProgram.outputs).map { _ in
      Sink(
        symbolCount: setup.width + 2, length: length, size: setup.size,
        symbols: symbols(setup.width), counts: counts, firsts: firsts, times: times)
    }
  }

  /// Output → symbol → time → value, with `place` the time of a lane's bar.
  private func expected(
    _ setup: Setup, _ closes: [[Double]], length: Int, place: (_ lane: Int, _ bar: Int) -> Int?
  ) -> [[[Double?]]] {
    let row = [Double?](repeating: nil, count: length)
    let cells = [[Double?]](repeating: row, count: setup.width + 2)
    var result = [[[Double?]]](repeating: cells, count: SmallProgram.outputs)
    for (lane, symbol) in symbols(setup.width).enumerated() where symbol >= 0 {
      let outputs = SmallProgram.expected(closes[lane], size: setup.size)
      for (k, values) in outputs.enumerated() {
        for (bar, value) in values.enumerated() {
          if let time = place(lane, bar) { result[k][symbol][time] = value }
        }
      }
    }
    return result
  }

  private func advance(_ program: SmallProgram, _ sinks: [Sink], cut: (Int) -> Int) {
    var t = 0
    while t < Self.bars {
      let rows = min(cut(t), Self.bars - t)
      program.run(sinks, t: t, rows: rows)
      t += rows
    }
  }

  private func check(_ sinks: [Sink], _ expected: [[[Double?]]], _ setup: Setup) {
    for (k, sink) in sinks.enumerated() {
      let difference = sink.difference(from: expected[k])
      #expect(difference == nil, "output \(k), \(setup)")
    }
  }

  @Test func denseTilesAndTheirRemainder() throws {
    for setup in Self.setups {
      // A row that keeps tiles aligned, and one that does not.
      for length in [48, Self.bars] {
        for bypassesCache in [false, true] {
          let closes = closes(setup.width) { _ in Self.bars }
          let sinks = sinks(
            setup, length: length, counts: closes.map(\.count), firsts: closes.map { _ in 0 })
          for sink in sinks {
            sink.denseRows = Self.bars
            sink.bypassesCache = bypassesCache
          }
          let program = try SmallProgram(setup, closes: closes)
          advance(program, sinks) { _ in 8 }
          check(sinks, expected(setup, closes, length: length) { $1 }, setup)
        }
      }
    }
  }

  @Test func denseUntilTheFirstLaneEnds() throws {
    for setup in Self.setups {
      let closes = closes(setup.width) { Self.bars - $0 % 20 }
      let sinks = sinks(
        setup, length: Self.bars, counts: closes.map(\.count), firsts: closes.map { _ in 0 })
      for sink in sinks { sink.denseRows = closes.map(\.count).min() ?? 0 }
      let program = try SmallProgram(setup, closes: closes)
      advance(program, sinks) { _ in 8 }
      check(sinks, expected(setup, closes, length: Self.bars) { $1 }, setup)
    }
  }

  @Test func lateListingsAndAnyCuts() throws {
    for setup in Self.setups {
      for cut in 1...8 {
        let closes = closes(setup.width) { Self.bars - $0 % 11 }
        let firsts = closes.map { Self.bars - $0.count }
        let sinks = sinks(
          setup, length: Self.bars + 2, counts: closes.map(\.count), firsts: firsts)
        let program = try SmallProgram(setup, closes: closes)
        advance(program, sinks) { $0 % 3 == 0 ? cut : min(cut, 3) }
        let expected = expected(setup, closes, length: Self.bars + 2) { firsts[$0] + $1 }
        check(sinks, expected, setup)
      }
    }
  }

  @Test func holesInTime() throws {
    for setup in Self.setups {
      let closes = closes(setup.width) { Self.bars - $0 % 9 }
      let firsts = closes.indices.map { $0 % 4 }
      let times: [[Int]?] = closes.enumerated().map { lane, values in
        lane % 2 == 1 && setup.width > 1 ? nil : values.indices.map { $0 + $0 / 3 + lane % 5 }
      }
      let length = 2 * Self.bars
      let sinks = sinks(
        setup, length: length, counts: closes.map(\.count), firsts: firsts, times: times)
      let program = try SmallProgram(setup, closes: closes)
      advance(program, sinks) { _ in 5 }
      let expected = expected(setup, closes, length: length) { lane, bar in
        times[lane].map { $0[bar] } ?? firsts[lane] + bar
      }
      check(sinks, expected, setup)
    }
  }

  @Test func onlyTheLatestBar() throws {
    for setup in Self.setups {
      for isMissing in [false, true] {
        let closes = closes(setup.width) { Self.bars - $0 % 13 }
        let sinks = sinks(
          setup, length: 1, counts: closes.map(\.count), firsts: closes.map { _ in 0 })
        for (k, sink) in sinks.enumerated() {
          sink.isLatest = true
          // Even when the tiles would be dense.
          sink.denseRows = 30
          sink.isMissing = isMissing && k == 1
        }
        let program = try SmallProgram(setup, closes: closes)
        advance(program, sinks) { _ in 8 }
        var expected = expected(setup, closes, length: 1) { lane, bar in
          bar == closes[lane].count - 1 ? 0 : nil
        }
        if isMissing {
          expected[1] = expected[1].map { $0.map { _ in nil } }
        }
        check(sinks, expected, setup)
      }
    }
  }

  @Test func liveRows() throws {
    for setup in Self.setups {
      let closes = closes(setup.width) { _ in Self.bars }
      let outputs = closes.map { SmallProgram.expected($0, size: setup.size) }
      // A row has room for more than this group, which stands three places behind its start.
      let stride = setup.width + 5
      let cells = Rows(SmallProgram.outputs, width: stride, size: setup.size)
      let program = try SmallProgram(setup, closes: closes)
      func check(_ t: Int, _ lanes: [Int]) {
        for output in 0..<SmallProgram.outputs {
          for place in 0..<stride {
            let lane = place - 3
            guard closes.indices.contains(lane) else {
              #expect(cells.isFiller(output, place))
              continue
            }
            guard lanes.contains(lane) else { continue }
            let (got, want) = (cells[output, place], outputs[lane][output][t])
            #expect(got.bitPattern == want.bitPattern || got.isNaN && want.isNaN, "\(setup)")
          }
        }
      }
      let row = cells.base + 3 * setup.size
      var t = 0
      for rows in [1, 1, 8, 5, 8, 1, 7, 8] {
        program.run(row: row, stride: stride, t: t, rows: rows)
        t += rows
        check(t - 1, Array(closes.indices))
      }
      for lane in closes.indices {
        program.run(row: row, stride: stride, t: closes.map { _ in t }, lane: lane)
        check(t, [lane])
      }
    }
  }

  @Test func lanesByThemselves() throws {
    for setup in Self.setups {
      let closes = closes(setup.width) { Self.bars - $0 % 6 }
      let outputs = closes.map { SmallProgram.expected($0, size: setup.size) }
      let symbols = symbols(setup.width)
      let sinks = sinks(
        setup, length: 1, counts: closes.map(\.count), firsts: closes.map { _ in 0 })
      sinks[2].isMissing = true
      let program = try SmallProgram(setup, closes: closes)
      var t = closes.map { _ in 0 }
      var random = RandomSource(setup.width)
      for _ in 0..<60 {
        let lanes = closes.indices.filter { t[$0] < closes[$0].count && random.unit() < 0.8 }
        program.run(sinks, t: t, lanes: lanes.reversed())
        var wrong: [String] = []
        for lane in lanes {
          if symbols[lane] >= 0 {
            for k in 0..<2 {
              let want = outputs[lane][k][t[lane]]
              let got = sinks[k].cells[symbols[lane], 0]
              if want.isNaN ? !got.isNaN : want.bitPattern != got.bitPattern {
                wrong.append("lane \(lane), bar \(t[lane]), output \(k): \(got), not \(want)")
              }
            }
          }
          t[lane] += 1
        }
        #expect(wrong.first == nil, "\(setup)")
      }
      // The symbols without a lane, and the sink without memory.
      for symbol in 0..<(setup.width + 2) where !symbols.contains(symbol) {
        #expect(sinks[0].cells.isFiller(symbol, 0))
      }
      #expect(sinks[2].cells.isFiller(0, 0))
    }
  }

  @Test func aGroupGoesOnLaneByLane() throws {
    for setup in Self.setups {
      let closes = closes(setup.width) { _ in Self.bars }
      let sinks = sinks(
        setup, length: 1, counts: closes.map { _ in Self.bars }, firsts: closes.map { _ in 0 })
      for sink in sinks { sink.isLatest = true }
      let program = try SmallProgram(setup, closes: closes)
      var t = 0
      while t < 24 {
        program.run(sinks, t: t, rows: 6)
        t += 6
      }
      for bar in 24..<33 {
        program.run(sinks, t: closes.map { _ in bar }, lanes: Array(closes.indices))
      }
      program.run(sinks, t: 33, rows: 5)
      program.run(sinks, t: 38, rows: 5)
      let expected = expected(setup, closes, length: 1) { $1 == Self.bars - 1 ? 0 : nil }
      check(sinks, expected, setup)
    }
  }
}
