import Martlet
import TestSupport
import Testing

/// Windows against rational arithmetic, around spikes of 1e12, and over ten million bars.
struct ExactWindowTests {
  /// Relative bound of mean, variance, wma, slope and correl without a spike in the window.
  ///
  /// A slope below a thousandth of a standard deviation per bar is compared on that scale.
  static let bound = 1e-10

  static func quantities(_ x: Series, _ y: Series, _ n: Int) -> [(String, Series)] {
    [
      ("mean", x.sma(n)), ("variance", x.rollingVariance(n)), ("wma", x.wma(n)),
      ("slope", x.linReg(n).slope), ("correl", x.correl(n, with: y)),
    ]
  }

  @Test(arguments: [20, 200])
  func spikesAreForgotten(n: Int) throws {
    let file = try ReferenceTests.file()
    let source = FieldSource(
      fields: [
        NDArray(try file.array("exact.x").doubles), NDArray(try file.array("exact.y").doubles),
      ], isFlat: true)
    let x = Series(.input(0, of: source))
    let y = Series(.input(1, of: source))
    let bars = try file.array("exact.bars").elements(as: Int64.self).map { Int($0) }
    let hasSpike = try file.array("exact.spike.\(n)").doubles.map { $0 != 0 }
    let variances = try file.array("exact.variance.\(n)").doubles
    #expect(hasSpike.contains(true))
    for (name, series) in Self.quantities(x, y, n) {
      let values = series.values()
      let expected = try file.array("exact.\(name).\(n)").doubles
      var after = 0
      for (k, bar) in bars.enumerated() where !expected[k].isNaN {
        let floor = name == "slope" ? 1e-3 * variances[k].squareRoot() : 0
        let error = abs(values[bar] - expected[k])
        if hasSpike[k] {
          // With the spike inside it is the scale of everything.
          let scale = max(abs(expected[k]), name == "correl" ? 1 : 0)
          #expect(error <= 1e-9 * scale, "\(name) \(n), bar \(bar) with a spike")
        } else {
          #expect(error <= Self.bound * max(abs(expected[k]), floor), "\(name) \(n), bar \(bar)")
          if bar > 700 { after += 1 }
        }
      }
      #expect(after > 20)
    }
  }

  @Test func tenMillionBarsDoNotDrift() throws {
    let count = 10_000_123
    let memory = (0..<2).map { _ in Buffer(uninitializedByteCount: count * 8) }
    // Pointers do not keep the memory alive.
    defer { withExtendedLifetime(memory) {} }
    let x = memory[0].pointer(to: Double.self)
    let y = memory[1].pointer(to: Double.self)
    var bits: UInt64 = 1
    var (level, other) = (1 << 20, 1 << 20)
    for k in 0..<count {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Steps of up to 0.2 %, and a pull back to the middle.
      let step = Int(truncatingIfNeeded: bits >> 52) &- 2047 &- ((level &- 1 << 20) >> 12)
      level &+= step
      let own = Int(truncatingIfNeeded: (bits >> 40) & 0xFFF) &- 2047
      other &+= (step >> 1) &+ own &- ((other &- 1 << 20) >> 12)
      x[k] = Double(level) * 1e-4
      y[k] = Double(other) * 1e-4
    }
    func series(from start: Int) -> (Series, Series) {
      let fields = memory.map {
        NDArray($0, offset: start, shape: [count - start], dtype: .float64)
      }
      let source = FieldSource(fields: fields, isFlat: true)
      return (Series(.input(0, of: source)), Series(.input(1, of: source)))
    }
    func last(from start: Int, _ n: Int) -> [Double] {
      let (x, y) = series(from: start)
      let all = Self.quantities(x, y, n).flatMap { one in (0..<3).map { one.1.shift($0) } }
      return Series.latest(of: all, threads: 1).map { $0.element(0) }
    }
    let n = 100
    let whole = last(from: 0, n)
    #expect(sameBits(whole, last(from: (count / n - 5) * n, n)))
    for back in 0..<3 {
      let window = (count - back - n)..<(count - back)
      let direct = Self.direct(window.map { x[$0] }, window.map { y[$0] })
      for (number, expected) in direct.enumerated() {
        let value = whole[number * 3 + back]
        #expect(
          abs(value - expected) <= Self.bound * abs(expected), "quantity \(number), \(back) back")
      }
    }
  }

  /// The same five quantities of one window by their definitions.
  static func direct(_ x: [Double], _ y: [Double]) -> [Double] {
    let n = Double(x.count)
    let (mx, my) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    let place = (n - 1) / 2
    var (xx, yy, xy, jx, weighted) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (j, pair) in zip(x, y).enumerated() {
      let (dx, dy) = (pair.0 - mx, pair.1 - my)
      xx += dx * dx
      yy += dy * dy
      xy += dx * dy
      jx += (Double(j) - place) * dx
      weighted += Double(j + 1) * pair.0
    }
    return [
      mx, xx / n, weighted / (n * (n + 1) / 2), jx / (n * (n * n - 1) / 12),
      xy / (xx * yy).squareRoot(),
    ]
  }
}
