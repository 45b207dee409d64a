extension Bars {
  /// Williams' alligator: three Wilder averages of the bars' middles, each some bars ago.
  ///
  /// The shifts are in the data: a line's value at a bar is the one that a chart shows there.
  ///
  /// Warm-up: period − 1 + shift of each line. Cost per bar: constant.
  /// Source: B. Williams, Trading Chaos, 1995.
  ///
  /// Elsewhere: TradingView has the same values and moves them when it draws.
  public func alligator(
    jaw: Int = 13, jawShift: Int = 8, teeth: Int = 8, teethShift: Int = 5, lips: Int = 5,
    lipsShift: Int = 3
  ) -> (jaw: Series, teeth: Series, lips: Series) {
    (
      medianPrice.rma(jaw).shift(jawShift), medianPrice.rma(teeth).shift(teethShift),
      medianPrice.rma(lips).shift(lipsShift)
    )
  }
}

extension Catalog {
  static let alligator = CatalogEntry(
    "alligator", "Williams alligator", .bands, of: .highLow, .period(13, name: "jaw"),
    .lag("jawShift", 8), .period(8, name: "teeth"), .lag("teethShift", 5), .period(5, name: "lips"),
    .lag("lipsShift", 3),
    outputs: ["jaw", "teeth", "lips"],
    source: "B. Williams, Trading Chaos, 1995", reference: "Skender Alligator"
  ) {
    lines($0.alligator(jaw: $1, jawShift: $2, teeth: $3, teethShift: $4, lips: $5, lipsShift: $6))
  }
}
