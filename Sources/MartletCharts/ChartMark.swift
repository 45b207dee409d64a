/// An entry, an exit or a note at a bar.
public struct ChartMark: Hashable, Sendable {
  enum Kind: Hashable, Sendable { case buy, sell, note }

  let kind: Kind
  /// Nanoseconds since 1970 UTC, or the number of a bar where a chart has no times.
  public let time: Int64
  /// What stands beside the arrow.
  public let text: String

  /// An arrow below the bar, pointing up.
  public static func buy(at time: Int64, _ text: String = "") -> ChartMark {
    ChartMark(kind: .buy, time: time, text: text)
  }

  /// An arrow above the bar, pointing down.
  public static func sell(at time: Int64, _ text: String = "") -> ChartMark {
    ChartMark(kind: .sell, time: time, text: text)
  }

  /// A dot above the bar.
  public static func note(at time: Int64, _ text: String) -> ChartMark {
    ChartMark(kind: .note, time: time, text: text)
  }
}

/// Bars with a ground of their own, such as those of a regime.
struct ChartShade: Sendable {
  let name: String
  let isOn: [Bool]
  let color: ChartColor
}
