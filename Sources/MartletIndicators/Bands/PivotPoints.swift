/// How pivot points follow from the session before.
public enum PivotMethod: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// Floor traders' levels around the typical price.
  case standard
  /// The typical price, and parts 0.382, 0.618 and 1 of the range from it.
  case fibonacci
  /// The close, and parts 1.1/12, 1.1/6, 1.1/4 and 1.1/2 of the range from it.
  case camarilla
  /// As the standard ones, around a pivot that counts this session's open twice.
  case woodie
  /// One level on either side, which depends on whether the session rose or fell.
  case demark
}

/// Levels of support and resistance; those that a method does not have are NaN.
public struct PivotLevels: Sendable {
  /// The pivot point.
  public let pp: Series
  /// Resistances, from the nearest on.
  public let r1, r2, r3, r4: Series
  /// Supports, from the nearest on.
  public let s1, s2, s3, s4: Series
}

extension Bars {
  /// Pivot points: levels from the open, high, low and close of the session before, the same at all
  /// bars of a session.
  ///
  /// - Parameters:
  ///   - method: Whose levels.
  ///   - session: A flag that is not 0 at the first bar of a session, such as `begins(.day)`.
  /// - Returns: NaN until the second session begins; bars before the first flag are a session too.
  ///   Warm-up: 1, or the flag's if that is longer, and then what is left of the first session.
  ///   Cost per bar: constant.
  ///
  /// Sources: W. F. Eng, The Technical Analysis of Stocks, Options and Futures, 1988 (standard);
  /// N. Scott, 1989 (Camarilla); K. Wood (Woodie); T. DeMark, The New Science of Technical
  /// Analysis, 1994.
  ///
  /// Elsewhere: Libraries differ in where a session begins. The middle of TradingView's Camarilla
  /// is (high + low + close) / 3 instead of the close.
  public func pivotPoints(_ method: PivotMethod = .standard, session: Series) -> PivotLevels {
    let extremes = Recurrence(seeds: [high, low]) { previous in
      [
        Series.where(session, high, maximum(previous[0], high)),
        Series.where(session, low, minimum(previous[1], low)),
      ]
    }
    // What a series was at the last bar of the session before.
    func before(_ series: Series) -> Series { series.shift(1).latched(when: session) }
    let (h, l, c) = (before(extremes.states[0]), before(extremes.states[1]), before(close))
    let range = h - l
    // The first bar opens a session whether flagged or not.
    let opening = session.delayed(1).afterWarmUp(early: 0 * session + 1)
    let opened = open.latched(when: opening)
    switch method {
    case .standard, .woodie:
      let pivot = method == .standard ? (h + l + c) / 3 : (h + l + 2 * opened) / 4
      return PivotLevels(
        pivot, above: [2 * pivot - l, pivot + range, h + 2 * (pivot - l)],
        below: [2 * pivot - h, pivot - range, l - 2 * (h - pivot)])
    case .fibonacci:
      return PivotLevels((h + l + c) / 3, steps: [0.382, 0.618, 1].map { $0 * range })
    case .camarilla:
      return PivotLevels(c, steps: [12, 6, 4, 2].map { (1.1 / $0) * range })
    case .demark:
      let o = before(opened)
      let heavy = Series.where(c .< o, l, Series.where(c .> o, h, c))
      let sum = h + l + c + heavy
      return PivotLevels(sum / 4, above: [sum / 2 - l], below: [sum / 2 - h])
    }
  }
}

extension PivotLevels {
  fileprivate init(_ pivot: Series, above: [Series], below: [Series]) {
    let none = pivot * .nan
    func level(_ number: Int, _ levels: [Series]) -> Series {
      number <= levels.count ? levels[number - 1] : none
    }
    self.init(
      pp: pivot, r1: level(1, above), r2: level(2, above), r3: level(3, above),
      r4: level(4, above), s1: level(1, below), s2: level(2, below), s3: level(3, below),
      s4: level(4, below))
  }

  fileprivate init(_ pivot: Series, steps: [Series]) {
    self.init(pivot, above: steps.map { pivot + $0 }, below: steps.map { pivot - $0 })
  }
}

extension Catalog {
  static let pivotPoints = CatalogEntry(
    "pivotPoints", "Pivot points", .bands, of: .openHighLowClose,
    .choice("method", PivotMethod.standard), .choice("session", CalendarUnit.day),
    outputs: ["pp", "r1", "r2", "r3", "r4", "s1", "s2", "s3", "s4"],
    isSparse: true,
    source: "W. F. Eng, The Technical Analysis of Stocks, Options and Futures, 1988",
    reference: "Skender PivotPoints"
  ) { bars, method, session in
    let levels = bars.pivotPoints(method, session: bars.begins(session.period))
    return [
      levels.pp, levels.r1, levels.r2, levels.r3, levels.r4, levels.s1, levels.s2, levels.s3,
      levels.s4,
    ]
  }
}
