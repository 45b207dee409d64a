import Martlet
import Testing

/// Wrong names and parameters are refused with a message that names them.
struct BadTextTests {
  struct Case: CustomTestStringConvertible {
    let text: String
    let kind: DataError.Kind
    let parts: [String]
    var testDescription: String { excerpt(text) }

    init(_ text: String, _ kind: DataError.Kind, _ parts: String...) {
      self.text = text
      self.kind = kind
      self.parts = parts
    }
  }

  static let indicators: [Case] = [
    Case("", .unknownName, "without a name"),
    Case("rsj", .unknownName, "rsj", "did you mean rsi?"),
    Case("bolinger(20)", .unknownName, "bolinger", "did you mean bollinger?"),
    Case("supertrnd", .unknownName, "did you mean superTrend?"),
    Case("neverHeardOfIt", .unknownName, "neverHeardOfIt"),
    Case("rsi 14)", .unknownName, "rsi 14)"),
    Case("rsi(0)", .outOfRange, "rsi", "period", "0", "1…1048576"),
    Case("rsi(-14)", .outOfRange, "rsi", "period", "-14"),
    Case("rsi(1048577)", .outOfRange, "period", "1048577"),
    Case("rsi(99999999999999999999999)", .outOfRange, "period", "99999999999999999999999"),
    Case("rsi(14.5)", .outOfRange, "period", "14.5", "whole number"),
    Case("rsi(abc)", .outOfRange, "period", "abc", "whole number"),
    Case("rsi(nan)", .outOfRange, "period", "nan"),
    Case("rsi(period=)", .outOfRange, "period", "nothing"),
    Case("rsi(,)", .outOfRange, "period", "nothing"),
    Case("rsi(=14)", .unknownName, "rsi", "period"),
    Case("rsi(14,15)", .unknownName, "2 values", "period"),
    Case("rsi(14", .malformed, "rsi(14", "parenthesis"),
    Case("rsi(14))", .outOfRange, "period", "14)"),
    Case("rsi((14)", .outOfRange, "period", "(14"),
    Case("rsi(14)x", .malformed, "parenthesis"),
    Case("rsi(perod=14)", .unknownName, "perod", "did you mean period?"),
    Case("rsi(14,period=15)", .duplicate, "period", "twice"),
    Case("rsi(period=14,period=14)", .duplicate, "period", "twice"),
    Case("rsi(x=close,x=open)", .duplicate, "x", "twice"),
    Case("rsi(x=clse)", .unknownName, "input x", "clse", "did you mean close?"),
    Case("cci(x=close)", .unknownName, "no parameter x", "period"),
    Case("cci(14,constant=0)", .outOfRange, "constant"),
    Case("cci(14,nan)", .outOfRange, "constant", "nan"),
    Case("cci(14,inf)", .outOfRange, "constant", "inf"),
    Case("cci(14,1e999)", .outOfRange, "constant", "1e999"),
    Case("ema(10,seed=smaa)", .outOfRange, "seed", "smaa", "did you mean sma?"),
    Case("atr(14,maType=average)", .outOfRange, "maType", "average", "rma"),
    Case("macd(12,26,9,maTypes=ema/sma)", .outOfRange, "maTypes", "ema/sma", "3"),
    Case("macd(12,26,9,maTypes=ema/sma/xma)", .outOfRange, "maTypes", "xma"),
    Case("macd(12,26,9,maTypes=ema/)", .outOfRange, "maTypes", "ema/"),
    Case("macd(13,26,9,fixed=true)", .outOfRange, "macd", "fixed"),
    Case("macd(12,26,9,ema,yes)", .outOfRange, "fixed", "yes", "true or false"),
    Case("percentile(30,percent=100.5)", .outOfRange, "percent", "100.5", "0…100"),
    Case("percentile(30,-1)", .outOfRange, "percent", "-1"),
    Case("percentile(30,50,1)", .outOfRange, "interpolate", "1"),
    Case("stdDev(5,1,5)", .outOfRange, "ddof", "5", "period"),
    Case("stdDev(5,ddof=-1)", .outOfRange, "ddof", "-1"),
    Case("aroon(1048576)", .outOfRange, "period", "1048576"),
    Case("sar(-1)", .outOfRange, "start", "-1"),
    Case("superTrend(10,multiplier=-0.5)", .outOfRange, "multiplier", "-0.5"),
    Case("correl(30,y=hight)", .unknownName, "input y", "hight", "did you mean high?"),
    Case("obv(5)", .unknownName, "obv", "none"),
    Case("trueRange(firstBar=first)", .outOfRange, "firstBar", "first", "nan, range"),
  ]

  @Test(arguments: indicators)
  func anIndicator(test: Case) {
    guard let error = caught({ _ = try Indicator(test.text) }) else { return }
    #expect(error.kind == test.kind, "\(error)")
    for part in test.parts { #expect(error.description.contains(part), "\(part) not in: \(error)") }
  }

  @Test(arguments: [
    Case("", .malformed, "empty name"), Case("rsi,,sma", .malformed, "empty name", "rsi,,sma"),
    Case("rsi,", .malformed, "empty name"), Case("rsi(14", .malformed, "parenthesis"),
    Case("rsi(14,sma(3)", .malformed, "parenthesis"), Case("rsi)", .malformed, "parenthesis"),
    Case("sma,rsj", .unknownName, "rsj"),
  ])
  func aList(test: Case) {
    guard let error = caught({ _ = try Indicator.list(test.text) }) else { return }
    #expect(error.kind == test.kind, "\(error)")
    for part in test.parts { #expect(error.description.contains(part), "\(part) not in: \(error)") }
  }

  @Test func parametersByName() {
    let wrong: [(ParameterValue, String)] = [
      ("abc", "abc"), (14.5, "14.5"), (true, "true"), (0, "0"), (.real(.nan), "nan"),
      (.real(.infinity), "inf"), (.real(-1e300), "-1e+300"), (.integer(.min), "\(Int.min)"),
      (.integer(.max), "\(Int.max)"),
    ]
    for (value, text) in wrong {
      expectError(.outOfRange, "rsi", "period", text) {
        _ = try Indicator(named: "rsi", parameters: ["period": value])
      }
    }
    expectError(.outOfRange, "cci", "constant", "nan") {
      _ = try Indicator(named: "cci", parameters: ["constant": .real(.nan)])
    }
    expectError(.outOfRange, "ema", "seed", "5") {
      _ = try Indicator(named: "ema", parameters: ["seed": 5])
    }
    expectError(.unknownName, "rsi", "lenght") {
      _ = try Indicator(named: "rsi", parameters: ["lenght": 5])
    }
    expectError(.unknownName, "rsi", "input z") {
      _ = try Indicator(named: "rsi", inputs: ["z": .open])
    }
    expectError(.unknownName, "no indicator foo") { _ = try Indicator(named: "foo") }
    // A whole number may come as a real, and the other way round.
    #expect(throws: Never.self) {
      _ = try Indicator(named: "rsi", parameters: ["period": 7.0])
      _ = try Indicator(named: "cci", parameters: ["constant": 1])
    }
  }

  /// A megabyte of text is refused at once, in a line.
  @Test func longTextsAreQuotedInPart() throws {
    let long = String(repeating: "x", count: 1 << 20)
    let spaces = String(repeating: " ", count: 1 << 20)
    let texts = [
      long, "rsi(\(long))", "rsi(\(long)=1)", "rsi(period=\(long))", "rsi(14", "\(long)(14",
      "sma(20,x=\(long))", "ema(seed=\(long))", "macd(maType=\(long))",
    ]
    for text in texts {
      let error = caught { _ = try Indicator(text) }
      #expect((error?.description.utf8.count ?? 0) < 1500, "\(text.prefix(20))")
      #expect(caught { _ = try Indicator.list(text) }?.kind == error?.kind)
    }
    for text in [long, "\(long) + 1", "close + \(long)", "rsi(\(long))", "close ? \(long)"] {
      let error = caught { _ = try FeatureColumn("LONG", text) }
      #expect((error?.description.utf8.count ?? 0) < 1500, "\(text.prefix(20))")
    }
    #expect((caught { _ = try Pattern(long) }?.description.utf8.count ?? 0) < 200)
    #expect((caught { _ = try ExchangeClock(named: long) }?.description.utf8.count ?? 0) < 300)
    #expect((caught { _ = try FeatureSet.named(long) }?.description.utf8.count ?? 0) < 200)
    let documents = [
      "{\"\(long)\": 1, \"\(long)\": 1}", "{\"format\": \"\(long)\"}", "{\"\(long)\": 1}",
      "[\(long)]",
    ]
    for document in documents {
      let error = caught { _ = try FeatureSet(json: try JSONValue(parsing: document)) }
      #expect((error?.description.utf8.count ?? 0) < 500, "\(error.map { "\($0)" } ?? "")")
    }
    // Spaces are no matter.
    let plain = "\(Indicator.rsi(7))"
    let spaced = "\(spaces)rsi\(spaces)(\(spaces)7\(spaces))\(spaces)"
    #expect("\(try Indicator(spaced))" == plain)
    #expect(try Indicator.list("\(spaced),\(spaced)").map { "\($0)" } == [plain, plain])
    #expect("\(try Indicator("\u{A0}\n\trsi(7)\u{3000}"))" == plain)
    #expect(caught { _ = try Indicator(spaces) }?.description.contains("without a name") == true)
  }

  /// What a programmer writes is a precondition.
  @Test func methodsRefuseWhatNoProgramCanMean() async {
    await #expect(processExitsWith: .failure) { _ = Series([1]).sma(0) }
    await #expect(processExitsWith: .failure) { _ = Series([1]).shift(-1) }
    await #expect(processExitsWith: .failure) { _ = Indicator.rsi(0) }
    await #expect(processExitsWith: .failure) { _ = Series([1]).rollingVariance(3, ddof: 3) }
    await #expect(processExitsWith: .failure) { _ = (Series([1]) + Series([1, 2])).values() }
    await #expect(processExitsWith: .failure) { _ = Series(1).values() }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0, 2.0] as [Double], shape: [3]) }
  }
}
