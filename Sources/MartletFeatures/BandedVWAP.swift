import MartletIndicators

/// From where a volume-weighted average price is summed up.
public enum VWAPAnchor: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// The symbol's first bar.
  case first
  /// The opening of the session; nothing before the first one.
  case session
  /// The first bar of the day.
  case day
  /// The first bar of the week, which begins on Monday.
  case week
  /// The first bar of the month.
  case month
  /// The bar with the day's highest high so far.
  case high
  /// The bar with the day's lowest low so far.
  case low
  /// The bar with the day's largest volume so far.
  case volume
  /// The bar with the highest high of the day before; nothing on the first day.
  case previousHigh
  /// The bar with the lowest low of the day before; nothing on the first day.
  case previousLow
  /// The bar with the largest volume of the day before; nothing on the first day.
  case previousVolume
}

/// About which distances the bands of an anchored VWAP are made.
public enum VWAPBands: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// Of the last bars, each from its own bar's VWAP.
  case window
  /// Of the bars since the anchor, from the current VWAP.
  case sinceAnchor
}

/// An anchored VWAP with bands one, two and three deviations from it.
public struct BandedVWAP: Sendable {
  /// Σ typical price · volume / Σ volume since the anchor; NaN while no volume is there.
  public let vwap: Series
  /// The volume-weighted deviation that the bands are made of.
  public let deviation: Series
  /// One, two and three deviations above.
  public let upper: [Series]
  /// One, two and three deviations below.
  public let lower: [Series]

  init(_ vwap: Series, deviation: Series) {
    self.vwap = vwap
    self.deviation = deviation
    let steps = [deviation, 2 * deviation, 3 * deviation]
    upper = steps.map { vwap + $0 }
    lower = steps.map { vwap - $0 }
  }

  /// The VWAP, then upper and lower band by band.
  public var all: [Series] { [vwap] + zip(upper, lower).flatMap { [$0, $1] } }
}

extension Bars {
  /// Volume-weighted average price since an anchor, with bands.
  ///
  /// Extremes of the day are those so far: a new one (strictly beyond the old) moves the anchor to
  /// its bar, so that nothing is known before its time. Sums from an extreme of the day before run
  /// through the current day.
  ///
  /// - Parameters:
  ///   - window: Bars of the bands `.window`; fewer at the start. A bar without a VWAP has no weight.
  ///   - opensAt: Second of the day at which the session of the anchor `.session` opens.
  /// - Returns: Warm-up: none, NaN where there is no anchor yet. Cost per bar: constant.
  ///
  /// Source: B. Shannon, Maximum Trading Gains with Anchored VWAP, 2023.
  public func bandedVWAP(
    _ anchor: VWAPAnchor = .first, window: Int = 20, bands: VWAPBands = .window,
    opensAt: Int = 34_200
  ) -> BandedVWAP {
    requireLength(window, in: "bandedVWAP")
    let sums = AnchoredSums(anchor, of: self, opensAt: opensAt)
    let typical = typicalPrice
    let volume = volume
    let vwap = sums.shown(
      sums.sum { _ in typical * volume } / sums.sum { _ in volume })
    switch bands {
    case .window:
      return BandedVWAP(
        vwap, deviation: deviation(from: vwap, window: window, weight: sums.shownWeight(volume)))
    case .sinceAnchor:
      // About the anchor's own price: the squares of prices themselves would cancel.
      let total = sums.sum { _ in volume }
      let mean = sums.sum { volume * (typical - $0) } / total
      let square =
        sums.sum { center in
          let distance = typical - center
          return volume * (distance * distance)
        } / total
      return BandedVWAP(vwap, deviation: maximum(square - mean * mean, 0).sqrt())
    }
  }

  /// √(Σ weight · (typical price − base)² / Σ weight) over the window, each bar with its own base.
  func deviation(from base: Series, window: Int, weight: Series) -> Series {
    let distance = typicalPrice - base
    let squares = (weight * (distance * distance)).orElse(Series(0))
    return (squares.partialSum(window) / weight.partialSum(window)).sqrt()
  }
}

extension Series {
  /// Sum of the window, or of what there is of it.
  func partialSum(_ n: Int) -> Series { rollingSum(n).afterWarmUp(early: cumsum()) }
}

/// How sums run from an anchor.
struct AnchoredSums {
  /// A price near those that are summed up, the same for all of a sum: the anchor's own.
  private let center: Series
  private let since: Since
  /// 1 from the bar on at which there is an anchor; nil where the first bar is one.
  private let begun: Series?

  private enum Since {
    case firstBar
    case flag(Series)
    /// The sum since `extreme` until a day ends, from then on for a day together with that day's.
    case dayBefore(extreme: Series, day: Series)
  }

  init(_ anchor: VWAPAnchor, of bars: Bars, opensAt: Int) {
    let typical = bars.typicalPrice
    func newest(_ extreme: (Series) -> Series) -> Series {
      let begins = bars.begins(.day)
      return begins .| extreme(begins).isNew
    }
    func flag() -> Series {
      switch anchor {
      case .first: return typical.isFirst
      case .session: return bars.opens(at: opensAt)
      case .day: return bars.begins(.day)
      case .week: return bars.begins(.week)
      case .month: return bars.begins(.month)
      case .high, .previousHigh: return newest(bars.high.cummax(restartingWhen:))
      case .low, .previousLow: return newest(bars.low.cummin(restartingWhen:))
      case .volume, .previousVolume: return newest(bars.volume.cummax(restartingWhen:))
      }
    }
    let flag = flag()
    center = typical.latched(when: flag)
    switch anchor {
    case .first:
      since = .firstBar
      begun = nil
    case .session:
      since = .flag(flag)
      begun = flag.hasBeenTrue
    case .day, .week, .month, .high, .low, .volume:
      since = .flag(flag)
      begun = nil
    case .previousHigh, .previousLow, .previousVolume:
      let day = bars.begins(.day)
      since = .dayBefore(extreme: flag, day: day)
      begun = (day .> day.isFirst).hasBeenTrue
    }
  }

  /// The sum of a term, which is made with a price near those of the sum.
  func sum(_ term: (_ center: Series) -> Series) -> Series {
    switch since {
    case .firstBar:
      return term(center).cumsum()
    case .flag(let flag):
      return term(center).cumsum(restartingWhen: flag)
    case .dayBefore(let extreme, let day):
      let yesterday = term(center).cumsum(restartingWhen: extreme).shift(1).afterWarmUp(
        early: Series(0))
      let oldCenter = center.shift(1).latched(when: day).afterWarmUp(early: center)
      let today = term(oldCenter)
      return Series.where(day, yesterday + today, today).cumsum(restartingWhen: day)
    }
  }

  /// NaN before the first anchor.
  func shown(_ value: Series) -> Series {
    begun.map { Series.where($0, value, Series(.nan)) } ?? value
  }

  /// No weight before the first anchor.
  func shownWeight(_ weight: Series) -> Series {
    begun.map { Series.where($0, weight, Series(0)) } ?? weight
  }
}

extension Series {
  /// 1 at a symbol's first bar, otherwise 0.
  var isFirst: Series { (0 * shift(1)).afterWarmUp(early: Series(1)) }

  /// 1 where the value is another than one bar ago, and at the first bar.
  var isNew: Series { (self .!= shift(1)).afterWarmUp(early: Series(1)) }

  /// 1 from the first bar on at which this was true, 0 before.
  var hasBeenTrue: Series { latched(when: self).isDefined }
}

extension Bars {
  /// 1 at the first bar of every session; a symbol's first bar is one only after the opening.
  func opens(at second: Int) -> Series {
    let begins = begins(.session(opensAt: second))
    return (begins .> begins.isFirst) .| (begins .& (secondOfDay .>= Double(second)))
  }
}
