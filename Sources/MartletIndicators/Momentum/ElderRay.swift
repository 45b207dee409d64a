extension Bars {
  /// Elder ray: how far the high (bull power) and the low (bear power) lie above an exponential
  /// average of the close.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: A. Elder, Trading for a Living, 1993.
  public func elderRay(_ period: Int = 13) -> (bull: Series, bear: Series) {
    let mean = close.ema(period)
    return (high - mean, low - mean)
  }

  /// Elder ray by TA-Lib's name.
  public func eri(_ period: Int = 13) -> (bull: Series, bear: Series) { elderRay(period) }
}

extension Catalog {
  static let elderRay = CatalogEntry(
    "elderRay", "Elder ray", .momentum, of: .highLowClose, .period(13),
    outputs: ["bull", "bear"],
    source: "A. Elder, Trading for a Living, 1993", reference: "TA-Lib ERI"
  ) { lines($0.elderRay($1)) }
}
