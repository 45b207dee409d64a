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
      medianPrice.rma(jaw).lagged(jawShift), medianPrice.rma(teeth).lagged(teethShift),
      medianPrice.rma(lips).lagged(lipsShift)
    )
  }
}

extension Indicator {
  /// Williams' alligator.
  public static func alligator(
    jaw: Int = 13, jawShift: Int = 8, teeth: Int = 8, teethShift: Int = 5, lips: Int = 5,
    lipsShift: Int = 3
  ) -> Indicator {
    Indicator(
      .alligator,
      [
        "jaw": .integer(jaw), "jawShift": .integer(jawShift), "teeth": .integer(teeth),
        "teethShift": .integer(teethShift), "lips": .integer(lips),
        "lipsShift": .integer(lipsShift),
      ])
  }
}

extension IndicatorDefinition {
  static let alligator = IndicatorDefinition(
    id: "alligator", title: "Williams alligator", category: .bands, inputs: .highLow,
    parameters: [
      .period(13, name: "jaw"), .lag("jawShift", 8), .period(8, name: "teeth"),
      .lag("teethShift", 5), .period(5, name: "lips"), .lag("lipsShift", 3),
    ],
    outputs: ["jaw", "teeth", "lips"],
    source: "B. Williams, Trading Chaos, 1995", reference: "Skender Alligator"
  ) { a in
    let lines = a.bars.alligator(
      jaw: a.integer("jaw"), jawShift: a.integer("jawShift"), teeth: a.integer("teeth"),
      teethShift: a.integer("teethShift"), lips: a.integer("lips"),
      lipsShift: a.integer("lipsShift"))
    return [lines.jaw, lines.teeth, lines.lips]
  }
}
