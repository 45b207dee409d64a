import MartletSeries

/// Bars in the words of candlestick rules, once as they are and once upside down.
///
/// Everything is made at the current bar and then looked at some bars later, so that all patterns
/// of a plan share it. Upside down, prices are negated and what is said of white, upper and up
/// holds for black, lower and down: a bearish pattern is the bullish one upside down, to the bit.
struct Candles {
  let open: Measure
  let high: Measure
  let low: Measure
  let close: Measure
  let isWhite: Series
  let isBlack: Series
  let body: Measure
  /// The upper end of the body.
  let top: Measure
  /// The lower end of the body.
  let bottom: Measure
  let upperShadow: Measure
  let lowerShadow: Measure
  let range: Measure
  /// How far into the first body a reversal must close, as part of that body.
  let penetration: Double
  private let levels: [Measure]

  init(_ bars: Bars, _ settings: CandleSettings, penetration: Double) {
    let scale = bars.high.abs() + bars.low.abs()
    func price(_ series: Series) -> Measure {
      Measure(
        series: series, isPrice: true, scale: scale, epsilons: settings.exactTies ? nil : 4)
    }
    open = price(bars.open)
    high = price(bars.high)
    low = price(bars.low)
    close = price(bars.close)
    // A close at the open makes the candle white.
    isWhite = bars.close .>= bars.open
    isBlack = bars.close .< bars.open
    body = (close - open).absolute
    top = .maximum(open, close)
    bottom = .minimum(open, close)
    upperShadow = high - top
    lowerShadow = bottom - low
    range = high - low
    self.penetration = penetration
    let ranges: [CandleRange: Measure] = [
      .realBody: body, .highLow: range, .shadows: upperShadow + lowerShadow,
    ]
    levels = CandleSettings.Kind.allCases.map { kind in
      let setting = settings[kind]
      let level = ranges[setting.range]!.threshold(over: setting.period, factor: setting.factor)
      return setting.range == .shadows ? level / 2 : level
    }
  }

  private init(upsideDown other: Candles) {
    open = -other.open
    high = -other.low
    low = -other.high
    close = -other.close
    isWhite = other.isBlack
    isBlack = other.isWhite
    body = other.body
    top = -other.bottom
    bottom = -other.top
    upperShadow = other.lowerShadow
    lowerShadow = other.upperShadow
    range = other.range
    penetration = other.penetration
    levels = other.levels
  }

  var upsideDown: Candles { Candles(upsideDown: self) }

  /// The candle some bars ago.
  subscript(ago: Int) -> Candle { Candle(candles: self, ago: ago) }

  func level(_ kind: CandleSettings.Kind) -> Measure { levels[kind.rawValue] }
}

/// One of the candles of a pattern.
struct Candle {
  let candles: Candles
  let ago: Int

  var open: Measure { candles.open.lagged(ago) }
  var high: Measure { candles.high.lagged(ago) }
  var low: Measure { candles.low.lagged(ago) }
  var close: Measure { candles.close.lagged(ago) }
  var body: Measure { candles.body.lagged(ago) }
  var top: Measure { candles.top.lagged(ago) }
  var bottom: Measure { candles.bottom.lagged(ago) }
  var isWhite: Series { candles.isWhite.shift(ago) }
  var isBlack: Series { candles.isBlack.shift(ago) }
  var near: Measure { candles.level(.near).lagged(ago) }
  var far: Measure { candles.level(.far).lagged(ago) }
  var equal: Measure { candles.level(.equal).lagged(ago) }

  // MARK: Shape

  var isLong: Series { seen(candles.body .> candles.level(.bodyLong)) }
  var isShort: Series { seen(candles.body .< candles.level(.bodyShort)) }
  /// Short, or at the threshold.
  var isNotLong: Series { seen(candles.body .<= candles.level(.bodyShort)) }
  var isNotShort: Series { seen(candles.body .> candles.level(.bodyShort)) }
  var isDoji: Series { seen(candles.body .<= candles.level(.bodyDoji)) }

  var hasUpperShadow: Series { seen(candles.upperShadow .> candles.level(.shadowVeryShort)) }
  var hasLowerShadow: Series { seen(candles.lowerShadow .> candles.level(.shadowVeryShort)) }
  var hasNoUpperShadow: Series { seen(candles.upperShadow .< candles.level(.shadowVeryShort)) }
  var hasNoLowerShadow: Series { seen(candles.lowerShadow .< candles.level(.shadowVeryShort)) }

  func upperShadow(isAbove kind: CandleSettings.Kind) -> Series {
    seen(candles.upperShadow .> candles.level(kind))
  }
  func lowerShadow(isAbove kind: CandleSettings.Kind) -> Series {
    seen(candles.lowerShadow .> candles.level(kind))
  }
  func upperShadow(isBelow kind: CandleSettings.Kind) -> Series {
    seen(candles.upperShadow .< candles.level(kind))
  }
  func lowerShadow(isBelow kind: CandleSettings.Kind) -> Series {
    seen(candles.lowerShadow .< candles.level(kind))
  }

  private func seen(_ rule: Series) -> Series { rule.shift(ago) }

  // MARK: Place beside an earlier candle

  /// The body lies above the earlier one's.
  func gapsUp(over earlier: Candle) -> Series {
    beside(earlier) { $0.bottom .> $1.top }
  }

  /// The body lies below the earlier one's.
  func gapsDown(under earlier: Candle) -> Series {
    beside(earlier) { $0.top .< $1.bottom }
  }

  /// The whole candle, shadows included, lies above the earlier one.
  func leaps(over earlier: Candle) -> Series { beside(earlier) { $0.low .> $1.high } }

  /// The whole candle, shadows included, lies below the earlier one.
  func leaps(under earlier: Candle) -> Series { beside(earlier) { $0.high .< $1.low } }

  func opens(above earlier: Candle) -> Series { beside(earlier) { $0.open .> $1.open } }
  func opens(below earlier: Candle) -> Series { beside(earlier) { $0.open .< $1.open } }
  func closes(above earlier: Candle) -> Series { beside(earlier) { $0.close .> $1.close } }
  func closes(below earlier: Candle) -> Series { beside(earlier) { $0.close .< $1.close } }

  func opens(inBodyOf earlier: Candle) -> Series {
    beside(earlier) { ($0.open .< $1.top) .& ($0.open .> $1.bottom) }
  }

  func closes(inBodyOf earlier: Candle) -> Series {
    beside(earlier) { ($0.close .< $1.top) .& ($0.close .> $1.bottom) }
  }

  /// The open is at the earlier open, or where it counts as equal.
  func opensAtOpen(of earlier: Candle) -> Series {
    beside(earlier) { $0.open.isWithin($1.equal, of: $1.open) }
  }

  /// The close is at the earlier close, or where it counts as equal.
  func closesAtClose(of earlier: Candle) -> Series {
    beside(earlier) { $0.close.isWithin($1.equal, of: $1.close) }
  }

  /// The open is higher than the earlier one, but not far above the earlier close.
  func opensNearOrInUpperBody(of earlier: Candle) -> Series {
    beside(earlier) { ($0.open .> $1.open) .& ($0.open .<= $1.close + $1.near) }
  }

  /// High and low are inside the earlier candle.
  func isInside(_ earlier: Candle) -> Series {
    beside(earlier) { ($0.high .< $1.high) .& ($0.low .> $1.low) }
  }

  /// High and low are higher than the earlier ones.
  func rises(from earlier: Candle) -> Series {
    beside(earlier) { ($0.high .> $1.high) .& ($0.low .> $1.low) }
  }

  /// High and low are lower than the earlier ones.
  func falls(from earlier: Candle) -> Series {
    beside(earlier) { ($0.high .< $1.high) .& ($0.low .< $1.low) }
  }

  /// Made where this candle is the current one, so that patterns share it.
  private func beside(_ earlier: Candle, _ rule: (Candle, Candle) -> Series) -> Series {
    rule(candles[0], candles[earlier.ago - ago]).shift(ago)
  }

  // MARK: Places in the candle

  /// The price that lies `part` of the body below the close of a white candle.
  func price(below part: Double) -> Measure { close - body * part }

  /// The price that lies `part` of the body above the close of a black candle.
  func price(above part: Double) -> Measure { close + body * part }
}

/// Rules, one a line, that must all hold.
@resultBuilder
enum Rules {
  static func buildBlock(_ rules: Series...) -> Series {
    all(rules)
  }

  static func buildArray(_ rules: [Series]) -> Series { all(rules) }

  private static func all(_ rules: [Series]) -> Series {
    rules.dropFirst().reduce(rules[0]) { $0 .& $1 }
  }
}

extension Candles {
  /// 100 where all rules hold.
  func bullish(@Rules _ rules: () -> Series) -> Series { Series.where(rules(), 100, 0) }

  /// −100 where all rules hold.
  func bearish(@Rules _ rules: () -> Series) -> Series { Series.where(rules(), -100, 0) }

  /// 100 where all rules hold and the candle is white, −100 where it is black.
  func colored(@Rules _ rules: () -> Series) -> Series {
    Series.where(rules(), Series.where(isWhite, 100, -100), Series(0))
  }

  /// `strength` where the rules hold, minus that where they hold upside down.
  func eitherWay(
    _ strength: Series = Series(100), @Rules _ rules: (Candles) -> Series
  ) -> Series {
    Series.where(rules(self), strength, Series.where(rules(upsideDown), -strength, Series(0)))
  }
}
