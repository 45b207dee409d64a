import MartletArrays

/// Mean, deviation, skewness and kurtosis of returns.
///
/// All are NaN where a return is not finite.
public struct ReturnMoments: Hashable, Sendable {
  /// How many returns there are.
  public let count: Int
  /// The arithmetic mean, as a part of the capital; NaN of none.
  public let mean: Double
  /// The standard deviation with n − 1 below; NaN of fewer than two, 0 where they are all equal.
  public let deviation: Double
  /// The third standardized moment, with n below as in the paper on the probabilistic Sharpe ratio.
  ///
  /// NaN where they are all equal.
  public let skewness: Double
  /// The fourth standardized moment, 3 for a normal distribution, with n below.
  ///
  /// NaN where they are all equal.
  public let kurtosis: Double

  /// The Sharpe ratio of one period: mean over deviation.
  ///
  /// NaN of fewer than two returns and where they are all equal.
  public var sharpe: Double { deviation > 0 ? mean / deviation : .nan }

  /// The moments of a list of returns, each as a part of the capital.
  public init(_ returns: [Double]) {
    count = returns.count
    let sample = CentredSample(returns)
    mean = sample.mean / sample.factor
    let n = Double(returns.count)
    guard let square = sample.sumOfSquares, returns.count > 0 else {
      (deviation, skewness, kurtosis) = (.nan, .nan, .nan)
      return
    }
    deviation = returns.count < 2 ? .nan : (square / (n - 1)).squareRoot() / sample.factor
    guard square > 0 else {
      (skewness, kurtosis) = (.nan, .nan)
      return
    }
    var (cubes, fourths) = (0.0, 0.0)
    for value in returns {
      let d = value * sample.factor - sample.mean
      cubes += d * d * d
      fourths += d * d * (d * d)
    }
    let variance = square / n
    skewness = cubes / n / (variance * variance.squareRoot())
    kurtosis = fourths / n / (variance * variance)
  }
}

/// A factor that brings numbers into a range in which their fourth powers neither overflow nor
/// vanish.
///
/// A power of two, so that nothing is rounded; 1 for all numbers that are not extreme.
struct SafeFactor {
  let value: Double
  let isFinite: Bool

  init(_ lists: [Double]...) {
    var (largest, check) = (0.0, 0.0)
    for list in lists {
      for number in list {
        largest = Swift.max(largest, number.magnitude)
        check += number * 0
      }
    }
    isFinite = check == 0
    value = isFinite ? Self.factor(for: largest) : 1
  }

  static func factor(for largest: Double) -> Double {
    guard largest > 0, largest.isFinite, !(0x1p-200...0x1p200).contains(largest) else { return 1 }
    return Double(
      sign: .plus, exponent: -min(max(Int(largest.exponent), -1022), 1022), significand: 1)
  }
}

/// What deviations from the mean need: numbers times `factor` have the mean `mean`.
struct CentredSample {
  let factor: Double
  /// NaN where a number is not finite or there is none.
  let mean: Double
  /// Squared distances from the mean; 0 where they are not more than rounding, nil where there is
  /// no mean.
  let sumOfSquares: Double?

  init(_ numbers: [Double], factor given: SafeFactor? = nil) {
    let safe = given ?? SafeFactor(numbers)
    factor = safe.value
    guard safe.isFinite, !numbers.isEmpty else {
      (mean, sumOfSquares) = (.nan, nil)
      return
    }
    let n = Double(numbers.count)
    var sum = 0.0
    for number in numbers { sum += number * factor }
    let first = sum / n
    // What was rounded away in a long sum.
    var rest = 0.0
    for number in numbers { rest += number * factor - first }
    let mean = first + rest / n
    var squares = 0.0
    for number in numbers {
      let d = number * factor - mean
      squares += d * d
    }
    let rounding = 2 * Double.ulpOfOne * mean
    self.mean = mean
    sumOfSquares = squares <= n * rounding * rounding ? 0 : squares
  }
}

/// A straight line through points, by least squares.
struct LinearFit {
  /// NaN where there is no line: fewer than two points, all at one place, or something not finite.
  let slope: Double
  let intercept: Double
  /// NaN also where all points are at one height.
  let correlation: Double

  /// Points at `x` with the heights `y`; as many of both.
  init(_ x: [Double], _ y: [Double]) {
    require(x.count == y.count, "LinearFit: \(x.count) places, \(y.count) heights")
    let (a, b) = (CentredSample(x), CentredSample(y))
    guard let across = a.sumOfSquares, let up = b.sumOfSquares, across > 0 else {
      (slope, intercept, correlation) = (.nan, .nan, .nan)
      return
    }
    var product = 0.0
    for k in x.indices {
      product += (x[k] * a.factor - a.mean) * (y[k] * b.factor - b.mean)
    }
    slope = up == 0 ? 0 : product / across * (a.factor / b.factor)
    intercept = b.mean / b.factor - slope * (a.mean / a.factor)
    correlation =
      up == 0 ? .nan : min(max(product / (across.squareRoot() * up.squareRoot()), -1), 1)
  }
}
