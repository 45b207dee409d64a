public import Martlet

/// What a program is asked to compute: indicators and patterns, or the columns of a feature set.
public enum Request {
  case indicators([Indicator])
  case features(FeatureSet)

  /// A list of indicators or patterns, `all`, `patterns`, the name of a feature set, or the file of
  /// one.
  public init(_ text: String) throws {
    if text.hasSuffix(".json") {
      self = .features(try FeatureSet(json: text))
    } else if let features = try? FeatureSet.named(text) {
      self = .features(features)
    } else {
      if let set = text.split(separator: ",").first(where: {
        (try? FeatureSet.named("\($0)")) != nil
      }) {
        throw Failure.badInput("--indicators: \(set): a feature set stands alone")
      }
      self = .indicators(try Indicator.list(text))
    }
  }

  /// What `--indicators` may be, for `--help`.
  public static let help = """
    all, patterns (candlesticks), features111 (the columns of the transformer), the .json
    file of a feature set, or a list such as "rsi(14),macd(fast=12,slow=26,signal=9),hammer";
    the program catalog shows names and parameters.
    """

  /// One column of the results.
  public struct Column {
    /// The name in files.
    public let name: String
    /// Bars before the first value.
    public let lookback: Int
    /// The stored fields without which a bar is missing for it.
    public let fields: Set<BarField>
    /// Whether a bar may be without a value after the warm-up.
    public let isSparse: Bool
  }

  /// The columns over some bars.
  public func columns(of panel: Panel) throws -> [Column] {
    switch self {
    case .indicators(let indicators):
      let names = Indicator.outputNames(of: indicators)
      let parts = indicators.flatMap { one in
        zip(one.series(of: panel.bars), one.lookbacks).map { (one, $0.0, $0.1) }
      }
      return zip(names, parts).map { name, part in
        Column(
          name: name, lookback: part.2, fields: part.1.fields,
          isSparse: part.0.definition.isSparse)
      }
    case .features(let features):
      let series = try features.series(of: panel.bars)
      return zip(features.columns, series).map { column, series in
        Column(
          name: column.name, lookback: series.lookback,
          fields: series.fields, isSparse: false)
      }
    }
  }

  /// How many of what: `24 indicators with 57 outputs`.
  public func summary(outputs: Int) -> String {
    switch self {
    case .indicators(let indicators):
      "\(indicators.count) indicator\(indicators.count == 1 ? "" : "s") with \(outputs) "
        + "output\(outputs == 1 ? "" : "s")"
    case .features(let features): "\(features.name), \(outputs) columns"
    }
  }

  /// The whole history, or with `last` each symbol's last bar.
  public func compute(_ panel: Panel, last: Bool, threads: Int?) throws -> [NDArray] {
    switch self {
    case .indicators(let indicators):
      last
        ? try panel.latest(indicators, threads: threads).arrays
        : try panel.compute(indicators, threads: threads).arrays
    case .features(let features):
      last
        ? try panel.latest(features, threads: threads).arrays
        : try panel.compute(features, threads: threads).arrays
    }
  }

  /// The live form for a panel's symbols.
  public func stream(for panel: Panel) throws -> BarStream {
    switch self {
    case .indicators(let indicators):
      try BarStream(
        symbols: panel.symbols, indicators: indicators, dtype: panel.dtype, clock: panel.clock)
    case .features(let features):
      try BarStream(
        symbols: panel.symbols, features: features, dtype: panel.dtype, clock: panel.clock)
    }
  }
}
