public import MartletIndicators

/// A column of a feature set: a name, a formula, and what a model is told about it.
public struct FeatureColumn: Sendable {
  /// The key of its values.
  public let name: String
  /// The family it belongs to, such as `momentum`.
  public let category: String
  /// Whether normalisation changes it; otherwise it stays raw.
  public let isStandardised: Bool
  /// The confidence from which on a model's selection counts it.
  public let threshold: Double

  private let source: Source

  private enum Source: Sendable {
    case text(FeatureExpression)
    case closure(@Sendable (Bars) -> Series)
  }

  /// A column by its formula.
  ///
  /// - Parameter formula: Such as `rsi(14)`, `macd(5,13,5).signal`, `close / sma(20) - 1` or
  ///   `sma(14, x=trueRange(range))`. Fields are those of ``BarField``, indicators those of the
  ///   catalog and of ``FeatureSet/functions``, with `.output` where they have several results and
  ///   none is named like the indicator. `+ - * /` (NaN for a zero denominator), `< <= > >=` (1 or
  ///   0), `abs exp log sqrt power sign floor minimum maximum`, `shift(x, bars)`, `rollingMean(x, bars)` and
  /// others, and `where(condition, yes, no)` combine them.
  /// - Throws: `DataError` that says where in the formula.
  public init(
    _ name: String, _ formula: String, category: String = "other", isStandardised: Bool = false,
    threshold: Double = 0.3
  ) throws(DataError) {
    self.init(
      name, category, isStandardised, threshold, .text(try FeatureExpression(formula)))
  }

  /// A column made by a closure; a set that has such cannot be saved.
  public init(
    _ name: String, category: String = "other", isStandardised: Bool = false,
    threshold: Double = 0.3, _ build: @escaping @Sendable (Bars) -> Series
  ) {
    self.init(name, category, isStandardised, threshold, .closure(build))
  }

  private init(
    _ name: String, _ category: String, _ isStandardised: Bool, _ threshold: Double,
    _ source: Source
  ) {
    self.name = name
    self.category = category
    self.isStandardised = isStandardised
    self.threshold = threshold
    self.source = source
  }

  /// The formula, nil for a closure.
  public var formula: String? {
    if case .text(let expression) = source { expression.text } else { nil }
  }

  /// Whether its values need the end of a day, so that no stream can have them.
  public var needsWholeDays: Bool {
    if case .text(let expression) = source { expression.needsWholeDays } else { false }
  }

  /// The same column, standardised or raw.
  func standardised(_ isStandardised: Bool) -> FeatureColumn {
    FeatureColumn(name, category, isStandardised, threshold, source)
  }

  func series(of bars: Bars) -> Series {
    switch source {
    case .text(let expression): expression.series(of: bars)
    case .closure(let build): build(bars)
    }
  }
}
