import MartletSeries

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
  /// Where there is no range DI is 0; where there is no move DX keeps its last value, at first 0.
  /// A bar whose high rose as much as its low fell moved nowhere, and moves that differ by rounding
  /// are equal: 10.3 − 10.2 and 9.5 − 9.4 are both a tenth.
  ///
  /// - Parameter exactTies: Every difference of moves counts, however small, as in TA-Lib; the lines
  ///   then depend on whether prices are in dollars or cents, ADX by some points.
  /// - Returns: Warm-up of moves n − 1, of DI and DX n, of ADX 2 n − 1, of ADXR 3 n − 2. Cost per bar:
  ///   constant.
  ///
  /// Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
  ///
  /// Elsewhere: Tulip's DI, DX and ADX begin a bar earlier; talipp and TradingView seed the sums
  /// with n values, not n − 1; pandas-ta-classic was up to half off in the first bars. The lines
  /// meet later.
  public func dmi(_ period: Int = 14, exactTies: Bool = false) -> DirectionalMovement {
    let moves = Series.directionalMoves(high: high, low: low, epsilons: exactTies ? 0 : 2)
    let plus = moves.plus.wilderSum(period)
    let minus = moves.minus.wilderSum(period)
    let range = trueRange().wilderSum(period)
    // The sums show their seed, the percentages wait for the first bar after it.
    let wait = period > 1 ? 1 : 0
    let summedRange = range.delayed(wait)
    let plusDI = 100 * plus.divided(by: summedRange, orIfZero: 0)
    let minusDI = 100 * minus.divided(by: summedRange, orIfZero: 0)
    let sum = plusDI + minusDI
    let share = 100 * ((plusDI - minusDI).abs() / sum)
    let dx = share.latched(when: sum .> 0).orElse(Series(0))
    // An average of hundreds may round beyond them.
    let adx = minimum(dx.wilderAverage(period), 100)
    let adxr = (adx + adx.shift(period - 1)) / 2
    return DirectionalMovement(
      plusDM: plus, minusDM: minus, plusDI: plusDI, minusDI: minusDI, dx: dx, adx: adx, adxr: adxr)
  }
}

extension Catalog {
  static let dmi = CatalogEntry(
    "dmi", "Directional movement system", .trend, of: .highLowClose, .period(14),
    .flag("exactTies", false),
    outputs: ["plusDM", "minusDM", "plusDI", "minusDI", "dx", "adx", "adxr"],
    bounds: [.notNegative, .notNegative, 0...100, 0...100, 0...100, 0...100, 0...100],
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    reference: "TA-Lib PLUS_DM, MINUS_DM, PLUS_DI, MINUS_DI, DX, ADX, ADXR with exactTies"
  ) { bars, period, exactTies in
    let lines = bars.dmi(period, exactTies: exactTies)
    return [
      lines.plusDM, lines.minusDM, lines.plusDI, lines.minusDI, lines.dx, lines.adx, lines.adxr,
    ]
  }
}
