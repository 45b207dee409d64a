extension Series {
  /// Ulcer index: the root mean square, over n bars, of the distance below the highest value of the
  /// n bars up to each, in percent; a distance from 0 is none.
  ///
  /// Warm-up: 2 (n − 1). Cost per bar: constant.
  /// Source: P. G. Martin and B. B. McCann, The Investor's Guide to Fidelity Funds, 1989.
  ///
  /// Elsewhere: Skender takes the running maximum inside each window and begins at bar n − 1;
  /// TradingView and pandas-ta take the window's maximum at every bar, as here.
  public func ulcerIndex(_ period: Int = 14) -> Series {
    let top = rollingMax(period)
    let below = (100 * (self - top)).divided(by: top, orIfZero: 0)
    return (below * below).rollingMean(period).sqrt()
  }
}

extension Catalog {
  static let ulcerIndex = CatalogEntry(
    "ulcerIndex", "Ulcer index", .volatility, of: .x, .period(14),
    outputs: ["ulcer"],
    bounds: [.notNegative],
    source: "P. G. Martin and B. B. McCann, The Investor's Guide to Fidelity Funds, 1989",
    reference: "TradingView, pandas-ta ui"
  ) { [$0.ulcerIndex($1)] }
}
