import Martlet
import ProgramSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A market that is made up for the charts, the same in every run: hourly bars, seven a day.
///
/// Prices swing between rises, falls and rests.
struct ChartMarket {
  /// Bars of a chart.
  static let shown = 120

  private let bars: Int

  /// A chart per indicator; volumes are there where it reads them.
  static func charts(of indicators: [Indicator]) throws -> [TimeChart] {
    let warmUp = indicators.flatMap(\.lookbacks).max() ?? 0
    // What begins anew at some bar of its own has begun long before the first bar shown.
    let panel = try ChartMarket(bars: shown + max(280, warmUp + 60)).panel()
    return try indicators.map { indicator in
      try TimeChart(
        panel, symbol: "chart", title: indicator.definition.title, last: shown,
        volume: indicator.definition.inputs.contains(.field(.volume))
      ).adding([indicator])
    }
  }

  private func panel() throws(DataError) -> Panel {
    let arrays = history().map { NDArray($0, shape: [1, bars]) }
    return try Panel(
      symbols: ["chart"], time: hours(), open: arrays[0], high: arrays[1], low: arrays[2],
      close: arrays[3], volume: arrays[4], name: "chart")
  }

  /// 14:00 to 20:00 UTC on Mondays to Fridays from 2024-01-01, a Monday.
  private func hours() -> [Int64] {
    (0..<bars).map { bar in
      let session = bar / 7
      let day = 19_723 + session / 5 * 7 + session % 5
      return (Int64(day) * 24 + 14 + Int64(bar % 7)) * 3_600_000_000_000
    }
  }

  /// Open, high, low, close and volume.
  ///
  /// They are made from the last bar backwards, so that the bars shown are the same for any length.
  private func history() -> [[Double]] {
    var random = RandomNumbers(seed: 42)
    var fields = [[Double]](repeating: [], count: 5)
    var close = 400.0
    for bar in 0..<bars {
      let calm = 0.0075 + 0.0035 * sin(Double(bar) / 19)
      let drift = 0.0035 * sin(Double(bar) / 11) + 0.002 * sin(Double(bar) / 29)
      let change = drift + calm * random.fatTailed()
      let open = close / exp(change)
      let up = calm * random.normal().magnitude
      let down = calm * random.normal().magnitude
      let traded = exp(11 + 0.3 * random.normal() + 25 * change.magnitude)
      let bar = [
        open, max(open, close) * exp(0.6 * up), min(open, close) * exp(-0.6 * down), close,
      ]
      for (field, price) in bar.enumerated() { fields[field].append((price * 20).rounded() / 20) }
      fields[4].append((traded / 100).rounded() * 100)
      close = open * exp(0.15 * calm * random.normal())
    }
    return fields.map { $0.reversed() }
  }
}
