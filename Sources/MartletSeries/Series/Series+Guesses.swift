public import MartletCore

// Names that pandas and Pine have for what is called otherwise here: the compiler answers with the one to write.
// `Tests/Guesses` compiles them all.

extension Series {
  /// Called otherwise here.
  @available(*, unavailable, renamed: "shift(_:)")
  public var lag: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "diff(_:)")
  public var change: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingStd(_:ddof:)")
  public var rolling_std: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingStd(_:ddof:)")
  public var stdev: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingVariance(_:ddof:)")
  public var rollingVar: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingMean(_:)")
  public var rolling_mean: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingSum(_:)")
  public var rolling_sum: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingMax(_:)")
  public var rolling_max: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingMin(_:)")
  public var rolling_min: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingMax(_:)")
  public var highest: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingMin(_:)")
  public var lowest: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingCorr(_:with:)")
  public var corr: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingCov(_:with:ddof:)")
  public var cov: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rollingPercentile(_:percent:interpolated:)")
  public var quantile: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "crosses(above:)")
  public var crossover: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "crosses(above:)")
  public var cross_above: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "crosses(above:)")
  public var crossesAbove: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "crosses(below:)")
  public var crossunder: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "crosses(below:)")
  public var cross_below: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "crosses(below:)")
  public var crossesBelow: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "orElse(_:)")
  public var fillna: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "orElse(_:)")
  public var nz: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "isDefined")
  public var notna: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "latched(when:)")
  public var valuewhen: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "Series.where(condition, yes, no)")
  public var `where`: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable,
    message: "running results are cumsum(), cummax(restartingWhen:), cummin(restartingWhen:)"
  )
  public var expanding: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "roc(1) in percent, rocP(1) as a fraction")
  public var pct_change: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "roc(1) in percent, rocP(1) as a fraction")
  public var pctChange: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "latched(when: isDefined) holds the last value")
  public var ffill: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "nothing is filled from later bars")
  public var bfill: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable,
    message: "missing bars need no dropping: a series is that of each symbol's own bars"
  )
  public var dropna: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "!x.isDefined")
  public var isna: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: "over the last n bars rollingMean(n), across the market marketMean()"
  )
  public var mean: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "over the last n bars rollingStd(n, ddof: 1)")
  public var std: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable,
    message: "over the last n bars rollingSum(n), so far cumsum(), across the market marketSum()"
  )
  public var sum: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable,
    message:
      "formulas are made of operators and methods; what depends on its own past is a Recurrence"
  )
  public var apply: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "x.values()[symbol, time]; the last bars are x.latest()")
  public var iloc: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: "slice the panel: try panel[\"AAPL\"], panel[from: \"2018-01-01\"]"
  )
  public var loc: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "x.latest(), or x.values()[.all, .slice(-5)]")
  public var tail: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "x.values()[.all, 0..<5]")
  public var head: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "x.latest()")
  public var last: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "x.values()")
  public var to_numpy: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "bars.every(.week) { $0.close }")
  public var resample: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "TimeChart(panel, symbol: \"AAPL\").line(\"x\", x)")
  public var plot: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: "rollingMean(20), rollingSum(20), rollingStd(20, ddof: 1), …"
  )
  public var rolling: UnavailableName<UnavailableName<Series>> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable,
    message:
      "ema(20, seed: .adjusted) has the values of ewm(span=20).mean(), seed: .first those of adjust=False"
  )
  public var ewm: UnavailableName<UnavailableName<Series>> { fatalError() }
}

extension Series {
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .<")
  public static func < (a: Series, b: Series) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .<")
  public static func < (a: Series, b: Double) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .>")
  public static func > (a: Series, b: Series) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .>")
  public static func > (a: Series, b: Double) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .<=")
  public static func <= (a: Series, b: Series) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .<=")
  public static func <= (a: Series, b: Double) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .>=")
  public static func >= (a: Series, b: Series) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .>=")
  public static func >= (a: Series, b: Double) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .==")
  public static func == (a: Series, b: Series) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .==")
  public static func == (a: Series, b: Double) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .!=")
  public static func != (a: Series, b: Series) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .!=")
  public static func != (a: Series, b: Double) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .&")
  public static func && (a: Series, b: Series) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .|")
  public static func || (a: Series, b: Series) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .&")
  public static func & (a: Series, b: Series) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is .|")
  public static func | (a: Series, b: Series) -> Series { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "bar by bar it is !")
  public static prefix func ~ (a: Series) -> Series { fatalError() }
}
