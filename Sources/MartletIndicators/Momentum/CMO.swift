/// How the moves of a Chande momentum oscillator are added up.
public enum MomentumSmoothing: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// By Wilder's average (TA-Lib CMO).
  case wilder
  /// As plain sums, which is Chande's own form (TA-Lib CMOU, Tulip, TradingView).
  case none
}

extension Series {
  /// Chande momentum oscillator: upward moves minus downward moves in percent of all moves; 0 where
  /// nothing moved.
  ///
  /// The default is TA-Lib's, with Wilder's averages; `smoothing: .none` is Chande's own, with plain
  /// sums. Warm-up: n. Cost per bar: constant.
  /// Source: T. S. Chande, S. Kroll, The New Technical Trader, 1994.
  ///
  /// Elsewhere: Plain sums (`smoothing: .none`) are Chande's own form and that of Tulip,
  /// TradingView, talipp and TA-Lib's CMOU. Only TA-Lib's CMO has Wilder's averages, which are the
  /// default here.
  public func cmo(_ period: Int = 14, smoothing: MomentumSmoothing = .wilder) -> Series {
    let change = diff()
    func total(_ moves: Series) -> Series {
      smoothing == .wilder ? moves.wilderAverage(period) : moves.rollingSum(period)
    }
    let up = total(change.positivePart)
    let down = total(change.negativePart)
    return 100 * (up - down).divided(by: up + down, orIfZero: 0)
  }

  /// Chande's own momentum oscillator, with plain sums.
  ///
  /// Warm-up: n.
  public func cmou(_ period: Int = 14) -> Series { cmo(period, smoothing: .none) }
}

extension Catalog {
  static let cmo = CatalogEntry(
    "cmo", "Chande momentum oscillator", .momentum, of: .x, .period(14),
    .choice("smoothing", MomentumSmoothing.wilder),
    bounds: [-100...100],
    levels: [-50, 50],
    source: "T. S. Chande, S. Kroll, The New Technical Trader, 1994",
    reference: "TA-Lib CMO; CMOU with smoothing=none"
  ) { [$0.cmo($1, smoothing: $2)] }
}
