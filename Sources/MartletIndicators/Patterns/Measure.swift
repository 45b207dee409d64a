/// A price of a candle, or a length that comes from such: what candlestick rules compare.
///
/// Prices as they came are compared as they are. Lengths are differences and carry the rounding of
/// the prices: 10.3 − 10.2 is not 9.5 − 9.4. So they are equal within a few epsilons of the candle's
/// prices, unless exact ties are asked for.
struct Measure {
  let series: Series
  /// A price as it came.
  let isPrice: Bool
  /// The size of the prices that it comes from.
  let scale: Series
  /// Nil where every difference counts.
  let epsilons: Double?

  private func with(_ series: Series, isPrice: Bool = false) -> Measure {
    Measure(series: series, isPrice: isPrice, scale: scale, epsilons: epsilons)
  }

  func lagged(_ bars: Int) -> Measure {
    Measure(
      series: series.shift(bars), isPrice: isPrice, scale: scale.shift(bars),
      epsilons: epsilons)
  }

  var absolute: Measure { with(series.abs()) }

  /// The mean of so many before this one, or itself for none, times a factor.
  func threshold(over bars: Int, factor: Double) -> Measure {
    var level = series
    if bars > 0 { level = level.rollingSum(bars).shift(1) / Double(bars) }
    return with(factor == 1 ? level : factor * level)
  }

  static prefix func - (a: Measure) -> Measure { a.with(-a.series, isPrice: a.isPrice) }
  static func + (a: Measure, b: Measure) -> Measure { a.with(a.series + b.series) }
  static func - (a: Measure, b: Measure) -> Measure { a.with(a.series - b.series) }
  static func * (a: Measure, b: Double) -> Measure { a.with(a.series * b) }
  static func / (a: Measure, b: Double) -> Measure { a.with(a.series / b) }

  static func maximum(_ a: Measure, _ b: Measure) -> Measure {
    a.with(MartletIndicators.maximum(a.series, b.series), isPrice: a.isPrice && b.isPrice)
  }

  static func minimum(_ a: Measure, _ b: Measure) -> Measure {
    a.with(MartletIndicators.minimum(a.series, b.series), isPrice: a.isPrice && b.isPrice)
  }

  static func .< (a: Measure, b: Measure) -> Series { b .> a }

  static func .> (a: Measure, b: Measure) -> Series {
    a.side(of: b).map { $0 .> 0 } ?? (a.series .> b.series)
  }

  static func .<= (a: Measure, b: Measure) -> Series { b .>= a }

  static func .>= (a: Measure, b: Measure) -> Series {
    a.side(of: b).map { $0 .>= 0 } ?? (a.series .>= b.series)
  }

  static func .!= (a: Measure, b: Measure) -> Series {
    a.side(of: b).map { $0 .!= 0 } ?? (a.series .!= b.series)
  }

  /// At most `distance` from `other`.
  func isWithin(_ distance: Measure, of other: Measure) -> Series {
    (self .<= other + distance) .& (self .>= other - distance)
  }

  /// 1, 0 or −1 where rounding is looked past, nil where numbers count as they are.
  private func side(of other: Measure) -> Series? {
    guard let epsilons, !(isPrice && other.isPrice) else { return nil }
    return series.compared(with: other.series, besides: scale, epsilons: epsilons)
  }
}
