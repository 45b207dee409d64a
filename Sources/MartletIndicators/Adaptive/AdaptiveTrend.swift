import MartletArrays
public import MartletSeries

/// The trend that nine lengths of six averages vote for, each by what following it would have earned.
///
/// All of it is series: it runs over panels, streams bar by bar with the same bits, and scans last bars without a history.
public struct AdaptiveTrend: Sendable {
  /// One average of a family, and what following it earns.
  public struct Member: Sendable {
    /// Bars of the average.
    public let length: Int
    /// The average; NaN while it has too few bars.
    public let average: Series
    /// 1 since the close crossed above it, −1 since it crossed below, 0 before either.
    public let side: Series
    /// The money that following the side makes of 1; NaN before the cutout.
    public let equity: Series
  }

  /// The vote of the families, −1…1.
  public let average: Series
  /// Each family's signal, −1…1 with two decimals: the sides of its averages, weighted by their equities.
  public let signals: [Series]
  /// The money that following each family's signal makes of its weight.
  public let equities: [Series]
  /// 1 since ``average`` crossed above the long threshold, −1 since it crossed below the short one, 0 before either.
  public let direction: Series
  /// Bars since the direction last changed; NaN while there is none.
  public let age: Series
  /// 1 at bars where the direction turns from down to up.
  public let turnsUp: Series
  /// 1 at bars where it turns from up to down.
  public let turnsDown: Series
  /// The nine averages of each family.
  public let members: [[Member]]

  /// The signal of a family.
  public func signal(_ family: TrendSettings.Family) -> Series { signals[index(family)] }
  /// The equity of a family.
  public func equity(_ family: TrendSettings.Family) -> Series { equities[index(family)] }
  /// The averages of a family.
  public func members(_ family: TrendSettings.Family) -> [Member] { members[index(family)] }

  private func index(_ family: TrendSettings.Family) -> Int {
    TrendSettings.Family.allCases.firstIndex(of: family)!
  }
}

extension Bars {
  /// Adaptive trend classification: the vote of 54 moving averages, weighted by what following them would have earned.
  ///
  /// For each average a side is kept: +1 since the close crossed above it, −1 since it crossed below. Its equity grows
  /// with the return of each bar on the side of the bar before, loses the decay, and never falls below 0.25. A family's
  /// signal is the mean of its nine sides weighted by their equities; the families vote with the equities of
  /// their signals. Later returns count for more, by e^λ a bar, so results depend on where a history begins.
  ///
  /// A price that is not positive or not finite is none; an average that has too few bars has no side. Warm-up: none; before the
  /// cutout 0. Cost per bar: 54 averages of constant cost.
  /// Source: InvestorUnknown, Adaptive Trend Classification: Moving Averages, TradingView, 2024.
  ///
  /// - Parameter source: What the averages are of; crosses and returns are always those of the close.
  /// - Throws: `DataError` for settings that nothing can be computed with.
  public func adaptiveTrend(
    _ settings: TrendSettings = TrendSettings(), of source: Series? = nil
  ) throws(DataError) -> AdaptiveTrend {
    try settings.check()
    let price = Series.where((close .> 0) .& (close .< .infinity), close, Double.nan)
    let source = source ?? price
    let (keep, growth) = settings.perBar
    let floor = 0.25
    // Bars since the cutout, whatever stands in them.
    let begun = (0 * close.isDefined + 1).cumsum() - Double(settings.cutout + 1)
    let factor = Series.where(begun .>= 0, minimum(begun * growth, 700).exp(), 1)
    // Where there is no return, nothing is earned.
    let change = (price / price.shift(1) - 1).afterWarmUp(early: Series(0)).orElse(0)
    let grown = growth == 0 ? change : change * factor
    let move = Series.where(grown .< .infinity, grown, 0)

    var members: [[AdaptiveTrend.Member]] = []
    var (signals, equities) = ([Series](), [Series]())
    var (votes, total) = (Series(0), Series(0))
    let bounds = settings.voteThresholds ?? settings.shortThreshold...settings.longThreshold
    for family in TrendSettings.Family.allCases {
      var own: [AdaptiveTrend.Member] = []
      var (sides, weights) = (Series(0), Series(0))
      for length in settings.lengths(of: family) {
        let average = source.average(family, length, settings)
        let inputs = [price, average, move, sides, weights]
        func part(_ output: Int) -> Series {
          Series(
            .trendLayer, inputs,
            reals: [
              settings.tolerance, settings.isStrict ? 1 : 0, keep, floor, 1,
            ], integers: [settings.cutout], output: output)
        }
        own.append(.init(length: length, average: average, side: part(0), equity: part(1)))
        (sides, weights) = (part(2), part(3))
      }
      members.append(own)
      let inputs = [sides, weights, move, votes, total]
      func part(_ output: Int) -> Series {
        Series(
          .trendVote, inputs,
          reals: [
            keep, floor, settings.weights[family], settings.keepsReturn ? 1 : 0,
            settings.roundsHalfUp ? 1 : 0, bounds.upperBound, bounds.lowerBound,
          ], integers: [settings.cutout], output: output)
      }
      signals.append(part(0))
      equities.append(part(1))
      (votes, total) = (part(2), part(3))
    }
    var average = votes / total
    if settings.cutoutFill == .zero { average = average.orElse(0) }
    if settings.isDelayed { average = average.shift(1).afterWarmUp(early: Series(0)) }
    let before = average.shift(1).afterWarmUp(early: Series(Double.nan))
    let up = (average .> settings.longThreshold) .& (before .<= settings.longThreshold)
    let down = (average .< settings.shortThreshold) .& (before .>= settings.shortThreshold)
    let direction = Series.where(up, 1.0, -1.0).latched(when: up .| down).orElse(0)
    let last = direction.shift(1).afterWarmUp(early: Series(0))
    let age = (0 * direction + 1).cumsum(restartingWhen: direction .!= last) - 1
    return AdaptiveTrend(
      average: average, signals: signals, equities: equities, direction: direction,
      age: Series.where(direction .== 0, Double.nan, age),
      turnsUp: Series.where(last .== -1, up, 0.0), turnsDown: Series.where(last .== 1, down, 0.0),
      members: members)
  }
}

extension Series {
  /// One of the averages of a family.
  fileprivate func average(
    _ family: TrendSettings.Family, _ n: Int, _ settings: TrendSettings
  ) -> Series {
    let seed: AverageSeed = settings.seedsWithFirst ? .first : .sma
    switch family {
    case .ema: return exponentialAverage(n, seed: seed)
    case .hma: return settings.isHull ? hull(n) : rollingMean(n)
    case .wma: return wma(n)
    case .dema:
      let once = exponentialAverage(n, seed: seed)
      return 2 * once - once.exponentialAverage(n, seed: settings.isTextbookDEMA ? .sma : .first)
    case .lsma: return n == 1 ? self : linReg(n).value
    case .kama: return kaufman(n, settings.kaufman)
    }
  }

  private func hull(_ n: Int) -> Series {
    let (half, root) = (max(n / 2, 1), max(Int(Double(n).squareRoot()), 1))
    return (2 * wma(half) - wma(n)).wma(root)
  }

  private func kaufman(_ n: Int, _ form: TrendSettings.KaufmanForm) -> Series {
    let (fast, slow) = form == .shortPath ? (2.0 / 3, 2.0 / 31) : (0.666, 0.064)
    let steps = form == .shortPath ? max(n - 1, 1) : n
    let path = diff().abs().rollingSum(steps)
    var efficiency = diff(n).abs().divided(by: path, orIfZero: 0)
    if form == .shortPath { efficiency = minimum(efficiency, 1) }
    let root = { (efficiency: Series) in efficiency * (fast - slow) + slow }
    if form == .fromZero {
      let whole = root(efficiency.afterWarmUp(early: Series(0)))
      return adaptiveAverage(coefficient: whole * whole, seed: Series(0))
    }
    let whole = root(efficiency)
    return adaptiveAverage(
      coefficient: (whole * whole).afterWarmUp(early: Series(0)), seed: self)
  }
}
