import MartletArrays

/// The lines of the directional movement system.
public struct DirectionalMovement: Sendable {
  /// Wilder's sum of the upward moves of the highs, in units of price.
  public let plusDM: Series
  /// Wilder's sum of the downward moves of the lows, in units of price.
  public let minusDM: Series
  /// The upward moves as a percentage of the summed true range.
  public let plusDI: Series
  /// The downward moves as a percentage of the summed true range.
  public let minusDI: Series
  /// Distance of the two DI as a percentage of their sum.
  public let dx: Series
  /// Wilder's average of the DX.
  public let adx: Series
  /// Mean of the ADX now and n − 1 bars ago.
  public let adxr: Series
}

extension Bars {
  /// Directional movement system.
  ///
  /// Warm-up: moves n − 1, DI and DX n, ADX 2 n − 1, ADXR 3 n − 2. Cost per bar: constant.
  /// Where there is no range DI is 0; where there is no move DX keeps its last value, at first 0.
  /// Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
  ///
  /// Elsewhere: Tulip's DI, DX and ADX begin a bar earlier; talipp and TradingView seed the sums
  /// with n values, not n − 1; pandas-ta-classic was up to half off in the first bars. The lines
  /// meet later.
  public func dmi(_ period: Int = 14) -> DirectionalMovement {
    let moves = Series.directionalMoves(high: high, low: low)
    let plus = moves.plus.wilderSum(period)
    let minus = moves.minus.wilderSum(period)
    let range = trueRange().wilderSum(period)
    // The sums show their seed, the percentages wait for the first bar after it.
    let wait = period > 1 ? 1 : 0
    let summedRange = range.delayed(wait)
    let plusDI = (100 * plus).divided(by: summedRange, orIfZero: 0)
    let minusDI = (100 * minus).divided(by: summedRange, orIfZero: 0)
    let sum = plusDI + minusDI
    let share = (100 * (plusDI - minusDI).absolute) / sum
    let dx = share.latched(when: sum .> 0).orElse(Series(0))
    let adx = dx.wilderAverage(period)
    let adxr = (adx + adx.lagged(period - 1)) / 2
    return DirectionalMovement(
      plusDM: plus, minusDM: minus, plusDI: plusDI, minusDI: minusDI, dx: dx, adx: adx, adxr: adxr)
  }
}

extension Indicator {
  /// Directional movement system.
  public static func dmi(_ period: Int = 14) -> Indicator {
    Indicator(.dmi, ["period": .integer(period)])
  }
}

extension IndicatorDefinition {
  static let dmi = IndicatorDefinition(
    id: "dmi", title: "Directional movement system", category: .trend, inputs: .highLowClose,
    parameters: [.period(14)],
    outputs: ["plusDM", "minusDM", "plusDI", "minusDI", "dx", "adx", "adxr"],
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    reference: "TA-Lib PLUS_DM, MINUS_DM, PLUS_DI, MINUS_DI, DX, ADX, ADXR"
  ) { a in
    let lines = a.bars.dmi(a.period)
    return [
      lines.plusDM, lines.minusDM, lines.plusDI, lines.minusDI, lines.dx, lines.adx, lines.adxr,
    ]
  }
}
