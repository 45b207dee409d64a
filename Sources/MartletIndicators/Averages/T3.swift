extension Series {
  /// Tillson's T3: six exponential averages in a row, the last four combined so that `vFactor` says
  /// how far their lag is made up for: 0 not at all, 1 as in a triple DEMA.
  ///
  /// Warm-up: 6 (n − 1). Cost per bar: constant.
  /// Source: T. Tillson, Better Moving Averages, Stocks & Commodities, January 1998.
  public func t3(_ period: Int = 5, vFactor v: Double = 0.7) -> Series {
    if period == 1 { return self }
    var chain = [self]
    for _ in 0..<6 { chain.append(chain[chain.count - 1].ema(period)) }
    let cube = v * v * v
    let square = v * v
    let sixth = -cube * chain[6]
    let fifth = 3 * (square + cube) * chain[5]
    let fourth = -3 * (2 * square + v + cube) * chain[4]
    let third = (1 + 3 * v + cube + 3 * square) * chain[3]
    return sixth + fifth + fourth + third
  }
}

extension Catalog {
  static let t3 = CatalogEntry(
    "t3", "Tillson T3", .averages, of: .x, .period(5), .real("vFactor", 0.7, in: -1e3...1e3),
    source: "T. Tillson, Better Moving Averages, Stocks & Commodities, 1998", reference: "TA-Lib T3"
  ) { [$0.t3($1, vFactor: $2)] }
}
