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
    let change = difference()
    let net = change.ema(first).ema(second)
    let size = change.absolute.ema(first).ema(second)
    let line = 100 * net.divided(by: size, orIfZero: 0)
    // An average of hundreds may round beyond them.
    return (line, minimum(maximum(line.ema(signal), -100), 100))
  }
}

extension Indicator {
  /// True strength index.
  public static func tsi(
    first: Int = 25, second: Int = 13, signal: Int = 13, of x: BarField = .close
  ) -> Indicator {
    Indicator(
      .tsi, ["first": .integer(first), "second": .integer(second), "signal": .integer(signal)],
      inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let tsi = IndicatorDefinition(
    id: "tsi", title: "True strength index", category: .momentum, inputs: .x,
    parameters: [
      .period(25, name: "first"), .period(13, name: "second"), .period(13, name: "signal"),
    ],
    outputs: ["tsi", "signal"], bounds: [-100...100, -100...100],
    source: "W. Blau, True Strength Index, Stocks & Commodities, November 1991",
    reference: "TA-Lib TSI"
  ) { a in
    let lines = a.x.tsi(
      first: a.integer("first"), second: a.integer("second"), signal: a.integer("signal"))
    return [lines.tsi, lines.signal]
  }
}
