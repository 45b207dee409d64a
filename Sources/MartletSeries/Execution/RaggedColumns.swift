import MartletArrays
import MartletIO

/// The bars of a market one after the other: symbol after symbol, each symbol's bars in order.
package final class RaggedLayout: Sendable {
  /// The bars of each symbol.
  package let presence: [Presence]
  /// Times of the market.
  package let timeCount: Int
  /// Symbol → the place of its first bar; behind them the number of all bars.
  package let offsets: [Int]

  package init(_ presence: [Presence], timeCount: Int) {
    self.presence = presence
    self.timeCount = timeCount
    var offsets: [Int] = []
    offsets.reserveCapacity(presence.count + 1)
    var next = 0
    for bars in presence {
      offsets.append(next)
      next += bars.count
    }
    self.offsets = offsets + [next]
  }

  package var symbolCount: Int { presence.count }
  /// Bars of all symbols.
  package var barCount: Int { offsets[presence.count] }
  /// Whether every symbol has a bar at every time: then the places are those of `[symbols, time]`.
  package var isDense: Bool { barCount == symbolCount * timeCount }

  /// The places of a symbol's bars.
  package func indices(of symbol: Int) -> Range<Int> { offsets[symbol]..<offsets[symbol + 1] }

  /// The numbers of a symbol's bars in a range of times.
  package func bars(of symbol: Int, in times: Range<Int>) -> Range<Int> {
    let bars = presence[symbol]
    let first = bars.firstBar(from: times.lowerBound)
    return first..<max(first, bars.firstBar(from: times.upperBound))
  }
}

/// Values at the bars of a market and at no other places: what `[symbols, time]` holds where there are bars.
///
/// Each column is one buffer with a run of elements per symbol. Whoever makes columns writes every run before
/// others read it; symbols lie apart, so that threads may write different ones at the same time. Where no bar is
/// missing, a column is the array `[symbols, time]` itself.
package struct RaggedColumns: Sendable {
  package let layout: RaggedLayout
  package let element: ElementType
  package let columns: [Buffer]

  /// Columns whose content the caller writes.
  package init(_ layout: RaggedLayout, columns: Int, element: ElementType) {
    self.layout = layout
    self.element = element
    self.columns = (0..<columns).map { _ in
      Buffer(uninitializedByteCount: layout.barCount * element.size)
    }
  }

  /// Where the run of a symbol in a column begins.
  package func start(_ column: Int, _ symbol: Int) -> UnsafeMutableRawPointer {
    columns[column].base + layout.offsets[symbol] * element.size
  }

  /// The value of a column at one of a symbol's bars.
  package func value(_ column: Int, _ symbol: Int, bar: Int) -> Double {
    element.number(columns[column].base, layout.offsets[symbol] + bar)
  }

  /// A symbol's values at some times, as elements, NaN where it has no bar.
  package func read(
    _ column: Int, _ symbol: Int, times: Range<Int>, into row: UnsafeMutableRawPointer
  ) {
    switch element {
    case .float64: read(Double.self, .nan, column, symbol, times, row)
    case .float32: read(Float.self, .nan, column, symbol, times, row)
    default: element.notInLanes()
    }
  }

  private func read<Element: BitwiseCopyable>(
    _ type: Element.Type, _ missing: Element, _ column: Int, _ symbol: Int, _ times: Range<Int>,
    _ row: UnsafeMutableRawPointer
  ) {
    let to = row.assumingMemoryBound(to: type)
    let bars = layout.bars(of: symbol, in: times)
    let from = start(column, symbol).assumingMemoryBound(to: type)
    let presence = layout.presence[symbol]
    if bars.count < times.count { to.update(repeating: missing, count: times.count) }
    guard let own = presence.times else {
      let first = presence.first + bars.lowerBound - times.lowerBound
      if !bars.isEmpty { (to + first).update(from: from + bars.lowerBound, count: bars.count) }
      return
    }
    for bar in bars { to[Int(own[bar]) - times.lowerBound] = from[bar] }
  }

  /// Takes a symbol's values at some times; those at which it has no bar go nowhere.
  package func write(
    _ column: Int, _ symbol: Int, times: Range<Int>, from row: UnsafeRawPointer
  ) {
    switch element {
    case .float64: write(Double.self, column, symbol, times, row)
    case .float32: write(Float.self, column, symbol, times, row)
    default: element.notInLanes()
    }
  }

  private func write<Element: BitwiseCopyable>(
    _ type: Element.Type, _ column: Int, _ symbol: Int, _ times: Range<Int>,
    _ row: UnsafeRawPointer
  ) {
    let from = row.assumingMemoryBound(to: type)
    let bars = layout.bars(of: symbol, in: times)
    let to = start(column, symbol).assumingMemoryBound(to: type)
    let presence = layout.presence[symbol]
    guard let own = presence.times else {
      let first = presence.first + bars.lowerBound - times.lowerBound
      if !bars.isEmpty { (to + bars.lowerBound).update(from: from + first, count: bars.count) }
      return
    }
    for bar in bars { to[bar] = from[Int(own[bar]) - times.lowerBound] }
  }

  /// NaN at all bars of a symbol, in every column.
  package func setUndefined(_ symbol: Int) {
    for column in columns { column.setUndefined(layout.indices(of: symbol), element) }
  }

  /// A column as `[symbols, time]`, NaN where there is no bar; the column itself where none is missing.
  package func dense(_ column: Int, threads: Int? = nil) -> Buffer {
    if layout.isDense { return columns[column] }
    let rowBytes = layout.timeCount * element.size
    let whole = Buffer(uninitializedByteCount: layout.symbolCount * rowBytes)
    Workers.run(items: layout.symbolCount, threads: rowBytes > 1 << 12 ? threads : 1) { next in
      while let symbol = next() {
        read(column, symbol, times: 0..<layout.timeCount, into: whole.base + symbol * rowBytes)
      }
    }
    return whole
  }

  /// The same columns, in another order or fewer.
  package func selecting(_ numbers: [Int]) -> RaggedColumns {
    RaggedColumns(layout, element, numbers.map { columns[$0] })
  }

  private init(_ layout: RaggedLayout, _ element: ElementType, _ columns: [Buffer]) {
    (self.layout, self.element, self.columns) = (layout, element, columns)
  }
}

extension RaggedColumns {
  /// Where a batch over `lanes` writes its results, one column each: to be run over
  /// `lanes.writing(to: layout)`.
  package var targets: [ResultTarget] { columns.map { ResultTarget(buffer: $0, symbolStride: 1) } }

  /// NaN for the symbols that have bars at which lanes have none.
  package func setUndefinedWhereMissing(in lanes: PackedLanes) {
    for (symbol, bars) in lanes.presence.enumerated()
    where bars.count < layout.presence[symbol].count {
      setUndefined(symbol)
    }
  }
}

extension PackedLanes {
  /// The same lanes for a batch whose results are the columns of a layout.
  ///
  /// The lanes' bars must be bars of the layout. `symbols` of the groups are places there, results having one
  /// element from one place to the next; lanes that have all bars of their symbols write runs.
  package func writing(to layout: RaggedLayout) -> PackedLanes {
    replacingGroups(groups.map { $0.writing(to: layout, presence) })
  }
}

extension LaneGroup {
  fileprivate func writing(to layout: RaggedLayout, _ presence: [Presence]) -> LaneGroup {
    let indices = symbols.indices.map { lane in
      // A lane without bars writes nothing and does not hinder the others.
      counts[lane] > 0 ? layout.offsets[symbols[lane]] : -1
    }
    let times = symbols.indices.map { lane -> [Int32]? in
      guard counts[lane] > 0 else { return nil }
      let (own, all) = (presence[symbols[lane]], layout.presence[symbols[lane]])
      return own.count == all.count ? nil : own.numbers(in: all)
    }
    return LaneGroup(
      width: width, symbols: indices, counts: counts,
      firsts: [Int](repeating: 0, count: width), times: times)
  }
}

extension Presence {
  /// The numbers of these bars among others that hold them all.
  fileprivate func numbers(in all: Presence) -> [Int32] {
    var number = 0
    return (0..<count).map { bar in
      let time = timeIndex(bar)
      if all.times == nil { return Int32(time - all.first) }
      while all.timeIndex(number) < time { number += 1 }
      return Int32(number)
    }
  }
}
