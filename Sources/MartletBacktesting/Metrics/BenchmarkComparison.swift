public import MartletArrays

/// Returns beside those of a benchmark over the same periods.
///
/// ```swift
/// let comparison = try BenchmarkComparison(
///   returns: daily, benchmark: index, periodsPerYear: 252)
/// print(comparison.alpha, comparison.beta)
/// ```
///
/// Everything is NaN for fewer than two periods and where a return is not finite.
public struct BenchmarkComparison: Hashable, Sendable {
  /// How many periods were compared.
  public let count: Int
  /// What is left of the mean return without the benchmark's part, times the periods in a year.
  ///
  /// The intercept of the line through the returns by least squares. NaN where the benchmark never
  /// moves.
  public let alpha: Double
  /// How much the returns move with the benchmark's: the slope of the line.
  ///
  /// The covariance over the benchmark's variance. NaN where the benchmark never moves.
  public let beta: Double
  /// The correlation of the returns with the benchmark's, −1…1; NaN where one of them never moves.
  public let correlation: Double
  /// The mean of the returns beyond the benchmark's over their deviation (n − 1 below), per year.
  ///
  /// NaN where they differ from the benchmark's always by the same.
  public let informationRatio: Double
  /// The standard deviation (n − 1 below) of the returns beyond the benchmark's, per year.
  public let trackingError: Double

  /// Compares returns with a benchmark's.
  ///
  /// - Parameters:
  ///   - returns: Of each period, as a part of the capital.
  ///   - benchmark: The benchmark's of the same periods.
  ///   - periodsPerYear: 252 for trading days, 365 for days of markets that never close.
  /// - Throws: `DataError` for lists of different lengths, or periods in a year that are not
  ///   positive and finite.
  public init(returns: [Double], benchmark: [Double], periodsPerYear: Double) throws(DataError) {
    guard returns.count == benchmark.count else {
      throw DataError(
        .wrongShape, in: "benchmark",
        "\(returns.count) returns and \(benchmark.count) of the benchmark; expected as many")
    }
    guard periodsPerYear > 0, periodsPerYear.isFinite else {
      throw DataError(
        .outOfRange, in: "benchmark",
        "\(periodsPerYear) periods in a year; expected a positive number")
    }
    count = returns.count
    let fit = LinearFit(benchmark, returns)
    let safe = SafeFactor(returns, benchmark)
    let root = periodsPerYear.squareRoot()
    alpha = fit.intercept * periodsPerYear
    beta = fit.slope
    correlation = fit.correlation
    let active = zip(returns, benchmark).map { $0 * safe.value - $1 * safe.value }
    guard safe.isFinite, count >= 2, let squares = CentredSample(active).sumOfSquares else {
      (informationRatio, trackingError) = (.nan, .nan)
      return
    }
    // A difference that is the same in all periods is so up to the rounding of what it is taken of.
    let largest = zip(returns, benchmark).reduce(0) { max($0, $1.0.magnitude, $1.1.magnitude) }
    let rounding = 2 * Double.ulpOfOne * largest * safe.value
    let deviation = (squares / Double(count - 1)).squareRoot()
    let differs = deviation > rounding
    trackingError = differs ? deviation / safe.value * root : 0
    informationRatio = differs ? CentredSample(active).mean / deviation * root : .nan
  }
}
