extension Bars {
  /// Stochastic momentum index: the close's distance from the middle of the n-bar range in percent
  /// of half that range, both averaged exponentially twice; and an average of it.
  ///
  /// 0 where there has never been a range. Warm-up: period + first + second − 3, signal signal − 1
  /// more. Cost per bar: constant.
  /// Source: W. Blau, Stochastic Momentum, Stocks & Commodities, January 1993.
  ///
  /// Elsewhere: The smi of pandas-ta is another indicator, the true strength index with its signal.
  public func smi(_ period: Int = 13, first: Int = 25, second: Int = 2, signal: Int = 9)
    -> (smi: Series, signal: Series)
  {
    let top = high.rollingMax(period)
    let bottom = low.rollingMin(period)
    let distance = (close - (top + bottom) / 2).ema(first).ema(second)
    let range = (top - bottom).ema(first).ema(second)
    // Rounding may lead beyond the bounds.
    func inside(_ line: Series) -> Series { minimum(maximum(line, -100), 100) }
    let line = inside(100 * distance.divided(by: 0.5 * range, orIfZero: 0))
    return (line, inside(line.ema(signal)))
  }
}

extension Catalog {
  static let smi = CatalogEntry(
    "smi", "Stochastic momentum index", .momentum, of: .highLowClose, .period(13),
    .period(25, name: "first"), .period(2, name: "second"), .period(9, name: "signal"),
    outputs: ["smi", "signal"],
    bounds: [-100...100, -100...100],
    levels: [-40, 40],
    source: "W. Blau, Stochastic Momentum, Stocks & Commodities, January 1993",
    reference: "TA-Lib SMI"
  ) { lines($0.smi($1, first: $2, second: $3, signal: $4)) }
}
