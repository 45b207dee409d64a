extension Bars {
  /// Acceleration bands: averages of the highs and lows, moved apart by four times the bar's range
  /// as a part of its high + low, around the average of the close.
  ///
  /// A bar whose high + low is 0 moves nothing apart.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: P. Headley, Big Trends in Trading, 2002.
  public func accBands(_ period: Int = 20) -> (upper: Series, middle: Series, lower: Series) {
    let share = (4 * (high - low)).divided(by: high + low, orIfZero: 0)
    return (
      (high * (1 + share)).sma(period), close.sma(period), (low * (1 - share)).sma(period)
    )
  }
}

extension Catalog {
  static let accBands = CatalogEntry(
    "accBands", "Acceleration bands", .bands, of: .highLowClose, .period(20),
    outputs: ["upper", "middle", "lower"],
    source: "P. Headley, Big Trends in Trading, 2002", reference: "TA-Lib ACCBANDS"
  ) { lines($0.accBands($1)) }
}
