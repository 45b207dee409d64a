extension Series {
  /// Beta of this price to that of the market, `stock.beta(60, to: market)`: the covariance of their
  /// one-bar returns over n bars, divided by the variance of the market's; 0 where that is rounding
  /// noise.
  ///
  /// Both are prices, and the returns are formed here; for returns, ``rollingBeta(_:to:)``.
  ///
  /// Warm-up: n. Cost per bar: constant.
  /// Source: W. F. Sharpe, Capital Asset Prices, Journal of Finance, 1964.
  ///
  /// Elsewhere: TA-Lib's BETA takes the market first and the stock second; its values of
  /// high and low are the catalog's `beta(x=low,market=high)`.
  public func beta(_ period: Int = 5, to market: Series) -> Series {
    let moves = market.rocP(1)
    let sums = moves.rollingProducts(period, with: rocP(1))
    // A return is a ratio minus 1, and as exact as that ratio.
    let size = (moves * moves + 1).rollingSum(period).sqrt()
    let deviation = sums.xx.sqrt()
    return sums.xy.divided(by: deviation, orIfNegligible: 0, besides: size, epsilons: 4)
      .divided(by: deviation, orIfZero: 0)
  }

  /// The order of the two was TA-Lib's, the market first.
  @available(
    *, unavailable, message: "market.beta(n, with: stock) is now stock.beta(n, to: market)"
  )
  public func beta(_ period: Int = 5, with other: Series) -> Series {
    fatalError("unavailable")
  }
}

extension Catalog {
  static let beta = CatalogEntry(
    "beta", "Beta of returns", .statistics, of: .pair(("x", .low), ("market", .high)), .period(5),
    source: "W. F. Sharpe, Capital Asset Prices, Journal of Finance, 1964", reference: "TA-Lib BETA"
  ) { [$0.0.beta($1, to: $0.1)] }
}
