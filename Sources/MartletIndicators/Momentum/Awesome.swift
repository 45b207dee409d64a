extension Bars {
  /// Awesome oscillator: a fast simple average of the bars' middles minus a slow one; and the
  /// accelerator, the oscillator minus its own average.
  ///
  /// Warm-up: slow − 1, the accelerator signal − 1 more. Cost per bar: constant.
  /// Source: B. Williams, New Trading Dimensions, 1998.
  public func awesome(fast: Int = 5, slow: Int = 34, signal: Int = 5) -> (ao: Series, ac: Series) {
    let line = medianPrice.sma(fast) - medianPrice.sma(slow)
    return (line, line - line.sma(signal))
  }

  /// Awesome oscillator alone.
  ///
  /// Warm-up: slow − 1.
  public func ao(fast: Int = 5, slow: Int = 34) -> Series { awesome(fast: fast, slow: slow).ao }

  /// Accelerator oscillator alone.
  ///
  /// Warm-up: slow − 1 + signal − 1.
  public func ac(fast: Int = 5, slow: Int = 34, signal: Int = 5) -> Series {
    awesome(fast: fast, slow: slow, signal: signal).ac
  }
}

extension Catalog {
  static let awesome = CatalogEntry(
    "awesome", "Awesome and accelerator oscillators", .momentum, of: .highLow,
    .period(5, name: "fast"), .period(34, name: "slow"), .period(5, name: "signal"),
    outputs: ["ao", "ac"],
    source: "B. Williams, New Trading Dimensions, 1998", reference: "TA-Lib AO, AC"
  ) { lines($0.awesome(fast: $1, slow: $2, signal: $3)) }
}
