import MartletArrays
import MartletCore

/// Prices of a panel as books read them, one lane for each symbol.
///
/// Over its own bars a lane has no gaps; over the market's times a bar that did not happen is NaN.
final class MarketLanes: Sendable {
  let panel: Panel
  let lanes: [MarketLane]
  /// Fields with a value at every bar of every lane, where a lane has all bars of its symbol, one after the other.
  let completeFields: Set<InputKey>

  /// - Throws: `DataError` where prices that the rules need are not there, and where the task is cancelled.
  init(
    _ panel: Panel, _ needs: MarketNeeds, onMarketTimes: Bool, threads: Int?
  ) throws(DataError) {
    self.panel = panel
    let days: [Int32]? =
      needs.days ? panel.time.map { Int32(panel.clock.reading(of: $0).day) } : nil
    let cancellation = Cancellation()
    let axis = Buffer.keeping(panel.time)
    let made = Workers.map(
      panel.symbols.count, threads: threads, cancellation: cancellation
    ) { symbol in
      MarketLane(panel, symbol, needs, axis, days, onMarketTimes: onMarketTimes)
    }
    try cancellation.finish("backtest")
    lanes = made
    let bars = panel.barCounts.reduce(0, +)
    let isWhole = zip(made, panel.barCounts).allSatisfy {
      $0.barsLeftOut == 0 && (!onMarketTimes || $1 == panel.time.count)
    }
    let source = panel.source
    let all = panel.bars
    let fields = [
      all.open, all.high, all.low, all.close, all.volume, all.day, all.secondOfDay, all.month,
    ].flatMap(\.value.inputKeys)
    completeFields = isWhole ? Set(fields.filter { source.isComplete($0.field) }) : []
    if bars > 0, lanes.allSatisfy({ $0.count == 0 }) {
      throw DataError(
        .missing, in: "backtest",
        "no bar has \(needs.names); the fill price and the stops need them"
      )
    }
  }
}

/// Which prices are read.
struct MarketNeeds: Sendable, Hashable {
  var open = true
  var range = true
  var days = true
  /// Whether volumes are read, and not only whether they are 0.
  var volume = false

  /// Whether highs, lows and volumes are kept where nothing but histories and functions look at them.
  var history = false

  var names: String {
    (["a close"] + (open ? ["an open"] : []) + (range ? ["a high and a low"] : []))
      .joined(separator: ", ")
  }

  /// - Parameter isFunction: Whether orders are a function's, which can have limits and stops.
  init(
    _ rules: ExecutionRules, _ costs: TradingCosts, _ signals: StrategySignals, isDaily: Bool,
    isFunction: Bool = false
  ) {
    let hasLevels =
      isFunction || signals.stopLoss != nil || signals.takeProfit != nil
      || signals.trailingStop != nil
      || signals.limit != nil || signals.stop != nil
    open = rules.fill == .nextOpen || hasLevels
    range = hasLevels || rules.fill == .nextTypical || rules.clampsToRange
    days = isDaily || rules.timeInForce == .day
    volume = rules.participation != nil || costs.impact > 0
    history = isFunction
  }
}

extension MarketNeeds {
  /// Whether a bar has the prices that are read: one that has not cannot be traded in, and is none.
  func areMet(open: Double, high: Double, low: Double, close: Double) -> Bool {
    guard close > 0, close < .infinity else { return false }
    if self.open, !(open > 0 && open < .infinity) { return false }
    return !range || (low > 0 && high < .infinity && low <= high)
  }
}

/// Prices of one symbol.
final class MarketLane: Sendable {
  let count: Int
  /// At which times its bars are.
  let presence: Presence
  /// Open, high, low, close and volume, one after the other; pages of what nobody reads stay untouched.
  private let memory: Buffer
  private let stride: Int
  private let timeMemory: Buffer
  private let timeOffset: Int
  private let hasVolume: Bool
  private let hasRange: Bool
  let hasBarsWithoutVolume: Bool
  /// Bars of the panel without usable prices.
  let barsLeftOut: Int
  private let days: Buffer?
  /// Bars that are the last of their day; nil where every bar is.
  private let dayEnds: Buffer?

  init(
    _ panel: Panel, _ symbol: Int, _ needs: MarketNeeds, _ axis: Buffer, _ allDays: [Int32]?,
    onMarketTimes: Bool
  ) {
    let source = panel.source
    let all = source.presence[symbol]
    let size = onMarketTimes ? panel.time.count : all.count
    let memory = Buffer(uninitializedByteCount: max(1, 5 * size) * 8)
    let values = memory.pointer(to: Double.self)
    func copy(_ field: Int) {
      let row = UnsafeMutableBufferPointer(start: values + field * size, count: size)
      if onMarketTimes {
        source.read(field: field, symbol: symbol, into: row)
      } else if size > 0, let base = row.baseAddress {
        source.copyDoubles(field: field, symbol: symbol, bars: 0..<size, to: base)
      }
    }
    let keepsRange = needs.range || needs.history
    copy(3)
    if needs.open || needs.history { copy(0) }
    if keepsRange { (1...2).forEach(copy) }
    let (isKnown, hasZeros) = Self.volumes(source, symbol, all.count)
    hasBarsWithoutVolume = hasZeros
    let keepsVolume = isKnown && (needs.volume || needs.history || hasZeros)
    if keepsVolume { copy(4) }
    hasVolume = keepsVolume
    let (open, high, low) = (values, values + size, values + 2 * size)
    let (close, volume) = (values + 3 * size, values + 4 * size)
    func isSound(_ bar: Int) -> Bool {
      needs.areMet(open: open[bar], high: high[bar], low: low[bar], close: close[bar])
    }
    var kept: [Int32]?
    var count = size
    var leftOut = 0
    if onMarketTimes {
      for bar in 0..<size where !isSound(bar) {
        if all.bar(at: bar) != nil { leftOut += 1 }
        close[bar] = .nan
      }
    } else if let firstBad = (0..<size).first(where: { !isSound($0) }) {
      // Bars that cannot be traded in are none.
      var list = (0..<firstBad).map { Int32(all.timeIndex($0)) }
      var next = firstBad
      for bar in firstBad..<size where isSound(bar) {
        for (row, isKept) in [
          (open, needs.open || needs.history), (high, keepsRange), (low, keepsRange),
          (close, true), (volume, keepsVolume),
        ] where isKept { row[next] = row[bar] }
        list.append(Int32(all.timeIndex(bar)))
        next += 1
      }
      (kept, count) = (list, next)
      leftOut = size - next
    }
    barsLeftOut = leftOut
    self.count = count
    let presence =
      onMarketTimes
      ? Presence(count: size, first: 0, times: nil) : kept.map { Presence($0) } ?? all
    self.presence = presence
    self.memory = memory
    stride = size
    if presence.times == nil {
      (timeMemory, timeOffset) = (axis, count == 0 ? 0 : presence.first)
    } else {
      let times = Buffer(uninitializedByteCount: max(1, count) * 8)
      let timeOf = times.pointer(to: Int64.self)
      for bar in 0..<count { timeOf[bar] = panel.time[presence.timeIndex(bar)] }
      (timeMemory, timeOffset) = (times, 0)
    }
    hasRange = keepsRange
    guard let allDays else {
      (days, dayEnds) = (nil, nil)
      return
    }
    let days = Buffer(uninitializedByteCount: max(1, count) * 4)
    let ends = Buffer(byteCount: ((count >> 6) + 1) * 8)
    let (day, words) = (days.pointer(to: Int32.self), ends.pointer(to: UInt64.self))
    var isEvery = true
    for bar in 0..<count { day[bar] = allDays[presence.timeIndex(bar)] }
    for bar in 0..<count {
      if bar + 1 == count || day[bar + 1] != day[bar] {
        words[bar >> 6] |= 1 << UInt64(bar & 63)
      } else {
        isEvery = false
      }
    }
    self.days = days
    dayEnds = isEvery ? nil : ends
  }

  /// Whether volumes are known, and whether any is 0.
  private static func volumes(
    _ source: FieldSource, _ symbol: Int, _ count: Int
  ) -> (isKnown: Bool, hasZeros: Bool) {
    var (isKnown, hasZeros) = (false, false)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 1024) { part in
      guard let base = part.baseAddress else { return }
      for start in Swift.stride(from: 0, to: count, by: 1024) {
        let bars = start..<min(start + 1024, count)
        source.copyDoubles(field: 4, symbol: symbol, bars: bars, to: base)
        for place in 0..<bars.count {
          isKnown = isKnown || base[place] == base[place]
          hasZeros = hasZeros || base[place] == 0
        }
      }
    }
    return (isKnown, hasZeros)
  }

  private func row(_ number: Int) -> UnsafePointer<Double> {
    UnsafePointer(memory.pointer(to: Double.self) + number * stride)
  }

  /// The bars in a range of times.
  func bars(in times: Range<Int>) -> Range<Int> {
    let first = presence.firstBar(from: times.lowerBound)
    return first..<max(first, presence.firstBar(from: times.upperBound))
  }

  /// Gives a value of each bar to the times of a range: where there is no bar that of the one before, and before the
  /// first one `start`.
  func carry(
    _ values: UnsafePointer<Double>, over times: Range<Int>, from start: Double,
    to take: (_ place: Int, _ value: Double) -> Void
  ) {
    var (last, next) = (start, 0)
    for bar in bars(in: times) {
      let place = presence.timeIndex(bar) - times.lowerBound
      while next < place {
        take(next, last)
        next += 1
      }
      last = values[bar]
      take(next, last)
      next += 1
    }
    while next < times.count {
      take(next, last)
      next += 1
    }
  }

  /// Prices without signals.
  var feed: Feed {
    // Where nobody asks for highs and lows, the close is all that a bar reached.
    let close = row(3)
    return Feed(
      open: row(0), high: hasRange ? row(1) : close, low: hasRange ? row(2) : close, close: close,
      volume: hasVolume ? row(4) : nil, time: times,
      day: days.map { UnsafePointer($0.pointer(to: Int32.self)) })
  }

  /// Nanoseconds since 1970 UTC of each bar.
  var times: UnsafePointer<Int64> {
    UnsafePointer(timeMemory.pointer(to: Int64.self) + timeOffset)
  }

  /// Bars whose equity counts for daily returns; nil for all.
  var samples: UnsafePointer<UInt64>? {
    dayEnds.map { UnsafePointer($0.pointer(to: UInt64.self)) }
  }
}

extension FieldSource {
  /// A symbol's values of a field at some of its own bars.
  func copyDoubles(
    field: Int, symbol: Int, bars: Range<Int>, to target: UnsafeMutablePointer<Double>
  ) {
    guard element == .float64 else {
      for bar in bars {
        target[bar - bars.lowerBound] = value(field: field, symbol: symbol, bar: bar)
      }
      return
    }
    copy(field: field, symbol: symbol, bars: bars, to: target)
  }
}
