import MartletSeries

/// The part of a candle that a setting measures.
public enum CandleRange: String, Hashable, Sendable, CaseIterable {
  /// From open to close.
  case realBody
  /// From low to high.
  case highLow
  /// Upper and lower shadow together; thresholds are for one of them, so half of it counts.
  case shadows
}

/// A threshold for one part of a candle: `factor` times the mean range of the candles before it.
public struct CandleSetting: Hashable, Sendable {
  /// What is averaged.
  public let range: CandleRange
  /// How many candles before the judged one; with 0 the judged candle itself is measured.
  public let period: Int
  /// Multiple of the mean at which the threshold lies.
  public let factor: Double

  /// A setting in full.
  public init(_ range: CandleRange, period: Int, factor: Double) {
    requireLength(period, atLeast: 0, in: "CandleSetting")
    require(
      factor.isFinite && factor >= 0, "CandleSetting: factor \(factor); expected a number from 0")
    self.range = range
    self.period = period
    self.factor = factor
  }
}

/// What long, short, near and equal mean to candlestick patterns.
///
/// A value: every call may have its own, and nothing is set for the whole process.
///
/// ```swift
/// var settings = CandleSettings.standard
/// settings[.bodyDoji] = CandleSetting(.highLow, period: 20, factor: 0.05)
/// let doji = panel.bars.pattern(.doji, settings: settings)
/// ```
public struct CandleSettings: Hashable, Sendable {
  /// The name of a setting.
  public enum Kind: Int, Hashable, Sendable, CaseIterable {
    /// A body is long above it.
    case bodyLong
    /// A body is very long above it; no pattern asks for it.
    case bodyVeryLong
    /// A body is short below it.
    case bodyShort
    /// A body is nearly nothing up to it.
    case bodyDoji
    /// A shadow is long above it.
    case shadowLong
    /// A shadow is very long above it.
    case shadowVeryLong
    /// A shadow is short below it.
    case shadowShort
    /// A shadow is nearly nothing below it.
    case shadowVeryShort
    /// Two prices are near each other up to it.
    case near
    /// Two lengths are far from each other from it on.
    case far
    /// Two prices count as equal up to it.
    case equal
  }

  /// The settings that TA-Lib starts with.
  public static let standard = CandleSettings()

  private var values: [CandleSetting] = [
    CandleSetting(.realBody, period: 10, factor: 1),
    CandleSetting(.realBody, period: 10, factor: 3),
    CandleSetting(.realBody, period: 10, factor: 1),
    CandleSetting(.highLow, period: 10, factor: 0.1),
    CandleSetting(.realBody, period: 0, factor: 1),
    CandleSetting(.realBody, period: 0, factor: 2),
    CandleSetting(.shadows, period: 10, factor: 1),
    CandleSetting(.highLow, period: 10, factor: 0.1),
    CandleSetting(.highLow, period: 5, factor: 0.2),
    CandleSetting(.highLow, period: 5, factor: 0.6),
    CandleSetting(.highLow, period: 5, factor: 0.05),
  ]

  /// Whether every difference of lengths counts, however small, as in TA-Lib.
  ///
  /// Otherwise lengths that differ by rounding are equal, and what is found does not depend on whether prices are in dollars
  /// or in cents.
  public var exactTies: Bool

  /// The standard settings with some of them replaced.
  public init(_ changes: [Kind: CandleSetting] = [:], exactTies: Bool = false) {
    self.exactTies = exactTies
    for (kind, setting) in changes { self[kind] = setting }
  }

  /// One of the settings.
  public subscript(kind: Kind) -> CandleSetting {
    get { values[kind.rawValue] }
    set { values[kind.rawValue] = newValue }
  }
}
