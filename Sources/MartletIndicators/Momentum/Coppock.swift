extension Series {
  /// Coppock curve: linearly weighted average of the sum of two rates of change in percent.
  ///
  /// Warm-up: the longer of `short` and `long`, and wma − 1. Cost per bar: constant.
  /// Source: E. S. C. Coppock, Barron's, October 1962.
  public func coppock(wma length: Int = 10, short: Int = 11, long: Int = 14) -> Series {
    (roc(long) + roc(short)).wma(length)
  }
}

extension Catalog {
  static let coppock = CatalogEntry(
    "coppock", "Coppock curve", .momentum, of: .x, .period(10, name: "wma"),
    .period(11, name: "short"), .period(14, name: "long"),
    source: "E. S. C. Coppock, Barron's, October 1962", reference: "TA-Lib COPPOCK"
  ) { [$0.coppock(wma: $1, short: $2, long: $3)] }
}
