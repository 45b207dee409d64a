/// How sure a Sharpe ratio is, and what the search for it takes from it.
///
/// All ratios are of one period, not annualised: an annual one is divided by the root of the
/// periods in a year.
public enum SharpeRatio {
  /// The probability that the true ratio is above `benchmark`, from returns that need not be
  /// normal.
  ///
  /// Bailey and López de Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk, 2012.
  /// NaN for fewer than two returns, for anything NaN or infinite, and where the moments belong to
  /// no distribution, so that the variance of the ratio would not be positive.
  ///
  /// - Parameters:
  ///   - sharpe: The ratio found, of one period.
  ///   - benchmark: The ratio to beat, of one period.
  ///   - skewness: Of the returns.
  ///   - kurtosis: Of the returns, 3 for a normal distribution.
  ///   - count: How many returns there are.
  public static func probabilistic(
    sharpe: Double, benchmark: Double = 0, skewness: Double, kurtosis: Double, count: Int
  ) -> Double {
    guard count >= 2, sharpe.isFinite, benchmark.isFinite else { return .nan }
    // Divided by the ratio where that is large, whose square could overflow.
    let scale = max(1, sharpe.magnitude)
    let (one, ratio) = (1 / scale, sharpe / scale)
    let variance = one * one - skewness * ratio * one + (kurtosis - 1) / 4 * (ratio * ratio)
    guard variance > 0, variance.isFinite else { return .nan }
    let distance = (sharpe / scale - benchmark / scale) * Double(count - 1).squareRoot()
    return NormalDistribution.cdf(distance / variance.squareRoot())
  }

  /// The same from the moments of the returns.
  public static func probabilistic(_ moments: ReturnMoments, benchmark: Double = 0) -> Double {
    probabilistic(
      sharpe: moments.sharpe, benchmark: benchmark, skewness: moments.skewness,
      kurtosis: moments.kurtosis, count: moments.count)
  }

  /// The ratio that the best of so many trials without any skill is expected to have.
  ///
  /// Bailey and López de Prado, "The Deflated Sharpe Ratio", Journal of Portfolio Management 40(5),
  /// 2014. 0 for fewer than two trials; NaN for a variance that is negative or not finite.
  ///
  /// - Parameters:
  ///   - variance: Of the trials' ratios, each of one period.
  ///   - trials: How many independent ones there were.
  public static func expectedMaximum(variance: Double, trials: Int) -> Double {
    if trials < 2 { return 0 }
    guard variance >= 0, variance.isFinite else { return .nan }
    let euler = 0.577_215_664_901_532_9
    let e = 2.718_281_828_459_045
    // The other tail: 1 − 1/M has no digits left for a large M.
    let most = -NormalDistribution.quantile(1 / Double(trials))
    let more = -NormalDistribution.quantile(1 / (Double(trials) * e))
    return variance.squareRoot() * ((1 - euler) * most + euler * more)
  }

  /// The probability that the true ratio is above that of the best of so many trials without any
  /// skill.
  ///
  /// Bailey and López de Prado, "The Deflated Sharpe Ratio", Journal of Portfolio Management 40(5),
  /// 2014. NaN as in `probabilistic` and `expectedMaximum`.
  ///
  /// - Parameters:
  ///   - sharpe: The ratio of the chosen trial, of one period.
  ///   - variance: Of the trials' ratios, each of one period.
  ///   - trials: How many independent ones there were.
  ///   - skewness: Of the chosen trial's returns.
  ///   - kurtosis: Of the chosen trial's returns, 3 for a normal distribution.
  ///   - count: How many returns there are.
  public static func deflated(
    sharpe: Double, variance: Double, trials: Int, skewness: Double, kurtosis: Double, count: Int
  ) -> Double {
    probabilistic(
      sharpe: sharpe, benchmark: expectedMaximum(variance: variance, trials: trials),
      skewness: skewness, kurtosis: kurtosis, count: count)
  }

  /// The same from the moments of the chosen trial's returns.
  public static func deflated(_ moments: ReturnMoments, variance: Double, trials: Int) -> Double {
    probabilistic(moments, benchmark: expectedMaximum(variance: variance, trials: trials))
  }
}
