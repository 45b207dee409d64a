public import MartletIndicators

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What an output of an indicator is measured in: powers of the price and of the volume.
public struct OutputUnit: Hashable, Sendable, CustomStringConvertible {
  /// 1 for prices, 0 for what does not depend on the currency.
  public let price: Int
  /// 1 for volumes, 0 for what does not depend on how they are counted.
  public let volume: Int

  /// That of prices.
  public static let price = OutputUnit(price: 1, volume: 0)

  private init(price: Int, volume: Int) {
    self.price = price
    self.volume = volume
  }

  /// From values in one unit, with doubled prices and with doubled volumes.
  fileprivate init?(_ values: [Double], prices: [Double], volumes: [Double]) {
    guard values.contains(where: \.isFinite), let price = Self.exponent(values, prices),
      let volume = Self.exponent(values, volumes)
    else { return nil }
    self.init(price: price, volume: volume)
  }

  private static func exponent(_ values: [Double], _ others: [Double]) -> Int? {
    let largest = values.reduce(0) { $1.isNaN ? $0 : max($0, $1.magnitude) }
    let isSame = zip(values, others).allSatisfy { $0.isNaN == $1.isNaN }
    guard isSame else { return nil }
    return (-2...2).sorted { $0.magnitude < $1.magnitude }.first { exponent in
      let factor = exponent < 0 ? 1 / Double(1 << -exponent) : Double(1 << exponent)
      return zip(values, others).allSatisfy {
        $0.isNaN || ($0 * factor - $1).magnitude <= 1e-6 * largest * factor
      }
    }
  }

  /// `price`, `number`, `price × volume`, `1 / price²`.
  public var description: String {
    func power(_ name: String, _ exponent: Int) -> String {
      exponent == 1 ? name : "\(name)\(["²", "³"][exponent - 2])"
    }
    let factors = [("price", price), ("volume", volume)]
    let above = factors.filter { $0.1 > 0 }.map { power($0.0, $0.1) }
    let below = factors.filter { $0.1 < 0 }.map { power($0.0, -$0.1) }
    if above.isEmpty && below.isEmpty { return "number" }
    return (above.isEmpty ? "1" : above.joined(separator: " × "))
      + below.map { " / \($0)" }.joined()
  }
}

extension Indicator {
  /// Per output the unit, nil where values do not follow that of prices and volumes (logarithms, thresholds in
  /// points) or where a market of a few hundred bars gives none.
  ///
  /// Costs a run over such a market, in which one symbol has twice the prices of another, and one twice its volumes.
  ///
  /// - Throws: `DataError` of kind `cancelled` where the task is cancelled before the end.
  public func units() throws(DataError) -> [OutputUnit?] { try IndicatorReading(self).units }
}

/// What an indicator says of a market that is made up: how its outputs are drawn does not depend on the data.
struct IndicatorReading {
  let units: [OutputUnit?]
  /// Per output whether it lies over prices: in their unit, and no further from them than they go themselves.
  let liesOverPrices: [Bool]
  /// Per output the finite values of the last bars.
  let values: [[Double]]

  private static let shown = 120

  init(_ indicator: Indicator) throws(DataError) {
    let bars = 400 + (indicator.lookbacks.max() ?? 0)
    let panel = try UnitMarket(bars: bars).panel()
    let arrays = try panel.compute([indicator]).arrays
    func last(_ array: NDArray, _ symbol: Int) -> [Double] {
      Array(array.row(symbol).doubles.suffix(Self.shown))
    }
    units = arrays.map { array in
      OutputUnit(last(array, 0), prices: last(array, 1), volumes: last(array, 2))
    }
    let high = last(panel.values(of: .high), 0).max() ?? 0
    let low = last(panel.values(of: .low), 0).min() ?? 0
    values = arrays.map { last($0, 0).filter(\.isFinite) }
    liesOverPrices = zip(units, values).map { unit, values in
      unit == .price && values.allSatisfy { $0 < 2 * high - low && $0 > 2 * low - high }
    }
  }

  /// Whether an output can be read on the scale of others.
  func fits(_ output: Int, _ others: [Int]) -> Bool {
    guard others.allSatisfy({ units[$0] == units[output] }) else { return false }
    func span(_ outputs: [Int]) -> Double {
      let range = ValueScale.range(of: outputs.map { values[$0] })
      return range.upperBound - range.lowerBound
    }
    let spans = (others + [output]).map { span([$0]) }
    let (least, most) = (spans.min() ?? 1, spans.max() ?? 1)
    return most < 8 * least && span(others + [output]) < 3 * most
  }
}

/// A market that is made up, the same in every run: hourly bars, seven a day, with rises, falls and rests.
private struct UnitMarket {
  let bars: Int

  func panel() throws(DataError) -> Panel {
    let fields = history()
    let arrays = fields.enumerated().map { number, values in
      let (prices, volumes) = number < 4 ? (2.0, 1.0) : (1, 2)
      return NDArray(
        values + values.map { $0 * prices } + values.map { $0 * volumes }, shape: [3, bars])
    }
    let times = (0..<bars).map { bar in
      let session = bar / 7
      return (Int64(19_723 + session / 5 * 7 + session % 5) * 24 + 14 + Int64(bar % 7))
        * 3_600_000_000_000
    }
    return try Panel(
      symbols: ["one", "prices", "volumes"], time: times, open: arrays[0], high: arrays[1],
      low: arrays[2], close: arrays[3], volume: arrays[4], name: "units")
  }

  private func history() -> [[Double]] {
    var state: UInt64 = 42
    /// From −1 to 1, by a congruential generator (D. E. Knuth's MMIX).
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 52) - 1
    }
    var fields = [[Double]](repeating: [], count: 5)
    var close = 100.0
    for bar in 0..<bars {
      let swing = 0.006 * sin(Double(bar) / 11) + 0.003 * sin(Double(bar) / 29)
      let open = close * exp(0.002 * random())
      close = open * exp(swing + 0.012 * random())
      let bar = [
        open, max(open, close) * exp(0.005 * (1 + random())),
        min(open, close) * exp(-0.005 * (1 + random())), close, exp(11 + 0.6 * random()),
      ]
      for (field, value) in bar.enumerated() { fields[field].append(value) }
    }
    return fields
  }
}
