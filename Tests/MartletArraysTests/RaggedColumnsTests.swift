import Martlet
import TestSupport
import Testing

/// Values at bars only, and the dense arrays that they stand for.
struct RaggedColumnsTests {
  /// Which of `times` each symbol has: all, none, one, holes, late, early.
  static let times = 13
  static let present: [[Int]] = [
    Array(0..<13), [], [7], [0, 2, 3, 9, 12], Array(5..<13), Array(0..<4), [12], [0],
    [1, 2, 3, 5, 8],
  ]

  static func layout(_ present: [[Int]] = present) -> RaggedLayout {
    RaggedLayout(present.map { Presence($0.map(Int32.init)) }, timeCount: times)
  }

  @Test func placesFollowTheBars() {
    let layout = Self.layout()
    #expect(layout.barCount == Self.present.reduce(0) { $0 + $1.count })
    #expect(!layout.isDense && Self.layout([Array(0..<13)]).isDense)
    for (symbol, times) in Self.present.enumerated() {
      #expect(layout.indices(of: symbol).count == times.count)
      for (first, end) in [(0, 13), (0, 0), (2, 9), (7, 8), (12, 13)] {
        let bars = layout.bars(of: symbol, in: first..<end)
        #expect(bars.map { times[$0] } == times.filter { $0 >= first && $0 < end })
      }
    }
    #expect(RaggedLayout([], timeCount: 0).barCount == 0)
  }

  /// Blocks of times of any length give the bars back, and NaN elsewhere.
  @Test(arguments: [ElementType.float64, .float32], [1, 4, 13])
  func blocksComeBack(element: ElementType, block: Int) {
    let layout = Self.layout()
    let columns = RaggedColumns(layout, columns: 1, element: element)
    for symbol in Self.present.indices {
      for start in stride(from: 0, to: Self.times, by: block) {
        let range = start..<min(Self.times, start + block)
        let row = range.map { Double(symbol * 100 + $0) }
        let from = element == .float64 ? Buffer(row) : Buffer(row.map(Float.init))
        columns.write(0, symbol, times: range, from: from.base)
      }
    }
    let whole = NDArray(columns.dense(0), shape: [Self.present.count, Self.times], dtype: element)
    for (symbol, present) in Self.present.enumerated() {
      for (bar, time) in present.enumerated() {
        #expect(columns.value(0, symbol, bar: bar) == Double(symbol * 100 + time))
      }
      for time in 0..<Self.times {
        let value = whole[symbol, time]
        #expect(present.contains(time) ? value == Double(symbol * 100 + time) : value.isNaN)
      }
      for start in stride(from: 0, to: Self.times, by: block) {
        let range = start..<min(Self.times, start + block)
        let row = Buffer(byteCount: range.count * element.size)
        columns.read(0, symbol, times: range, into: row.base)
        let read = NDArray(row, shape: [range.count], dtype: element).doubles
        #expect(sameBits(read, range.map { whole[symbol, $0] }))
      }
    }
  }

  @Test func aFullLayoutIsTheArrayItself() {
    let columns = RaggedColumns(
      Self.layout([Array(0..<13), Array(0..<13)]), columns: 1, element: .float64)
    #expect(columns.dense(0) === columns.columns[0])
  }

  /// A batch writes the same bits into columns as into dense arrays, for results of all bars and of some.
  @Test(arguments: [ElementType.float64, .float32], [1, 7, 70])
  func batchesWriteColumns(element: ElementType, symbols: Int) {
    let market = Market.ragged(symbols, 83, seed: 9)
    let source = market.source(element)
    let layout = RaggedLayout(source.presence, timeCount: 83)
    let close = Value.input(3, of: source)
    // Symbols may have fewer bars than the layout: those from the third on.
    let fewer = source.presence.map { bars in
      Presence((0..<bars.count).dropFirst(2).map { Int32(bars.timeIndex($0)) })
    }
    let parts = [
      source.lanes(fields: [3]),
      PackedLanes(
        presence: fewer, timeCount: 83, fields: 1, element: element,
        from: RaggedColumns(RaggedLayout(fewer, timeCount: 83), columns: 1, element: element) {
          _, symbol, values in source.read(field: 3, symbol: symbol, into: values)
        }),
    ]
    for lanes in parts {
      let schedule = Schedule([
        close.lagged(1), .kernel(.add, [close, close]),
      ])
      let columns = RaggedColumns(layout, columns: 2, element: element)
      let dense = (0..<2).map { _ in Buffer(byteCount: symbols * 83 * element.size) }
      for buffer in dense { buffer.setUndefined(0..<symbols * 83, element) }
      columns.setUndefinedWhereMissing(in: lanes)
      Batch.run(
        CompiledSchedule(schedule), over: lanes.writing(to: layout), into: columns.targets,
        keeping: .history,
        instructionSet: .current, threads: 1)
      Batch.run(
        CompiledSchedule(schedule), over: lanes,
        into: dense.map { ResultTarget(buffer: $0, symbolStride: 83) },
        keeping: .history, instructionSet: .current, threads: 1)
      for column in 0..<2 {
        let (a, b) = (columns.dense(column), dense[column])
        #expect(
          sameBits(
            NDArray(a, shape: [symbols * 83], dtype: element).doubles,
            NDArray(b, shape: [symbols * 83], dtype: element).doubles), "column \(column)")
      }
    }
  }
}
