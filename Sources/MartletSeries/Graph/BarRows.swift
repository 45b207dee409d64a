import MartletArrays
import MartletIO

/// Columns of numbers in memory, and which of their rows are the bars of each symbol.
///
/// Nothing is copied: arrays `[symbols, time]` and tables in long form are read where they are.
package struct BarRows: Sendable {
  /// Numbers in a row of memory, float64 or float32; nil for a field that nobody knows.
  package struct Column: Sendable {
    let buffer: Buffer?
    let element: ElementType

    package init(_ buffer: Buffer?, _ element: ElementType) {
      if !element.isReal { element.notInLanes() }
      (self.buffer, self.element) = (buffer, element)
    }
  }

  /// The rows of one symbol.
  package struct Symbol: Sendable {
    /// The row of the columns from which `rows` count.
    package var origin: Int
    /// Rows, in the order of the bars.
    package var rows: Rows
    /// The time indices of the rows.
    package var times: Presence
    /// Bit f is set where field f is not finite at one of the rows at least.
    package var incomplete: UInt64 = 0
    /// Rows, counted as bars, whose last field does not count.
    package var withoutLast: [Int] = []

    package init(origin: Int, rows: Rows, times: Presence) {
      (self.origin, self.rows, self.times) = (origin, rows, times)
    }

    package var count: Int { times.count }

    /// Keeps some of the rows.
    package mutating func keep(_ kept: [Int32]) {
      guard kept.count < times.count else { return }
      let times = times
      self.times = Presence(kept.map { Int32(times.timeIndex(Int($0))) })
      switch rows {
      case .run(let first): rows = .list(kept.map { Int32(first) + $0 })
      case .list(let list): rows = .list(kept.map { list[Int($0)] })
      }
    }
  }

  /// Which rows, counted from a symbol's origin.
  package enum Rows: Sendable {
    /// One after the other.
    case run(first: Int)
    case list([Int32])
  }

  package let columns: [Column]
  package var symbols: [Symbol]
  package let timeCount: Int
  /// What the bars become; numbers that are not finite as such do not count.
  package let element: ElementType

  package init(columns: [Column], symbols: [Symbol], timeCount: Int, element: ElementType) {
    require(columns.count <= 64, "BarRows: \(columns.count) fields; expected at most 64")
    (self.columns, self.symbols) = (columns, symbols)
    (self.timeCount, self.element) = (timeCount, element)
  }

  /// Arrays of `[symbols, time]`: one column each, all rows of each symbol.
  package init(arrays columns: [Column], symbols: Int, times: Int, element: ElementType) {
    self.init(
      columns: columns,
      symbols: (0..<symbols).map { symbol in
        Symbol(
          origin: symbol * times, rows: .run(first: 0),
          times: Presence(count: times, first: 0, times: nil))
      }, timeCount: times, element: element)
  }

  /// A symbol's rows of a field as float64 one after the other: in place where they are, otherwise in `scratch`,
  /// which takes as many.
  package func doubles(
    _ field: Int, of symbol: Symbol, in scratch: UnsafeMutablePointer<Double>
  ) -> UnsafePointer<Double> {
    let column = columns[field]
    if let buffer = column.buffer, column.element == .float64, case .run(let first) = symbol.rows {
      return UnsafePointer(buffer.pointer(to: Double.self) + symbol.origin + first)
    }
    read(column, symbol, 0..<symbol.count) { scratch[$0] = $1 }
    return UnsafePointer(scratch)
  }

  /// Calls `store` with the numbers of some rows.
  @inline(__always)
  private func read(
    _ column: Column, _ symbol: Symbol, _ bars: Range<Int>, _ store: (Int, Double) -> Void
  ) {
    guard let buffer = column.buffer else {
      for k in 0..<bars.count { store(k, .nan) }
      return
    }
    if column.element == .float64 {
      Self.read(
        buffer.pointer(to: Double.self) + symbol.origin, symbol.rows, bars, { $0 }, store)
    } else {
      Self.read(
        buffer.pointer(to: Float.self) + symbol.origin, symbol.rows, bars, { Double($0) }, store)
    }
  }

  @inline(__always)
  private static func read<Element: BitwiseCopyable>(
    _ from: UnsafePointer<Element>, _ rows: Rows, _ bars: Range<Int>,
    _ convert: (Element) -> Double, _ store: (Int, Double) -> Void
  ) {
    switch rows {
    case .run(let first):
      let from = from + first + bars.lowerBound
      for k in 0..<bars.count { store(k, convert(from[k])) }
    case .list(let list):
      list.withUnsafeBufferPointer { list in
        for k in 0..<bars.count { store(k, convert(from[Int(list[bars.lowerBound + k])])) }
      }
    }
  }

  private static func read<Element: BitwiseCopyable>(
    _ from: UnsafeMutablePointer<Element>, _ rows: Rows, _ bars: Range<Int>,
    _ convert: (Element) -> Double, _ store: (Int, Double) -> Void
  ) {
    read(UnsafePointer(from), rows, bars, convert, store)
  }

  /// Leaves the rows of which at least one field is finite, and notes which fields all of them have.
  package mutating func keepFinite(threads: Int? = nil) {
    let rows = self
    symbols = Workers.map(symbols.count, threads: symbols.count * timeCount < 1 << 14 ? 1 : threads)
    {
      rows.finite($0)
    }
  }

  private func finite(_ number: Int) -> Symbol {
    var symbol = symbols[number]
    let count = symbol.count
    let largest = element.largestFinite
    let scratch = UnsafeMutablePointer<Double>.allocate(capacity: max(count, 1))
    defer { scratch.deallocate() }
    var isPresent = [Bool](repeating: false, count: count)
    var counts: [Int] = []
    for field in columns.indices {
      let values = doubles(field, of: symbol, in: scratch)
      var found = 0
      isPresent.withUnsafeMutableBufferPointer { isPresent in
        for k in 0..<count where values[k].magnitude <= largest {
          isPresent[k] = true
          found += 1
        }
      }
      counts.append(found)
    }
    let kept = counts.contains(count) ? count : isPresent.count { $0 }
    for (field, found) in counts.enumerated() where found != kept {
      symbol.incomplete |= 1 << field
    }
    if kept < count {
      symbol.keep((0..<Int32(count)).filter { isPresent[Int($0)] })
    }
    return symbol
  }
}

extension BarRows {
  /// The columns of one symbol, if it has every value at every time and they lie where lanes can read them.
  var wholeSeries: [Buffer]? {
    guard symbols.count == 1, symbols[0].count == timeCount, timeCount > 0 else { return nil }
    let size = timeCount * element.size
    let series = columns.indices.compactMap { field -> Buffer? in
      guard let base = run(field, 0), let buffer = columns[field].buffer else { return nil }
      return base == UnsafeRawPointer(buffer.base) && buffer.byteCount == size
        ? buffer : Buffer(viewing: base, byteCount: size, owner: buffer)
    }
    return series.count == columns.count ? series : nil
  }
}

extension BarRows: BarRuns {
  package func run(_ field: Int, _ symbol: Int) -> UnsafeRawPointer? {
    let column = columns[field]
    guard let buffer = column.buffer, column.element == element,
      symbols[symbol].incomplete & 1 << UInt64(field) == 0,
      case .run(let first) = symbols[symbol].rows
    else { return nil }
    return UnsafeRawPointer(buffer.base + (symbols[symbol].origin + first) * element.size)
  }

  package func copy(
    _ field: Int, _ symbol: Int, bars: Range<Int>, to target: UnsafeMutableRawPointer
  ) {
    let own = symbols[symbol]
    let largest = element.largestFinite
    switch element {
    case .float64:
      let to = target.assumingMemoryBound(to: Double.self)
      read(columns[field], own, bars) { to[$0] = $1.magnitude <= largest ? $1 : .nan }
    case .float32:
      let to = target.assumingMemoryBound(to: Float.self)
      read(columns[field], own, bars) { to[$0] = $1.magnitude <= largest ? Float($1) : .nan }
    default: element.notInLanes()
    }
    guard field == columns.count - 1 else { return }
    for bar in own.withoutLast where bars.contains(bar) {
      let index = bar - bars.lowerBound
      element.setUndefined(target, index..<index + 1)
    }
  }
}

extension RaggedColumns: BarRuns {
  package func run(_ field: Int, _ symbol: Int) -> UnsafeRawPointer? {
    UnsafeRawPointer(start(field, symbol))
  }

  package func copy(
    _ field: Int, _ symbol: Int, bars: Range<Int>, to target: UnsafeMutableRawPointer
  ) {
    target.copyMemory(
      from: start(field, symbol) + bars.lowerBound * element.size,
      byteCount: bars.count * element.size)
  }

  /// Takes rows of all times, of which `read` gives one at a time, NaN where there is no bar.
  package init(
    _ layout: RaggedLayout, columns: Int, element: ElementType,
    read: (_ column: Int, _ symbol: Int, _ row: UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    self.init(layout, columns: columns, element: element)
    let row = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(layout.timeCount, 1))
    defer { row.deallocate() }
    for column in 0..<columns {
      for (symbol, presence) in layout.presence.enumerated() where presence.count > 0 {
        read(column, symbol, UnsafeMutableBufferPointer(rebasing: row[..<layout.timeCount]))
        element.store(presence.count, to: start(column, symbol)) { row[presence.timeIndex($0)] }
      }
    }
  }
}
