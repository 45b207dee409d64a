import MartletFeatures
import MartletNetworks

/// A stream of features and the rows that its symbols had last.
struct FeatureFeed: ~Copyable, Sendable {
  let plan: SignalPlan
  var stream: BarStream
  private(set) var rows: FeatureRows
  /// A column of the market.
  private var column: Buffer

  init(_ plan: SignalPlan, _ stream: consuming BarStream) {
    let symbols = stream.symbols.count
    self.init(
      plan, stream, FeatureRows(symbols: symbols, window: plan.window, width: plan.rowWidth))
  }

  init(_ plan: SignalPlan, _ stream: consuming BarStream, _ rows: FeatureRows) {
    self.plan = plan
    self.rows = rows
    column = Buffer(byteCount: stream.symbols.count * 8)
    self.stream = stream
  }

  func fork() -> FeatureFeed { FeatureFeed(plan, stream.fork(), rows.copy()) }

  // MARK: Symbols

  mutating func add(_ joining: [String], history: Panel?, threads: Int?) throws(DataError) {
    let (before, past) = (stream.symbols.count, try stream.past(of: joining, in: history))
    try stream.add(joining)
    rearrange(stream.symbols.indices.map { $0 < before ? $0 : nil })
    // The bars of symbols that have none yet can only follow.
    guard let past else { return }
    do { try warmUp(with: past, threads: threads) } catch {
      try remove(joining)
      throw error
    }
  }

  mutating func remove(_ leaving: [String]) throws(DataError) {
    let before = stream.symbols
    try stream.remove(leaving)
    let gone = Set(leaving)
    rearrange(before.indices.filter { !gone.contains(before[$0]) })
  }

  private mutating func rearrange(_ old: [Int?]) {
    rows = rows.rearranged(old)
    column = Buffer(byteCount: old.count * 8)
  }

  // MARK: Histories

  /// Results of a piece of history that are in memory at once, and symbols of one.
  private static let pieceBytes = 32 << 20
  private static let symbolsAtOnce = 512

  /// Takes in a panel and keeps the last rows of every symbol.
  mutating func warmUp(with panel: Panel, threads: Int?) throws(DataError) {
    try Cancellation.check("stream")
    let indices = try stream.indices(in: panel)
    let known = stream.symbols.indices.filter { indices[$0] >= 0 }
    let isFresh = known.allSatisfy { stream.lastTimes[$0] == .min }
    if isFresh, !stream.needsRows, panel.dtype == stream.dtype, panel.clock == stream.clock {
      // A batch over the same bars has the same bits and takes less time for a few rows of each symbol.
      _ = try stream.run(panel, keepsResults: false, threads: threads)
      for first in stride(from: 0, to: known.count, by: Self.symbolsAtOnce) {
        let part = known[first..<min(known.count, first + Self.symbolsAtOnce)]
        try keepRows(of: Array(part), panel.symbols(part.map { indices[$0] }), threads: threads)
      }
      return
    }
    try process(panel, indices, threads: threads)
  }

  /// The last rows of symbols whose whole history a panel is.
  private func keepRows(
    of symbols: [Int], _ panel: Panel, threads: Int?
  ) throws(DataError) {
    let presence = panel.source.presence
    let window = plan.window
    let starts = presence.map { max(0, $0.count - window) }
    let columns = ResultSlots(columns: window + 1) { symbol, time in
      max(0, presence[symbol].firstBar(from: time) - starts[symbol] + 1)
    }
    let values = Evaluation(threads: threads).values(
      of: try plan.features.series(of: panel.bars).map(\.value), at: columns)
    let arrays = values.map {
      NDArray($0, shape: [symbols.count, window + 1], dtype: panel.dtype)
    }
    for (number, symbol) in symbols.enumerated() {
      for bar in starts[number]..<presence[number].count {
        put(arrays, number * (window + 1) + bar - starts[number] + 1, rows.next(symbol))
        rows.advance(symbol)
      }
    }
  }

  /// Takes in a panel that goes on where the stream stands.
  private mutating func process(
    _ panel: Panel, _ indices: [Int], threads: Int?
  ) throws(DataError) {
    let presence = panel.source.presence
    let times = panel.time.count
    // Rows from the time on at which the first of the last windows begins.
    let starts = indices.filter { $0 >= 0 && presence[$0].count > 0 }.map {
      presence[$0].timeIndex(max(0, presence[$0].count - plan.window))
    }
    let start = starts.min() ?? times
    if start > 0 {
      _ = try stream.run(
        start == times ? panel : panel.times(0..<start), keepsResults: false, threads: threads)
    }
    let size = stream.symbols.count * plan.features.columns.count * stream.dtype.size
    let length = max(16, Self.pieceBytes / max(size, 1))
    for time in stride(from: start, to: times, by: length) {
      let end = min(times, time + length)
      let arrays = try stream.run(
        time == 0 && end == times ? panel : panel.times(time..<end), keepsResults: true,
        threads: threads)
      for (symbol, index) in indices.enumerated() where index >= 0 {
        let presence = presence[index]
        for bar in presence.firstBar(from: time)..<presence.firstBar(from: end) {
          put(
            arrays, symbol * (end - time) + presence.timeIndex(bar) - time, rows.next(symbol))
          rows.advance(symbol)
        }
      }
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

  /// Takes a row of the market to the rows of the symbols that had a bar.
  func take(_ row: StreamRow) {
    let symbols = stream.symbols.count
    let values = column.pointer(to: Double.self)
    for number in 0..<plan.features.columns.count {
      row.copy(number, into: UnsafeMutableBufferPointer(start: values, count: symbols))
      for symbol in 0..<symbols where stream.hadBar(symbol) {
        plan.put(values[symbol], number, rows.next(symbol))
      }
    }
    for symbol in 0..<symbols where stream.hadBar(symbol) { rows.advance(symbol) }
  }

  /// The row of one symbol's bar.
  func put(_ row: StreamRow, of symbol: Int, to target: UnsafeMutablePointer<Float>) {
    for number in 0..<plan.features.columns.count {
      plan.put(row[number, symbol: symbol], number, target)
    }
  }
}
