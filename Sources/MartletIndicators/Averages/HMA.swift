extension Series {
  /// Hull's moving average: the weighted average of ⌊√n⌋ bars of 2 wma(⌊n / 2⌋) − wma(n).
  ///
  /// Warm-up: n − 1 + ⌊√n⌋ − 1. Cost per bar: constant. Source: A. Hull, 2005.
  ///
  /// Elsewhere: TA-Lib, Tulip and TradingView also round √n down; some round it to the nearest (4
  /// instead of 3 for n = 14). talipp begins two bars later with the same values.
  public func hma(_ period: Int = 20) -> Series {
    if period == 1 { return self }
    let root = Int(Double(period).squareRoot())
    return (2 * wma(period / 2) - wma(period)).wma(root)
  }
}

extension Catalog {
  static let hma = CatalogEntry(
    "hma", "Hull average", .averages, of: .x, .period(20),
    source: "A. Hull, How to Reduce Lag in a Moving Average, 2005", reference: "TA-Lib HMA"
  ) { [$0.hma($1)] }
}
