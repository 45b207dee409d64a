import MartletArrays
import MartletIO

/// Looking back: lags and windows of the last `n` bars, the current one included.
///
/// Windows forget completely: a value, a NaN or a spike that has left a window leaves no trace in
/// any bit. Sums are built from blocks of `n` bars, so nothing drifts however long the history.
extension Series {
  /// The value `bars` bars ago.
  ///
  /// Warm-up: `bars`. Costs nothing but memory.
  public func shift(_ bars: Int) -> Series {
    requireLength(bars, atLeast: 0, in: "shift")
    return Series(value.lagged(bars))
  }

  /// The same values, as if the series had begun `bars` bars later.
  package func delayed(_ bars: Int) -> Series { Series(value.delayed(bars)) }

  /// The change over `bars` bars.
  ///
  /// Warm-up: `bars`.
  public func diff(_ bars: Int = 1) -> Series { self - shift(bars) }

  /// Sum of the window.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingSum(_ n: Int) -> Series {
    requireLength(n, in: "rollingSum")
    return Series(.rollingSum, [self], reals: [1], integers: [n])
  }

  /// Mean of the window.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingMean(_ n: Int) -> Series {
    requireLength(n, in: "rollingMean")
    return Series(.rollingSum, [self], reals: [1 / Double(n)], integers: [n])
  }

  /// Mean with weights 1 … n, the newest heaviest.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingWeightedMean(_ n: Int) -> Series {
    requireLength(n, in: "rollingWeightedMean")
    let scale = 2 / (Double(n) * Double(n + 1))
    return Series(.rollingWeighted, [self], reals: [scale], integers: [n])
  }

  /// Mean, and Σ (j − mean of j)(x − mean of x) with j a bar's place in the window.
  package func rollingLine(_ n: Int) -> (mean: Series, product: Series) {
    requireLength(n, in: "rollingLine")
    return (
      Series(.rollingLine, [self], integers: [n]),
      Series(.rollingLine, [self], integers: [n], output: 1)
    )
  }

  /// Mean of the window and the sum of squared distances from it, without cancellation.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingMoments(_ n: Int) -> (mean: Series, squares: Series) {
    requireLength(n, in: "rollingMoments")
    return (
      Series(.rollingMoments, [self], integers: [n]),
      Series(.rollingMoments, [self], integers: [n], output: 1)
    )
  }

  /// Variance of the window with divisor n − `ddof`.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingVariance(_ n: Int, ddof: Int = 0) -> Series {
    require(ddof >= 0 && ddof < n, "rollingVariance: ddof \(ddof); expected 0…\(n - 1)")
    return rollingMoments(n).squares / Series(Double(n - ddof))
  }

  /// Standard deviation of the window.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingStd(_ n: Int, ddof: Int = 0) -> Series {
    rollingVariance(n, ddof: ddof).sqrt()
  }

  /// Largest value of the window.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingMax(_ n: Int) -> Series {
    requireLength(n, in: "rollingMax")
    return Series(.rollingMaximum, [self], integers: [n])
  }

  /// Smallest value of the window.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingMin(_ n: Int) -> Series {
    requireLength(n, in: "rollingMin")
    return Series(.rollingMinimum, [self], integers: [n])
  }

  /// Bars since the largest value of the window; of equal ones the latest counts.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingMaxAge(_ n: Int) -> Series {
    requireLength(n, in: "rollingMaxAge")
    return Series(.rollingMaximumAge, [self], integers: [n], output: 1)
  }

  /// Bars since the smallest value of the window; of equal ones the latest counts.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingMinAge(_ n: Int) -> Series {
    requireLength(n, in: "rollingMinAge")
    return Series(.rollingMinimumAge, [self], integers: [n], output: 1)
  }

  /// The value that `percent` of the window do not exceed (nearest rank), or with `interpolated`
  /// the point between the two nearest as NumPy's `percentile`.
  ///
  /// Warm-up: n − 1. Cost per bar: n.
  public func rollingPercentile(_ n: Int, percent: Double = 50, interpolated: Bool = false)
    -> Series
  {
    requireLength(n, in: "rollingPercentile")
    require(
      percent >= 0 && percent <= 100, "rollingPercentile: percent \(percent); expected 0…100")
    if interpolated {
      let position = percent / 100 * Double(n - 1)
      let rank = min(Int(position), n - 1)
      let fraction = rank + 1 < n ? position - Double(rank) : 0
      return Series(.rollingOrder, [self], reals: [fraction], integers: [n, rank])
    }
    let rank = max(1, Int((percent * Double(n) / 100).rounded(.up)))
    return Series(.rollingOrder, [self], reals: [0], integers: [n, min(rank, n) - 1])
  }

  /// Middle value of the window, the mean of the two middle ones for even n.
  public func rollingMedian(_ n: Int) -> Series {
    rollingPercentile(n, percent: 50, interpolated: true)
  }

  /// How many of the n values before this one lie below it, with `orEqual` not above it.
  ///
  /// - Parameter epsilons: A value within so many epsilons of the element type of this one is equal
  ///   to it: 4 to 6 where they come from a division or two.
  /// - Returns: Warm-up n. Cost per bar: n.
  public func rollingCountBelow(_ n: Int, orEqual: Bool = false, epsilons: Double = 0) -> Series {
    requireLength(n, in: "rollingCountBelow")
    return Series(.rollingBelow, [self], reals: [epsilons], integers: [n, orEqual ? 1 : 0])
  }

  /// Mean distance of the window's values from their mean.
  ///
  /// Warm-up: n − 1. Cost per bar: n.
  public func rollingMeanDeviation(_ n: Int) -> Series {
    rollingMeanDeviation(n, around: rollingMean(n))
  }

  /// Mean distance of the window's values from the current value of `center`.
  public func rollingMeanDeviation(_ n: Int, around center: Series) -> Series {
    requireLength(n, in: "rollingMeanDeviation")
    return Series(.rollingDeviation, [self, center], integers: [n])
  }

  /// Weighted sum of the window, `weights` from the current bar back.
  ///
  /// Warm-up: weights − 1. Cost per bar: the number of weights.
  public func rollingWeightedSum(_ weights: [Double]) -> Series {
    requireLength(weights.count, in: "rollingWeightedSum")
    return Series(.rollingWeights, [self], reals: weights, integers: [weights.count])
  }

  /// Pearson correlation with another series over the window; 0 where either is constant.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingCorr(_ n: Int, with other: Series) -> Series {
    let pair = rollingProducts(n, with: other)
    let ratio = pair.xy.divided(by: pair.xx.sqrt() * pair.yy.sqrt(), orIfZero: 0)
    // Rounding may lead beyond the bounds.
    return minimum(maximum(ratio, -1), 1)
  }

  /// Covariance with another series over the window, with divisor n − `ddof`.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func rollingCov(_ n: Int, with other: Series, ddof: Int = 0) -> Series {
    require(ddof >= 0 && ddof < n, "rollingCov: ddof \(ddof); expected 0…\(n - 1)")
    return rollingProducts(n, with: other).xy / Series(Double(n - ddof))
  }

  /// Beta of plain values, such as returns: their covariance with `other` over the window, divided by
  /// the variance of `other`; 0 where that has none.
  ///
  /// ``beta(_:to:)`` takes prices and forms the returns itself. Warm-up: n − 1. Cost per bar: constant.
  public func rollingBeta(_ n: Int, to other: Series) -> Series {
    let pair = other.rollingProducts(n, with: self)
    return pair.xy.divided(by: pair.xx, orIfZero: 0)
  }

  /// Sums of products of the distances from the window's means.
  public func rollingProducts(_ n: Int, with other: Series)
    -> (xx: Series, yy: Series, xy: Series)
  {
    requireLength(n, in: "rollingProducts")
    func part(_ output: Int) -> Series {
      Series(.rollingPair, [self, other], integers: [n], output: output)
    }
    return (part(0), part(1), part(2))
  }
}
