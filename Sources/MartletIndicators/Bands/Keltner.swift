/// The price in the middle of a Keltner channel.
public enum KeltnerBasis: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// Mean of high, low and close (TA-Lib).
  case typical
  /// The close (TradingView).
  case close
}

extension Bars {
  /// Keltner channel: an exponential average, and lines `multiplier` average true ranges from it.
  ///
  /// Both averages begin on the first bar that both can have.
  ///
  /// Warm-up: the larger of n − 1 and `atrPeriod`. Cost per bar: constant.
  /// Sources: C. W. Keltner, How to Make Money in Commodities, 1960; in this form L. B. Raschke.
  ///
  /// Elsewhere: TradingView takes the average of the close and the average true range or the range;
  /// pandas-ta that of the close with an exponential or simple average of the true range; Skender
  /// begins later.
  public func keltner(
    _ period: Int = 20, atrPeriod: Int = 10, multiplier: Double = 2,
    basis: KeltnerBasis = .typical
  ) -> (upper: Series, middle: Series, lower: Series) {
    requireLength(period, in: "keltner")
    requireLength(atrPeriod, in: "keltner, atrPeriod")
    let price = basis == .typical ? typicalPrice : close
    let first = max(period - 1, atrPeriod)
    let middle = price.delayed(first - (period - 1)).ema(period)
    let reach = multiplier * trueRange().delayed(first - atrPeriod).rma(atrPeriod)
    return (middle + reach, middle, middle - reach)
  }
}

extension Catalog {
  static let keltner = CatalogEntry(
    "keltner", "Keltner channels", .bands, of: .highLowClose, .period(20),
    .period(10, name: "atrPeriod"), .real("multiplier", 2, in: 0...1e9),
    .choice("basis", KeltnerBasis.typical),
    outputs: ["upper", "middle", "lower"],
    source: "C. W. Keltner, How to Make Money in Commodities, 1960", reference: "TA-Lib KC"
  ) { lines($0.keltner($1, atrPeriod: $2, multiplier: $3, basis: $4)) }
}
