import MartletArrays
import MartletIndicators

/// A stream of features and the rows that its symbols had last.
struct FeatureFeed: ~Copyable, Sendable {
  let plan: SignalPlan
  var stream: BarStream
  let rows: FeatureRows
  /// A column of the market, and who had a bar.
  private let column: Buffer
  private let present: Buffer

  init(_ plan: SignalPlan, _ stream: consuming BarStream) {
    let symbols = stream.symbols.count
    self.init(
      plan, stream, FeatureRows(symbols: symbols, window: plan.window, width: plan.rowWidth))
  }

  init(_ plan: SignalPlan, _ stream: consuming BarStream, _ rows: FeatureRows) {
    self.plan = plan
    self.rows = rows
    column = Buffer(byteCount: stream.symbols.count * 8)
    present = Buffer(byteCount: stream.symbols.count)
    self.stream = stream
  }

  func fork() -> FeatureFeed { FeatureFeed(plan, stream.fork(), rows.copy()) }

  // MARK: Histories

  /// Results of a piece of history that are in memory at once.
  private static let pieceBytes = 32 << 20

  /// The time index from which on a panel's rows are needed, so that every symbol has a whole window
  /// at its bar number `target`.
  static func start(
    _ presence: Presence, window: Int, target: Int
  ) -> Int {
    presence.count == 0
      ? .max : presence.timeIndex(max(0, min(target, presence.count - 1) - window + 1))
  }

  /// Takes in a panel. Rows are made from the time index `start` on, and what is before only moves the
  /// stream on.
  ///
  /// - Parameter each: Told of every new row: the number of the symbol in the stream, and the time index.
  mutating func process(
    _ panel: Panel, from start: Int, threads: Int?, each: (Int, Int) throws(DataError) -> Void,
    progress: (Int) throws(DataError) -> Void = { _ in }
  ) throws(DataError) {
    let places = try stream.places(in: panel)
    let times = panel.time.count
    let start = min(start, times)
    if start > 0 {
      try stream.warmUp(with: start == times ? panel : panel.times(0..<start), threads: threads)
      try progress(start)
    }
    let columns = plan.features.columns.count
    let size = stream.symbols.count * columns * stream.dtype.size
    let length = max(16, Self.pieceBytes / max(size, 1))
    var time = start
    while time < times {
      let end = min(times, time + length)
      let arrays = try stream.process(
        time == 0 && end == times ? panel : panel.times(time..<end), threads: threads)
      for (symbol, place) in places.enumerated() where place >= 0 {
        let presence = panel.source.presence[place]
        for bar in presence.firstBar(from: time)..<presence.firstBar(from: end) {
          let index = presence.timeIndex(bar)
          put(arrays, symbol * (end - time) + index - time, rows.next(symbol))
          rows.advance(symbol)
          try each(symbol, index)
        }
      }
      time = end
      try progress(end)
    }
  }

  private func put(_ arrays: [NDArray], _ element: Int, _ row: UnsafeMutablePointer<Float>) {
    let isDouble = stream.dtype == .float64
    for (column, array) in arrays.enumerated() {
      let (buffer, offset) = array.storage
      let value =
        isDouble
        ? buffer.pointer(to: Double.self)[offset + element]
        : Double(buffer.pointer(to: Float.self)[offset + element])
      plan.put(value, column, row)
    }
  }

  // MARK: Bars

  /// Whether a symbol had a bar in the last row of the market.
  func hadBar(_ symbol: Int) -> Bool { present.pointer(to: Bool.self)[symbol] }

  /// Notes who has a bar.
  func note(_ symbol: Int, _ isThere: Bool) { present.pointer(to: Bool.self)[symbol] = isThere }

  /// Takes a row of the market to the rows of the symbols that had a bar.
  func take(_ row: StreamRow) {
    let symbols = stream.symbols.count
    let values = column.pointer(to: Double.self)
    for number in 0..<plan.features.columns.count {
      row.copy(number, into: UnsafeMutableBufferPointer(start: values, count: symbols))
      for symbol in 0..<symbols where hadBar(symbol) {
        plan.put(values[symbol], number, rows.next(symbol))
      }
    }
    for symbol in 0..<symbols where hadBar(symbol) { rows.advance(symbol) }
  }

  /// The row of one symbol's bar.
  func put(_ row: StreamRow, of symbol: Int, to target: UnsafeMutablePointer<Float>) {
    for number in 0..<plan.features.columns.count {
      plan.put(row[number, symbol: symbol], number, target)
    }
  }
}

extension Bar {
  /// Whether anything of it is known; otherwise it did not happen.
  var isThere: Bool {
    open.isFinite || high.isFinite || low.isFinite || close.isFinite || volume.isFinite
  }
}
