import Martlet
import TestSupport
import Testing

/// What has left the window is gone: a spike, a hole, and all the bars before.
struct DriftTests {
  static let bars = 40_000
  static let seen = 300

  /// Steps of up to 2 % around 100, on a grid of a tenth of a cent; spikes of 1e12 in every field.
  static func market(spikes: [Int]) -> [[Double]] {
    var random = SeededGenerator(77)
    var fields = (0..<5).map { _ in [Double](repeating: 0, count: bars) }
    var close = 100.0
    func grid(_ x: Double) -> Double { (x * 1000).rounded() / 1000 }
    for k in 0..<bars {
      let open = close
      close = grid(open * (1 + 0.04 * (random.unit() - 0.5)) + 0.001 * (100 - open))
      fields[0][k] = open
      fields[1][k] = grid(max(open, close) * (1 + 0.01 * random.unit()))
      fields[2][k] = grid(min(open, close) * (1 - 0.01 * random.unit()))
      fields[3][k] = close
      fields[4][k] = (1e6 * random.unit()).rounded()
    }
    for k in spikes {
      for field in fields.indices { fields[field][k] = 1e12 }
    }
    return fields
  }

  private func values(_ indicators: [Indicator], _ fields: [[Double]], from start: Int)
    -> [[Double]]
  {
    let part = fields.map { NDArray(Array($0[start...])) }
    let bars = Bars(of: FieldSource(fields: part, isFlat: true))
    return Series.values(of: indicators.flatMap { $0.series(of: bars) }).map(\.doubles)
  }

  @Test func windowsForgetSpikesAndTheLongPast() throws {
    let indicators = try Choices.all().filter { $0.plan.forgets }
    #expect(indicators.count > 20)
    let longest = indicators.flatMap { $0.lookbacks }.max()!
    // The last spike has just left the longest window where the comparison begins.
    let first = Self.bars - Self.seen
    let fields = Self.market(spikes: [Self.bars / 3, first - longest - 1])
    let whole = values(indicators, fields, from: 0)
    let fresh = values(indicators, fields, from: first - longest)
    let names = indicators.flatMap { one in one.outputNames.map { "\(one): \($0)" } }
    for (number, name) in names.enumerated() {
      let (a, b) = (whole[number].suffix(Self.seen), fresh[number].suffix(Self.seen))
      let size = b.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
      for (x, y) in zip(a, b) where !(x.isNaN && y.isNaN) {
        guard abs(x - y) <= 1e-9 * max(abs(y), 1e-3 * size) else {
          Issue.record("\(name): \(x), fresh \(y)")
          break
        }
      }
    }
  }

  /// A hole of undefined values inside a formula is forgotten as well.
  @Test func windowsForgetUndefinedValues() throws {
    let indicators = try Choices.all().filter {
      $0.plan.forgets && $0.definition.inputs == [.series("x", .close)]
        && !"\($0)".contains("x=")
    }
    #expect(indicators.count > 5)
    var fields = Self.market(spikes: []).map { Array($0.suffix(2000)) }
    let longest = indicators.flatMap { $0.lookbacks }.max()!
    let clean = values(indicators, fields, from: 0)
    let source = FieldSource(fields: fields.map { NDArray($0) }, isFlat: true)
    let bars = Bars(of: source)
    // 0 / 0 at one bar.
    fields[3] = fields[3].indices.map { $0 == 700 ? 0 : 1 }
    let one = Series(NDArray(fields[3]))
    let broken = bars.close * (one / one)
    let holed = Bars(
      open: broken, high: broken, low: broken, close: broken, volume: broken)
    let results = Series.values(of: indicators.flatMap { $0.series(of: holed) }).map(\.doubles)
    for (number, result) in results.enumerated() {
      #expect(result[700].isNaN)
      let after = 701 + longest
      let difference = firstDifference(Array(result[after...]), Array(clean[number][after...]))
      #expect(difference == nil, "result \(number)")
    }
  }
}
