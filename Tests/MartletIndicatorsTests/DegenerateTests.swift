import Martlet
import TestSupport
import Testing

/// Data that hold nothing: the table of the catalog's conventions, measured on TA-Lib 0.8.1.
struct DegenerateTests {
  /// A market of one symbol whose bars are all alike.
  static func constant(
    _ bars: Int, price: Double = 50, volume: Double = 1000
  ) throws -> Panel {
    func field(_ value: Double) -> NDArray {
      NDArray([Double](repeating: value, count: bars), shape: [1, bars])
    }
    return try Panel(
      open: field(price), high: field(price), low: field(price), close: field(price),
      volume: field(volume))
  }

  /// Output → value wherever it has warmed up.
  static let atConstantPrices: [String: Double] = [
    "rsi": 0, "stoch.k": 0, "stoch.d": 0, "stoch.j": 0, "stochRsi.k": 0, "stochRsi.d": 0,
    "willR": 0, "cci": 0, "cmo": 0, "mfi": 0, "ultOsc": 0, "dmi.plusDM": 0, "dmi.minusDM": 0,
    "dmi.plusDI": 0, "dmi.minusDI": 0, "dmi.dx": 0, "dmi.adx": 0, "dmi.adxr": 0, "tsi.tsi": 0,
    "tsi.signal": 0, "smi.smi": 0, "smi.signal": 0, "bop": 0, "cmf": 0, "beta": 0, "correl": 0,
    "percentRank": 0, "vhf": 0, "vortex.plus": 0, "vortex.minus": 0, "imi": 50, "rvi": 50, "er": 1,
    "roc.rocR": 1, "roc.rocR100": 100, "roc.roc": 0, "roc.rocP": 0, "rvol": 1, "massIndex": 25,
    "aroon.up": 100, "aroon.down": 100, "aroon.oscillator": 0, "sar.sar": 50,
    "superTrend.direction": 1, "zScore": 0, "percentile": 50, "choppiness": 100,
    "bollinger.bandwidth": 0, "stdDev.stdDev": 0, "stdDev.variance": 0, "meanDev": 0, "atr.natr": 0,
    "histVol": 0, "parkinson": 0, "garmanKlass": 0, "rogersSatchell": 0, "yangZhang": 0,
    "ulcerIndex": 0, "macd.histogram": 0, "ppo.ppo": 0, "kst.kst": 0, "coppock": 0, "trix.trix": 0,
    "fosc": 0, "obv": 1000, "ad": 0, "pvt": 0, "nvi": 1000, "pvi": 1000, "marketFi": 0,
    "forceIndex.forceIndex": 0, "emv.emv": 0, "sma": 50, "ema": 50, "kama": 50, "hma": 50, "t3": 50,
    "vwap.vwap": 50, "vwma": 50, "linReg.slope": 0, "linReg.value": 50,
  ]

  /// What is left without any volume.
  static let withoutVolume: [String: Double] = [
    "mfi": 0, "cmf": 0, "vwma": .nan, "vwap.vwap": .nan, "vwap.upper": .nan, "marketFi": 0,
    "emv.emv": 0, "emv.raw": 0, "obv": 0, "ad": 0, "adOsc": 0, "pvt": 0, "forceIndex.raw": 0,
  ]

  private func expect(_ expected: [String: Double], _ panel: Panel) throws {
    let table = try panel.compute(Indicator.all)
    #expect(Set(expected.keys).isSubset(of: table.names))
    for (number, name) in table.names.enumerated() {
      guard let value = expected[name] else { continue }
      for (bar, got) in table.arrays[number].doubles.enumerated()
      where bar >= table.lookbacks[number] {
        let bound = 1e-12 * max(1, abs(value))
        guard value.isNaN ? got.isNaN : abs(got - value) <= bound else {
          Issue.record("\(name) at \(bar): \(got), expected \(value)")
          break
        }
      }
    }
  }

  @Test func constantPrices() throws {
    try expect(Self.atConstantPrices, Self.constant(300))
    // The size of the price is no matter: only what is a price follows it.
    for price in [1e-6, 3e7] {
      let scaled = Self.atConstantPrices.filter {
        $0.value != 50 || ["imi", "rvi"].contains($0.key)
      }
      try expect(scaled, Self.constant(300, price: price))
    }
  }

  @Test func noVolume() throws {
    try expect(Self.withoutVolume, Self.constant(300, volume: 0))
  }

  /// What starts at once has a value at the first bar, the others have none; nothing traps.
  @Test func oneBar() throws {
    let bars = try Self.constant(1).bars
    for indicator in try Choices.all() {
      let series = indicator.series(of: bars)
      for (line, values) in zip(series, Series.values(of: series)) {
        #expect(values[0, 0].isNaN || line.lookback == 0, "\(indicator)")
      }
    }
  }
}
