import Martlet
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

  /// The indicator with each of its choices.
  static func choices(of definition: IndicatorDefinition) throws -> [Indicator] {
    try definition.parameters.flatMap { parameter -> [Indicator] in
      guard case .choice(let names) = parameter.kind else { return [] }
      return try names.map { name in
        try Indicator(named: definition.id, parameters: [parameter.name: .text(name)])
      }
    }
  }

  /// Values stand where they are known; how far back charts draw them is said beside them.
  @Test func displacements() throws {
    #expect(Indicator.ichimoku().displacements == [0, 0, 0, 0, -26])
    #expect(try Indicator("ichimoku(displacement=7)").displacements == [0, 0, 0, 0, -7])
    #expect(Indicator.fractal(left: 5, right: 3).displacements == [-3, -3])
    #expect(Indicator.alligator().displacements == [0, 0, 0])
    #expect(Indicator.zigZag().displacements == [0, 0, 0, 0])
    #expect(Indicator.rsi().displacements == [0])
  }

  @Test func listsMayHoldWholeCatalogs() throws {
    #expect(try Indicator.list("all").count == 111)
    #expect(try Indicator.list("patterns").count == 61)
    let mixed = try Indicator.list(" rsi(5), all ,hammer,patterns")
    #expect(mixed.count == 1 + 111 + 1 + 61)
    #expect(Set(Indicator.outputNames(of: mixed)).count == 1 + 205 + 1 + 61)
  }

  @Test func theCatalogIsComplete() throws {
    #expect(Indicator.all.count == 111)
    #expect(Indicator.all.map(\.definition.id) == Indicator.definitions.map(\.id))
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
      // A field may belong to one of the choices only, and days are in every bar.
      var read = Set<Int>()
      for one in try [Indicator(named: definition.id)] + Self.choices(of: definition) {
        let fields = one.series(of: .unconnected).flatMap { $0.value.inputKeys.map(\.field) }
        read.formUnion(fields.filter { $0 < BarField.stored.count })
        #expect(one.displacements.count == definition.outputs.count)
      }
      let stated = Set(fields.compactMap { BarField.stored.firstIndex(of: $0) })
      #expect(read == stated, "\(definition.id)")
    }
    #expect(
      Set(definitions.map(\.category) + [.patterns]) == Set(IndicatorCategory.allCases))
  }

  /// Every choice of every parameter that is one.
  private static func modes(of definition: IndicatorDefinition) -> [[String: ParameterValue]] {
    definition.parameters.flatMap { parameter -> [[String: ParameterValue]] in
      guard case .choice(let names) = parameter.kind else { return [] }
      return names.map { [parameter.name: .text($0)] }
    }
  }

  @Test func everyParameterMatters() throws {
    var changed = 0
    for usual in Indicator.all {
      for parameter in usual.definition.parameters {
        let values: [ParameterValue] =
          switch parameter.kind {
          case .integer(let range): [.integer(max(3, range.lowerBound))]
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
          // Some belong to a mode that is not the default.
          let matters = try ([[:]] + Self.modes(of: usual.definition)).contains { mode in
            let with = try Indicator(named: id, parameters: mode.merging([name: value]) { $1 })
            let without = try Indicator(named: id, parameters: mode)
            return Self.fingerprint(with) != Self.fingerprint(without)
          }
          #expect(matters, "\(other)")
          changed += 1
        }
      }
    }
    #expect(changed > 70)
  }

  /// What a form offers can be chosen, and what a grid goes through computed.
  @Test func whatIsSuggestedIsAllowed() throws {
    var count = 0
    for definition in Indicator.definitions + Pattern.all.map({ $0.indicator().definition }) {
      for parameter in definition.parameters {
        let values = parameter.suggestedValues
        #expect((2...40).contains(values.count), "\(definition.id) \(parameter.name): \(values)")
        #expect(Set(values).count == values.count)
        for value in values {
          do {
            let indicator = try Indicator(named: definition.id, parameters: [parameter.name: value])
            #expect(indicator.series(of: .unconnected).count == definition.outputs.count)
          } catch {
            // MACDFIX belongs to its two periods.
            #expect(error.kind == .outOfRange && "\(error)".contains("longer"), "\(error)")
          }
          count += 1
        }
        if case .integer = parameter.kind, parameter.name != "ddof" {
          #expect(values.contains(parameter.defaultValue), "\(definition.id) \(parameter.name)")
        }
      }
      #expect(definition.levels == definition.levels.sorted())
      let bounds = definition.bounds[0]
      #expect(definition.levels.allSatisfy { bounds?.contains($0) ?? true })
    }
    #expect(count > 1_000)
  }

  @Test func indicatorsAreKeys() throws {
    #expect(Indicator.rsi(14) == Indicator.rsi())
    #expect(try Indicator("RSI(14)") == .rsi())
    #expect(Indicator.rsi(14) != .rsi(13) && Indicator.rsi() != .rsi(of: .high))
    #expect(Set(Indicator.all + Indicator.all).count == 111)
    let strict = CandleSettings(exactTies: true)
    #expect(Pattern.doji.indicator() != Pattern.doji.indicator(settings: strict))
    #expect(Pattern.doji.indicator(settings: strict) == Pattern.doji.indicator(settings: strict))
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
      ("superTrend(multiplier=2.5)", "superTrend(period=10,multiplier=2.5,exactTies=false)"),
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
    #expect(try Indicator.list(" all ").count == Indicator.all.count)
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
