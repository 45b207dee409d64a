import Martlet
import ProgramSupport

/// What is worth knowing of a column: its last values over the symbols, and holes.
struct Statistic {
  /// Lowest, middle and highest of the symbols' last values.
  let texts: [String]
  /// Bars after the warm-up that have no value.
  private(set) var undefined = 0

  /// - Parameters:
  ///   - current: The symbols whose last values count.
  ///   - bars: How many bars each symbol has for the column.
  init(
    _ column: Request.Column, _ array: NDArray, _ panel: Panel, current: [Int], bars: [Int],
    last: Bool
  ) {
    let current = Set(current)
    var latest: [Double] = []
    for symbol in panel.symbols.indices {
      let values = last ? [array[symbol]] : panel.values(of: array, atBarsOf: symbol)
      let final = values.last { !$0.isNaN } ?? .nan
      if final.isFinite, current.contains(symbol) { latest.append(final) }
      guard !last, !column.isSparse else { continue }
      undefined += max(0, bars[symbol] - column.lookback) - values.count { !$0.isNaN }
    }
    latest.sort()
    texts =
      latest.isEmpty
      ? ["–", "–", "–"]
      : [latest[0], latest[latest.count / 2], latest[latest.count - 1]].map(\.short)
  }
}
