import MartletSeries

/// A candlestick pattern: what it is called, what it needs and how it is found.
///
/// Its series is 0 where nothing is found, +100 for a bullish and −100 for a bearish find. ±80 marks
/// weaker forms of engulfing and harami, ±200 the confirmation of a hikkake. Patterns judge shapes
/// only, never the trend before them.
///
/// The values are TA-Lib's. Only where a length is its threshold to the last bit can rounding decide
/// otherwise: TA-Lib's running totals carry the errors of all bars before, and two of its functions
/// round a penetration once instead of twice. On random prices in steps of 0.01 that was one value in
/// 20 million, on others none.
///
/// ```swift
/// let stars = panel.bars.pattern(.morningStar(penetration: 0.5))
/// let table = try panel.compute(Pattern.all)
/// ```
public struct Pattern: Sendable, Identifiable, CustomStringConvertible {
  /// The name in code, files and on the command line.
  public let id: String
  /// The name in full, for people to read.
  public let title: String
  /// TA-Lib's name, which is understood wherever the id is.
  public let talibName: String
  /// How many candles make it.
  public let candles: Int
  /// The settings that it depends on.
  public let settings: [CandleSettings.Kind]
  /// What its series can be besides 0, in rising order.
  public let values: [Int]
  /// How much of the first body must be taken back, as a part of it; nil where nothing is asked.
  public private(set) var penetration: Double?
  /// Author, work, year.
  public let source: String

  /// What the lookback is beyond the longest mean.
  private let earlier: Int
  private let build: @Sendable (Candles) -> Series

  init(
    _ id: String, _ title: String, _ talibName: String, candles: Int, earlier: Int? = nil,
    _ settings: [CandleSettings.Kind], _ values: [Int], penetration: Double? = nil,
    source: String, build: @escaping @Sendable (Candles) -> Series
  ) {
    self.id = id
    self.title = title
    self.talibName = talibName
    self.candles = candles
    self.earlier = earlier ?? candles - 1
    self.settings = settings
    self.values = values
    self.penetration = penetration
    self.source = source
    self.build = build
  }

  /// The values over some bars.
  public func series(of bars: Bars, settings: CandleSettings = .standard) -> Series {
    let found = build(Candles(bars, settings, penetration: penetration ?? 0))
    // Some begin later in TA-Lib than what they read asks for; so they do here.
    let longest = self.settings.map { settings[$0].period }.max() ?? 0
    return Series(found.value.delayed(max(0, longest + earlier - found.lookback)))
  }

  /// Bars before the first value.
  public func lookback(settings: CandleSettings = .standard) -> Int {
    series(of: .unconnected, settings: settings).lookback
  }

  /// The text form: `hammer()`, or `darkCloudCover(penetration=0.5)`.
  public var description: String {
    "\(id)(\(penetration.map { "penetration=\(ParameterValue.real($0))" } ?? ""))"
  }

  func penetrating(_ part: Double) -> Pattern {
    var pattern = self
    pattern.penetration = part
    return pattern
  }
}

/// Patterns that ask for a penetration, with one of the caller's.
extension Pattern {
  /// An abandoned baby that takes back this part of the first body.
  public static func abandonedBaby(penetration: Double) -> Pattern {
    abandonedBaby.checked(penetration)
  }

  /// A dark cloud cover that takes back this part of the first body.
  public static func darkCloudCover(penetration: Double) -> Pattern {
    darkCloudCover.checked(penetration)
  }

  /// An evening doji star that takes back this part of the first body.
  public static func eveningDojiStar(penetration: Double) -> Pattern {
    eveningDojiStar.checked(penetration)
  }

  /// An evening star that takes back this part of the first body.
  public static func eveningStar(penetration: Double) -> Pattern {
    eveningStar.checked(penetration)
  }

  /// A mat hold that gives back at most this part of the first body.
  public static func matHold(penetration: Double) -> Pattern { matHold.checked(penetration) }

  /// A morning doji star that takes back this part of the first body.
  public static func morningDojiStar(penetration: Double) -> Pattern {
    morningDojiStar.checked(penetration)
  }

  /// A morning star that takes back this part of the first body.
  public static func morningStar(penetration: Double) -> Pattern {
    morningStar.checked(penetration)
  }

  private func checked(_ part: Double) -> Pattern {
    require(
      Pattern.penetrations.contains(part), "\(id): penetration \(part); expected 0…1e9")
    return penetrating(part)
  }

  static let penetrations = 0.0...1e9
}

extension Bars {
  /// Where a candlestick pattern is: 0, ±100, and for some patterns ±80 or ±200.
  ///
  /// Warm-up: the pattern's candles and the longest mean that it needs. Cost per bar: constant.
  public func pattern(_ pattern: Pattern, settings: CandleSettings = .standard) -> Series {
    pattern.series(of: self, settings: settings)
  }
}
