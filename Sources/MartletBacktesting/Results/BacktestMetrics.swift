import MartletCore

/// What an account's equity and trades come to.
///
/// Returns are those of the sampled equity, the first against the initial capital; ratios are those of `empyrical`:
/// arithmetic means, deviations with n − 1, times the root of a year's periods. NaN is what cannot be said.
public struct BacktestMetrics: Hashable, Sendable {
  /// Equity at the start, in currency.
  public var initialEquity = Double.nan
  /// Equity at the end.
  public var finalEquity = Double.nan
  /// Change of the equity, as a part of what it was.
  public var totalReturn = Double.nan
  /// Yearly growth; −1 where nothing is left, NaN for less than a day.
  public var annualReturn = Double.nan
  /// Deviation of returns, of a year; NaN for fewer than two.
  public var volatility = Double.nan
  /// Mean return beyond the riskless one by its deviation, of a year.
  public var sharpe = Double.nan
  /// The same by the deviation of losses; infinite where there are none.
  public var sortino = Double.nan
  /// The deepest fall below an earlier equity, as a part of it: 0 or less; of all bars.
  public var maxDrawdown = Double.nan
  /// Yearly growth by the deepest fall.
  public var calmar = Double.nan
  /// The root of the mean square of falls.
  public var ulcerIndex = Double.nan
  /// Yearly growth by the Ulcer index.
  public var martin = Double.nan
  /// Closed trades.
  public var trades = 0
  /// The part of them that earned something.
  public var winRate = Double.nan
  /// Trades that earned nothing and lost nothing: not won.
  public var unchangedTrades = 0
  /// What trades won by what others lost, in currency; infinite without losses.
  public var profitFactor = Double.nan
  /// The same of profits as parts of what was paid.
  public var shareProfitFactor = Double.nan
  /// Mean profit of a trade, in currency.
  public var expectancy = Double.nan
  /// Mean profit of those that won by mean loss of the others.
  public var payoff = Double.nan
  /// √trades · mean profit / deviation of profits: the system quality number of Van Tharp.
  public var systemQuality = Double.nan
  /// The part of bars with a position.
  public var exposure = Double.nan
  /// The mean size of positions as a part of the equity; NaN where no history is kept.
  public var meanGross = Double.nan
  /// The same with signs.
  public var meanNet = Double.nan
  /// What was traded in a year by the mean equity of begin and end.
  public var turnover = Double.nan
  /// Fees, borrowing included, in currency.
  public var fees = 0.0
  /// Executions.
  public var fills = 0
  /// Mean bars from entry to exit.
  public var meanHold = Double.nan
  /// The longest, in bars.
  public var longestHold = 0
  /// The return of a period that one of twenty is below; NaN for fewer than 20, or where no history is kept.
  public var valueAtRisk = Double.nan
  /// The mean of those.
  public var conditionalValueAtRisk = Double.nan
  /// Skewness of returns.
  public var skewness = Double.nan
  /// Kurtosis of returns, 3 for the normal distribution.
  public var kurtosis = Double.nan
  /// How likely the true ratio of Sharpe's is above 0.
  public var probabilisticSharpe = Double.nan
  /// Bars that reached both a stop and a target.
  public var ambiguousBars = 0
  /// Periods that returns were taken of.
  public var periods = 0
  /// Whether equity was gone.
  public var isBankrupt = false

  /// Of nothing.
  public init() {}

  /// - Parameter seconds: From the first bar to the last one.
  init(_ totals: BookTotals, initial: Double, seconds: Double, _ backtest: Backtest) {
    let perYear = backtest.sampling.perYear
    let years = seconds / 31_557_600
    (initialEquity, finalEquity) = (initial, totals.equity)
    totalReturn = totals.equity / initial - 1
    if totals.equity <= 0 {
      annualReturn = -1
    } else if seconds >= 86_400 {
      annualReturn = power(totals.equity / initial, 1 / years) - 1
    }
    let n = Double(totals.periods)
    periods = totals.periods
    if totals.periods > 0 {
      let mean = totals.sum / n
      let excess = mean - backtest.riskFreePeriod
      if totals.periods > 1 {
        // Sums of squares lose what is small beside the mean: below that there is no deviation.
        let square = totals.sumOfSquares - n * mean * mean
        let noise = 8 * Double.ulpOfOne * totals.sumOfSquares
        let deviation = square > noise ? (square / (n - 1)).squareRoot() : 0
        volatility = deviation * perYear.squareRoot()
        sharpe = deviation == 0 ? .nan : perYear.squareRoot() * excess / deviation
      }
      let downside = (totals.sumOfDownside / n).squareRoot()
      sortino =
        downside == 0
        ? (excess > 0 ? .infinity : .nan) : perYear.squareRoot() * excess / downside
      ulcerIndex = (totals.sumOfDrawdowns / n).squareRoot()
      martin = ulcerIndex == 0 ? .nan : annualReturn / ulcerIndex
    }
    maxDrawdown = totals.deepest - 1
    calmar = maxDrawdown == 0 ? .nan : annualReturn / abs(maxDrawdown)
    trades = totals.trades
    unchangedTrades = totals.unchanged
    if trades > 0 {
      let count = Double(trades)
      winRate = Double(totals.wins) / count
      func factor(_ gains: Double, _ losses: Double) -> Double {
        losses == 0 ? (gains > 0 ? .infinity : .nan) : gains / losses
      }
      profitFactor = factor(totals.gains, totals.losses)
      shareProfitFactor = factor(totals.shareGains, totals.shareLosses)
      expectancy = totals.sumOfProfits / count
      let lost = trades - totals.wins - totals.unchanged
      if totals.wins > 0, lost > 0 {
        payoff = (totals.gains / Double(totals.wins)) / (totals.losses / Double(lost))
      }
      if trades > 1 {
        let square = totals.sumOfSquaredProfits - count * expectancy * expectancy
        let noise = 8 * Double.ulpOfOne * totals.sumOfSquaredProfits
        if square > noise {
          systemQuality = count.squareRoot() * expectancy / (square / (count - 1)).squareRoot()
        }
      }
      meanHold = Double(totals.sumOfHolds) / count
    }
    longestHold = totals.longestHold
    if totals.bars > 0 { exposure = Double(totals.barsHeld) / Double(totals.bars) }
    let meanEquity = (initial + totals.equity) / 2
    if years > 0, meanEquity > 0 { turnover = totals.traded / meanEquity / years }
    (fees, fills) = (totals.fees, totals.fills)
    (ambiguousBars, isBankrupt) = (totals.ambiguousBars, totals.isBankrupt)
  }

  /// All numbers by name, in the order of reports.
  public static let all: [(name: String, value: @Sendable (BacktestMetrics) -> Double)] = [
    ("initialEquity", { $0.initialEquity }), ("finalEquity", { $0.finalEquity }),
    ("totalReturn", { $0.totalReturn }), ("annualReturn", { $0.annualReturn }),
    ("volatility", { $0.volatility }), ("sharpe", { $0.sharpe }), ("sortino", { $0.sortino }),
    ("maxDrawdown", { $0.maxDrawdown }), ("calmar", { $0.calmar }),
    ("ulcerIndex", { $0.ulcerIndex }), ("martin", { $0.martin }),
    ("trades", { Double($0.trades) }), ("winRate", { $0.winRate }),
    ("unchangedTrades", { Double($0.unchangedTrades) }), ("profitFactor", { $0.profitFactor }),
    ("shareProfitFactor", { $0.shareProfitFactor }), ("expectancy", { $0.expectancy }),
    ("payoff", { $0.payoff }), ("systemQuality", { $0.systemQuality }),
    ("exposure", { $0.exposure }), ("meanGross", { $0.meanGross }), ("meanNet", { $0.meanNet }),
    ("turnover", { $0.turnover }), ("fees", { $0.fees }), ("fills", { Double($0.fills) }),
    ("meanHold", { $0.meanHold }), ("longestHold", { Double($0.longestHold) }),
    ("valueAtRisk", { $0.valueAtRisk }),
    ("conditionalValueAtRisk", { $0.conditionalValueAtRisk }), ("skewness", { $0.skewness }),
    ("kurtosis", { $0.kurtosis }), ("probabilisticSharpe", { $0.probabilisticSharpe }),
    ("ambiguousBars", { Double($0.ambiguousBars) }), ("periods", { Double($0.periods) }),
  ]

  /// A number by its name.
  ///
  /// - Throws: `DataError` for a name that there is none of.
  public static func value(named name: String) throws(DataError)
    -> @Sendable (BacktestMetrics) -> Double
  {
    guard let found = all.first(where: { $0.name == name }) else {
      throw DataError(
        .unknownName, in: "metrics",
        "no metric \(excerpt(name))" + DataError.nearest(name, among: all.map(\.name)))
    }
    return found.value
  }
}
