import Martlet
import TestSupport
import Testing

/// What the values of an indicator can be, whatever the prices.
struct BoundsTests {
  /// Ordinary and extreme markets.
  static func markets() -> [(String, Market)] {
    var all: [(String, Market)] = [
      ("ragged", .ragged(40, 150, seed: 91)), ("dense", .dense(64, 150, seed: 92)),
    ]
    func shaped(_ name: String, _ price: (Int, Int) -> Double) {
      var market = Market.dense(16, 150, seed: 93)
      for symbol in 0..<16 {
        for time in 0..<150 {
          let k = symbol * 150 + time
          let x = price(symbol, time)
          market.fields[0][k] = x
          market.fields[1][k] = x * 1.01
          market.fields[2][k] = x * 0.99
          market.fields[3][k] = x
        }
      }
      all.append((name, market))
    }
    shaped("rising") { Double($0 + 3) * 1.37 + 0.31 * Double(($0 + 1) * $1) }
    shaped("falling") { Double($0 + 3) * 137 - 0.31 * Double(($0 + 1) * $1) }
    shaped("exploding") { Double($0 + 1) * (0...$1).reduce(1) { x, _ in x * 1.07 } }
    shaped("flat") { symbol, _ in Double(symbol) * 0.1 + 0.1 }
    shaped("steps") { 10 + Double($1 / ($0 + 2)) }
    shaped("jumps") { symbol, time in time % (symbol + 2) == 0 ? 1e6 : 1e-3 }
    shaped("nearly flat") { 1e3 + Double(($0 * 7 + $1 * 13) % 5) * 1e-13 }
    return all
  }

  @Test func boundsHoldEverywhere() throws {
    let texts = [
      "correl(5,x=close,y=close)", "correl(20,x=high,y=close)", "correl(3,x=volume,y=open)",
      "rsi(2)", "mfi(2)", "rsi(x=volume)", "aroon(3)",
      "stochRsi(2,3,7,11)", "tsi(1,2,5)", "tsi(3,3,7)", "cmo(2)", "cmo(3,none)", "imi(2)",
      "stc(2,4,3,0.3)", "stc(3,7,5,0.9)",
      "er(1)", "er(3)", "vhf(1)", "vhf(3)",
      "rvi(1,2)", "rvi(3,x=volume)", "percentRank(3)", "msw(1)", "msw(2,x=volume)",
    ]
    let indicators = try Choices.all() + texts.map { text throws in try Indicator(text) }
    let bounded = indicators.filter { $0.bounds.contains { $0 != nil } }
    let bounds = bounded.flatMap(\.bounds)
    #expect(bounds.count { $0 != nil } > 150)
    for (name, market) in Self.markets() {
      let table = try market.panel().compute(bounded)
      for (number, array) in table.arrays.enumerated() {
        guard let range = bounds[number] else { continue }
        if let wrong = array.doubles.first(where: { !$0.isNaN && !range.contains($0) }) {
          Issue.record("\(table.names[number]) of \(name): \(wrong)")
        }
      }
    }
  }

  /// Values that have no bounds in the catalog but cannot be everything either.
  @Test func whatCannotBe() throws {
    let noise = 1e-9
    for (name, market) in Self.markets() {
      let bars = try market.panel().bars
      let (bands, channel, dmi) = (bars.close.bollinger(), bars.donchian(), bars.dmi())
      let rules: [(String, Series)] = [
        ("upper band", bands.upper .>= bands.middle), ("lower band", bands.lower .<= bands.middle),
        ("channel", (channel.upper .>= bars.high) .& (channel.lower .<= bars.low)),
        ("variance", bars.close.rollingVariance(7) .>= 0), ("range", bars.trueRange() .>= 0),
        ("plus DI", (dmi.plusDI .>= 0) .& (dmi.plusDI .<= 100 + noise)),
        ("minus DI", (dmi.minusDI .>= 0) .& (dmi.minusDI .<= 100 + noise)),
        ("DX", (dmi.dx .>= 0) .& (dmi.dx .<= 100 + noise)),
        ("ADX", (dmi.adx .>= 0) .& (dmi.adx .<= 100 + noise)),
        ("r2", bars.close.linReg(9).r2 .<= 1 + noise),
        ("age", bars.high.rollingMaxAge(8) .<= 7),
        ("count", bars.close.rollingCountBelow(8) .<= 8),
        ("money flow", bars.cmf().abs() .<= 1 + noise),
        ("drawdown", bars.close.ulcerIndex() .>= 0),
        ("return deviation", bars.close.histVol() .>= 0), ("log range", bars.parkinson() .>= 0),
        ("Garman-Klass", bars.garmanKlass(3) .>= 0), ("no drift", bars.rogersSatchell(3) .>= 0),
        ("Yang-Zhang", bars.yangZhang(3) .>= 0), ("choppiness", bars.choppiness() .>= -noise),
      ]
      for (rule, values) in zip(rules, Series.values(of: rules.map(\.1))) {
        #expect(!values.doubles.contains(0), "\(rule.0) of \(name)")
      }
    }
  }
}
