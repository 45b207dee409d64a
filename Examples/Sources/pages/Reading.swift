import Martlet
import ProgramSupport

/// What an indicator gives over the bars that its chart shows.
struct Reading {
  /// Open, high, low, close, volume.
  let bars: [[Double]]
  let outputs: [Output]

  struct Output {
    let name: String
    let lookback: Int
    let values: [Double]
    /// nil where there are no values, or where they do not follow the unit of prices and volumes.
    let unit: Unit?
  }

  static let length = 120
}

/// A unit made of prices and volumes, by their exponents.
struct Unit: Equatable {
  let price: Int
  let volume: Int

  static let price = Unit(price: 1, volume: 0)

  /// From values in one unit, with doubled prices and with doubled volumes.
  init?(_ values: [Double], prices: [Double], volumes: [Double]) {
    guard values.contains(where: \.isFinite), let price = Unit.exponent(values, prices),
      let volume = Unit.exponent(values, volumes)
    else { return nil }
    self.init(price: price, volume: volume)
  }

  private init(price: Int, volume: Int) {
    self.price = price
    self.volume = volume
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

  var text: String {
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

/// The indicators over the made-up market: one plan, one pass.
func readings(of indicators: [Indicator]) throws -> [Reading] {
  let warmUp = indicators.flatMap(\.lookbacks).max() ?? 0
  // What begins anew at some bar of its own has begun long before the first bar shown.
  let panel = try ChartMarket(bars: Reading.length + max(280, warmUp + 60)).panel()
  let table = try panel.compute(indicators)
  func shown(_ array: NDArray, _ symbol: Int) -> [Double] {
    Array(array.row(symbol).doubles.suffix(Reading.length))
  }
  let bars = BarField.stored.map { shown(panel.values(of: $0), 0) }
  var next = 0
  return indicators.map { indicator in
    let outputs = indicator.definition.outputs.map { name in
      let array = table.arrays[next]
      let lookback = table.lookbacks[next]
      next += 1
      let values = shown(array, 0)
      return Reading.Output(
        name: name, lookback: lookback, values: values,
        unit: Unit(values, prices: shown(array, 1), volumes: shown(array, 2)))
    }
    return Reading(bars: bars, outputs: outputs)
  }
}
