extension Series {
  /// Exponential moving average: y + k (x − y) with k = 2 / (n + 1), begun from the mean of the
  /// first n values or, with the seed `.first`, from the first one; with `.adjusted` the weighted
  /// mean of what there is.
  ///
  /// Warm-up: n − 1, with `.first` and `.adjusted` none. Cost per bar: constant.
  /// Source: R. G. Brown, Statistical Forecasting for Inventory Control, 1959; the seed is TA-Lib's.
  ///
  /// Elsewhere: TA-Lib, TTR, Skender and talipp seed with the mean; Tulip, TradingView, yata and
  /// MetaStock begin with the first value, as `seed: .first` does. The lines approach each other.
  public func ema(_ period: Int = 30, seed: AverageSeed = .sma) -> Series {
    period == 1 ? self : exponentialAverage(period, seed: seed)
  }
}

extension Catalog {
  static let ema = CatalogEntry(
    "ema", "Exponential moving average", .averages, of: .x, .period(30),
    .choice("seed", AverageSeed.sma),
    source: "R. G. Brown, Statistical Forecasting for Inventory Control, 1959",
    reference: "TA-Lib EMA; Tulip ema with seed=first; pandas ewm with seed=adjusted"
  ) { [$0.ema($1, seed: $2)] }
}
