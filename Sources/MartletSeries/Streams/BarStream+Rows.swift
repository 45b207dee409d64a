public import MartletArrays
import MartletIO

// MARK: - Bars

extension BarStream {
  /// One bar for every symbol that has one, in the order of `symbols`; nil where there is none.
  ///
  /// Cost: that of one bar of every plan per symbol. Results are NaN for symbols without a bar.
  /// - Throws: `DataError` when the count is not that of the symbols or a time does not follow the
  ///   symbol's last bar; nothing has changed then.
  public mutating func update(_ bars: [Bar?]) throws(DataError) -> StreamRow {
    guard bars.count == symbols.count else {
      throw DataError(
        .wrongShape, in: "stream", "\(bars.count) bars for \(symbols.count) symbols")
    }
    for (symbol, bar) in bars.enumerated() {
      if let bar { try check(bar, symbol) }
    }
    let time = try rowTime(bars)
    let columns = stages.columns.pointer(to: Double.self)
    for (symbol, bar) in bars.enumerated() {
      if let bar {
        masks[symbol] = put(bar, symbol, columns + symbol)
        if masks[symbol] != 0 { lastTimes[symbol] = bar.time }
      } else {
        masks[symbol] = 0
      }
    }
    return time == nil && stages.graph.hasLinks ? advanceEach(bars) : advance(at: time)
  }

  /// One bar per symbol in columns, at one time; NaN in all fields where a symbol has none.
  public mutating func update(
    time: Int64, open: [Double], high: [Double], low: [Double], close: [Double], volume: [Double]
  ) throws(DataError) -> StreamRow {
    for (field, column) in zip(BarField.stored, [open, high, low, close, volume])
    where column.count != symbols.count {
      throw DataError(
        .wrongShape, in: "stream", at: "column \(field.rawValue)",
        "\(column.count) values for \(symbols.count) symbols")
    }
    func bar(_ symbol: Int) -> Bar {
      Bar(
        time: time, open: open[symbol], high: high[symbol], low: low[symbol],
        close: close[symbol], volume: volume[symbol])
    }
    for symbol in symbols.indices where time <= lastTimes[symbol] || rejects {
      let bar = bar(symbol)
      if fields(of: bar) != 0 { try check(bar, symbol) }
    }
    try checkRow(at: time)
    let columns = stages.columns.pointer(to: Double.self)
    for symbol in symbols.indices {
      masks[symbol] = put(bar(symbol), symbol, columns + symbol)
      if masks[symbol] != 0 { lastTimes[symbol] = time }
    }
    return advance(at: time)
  }

  /// One bar of one symbol.
  ///
  /// Results of the others are not in the row. Where results compare symbols (`needsRows`), the bar waits until its
  /// time is complete: with the first bar of a later time, or `closeRow()`. What is returned then is the row of the
  /// time that has become complete, of all symbols, and one without values or time as long as none has.
  ///
  /// - Throws: `DataError` for a symbol that the stream lacks or a time that does not follow its
  ///   last bar; nothing has changed then.
  public mutating func update(_ bar: Bar, for symbol: String) throws(DataError) -> StreamRow {
    let index = try index(of: symbol)
    try check(bar, index)
    if needsRows { return try wait(bar, index) }
    defer { if masks[index] != 0 { lastTimes[index] = bar.time } }
    return one(bar, index, isPreview: false)
  }

  /// What `update` would give for a bar that is still forming; the state stays as it is.
  ///
  /// - Throws: As `update`; `incompatible` where results compare symbols, whose row is previewed as a whole.
  public mutating func preview(_ bar: Bar, for symbol: String) throws(DataError) -> StreamRow {
    let index = try index(of: symbol)
    guard !needsRows else {
      throw DataError(
        .incompatible, in: "stream", at: "symbol \(excerpt(symbol))",
        "results compare symbols; preview the whole row")
    }
    try check(bar, index)
    return one(bar, index, isPreview: true)
  }

  /// What `update` would give for a row of the market that is still forming; the state stays as it is.
  ///
  /// Cost: that of the row, and of a copy of all states.
  /// - Throws: As `update`.
  public mutating func preview(_ bars: [Bar?]) throws(DataError) -> StreamRow {
    let saved = (stages: stages.copy(), masks: masks, lastTimes: lastTimes, report: report)
    defer { (stages, masks, lastTimes, report) = saved }
    return try update(bars)
  }

  /// The stored fields that a bar has, one bit each; what is not finite is missing.
  @inline(__always)
  func fields(of bar: Bar) -> UInt8 {
    let largest = largestFinite
    var mask: UInt8 = bar.open.magnitude <= largest ? 1 : 0
    if bar.high.magnitude <= largest { mask |= 2 }
    if bar.low.magnitude <= largest { mask |= 4 }
    if bar.close.magnitude <= largest { mask |= 8 }
    if bar.volume.magnitude <= largest { mask |= 16 }
    return mask
  }

  /// Puts a bar into the columns.
  ///
  /// - Returns: The fields that are there, one bit each.
  @inline(__always)
  mutating func put(
    _ bar: Bar, _ symbol: Int, _ to: UnsafeMutablePointer<Double>, isPreview: Bool = false
  ) -> UInt8 {
    let count = symbols.count
    to[0] = bar.open
    to[count] = bar.high
    to[2 * count] = bar.low
    to[3 * count] = bar.close
    to[4 * count] = bar.volume
    var mask = fields(of: bar)
    if !BarFindings(bar, as: dtype).isEmpty || BarChecks.isOfOtherUnit(bar.time) {
      mask = repair(bar, symbol, mask, isPreview: isPreview)
    }
    if readsTime {
      if reading?.time != bar.time {
        let now = clock.reading(of: bar.time)
        reading = (bar.time, Double(now.day), Double(now.second), Double(now.month))
      }
      to[5 * count] = reading?.day ?? .nan
      to[6 * count] = reading?.second ?? .nan
      to[7 * count] = reading?.month ?? .nan
    }
    return mask == 0 ? 0 : mask | Self.timeFields
  }

  /// Every bar has a time.
  static let timeFields: UInt8 = 0b1110_0000

  /// Advances by the row that is in the columns.
  ///
  /// - Parameter time: Of all its bars; nil where they have several, or there is none.
  mutating func advance(at time: Int64?) -> StreamRow {
    row.makeUnique()
    row.time = time
    guard !stages.graph.hasLinks || masks.contains(where: { $0 != 0 }) else {
      // Nobody's bar is no row of the market.
      row.setUndefined(0..<layout.slotCount)
      return row
    }
    let values = row.values
    let (layout, size, clock) = (layout, dtype.size, clock)
    masks.withUnsafeBufferPointer { masks in
      stages.advance(masks) {
        clock.index(of: time ?? .min, $0.rule as! PeriodCut)
      } rows: {
        values + layout.starts[$0] * size
      }
    }
    return row
  }

  /// A row whose bars have several times, in a stream whose results look at one symbol each.
  private mutating func advanceEach(_ bars: [Bar?]) -> StreamRow {
    row.makeUnique()
    row.time = nil
    row.setUndefined(0..<layout.slotCount)
    let values = single.values
    let (layout, size, clock) = (layout, dtype.size, clock)
    for (symbol, bar) in bars.enumerated() where masks[symbol] != 0 {
      guard let bar else { continue }
      single.makeUnique()
      masks.withUnsafeBufferPointer { masks in
        stages.advance(masks, only: symbol) {
          clock.index(of: bar.time, $0.rule as! PeriodCut)
        } rows: {
          values + layout.singleStarts[$0] * size
        }
      }
      for result in names.indices { row.set(result, symbol, single.value(ofSingle: result)) }
    }
    return row
  }

  /// The one time of a row; nil where it has none, or several and that does not matter.
  private func rowTime(_ bars: [Bar?]) throws(DataError) -> Int64? {
    var found: Int64?
    for (symbol, bar) in bars.enumerated() {
      guard let bar else { continue }
      if let found, found != bar.time {
        guard needsRows else { return nil }
        throw DataError(
          .order, in: "stream", at: "symbol \(excerpt(symbols[symbol]))",
          "a bar at \(bar.time) in a row of \(found); results compare symbols, so a row has one time"
        )
      }
      found = bar.time
    }
    if let found { try checkRow(at: found) }
    return found
  }

  /// Throws where a row cannot follow the one before.
  private func checkRow(at time: Int64) throws(DataError) {
    guard needsRows else { return }
    if let waiting = waiting.time {
      throw DataError(
        .order, in: "stream", at: "row \(time)",
        "bars of the time \(waiting) wait for their row; close it with closeRow()")
    }
    if let last = lastTimes.max(), time <= last {
      throw DataError(
        .order, in: "stream", at: "row \(time)",
        "after one at \(last); results compare symbols, so rows come in the order of their times")
    }
  }

  private mutating func one(_ bar: Bar, _ symbol: Int, isPreview: Bool) -> StreamRow {
    single.makeUnique()
    single.time = bar.time
    single.onlySymbol = symbol
    let memory = isPreview && stages.graph.hasLinks ? stages.memory(of: symbol) : nil
    masks[symbol] = put(
      bar, symbol, stages.columns.pointer(to: Double.self) + symbol, isPreview: isPreview)
    let values = single.values
    let (layout, size, clock) = (layout, dtype.size, clock)
    if masks[symbol] == 0 {
      single.setUndefined(0..<layout.singleCount)
      return single
    }
    masks.withUnsafeBufferPointer { masks in
      if isPreview, memory == nil {
        stages.preview(masks, only: symbol) { values + layout.singleStarts[$0] * size }
      } else {
        stages.advance(masks, only: symbol) {
          clock.index(of: bar.time, $0.rule as! PeriodCut)
        } rows: {
          values + layout.singleStarts[$0] * size
        }
      }
    }
    if let memory { stages.restore(memory, of: symbol) }
    return single
  }
}

// MARK: - Rows that arrive bar by bar

/// Bars of one time that wait for the others of their row.
struct WaitingRow: Sendable {
  var time: Int64?
  var bars: [Bar?]

  init(symbols: Int) { bars = Array(repeating: nil, count: symbols) }
}

extension BarStream {
  private mutating func wait(_ bar: Bar, _ symbol: Int) throws(DataError) -> StreamRow {
    let last = max(waiting.time ?? .min, lastTimes.max() ?? .min)
    guard bar.time > last || bar.time == waiting.time else {
      throw DataError(
        .order, in: "stream", at: "symbol \(excerpt(symbols[symbol]))",
        "a bar at \(bar.time) after the row of \(last); results compare symbols, so rows come in order"
      )
    }
    guard waiting.bars[symbol] == nil || bar.time != waiting.time else {
      throw lateBar(bar.time, symbol)
    }
    var closed: StreamRow?
    if let time = waiting.time, time < bar.time { closed = try closeRow() }
    waiting.time = bar.time
    waiting.bars[symbol] = bar
    if let closed { return closed }
    row.makeUnique()
    row.time = nil
    row.setUndefined(0..<layout.slotCount)
    return row
  }

  /// Completes the row whose bars have arrived one by one: no symbol will have another bar of that time.
  ///
  /// - Returns: Its results; nil where no bar waits.
  public mutating func closeRow() throws(DataError) -> StreamRow? {
    guard waiting.time != nil else { return nil }
    let bars = waiting.bars
    waiting = WaitingRow(symbols: symbols.count)
    return try update(bars)
  }
}
