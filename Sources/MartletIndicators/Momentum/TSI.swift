extension Series {
  /// True strength index: the one-bar change, averaged exponentially twice, in percent of its size
  /// averaged the same way; and an exponential average of it.
  ///
  /// 0 where nothing has ever moved. Warm-up: first + second − 1, signal signal − 1 more. Cost per
  /// bar: constant. Source: W. Blau, True Strength Index, Stocks & Commodities, November 1991.
  ///
  /// Elsewhere: pandas-ta calls the two periods slow and fast; Tulip has it in its beta only.
  public func tsi(first: Int = 25, second: Int = 13, signal: Int = 13)
    -> (tsi: Series, signal: Series)
  {
    let change = diff()
    let net = change.ema(first).ema(second)
    let size = change.abs().ema(first).ema(second)
    let line = 100 * net.divided(by: size, orIfZero: 0)
    // An average of hundreds may round beyond them.
    return (line, minimum(maximum(line.ema(signal), -100), 100))
  }
}

extension Catalog {
  static let tsi = CatalogEntry(
    "tsi", "True strength index", .momentum, of: .x, .period(25, name: "first"),
    .period(13, name: "second"), .period(13, name: "signal"),
    outputs: ["tsi", "signal"],
    bounds: [-100...100, -100...100],
    levels: [-25, 25],
    source: "W. Blau, True Strength Index, Stocks & Commodities, November 1991",
    reference: "TA-Lib TSI"
  ) { lines($0.tsi(first: $1, second: $2, signal: $3)) }
}
