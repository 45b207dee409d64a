extension Bars {
  /// Intraday momentum index: what rising bars gained from open to close in percent of what all bars
  /// moved; 50 where none moved.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  /// Source: T. S. Chande, S. Kroll, The New Technical Trader, 1994.
  public func imi(_ period: Int = 14) -> Series {
    let body = close - open
    let gain = body.positivePart.rollingSum(period)
    let loss = body.negativePart.rollingSum(period)
    return (100 * gain).divided(by: gain + loss, orIfZero: 50)
  }
}

extension Catalog {
  static let imi = CatalogEntry(
    "imi", "Intraday momentum index", .momentum, of: .bars(.open, .close), .period(14),
    bounds: [0...100],
    levels: [30, 70],
    source: "T. S. Chande, S. Kroll, The New Technical Trader, 1994", reference: "TA-Lib IMI"
  ) { [$0.imi($1)] }
}
