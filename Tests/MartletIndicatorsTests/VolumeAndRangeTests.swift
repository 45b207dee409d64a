import Martlet
import TestSupport
import Testing

/// What volume, volatility and range indicators do where there is no volume, no range or no price.
struct VolumeAndRangeTests {
  static let length = 60

  /// Rising prices around `base` with a range of 2.
  static func bars(volume: [Double], change: (inout [[Double]]) -> Void = { _ in }) -> Bars {
    let close = (0..<length).map { 100 + Double($0 % 7) + Double($0) }
    var fields = [close, close.map { $0 + 1 }, close.map { $0 - 1 }, close, volume]
    change(&fields)
    return Bars(of: FieldSource(fields: fields.map { NDArray($0) }, isFlat: true))
  }

  static let even = [Double](repeating: 1000, count: length)

  @Test func otherNames() {
    let bars = Self.bars(volume: Self.even)
    let pairs = [
      (bars.efi(5), bars.forceIndex(5).forceIndex), (bars.mass(6), bars.massIndex(sumPeriod: 6)),
      (bars.close.volatility(7), bars.close.histVol(7, returns: .simple, ddof: 0)),
    ]
    for (alias, name) in pairs {
      #expect(firstDifference(alias.values(), name.values()) == nil)
    }
  }

  @Test func withoutVolume() {
    let bars = Self.bars(volume: [Double](repeating: 0, count: Self.length))
    for series in [bars.cmf(5), bars.emv(5).emv, bars.marketFi(), bars.ad(), bars.kvo().kvo] {
      let values = series.values().doubles
      #expect(values[10...].allSatisfy { $0 == 0 })
    }
    #expect(bars.rvol(5).values().isUndefined)
  }

  /// TA-Lib's accumulation line has no part for a bar whose high is below its low.
  @Test func aRangeThatIsNone() {
    let bars = Self.bars(volume: Self.even) { fields in fields.swapAt(1, 2) }
    #expect(bars.ad().values().doubles.allSatisfy { $0 == 0 })
    let single = Self.bars(volume: Self.even) { fields in
      for field in 0..<3 { fields[field] = fields[3] }
    }
    #expect(single.massIndex(emaPeriod: 3, sumPeriod: 4).values().doubles.last == 4)
    #expect(single.kvo().kvo.values().doubles[1...].allSatisfy { $0 == 0 })
    #expect(single.cvi(3, rocPeriod: 2).values().doubles.last == 0)
  }

  /// A price of zero or below has no logarithm: windows with it are undefined, later ones are not.
  @Test(arguments: [0.0, -3.0])
  func unpricedBars(price: Double) {
    let n = 5
    let broken = Self.bars(volume: Self.even) { fields in
      for field in 0..<4 { fields[field][20] = price }
      fields[2][40] = price
    }
    let whole = Self.bars(volume: Self.even)
    let lines = { (bars: Bars) in
      [
        bars.close.histVol(n), bars.parkinson(n), bars.garmanKlass(n), bars.rogersSatchell(n),
        bars.yangZhang(n),
      ]
    }
    for (number, (got, clean)) in zip(lines(broken), lines(whole)).enumerated() {
      let (a, b) = (got.values().doubles, clean.values().doubles)
      // The high over the low of one negative price is 1: nothing tells it from a price.
      let isRangeOfNegative = price < 0 && number > 0 && number < 4
      if !isRangeOfNegative { #expect((20..<20 + n).allSatisfy { a[$0].isNaN }, "line \(number)") }
      if number > 0 { #expect((40..<40 + n).allSatisfy { a[$0].isNaN }, "line \(number)") }
      let after = Array(a[(40 + n)...])
      #expect(firstDifference(after, Array(b[(40 + n)...])) == nil, "line \(number)")
    }
  }

  /// Sums of three prices that differ in the last bit only are no trend.
  @Test func roundingTurnsNoTrend() {
    let length = Self.length
    let noisy = (0..<length).map { $0.isMultiple(of: 2) ? 0.3 : 0.1 + 0.2 }
    func fields(_ close: [Double]) -> Bars {
      let rows = [close, close.map { $0 + 0.25 }, close.map { $0 - 0.25 }, close, Self.even]
      return Bars(of: FieldSource(fields: rows.map { NDArray($0) }, isFlat: true))
    }
    let calm = fields([Double](repeating: 0.3, count: length)).kvo(fast: 3, slow: 8)
    let got = fields(noisy).kvo(fast: 3, slow: 8)
    for (a, b) in zip(got.kvo.values().doubles, calm.kvo.values().doubles) {
      #expect(a.isNaN == b.isNaN && !(abs(a - b) > 1e-6))
    }
  }

  @Test func tooShortPeriods() {
    expectError(.outOfRange, "choppiness", "2…") { _ = try Indicator("choppiness(1)") }
    expectError(.outOfRange, "yangZhang", "2…") { _ = try Indicator("yangZhang(1)") }
    expectError(.outOfRange, "rvi", "2…") { _ = try Indicator("rvi(5,stdDevPeriod=1)") }
    expectError(.outOfRange, "histVol", "ddof") { _ = try Indicator("histVol(1)") }
  }
}
