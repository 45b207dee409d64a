public import MartletCore

// Names that pandas and streaming libraries have for what is called otherwise here: the compiler answers with the one to write.
// `Tests/Guesses` compiles them all.

extension Panel {
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.open")
  public var open: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.high")
  public var high: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.low")
  public var low: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.close")
  public var close: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.volume")
  public var volume: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: "try panel[\"AAPL\"], panel[from: \"2018-01-01\", to: \"2018-12-31\"]"
  )
  public var loc: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.times(0..<100), panel.symbols([0, 1])")
  public var iloc: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: "print(panel) shows a table; values are panel.bars.close.values()"
  )
  public var df: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.symbols and panel.bars")
  public var columns: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.timestamps, panel.symbols, panel.index(of:)")
  public var index: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.times(0..<5)")
  public var head: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.times(panel.time.count - 5..<panel.time.count)")
  public var tail: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable,
    message: "formulas run per symbol already: panel.bars.close.rsi(14).values() is [symbols, time]"
  )
  public var groupby: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable,
    message:
      "panel.resampled(to: .days(1)); of weeks, months and years a formula: panel.bars.every(.week) { $0.close }"
  )
  public var resample: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.joined(with: other)")
  public var merge: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable,
    message: "missing bars need no dropping: a series is that of each symbol's own bars"
  )
  public var dropna: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "timestamps")
  public var dates: UnavailableName<[Timestamp]> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "timestamps")
  public var datetime: UnavailableName<[Timestamp]> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "try Panel(csv: \"prices.csv\")")
  public static var readCSV: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "try Panel(csv: \"prices.csv\")")
  public static var read_csv: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "try Panel(csv: \"prices.csv\")")
  public static var load: UnavailableName<Panel> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "symbols")
  public var tickers: UnavailableName<[String]> { fatalError() }
}

extension Bars {
  /// Called otherwise here.
  @available(*, unavailable, renamed: "medianPrice")
  public var hl2: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "typicalPrice")
  public var hlc3: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "averagePrice")
  public var ohlc4: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "bars.every(.week) { $0.close.rsi(14) }")
  public var resample: UnavailableName<Bars> { fatalError() }
}

extension BarStream {
  /// Called otherwise here.
  @available(*, unavailable, renamed: "update(_:for:)")
  public var push: UnavailableName<StreamRow> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "update(_:for:)")
  public var append: UnavailableName<StreamRow> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "update(_:for:)")
  public var feed: UnavailableName<StreamRow> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "update(_:for:)")
  public var next: UnavailableName<StreamRow> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "update(_:for:)")
  public var onBar: UnavailableName<StreamRow> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "preview(_:for:)")
  public var peek: UnavailableName<StreamRow> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "warmUp(with:threads:)")
  public var seed: UnavailableName<Void> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "fork()")
  public var copy: UnavailableName<Void> { fatalError() }
}

/// A module of Python.
@available(
  *, unavailable, message: "pd.read_csv(…) is try Panel(csv: …)"
)
public var pd: UnavailableName<Panel> { fatalError() }
