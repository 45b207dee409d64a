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
    let count = last ? 1 : panel.time.count
    var latest: [Double] = []
    for symbol in panel.symbols.indices {
      var values = 0
      var final = Double.nan
      array.withUnsafeBytes { bytes in
        func scan<Element: BinaryFloatingPoint>(_ type: Element.Type) {
          let row = bytes.bindMemory(to: type)[symbol * count..<(symbol + 1) * count]
          for value in row where !value.isNaN {
            values += 1
            final = Double(value)
          }
        }
        if array.dtype == .float64 { scan(Double.self) } else { scan(Float.self) }
      }
      if final.isFinite, current.contains(symbol) { latest.append(final) }
      guard !last, !column.isSparse else { continue }
      undefined += max(0, bars[symbol] - column.lookback) - values
    }
    latest.sort()
    texts =
      latest.isEmpty
      ? ["–", "–", "–"]
      : [latest[0], latest[latest.count / 2], latest[latest.count - 1]].map(\.short)
  }
}
