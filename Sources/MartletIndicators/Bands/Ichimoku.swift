/// The lines of an Ichimoku chart.
public struct Ichimoku: Sendable {
  /// Middle of the range of the last few bars: the conversion line.
  public let tenkan: Series
  /// Middle of the range of more bars: the base line.
  public let kijun: Series
  /// Middle of tenkan and kijun `displacement` bars ago: one edge of the cloud over this bar.
  public let spanA: Series
  /// Middle of the longest range `displacement` bars ago: the other edge.
  public let spanB: Series
  /// The close, which charts draw `displacement` bars back: the lagging line.
  public let chikou: Series
}

extension Bars {
  /// Ichimoku chart.
  ///
  /// The spans are those that a chart shows at the bar; the lagging line is the bar's own close, and
  /// ``Indicator/displacements`` says where it is drawn.
  ///
  /// Warm-up: tenkan − 1; kijun − 1; the larger of both + displacement; senkouB − 1 + displacement;
  /// none. Cost per bar: constant. Source: Ichimoku Sanjin (G. Hosoda), 1969.
  ///
  /// Elsewhere: Skender and pandas-ta displace by 26 bars; TradingView draws one less. Skender and
  /// pandas-ta take chikou from the future; here it stands at the bar that knows it.
  public func ichimoku(
    tenkan: Int = 9, kijun: Int = 26, senkouB: Int = 52, displacement: Int = 26
  ) -> Ichimoku {
    let conversion = midPrice(tenkan)
    let base = midPrice(kijun)
    return Ichimoku(
      tenkan: conversion, kijun: base, spanA: ((conversion + base) / 2).shift(displacement),
      spanB: midPrice(senkouB).shift(displacement), chikou: close)
  }
}

extension Catalog {
  static let ichimoku = CatalogEntry(
    "ichimoku", "Ichimoku cloud", .bands, of: .highLowClose, .period(9, name: "tenkan"),
    .period(26, name: "kijun"), .period(52, name: "senkouB"), .lag("displacement", 26),
    outputs: ["tenkan", "kijun", "spanA", "spanB", "chikou"],
    // The spans come as late as charts draw them.
    displacements: { _, _, _, displacement in [0, 0, 0, 0, -displacement] },
    source: "Ichimoku Sanjin (G. Hosoda), 1969", reference: "Skender Ichimoku"
  ) { bars, tenkan, kijun, senkouB, displacement in
    let lines = bars.ichimoku(
      tenkan: tenkan, kijun: kijun, senkouB: senkouB,
      displacement: displacement)
    return [lines.tenkan, lines.kijun, lines.spanA, lines.spanB, lines.chikou]
  }
}
