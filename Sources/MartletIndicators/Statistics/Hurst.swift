import MartletSeries

extension Series {
  /// Hurst exponent of the last n log returns, by the rescaled range R/S.
  ///
  /// The returns are cut into 1, 2, 4, … 32 equal parts of at least 8, aligned to the newest. The
  /// exponent is the slope of log R/S, the mean over the parts, on the log of their size: about 0.5
  /// for a random walk, more where moves persist.
  ///
  /// NaN where a part has no variation. Warm-up: n, at least 16. Cost per bar: n.
  /// Source: H. E. Hurst, Long-Term Storage Capacity of Reservoirs, 1951.
  ///
  /// Elsewhere: Skender also gives the value as corrected by Anis and Lloyd.
  public func hurst(_ period: Int = 100) -> Series {
    requireLength(period, atLeast: 16, in: "hurst")
    let returns = (self / shift(1)).log()
    let parts = [1, 2, 4, 8, 16, 32].filter { period / $0 >= 8 }
    let sizes = parts.map { Kernel.logarithm10.applied(to: Double(period / $0)) }
    let mean = sizes.reduce(0, +) / Double(sizes.count)
    let unit = sizes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let terms = zip(parts, sizes).map { count, size in
      // A deviation of 5 epsilons is what rounding makes of equal returns.
      let range = Series(.rescaledRange, [returns], reals: [5], integers: [period, count])
      return ((size - mean) / unit) * range.log10()
    }
    return terms.dropFirst().reduce(terms[0], +)
  }
}

extension Catalog {
  static let hurst = CatalogEntry(
    "hurst", "Hurst exponent (R/S)", .statistics, of: .x, .period(100, least: 16),
    source: "H. E. Hurst, Long-Term Storage Capacity of Reservoirs, 1951",
    reference: "Skender GetHurst"
  ) { [$0.hurst($1)] }
}
