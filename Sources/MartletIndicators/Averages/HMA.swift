extension Series {
  /// Hull's moving average: the weighted average of ⌊√n⌋ bars of 2 wma(⌊n / 2⌋) − wma(n).
  ///
  /// Warm-up: n − 1 + ⌊√n⌋ − 1. Cost per bar: constant. Source: A. Hull, 2005.
  ///
  /// Elsewhere: TA-Lib, Tulip and TradingView also round √n down; some round it to the nearest (4
  /// instead of 3 for n = 14). talipp begins two bars later with the same values.
  public func hma(_ period: Int = 20) -> Series {
    if period == 1 { return self }
    let root = Int(Double(period).squareRoot())
    return (2 * wma(period / 2) - wma(period)).wma(root)
  }
}

extension Indicator {
  /// Hull's moving average.
  public static func hma(_ period: Int = 20, of x: BarField = .close) -> Indicator {
    Indicator(.hma, ["period": .integer(period)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let hma = IndicatorDefinition(
    id: "hma", title: "Hull average", category: .averages, inputs: .x,
    parameters: [.period(20)],
    source: "A. Hull, How to Reduce Lag in a Moving Average, 2005", reference: "TA-Lib HMA"
  ) { [$0.x.hma($0.period)] }
}
