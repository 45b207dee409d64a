import Martlet
import MartletArrays
import MartletIndicators
import TestSupport
import Testing

/// The catalog says what the methods do.
struct CatalogTests {
  static func fingerprint(_ series: [Series]) -> UInt64 {
    Schedule(series.map(\.value)).fingerprint
  }

  static func fingerprint(_ indicator: Indicator) -> UInt64 {
    fingerprint(indicator.series(of: .unconnected))
  }

  @Test func twentyFourIndicators() {
    #expect(
      Indicator.all.map(\.definition.id) == [
        "sma", "ema", "rma", "wma", "kama", "bollinger", "donchian", "superTrend", "sar", "roc",
        "rsi", "stoch", "macd", "cci", "dmi", "aroon", "obv", "mfi", "trueRange", "atr", "linReg",
        "stdDev", "correl", "percentile",
      ])
    #expect(Indicator.all.count == 24)
    let definitions = Indicator.definitions
    #expect(Set(definitions.map { $0.id.lowercased() }).count == definitions.count)
    for definition in definitions {
      #expect(!definition.title.isEmpty && !definition.source.isEmpty)
      #expect(!definition.reference.isEmpty && !definition.inputs.isEmpty)
      #expect(Set(definition.parameters.map(\.name)).count == definition.parameters.count)
      #expect(Set(definition.outputs).count == definition.outputs.count)
      let indicator = Indicator.all.first { $0.definition.id == definition.id }
      #expect(indicator?.series(of: .unconnected).count == definition.outputs.count)
      #expect(indicator?.outputNames.count == definition.outputs.count)
      let fields = definition.inputs.map { input in
        switch input {
        case .field(let field): field
        case .series(_, let field): field
        }
      }
      let series = indicator?.series(of: .unconnected) ?? []
      let read = Set(series.flatMap { $0.value.inputKeys.map(\.field) })
      let stated = Set(fields.compactMap { BarField.stored.firstIndex(of: $0) })
      #expect(read == stated, "\(definition.id)")
    }
    #expect(
      Set(definitions.map(\.category) + [.patterns]) == Set(IndicatorCategory.allCases))
  }

  @Test func factoriesHaveTheDefaults() {
    let factories: [Indicator] = [
      .sma(), .ema(), .rma(), .wma(), .kama(), .bollinger(), .donchian(), .superTrend(), .sar(),
      .roc(), .rsi(), .stoch(), .macd(), .cci(), .dmi(), .aroon(), .obv(), .mfi(), .trueRange(),
      .atr(), .linReg(), .stdDev(), .correl(), .percentile(),
    ]
    for (factory, usual) in zip(factories, Indicator.all) {
      #expect(factory.description == usual.description)
      #expect(Self.fingerprint(factory) == Self.fingerprint(usual), "\(usual)")
    }
  }

  @Test func methodsHaveTheDefaults() {
    let bars = Bars.unconnected
    let x = bars.close
    let (bands, channel, trend) = (x.bollinger(), bars.donchian(), bars.superTrend())
    let (stop, stoch, macd) = (bars.sar(), bars.stoch(), x.macd())
    let (dmi, aroon, line) = (bars.dmi(), bars.aroon(), x.linReg())
    let methods: [[Series]] = [
      [x.sma()], [x.ema()], [x.rma()], [x.wma()], [x.kama()],
      [bands.upper, bands.middle, bands.lower, x.bollingerPercentB(), x.bollingerBandwidth()],
      [channel.upper, channel.middle, channel.lower],
      [trend.line, trend.direction, trend.upperBand, trend.lowerBand],
      [stop.sar, stop.direction], [x.roc(), x.rocP(), x.rocR(), x.rocR100()], [x.rsi()],
      [stoch.k, stoch.d, stoch.j], [macd.macd, macd.signal, macd.histogram], [bars.cci()],
      [dmi.plusDM, dmi.minusDM, dmi.plusDI, dmi.minusDI, dmi.dx, dmi.adx, dmi.adxr],
      [aroon.up, aroon.down, aroon.oscillator], [bars.obv()], [bars.mfi()], [bars.trueRange()],
      [bars.atr(), bars.natr()],
      [line.value, line.slope, line.intercept, line.angle, line.forecast, line.r2],
      [x.stdDev(), x.rollingVariance(5), x.stdErr()], [bars.high.correl(with: bars.low)],
      [x.percentile()],
    ]
    for (series, usual) in zip(methods, Indicator.all) {
      #expect(Self.fingerprint(series) == Self.fingerprint(usual), "\(usual)")
    }
  }

  @Test func everyParameterMatters() throws {
    var changed = 0
    for usual in Indicator.all {
      for parameter in usual.definition.parameters {
        let values: [ParameterValue] =
          switch parameter.kind {
          case .integer: [.integer(3)]
          case .real: [.real(0.5)]
          case .flag: [.flag(true)]
          case .choice(let names): names.map { .text($0) }
          case .averages: [.text("sma"), .text("ema/wma/kama")]
          }
        for value in values where value != parameter.defaultValue {
          let name = parameter.name
          let id = usual.definition.id
          let other = try Indicator(named: id.uppercased(), parameters: [name: value])
          #expect(other.parameters[name] == value)
          #expect(Self.fingerprint(other) != Self.fingerprint(usual), "\(other)")
          changed += 1
        }
      }
    }
    #expect(changed > 70)
  }

  @Test func textGoesThereAndBack() throws {
    for indicator in try WarmUpTests.indicators() {
      for text in [indicator.description, indicator.shortDescription, " \(indicator) "] {
        let again = try Indicator(text)
        #expect(again.description == indicator.description)
        #expect(again.parameters == indicator.parameters)
        #expect(again.inputs == indicator.inputs)
        #expect(Self.fingerprint(again) == Self.fingerprint(indicator))
      }
    }
  }

  @Test func textForms() throws {
    let forms: [(String, String)] = [
      ("rsi", "rsi(period=14)"), ("RSI", "rsi(period=14)"), ("rsi()", "rsi(period=14)"),
      (" rsi ( 7 ) ", "rsi(period=7)"), ("rsi( period = 7 )", "rsi(period=7)"),
      ("rsi(7,x=high)", "rsi(period=7,x=high)"), ("rsi(x=high)", "rsi(period=14,x=high)"),
      ("correl(5,y=volume,x=open)", "correl(period=5,x=open,y=volume)"),
      ("stdDev(5,2,1)", "stdDev(period=5,multiplier=2,ddof=1)"),
      ("stdDev(5,ddof=1)", "stdDev(period=5,multiplier=1,ddof=1)"),
      ("superTrend(multiplier=2.5)", "superTrend(period=10,multiplier=2.5)"),
      ("percentile(9,1e1,true)", "percentile(period=9,percent=10,interpolate=true)"),
      ("obv", "obv()"), ("obv(x=hlc3)", "obv(x=hlc3)"),
    ]
    for (text, expected) in forms { #expect(try Indicator(text).description == expected) }
    #expect(
      try Indicator("macd(3,10,16,maTypes=sma)").description
        == "macd(fast=3,slow=10,signal=16,maTypes=sma,fixed=false,seedAlign=slow)")
  }

  @Test func lists() throws {
    let list = try Indicator.list("rsi(14), macd(fast=12,slow=26,signal=9) ,sma")
    #expect(list.map(\.definition.id) == ["rsi", "macd", "sma"])
    #expect(try Indicator.list(" all ").count == 24)
    let all = Indicator.all.map(\.description).joined(separator: ",")
    #expect(try Indicator.list(all).map(\.description) == Indicator.all.map(\.description))
  }

  @Test func outputNamesAreDifferent() throws {
    let names = Indicator.outputNames(of: try Indicator.list("rsi,macd,sma(10),sma(20),sma(20)"))
    #expect(
      names == [
        "rsi", "macd.macd", "macd.signal", "macd.histogram", "sma(period=10)", "sma(period=20)",
        "sma(period=20)#2",
      ])
    let all = try Choices.all()
    let count = all.reduce(0) { $0 + $1.definition.outputs.count }
    #expect(Set(Indicator.outputNames(of: all)).count == count)
    let table = try Market.dense(2, 60).panel().compute([.sma(10), .macd()])
    #expect(table["macd.signal"]?.shape == [2, 60])
    #expect(table["nothing"] == nil)
    #expect(table.lookbacks == [9, 25, 33, 33])
  }
}
