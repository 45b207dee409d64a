import Foundation
import Martlet
import TestSupport
import Testing

/// Columns as formulas, and sets as JSON.
struct FeatureTextTests {
  @Test func formulasAreWhatTheySay() throws {
    let panel = try Market.dense(3, 80, seed: 21).panel()
    let bars = panel.bars
    let close = bars.close
    let cases: [(String, Series)] = [
      ("close", close), (" hl2 ", bars.medianPrice), ("rsi", close.rsi(14)),
      ("RSI(7)", close.rsi(7)), ("rsi(7,x=high)", bars.high.rsi(7)), ("macd", close.macd().macd),
      ("macd.signal", close.macd().signal),
      ("macd(5,13,5).histogram", close.macd(fast: 5, slow: 13, signal: 5).histogram),
      ("donchian(9).lower", bars.donchian(9).lower),
      ("close / sma(20) - 1", close / close.sma(20) - 1),
      ("1 - 2 * 3 + close", -5 + close), ("-close - -2", -close + 2), ("8/4/2*close", close),
      (
        "(close - open) / (high - low)",
        (close - bars.open).divided(by: bars.high - bars.low, orIfZero: .nan)
      ),
      ("close / (close - close)", Series.nan(like: close)),
      ("1.5e1 + .5 * close", 15 + 0.5 * close),
      ("close > open", close .> bars.open), ("close <= open", close .<= bars.open),
      (
        "where(close > open, volume, 0)",
        Series.where(close .> bars.open, bars.volume, Series(0))
      ),
      ("shift(close, 3) - close", close.shift(3) - close),
      ("shift(close, 3) - min(close, open)", close.shift(3) - minimum(close, bars.open)),
      ("diff(close, 2) + rollingMean(close, 5)", close.diff(2) + close.rollingMean(5)),
      ("rollingStd(close, 5) / cumsum(volume)", close.rollingStd(5) / bars.volume.cumsum()),
      ("power(close, 2) + floor(open)", close.power(2) + bars.open.floor()),
      (
        "maximum(close, open) - minimum(close,open)",
        maximum(close, bars.open) - minimum(close, bars.open)
      ),
      (
        "log(close) + exp(sqrt(abs(sign(open - close))))",
        close.log() + (bars.open - close).sign().abs().sqrt().exp()
      ),
      ("sma(14, x=trueRange(range))", bars.trueRange(firstBar: .range).sma(14)),
      ("sma(x = rsi(5, x = sma(3)), period = 4)", close.sma(3).rsi(5).sma(4)),
      (
        "correl(9, x=close - open, y=log(volume + 1)).correl",
        (close - bars.open).rollingCorr(9, with: (bars.volume + 1).log())
      ),
      ("vwap(anchor=week).upper", bars.vwap(anchor: bars.begins(.week)).upper),
      ("where(doji > 0, 1, 0) * close", Series.where(bars.pattern(.doji) .> 0, 1, 0) * close),
      ("volumeBalance(x=high)", bars.high.volumeBalance(bars.volume)),
      ("obv(x=ema(3))", close.ema(3).obv(volume: bars.volume)),
      (
        "bandedVWAP(day, bands=sinceAnchor).lower2",
        bars.bandedVWAP(.day, bands: .sinceAnchor).lower[1]
      ),
    ]
    let set = try FeatureSet(
      "cases", try cases.enumerated().map { try FeatureColumn("\($0)", $1.0) })
    let expected = Series.values(of: cases.map(\.1))
    let table = try panel.compute(set)
    for (place, text) in cases.map(\.0).enumerated() {
      let problem = FeatureSetTests.difference(table.arrays[place], expected[place])
      #expect(problem == nil, "\(text): \(problem ?? "")")
      #expect(set.columns[place].formula == text.trimmingCharacters(in: .whitespaces))
    }
    // The same set after having been saved.
    let again = try FeatureSet(json: try set.json())
    let values = try panel.compute(again).arrays
    for place in cases.indices {
      #expect(firstDifference(values[place], table.arrays[place]) == nil, "\(cases[place].0)")
    }
  }

  static let wrong: [BadTextTests.Case] = [
    .init("", .malformed, "formula", "ends", "a value"), .init("   ", .malformed, "ends"),
    .init("5", .empty, "no field"), .init("1 + log(2)", .empty, "no field"),
    .init("clse", .unknownName, "clse", "did you mean close?"),
    .init("rsj(14)", .unknownName, "rsj", "did you mean rsi?"),
    .init("close + ", .malformed, "character 9", "ends"),
    .init("close close", .malformed, "character 7", "an operator"),
    .init("(close", .malformed, "expected )"), .init("close)", .malformed, "\")\""),
    .init("close + * open", .malformed, "\"* open\""), .init("close = 5", .malformed, "= 5"),
    .init("rsi(14", .malformed, "closing parenthesis"),
    .init("rsi(0)", .outOfRange, "rsi", "period"), .init("rsi(1,2)", .unknownName, "2 values"),
    .init("rsi.signal", .unknownName, "no output signal"),
    .init("macd.sgnal", .unknownName, "no output sgnal", "did you mean signal?"),
    .init("donchian(5)", .missing, "several outputs", ".upper, .middle, .lower"),
    .init("rsi(14,x=clse)", .unknownName, "clse", "did you mean close?"),
    .init("rsi(14,x=)", .malformed, "ends"), .init("rsi(14,y=open+1)", .unknownName, "y"),
    .init("rsi(x=close,x=open)", .duplicate, "twice"),
    .init("shift(close)", .wrongShape, "shift", "1 values; expected 2"),
    .init("shift(close, open)", .outOfRange, "shift", "whole number"),
    .init("shift(close, -1)", .outOfRange, "shift"),
    .init("shift(close, 1.5)", .outOfRange, "shift"),
    .init("shift(close, 1e300)", .outOfRange, "shift"),
    .init("log(close, 2)", .wrongShape, "2 values; expected 1"),
    .init("where(close, 1)", .wrongShape, "where", "expected 3"),
    .init("1.2.3 + close", .malformed, "1.2.3"), .init("1e999 + close", .malformed, "1e999"),
    .init("close ≥ 5", .malformed, "an operator"), .init("\"close\"", .malformed, "expected"),
    .init("bandedVWAP(hihg).vwap", .outOfRange, "anchor", "hihg"),
    .init(String(repeating: "(", count: 5000) + "close", .outOfRange, "levels"),
    .init(String(repeating: "abs(", count: 900) + "close", .outOfRange, "levels"),
    .init(String(repeating: "rsi(x=", count: 900) + "1", .malformed, "closing parenthesis"),
    .init(
      String(repeating: "rsi(x=", count: 100) + "open+1" + String(repeating: ")", count: 100),
      .outOfRange, "levels"),
    .init("close" + String(repeating: "+close", count: 900), .outOfRange, "operations"),
    .init("close" + String(repeating: "+close", count: 3000), .outOfRange, "characters"),
  ]

  @Test(arguments: wrong)
  func wrongFormulas(test: BadTextTests.Case) {
    guard let error = caught({ _ = try FeatureColumn("A", test.text) }) else { return }
    #expect(error.kind == test.kind, "\(error)")
    for part in test.parts { #expect(error.description.contains(part), "\(part) not in: \(error)") }
    #expect(error.description.count < 400)
  }

  /// Whatever the text, there is a column or an error.
  @Test func nothingTrapsOnText() {
    var random = SeededGenerator(77)
    let parts = [
      "close", "rsi", "(", ")", "(14)", ",", "x=", ".", "signal", "macd", "+", "-", "*", "/", "<",
      ">=", "5", "0", "1e5", "shift", "where", "maximum", " ", "=", "é", "\u{0}", "bandedVWAP",
      "day", "#",
    ]
    var made = 0
    for _ in 0..<3000 {
      let text = (0..<1 + random.below(9)).map { _ in parts[random.below(parts.count)] }.joined()
      do {
        _ = try FeatureColumn("A", text)
        made += 1
      } catch {}
    }
    #expect(made > 20)
  }

  @Test func setsComeBackFromJSON() throws {
    let panel = try FeatureModesTests.panel(Market.dense(4, 80, seed: 3))
    let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let all = FeatureSet.transformer111
    let sets = [
      all, all.trailing(window: 20), try all.fitted(on: panel),
      try all.standardisingEveryColumn.fitted(on: panel), .transformer111(profile: .original),
    ]
    for (number, set) in sets.enumerated() {
      let path = folder.appending(path: "set\(number).json").path()
      try set.write(json: path)
      let again = try FeatureSet(json: path)
      #expect(try again.json() == (try set.json()))
      #expect(again.name == set.name && again.names == set.names)
      #expect(again.fillsWithZero == set.fillsWithZero)
      let (a, b) = (try panel.compute(set), try panel.compute(again))
      for place in set.names.indices {
        let difference = firstDifference(a.arrays[place], b.arrays[place])
        #expect(difference == nil, "set \(number), \(set.names[place]): \(difference ?? "")")
      }
    }
    let closure = try FeatureSet(
      "mine", [FeatureColumn("A", "rsi"), FeatureColumn("GAP") { $0.open - $0.close.shift(1) }])
    expectError(.incompatible, "mine", "column GAP", "closure") { _ = try closure.json() }
    expectError(.incompatible, "GAP") {
      try closure.write(json: folder.appending(path: "c.json").path())
    }
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "c.json").path()))
    expectError(.unreadable, "nowhere.json") {
      _ = try FeatureSet(json: folder.appending(path: "nowhere.json").path())
    }
  }

  static func document(_ columns: String, _ rest: String = "") -> String {
    """
    {"format": "martlet features", "version": 1, "name": "n", "columns": [\(columns)]\(rest)}
    """
  }

  static let badDocuments: [BadTextTests.Case] = [
    .init("", .truncated, "line 1, column 1"),
    .init("[]", .wrongType, "an array; expected an object"),
    .init("{}", .missing, "no member format"),
    .init(#"{"format": "other"}"#, .incompatible, "format", "martlet features"),
    .init(#"{"format": "martlet features", "version": 2}"#, .incompatible, "version 2"),
    .init(#"{"format": "martlet features", "version": 1}"#, .missing, "no member columns"),
    .init(document(""), .empty, "no columns"),
    .init(document("5"), .wrongType, "columns[0]", "a number; expected an object"),
    .init(document(#"{"name": "A"}"#), .missing, "columns[0]", "no member formula"),
    .init(document(#"{"formula": "rsi"}"#), .missing, "columns[0]", "no member name"),
    .init(
      document(#"{"name": "A", "formula": "rsj(14)"}"#), .unknownName, "columns[0].formula", "rsj",
      "did you mean rsi?"),
    .init(
      document(#"{"name": "A", "formula": "rsi(0)"}"#), .outOfRange, "columns[0].formula", "period"),
    .init(
      document(#"{"name": "A", "formula": 14}"#), .wrongType, "columns[0].formula",
      "expected a text"),
    .init(
      document(#"{"name": "A", "formula": "rsi", "standardized": true}"#), .unknownName,
      "standardized", "did you mean standardised?"),
    .init(document(#"{"name": "A", "formula": "rsi", "threshold": "x"}"#), .wrongType, "threshold"),
    .init(
      document(#"{"name": "A", "formula": "rsi"}, {"name": "A", "formula": "rsi"}"#), .duplicate,
      "column A"),
    .init(document(#"{"name": "", "formula": "rsi"}"#), .missing, "empty name"),
    .init(
      document(#"{"name": "A", "formula": "rsi"}"#, #", "normalisation": {"kind": "trailng"}"#),
      .unknownName, "normalisation.kind", "did you mean trailing?"),
    .init(
      document(
        #"{"name": "A", "formula": "rsi"}"#,
        #", "normalisation": {"kind": "trailing", "window": 1}"#), .outOfRange,
      "normalisation.window", "2…1048576"),
    .init(
      document(
        #"{"name": "A", "formula": "rsi"}"#,
        #", "normalisation": {"kind": "trailing", "window": 1e300}"#), .outOfRange,
      "normalisation.window"),
    .init(
      document(
        #"{"name": "A", "formula": "rsi"}"#,
        #", "normalisation": {"kind": "frozen", "statistics": []}"#), .wrongShape,
      "normalisation.statistics", "0 for 1 columns"),
    .init(
      document(
        #"{"name": "A", "formula": "rsi"}"#,
        #", "normalisation": {"kind": "frozen", "statistics": [{"mean": 1, "deviation": -1}]}"#),
      .outOfRange, "statistics[0].deviation"),
    .init(
      document(#"{"name": "A", "formula": "rsi"}"#, #", "fillsWithZero": 1"#), .wrongType,
      "fillsWithZero"),
    .init(document(#"{"name": "A", "formula": "rsi"}"#, #", "extra": 1"#), .unknownName, "extra"),
  ]

  @Test(arguments: badDocuments)
  func wrongDocuments(test: BadTextTests.Case) {
    guard
      let error = caught({ _ = try FeatureSet(jsonText: test.text, name: "my.json") })
    else { return }
    #expect(error.kind == test.kind, "\(error)")
    for part in test.parts { #expect(error.description.contains(part), "\(part) not in: \(error)") }
  }
}

extension Series {
  fileprivate static func nan(like other: Series) -> Series { other * .nan }
}
