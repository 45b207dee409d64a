import Martlet
import TestSupport
import Testing

/// What a change of units does to indicators, and how far float32 is from float64.
struct ScaleTests {
  /// Why an output is no multiple of a power of the price, where it is none.
  static func reason(_ name: String) -> String? {
    if name.contains("periods=low") { return "a price is taken for a length" }
    if name.hasPrefix("linReg"), name.hasSuffix("angle"), !name.contains("volume") {
      return "the angle of a slope in prices per bar"
    }
    return nil
  }

  private static func values(_ market: Market, _ factor: Double, _ indicators: [Indicator]) throws
    -> [[Double]]
  {
    var market = market
    for field in 0..<4 { market.fields[field] = market.fields[field].map { $0 * factor } }
    return try market.panel().compute(indicators).arrays.map(\.doubles)
  }

  /// The power of the price that an output is, by what doubling the prices does to it.
  static func degree(_ once: [Double], _ doubled: [Double]) -> Int? {
    (-3...3).first { power in
      let factor = [0.125, 0.25, 0.5, 1, 2, 4, 8][power + 3]
      return zip(once, doubled).allSatisfy { sameBits($0 * factor, $1) }
    }
  }

  /// Every output of every indicator is a power of the price times something without a unit: what
  /// is a price follows the price, and oscillators do not see its size.
  @Test func unitsChangeNothingElse() throws {
    let market = Market.dense(9, 160, seed: 95)
    let indicators = try Choices.all()
    let once = try Self.values(market, 1, indicators)
    let doubled = try Self.values(market, 2, indicators)
    let names = Indicator.outputNames(of: indicators)
    var degrees: [Int?] = []
    for number in names.indices {
      let degree = Self.degree(once[number], doubled[number])
      let reason = Self.reason(names[number])
      #expect(degree != nil || reason != nil, "\(names[number])")
      degrees.append(reason == nil ? degree : nil)
    }
    for power in [-40, -3, 30] {
      let factor = Double(sign: .plus, exponent: power, significand: 1)
      for (number, values) in try Self.values(market, factor, indicators).enumerated() {
        guard let degree = degrees[number] else { continue }
        let scale = Double(sign: .plus, exponent: power * degree, significand: 1)
        let difference = firstDifference(values, once[number].map { $0 * scale })
        #expect(difference == nil, "\(names[number]) × \(factor): \(difference ?? "")")
      }
    }
    // Other factors change the rounding of the prices, and nothing beyond.
    for factor in [1e-9, 1e-4, 0.7, 3, 1e5, 1e9] {
      for (number, values) in try Self.values(market, factor, indicators).enumerated() {
        guard let degree = degrees[number] else { continue }
        var scale = 1.0
        for _ in 0..<abs(degree) { scale *= degree < 0 ? 1 / factor : factor }
        let expected = once[number].map { $0 * scale }
        let size = expected.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
        for (a, b) in zip(values, expected) where !(a.isNaN && b.isNaN) {
          guard abs(a - b) <= 1e-9 * size else {
            Issue.record("\(names[number]) × \(factor): \(a) and \(b)")
            break
          }
        }
      }
    }
  }

  /// Float32 keeps inputs and results to 24 bits.
  ///
  /// The bound is 1e-3 of an output's largest value: what is left of 24 bits in a move of 1 %.
  @Test func float32IsNear() throws {
    let market = Market.dense(20, 150, seed: 97)
    var rounded = market
    for field in 0..<5 { rounded.fields[field] = market.fields[field].map { Double(Float($0)) } }
    let exact = try rounded.panel().compute(Indicator.all)
    let single = try rounded.panel(.float32).compute(Indicator.all)
    // Path dependent: a tie that rounds the other way is another path, for a few bars of a few.
    // Ranks of returns, too, hang on what 24 bits cannot tell apart.
    let forks: Set<String> = ["superTrend", "sar", "zigZag", "connorsRsi"]
    for (number, name) in exact.names.enumerated() {
      #expect(single.arrays[number].dtype == .float32)
      let (a, b) = (single.arrays[number].doubles, exact.arrays[number].doubles)
      let size = b.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
      var far = 0
      for (x, y) in zip(a, b) {
        #expect(x.isNaN == y.isNaN, "\(name)")
        if abs(x - y) > 1e-3 * size { far += 1 }
      }
      let isPath = forks.contains(String(name.prefix { $0 != "." }))
      #expect(far <= (isPath ? b.count / 50 : 0), "\(name): \(far) of \(b.count)")
    }
  }

  /// The same for the columns of the transformer.
  @Test func float32FeaturesAreNear() throws {
    var market = Market.dense(20, 260, seed: 98)
    for field in 0..<5 { market.fields[field] = market.fields[field].map { Double(Float($0)) } }
    let exact = try market.panel().compute(FeatureSet.transformer111)
    let single = try market.panel(.float32).compute(FeatureSet.transformer111)
    for (number, name) in exact.names.enumerated() {
      let (a, b) = (single.arrays[number].doubles, exact.arrays[number].doubles)
      let size = b.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
      let wrong = zip(a, b).count { $0.isNaN != $1.isNaN || abs($0 - $1) > 1e-3 * size }
      #expect(wrong == 0, "\(name): \(wrong) of \(b.count)")
    }
  }

  /// Patterns compare: what 24 bits cannot tell apart falls on either side, for a bar in a thousand.
  @Test func float32PatternsAreNear() throws {
    var market = Market.dense(20, 260, seed: 99)
    for field in 0..<5 { market.fields[field] = market.fields[field].map { Double(Float($0)) } }
    let exact = try market.panel().compute(Pattern.all)
    let single = try market.panel(.float32).compute(Pattern.all)
    for (number, name) in exact.names.enumerated() {
      let (a, b) = (single.arrays[number].doubles, exact.arrays[number].doubles)
      let wrong = zip(a, b).count { !($0 == $1 || $0.isNaN && $1.isNaN) }
      #expect(wrong * 1000 <= b.count, "\(name): \(wrong) of \(b.count)")
    }
  }
}
