import Martlet
import TestSupport

/// Small models over small markets.
enum SignalMarket {
  static func panel(_ market: Market, _ dtype: ElementType = .float64) throws -> Panel {
    try Panel(
      time: (0..<market.times).map { Int64($0 + 1) * 86_400_000_000_000 },
      open: market.array(0, dtype), high: market.array(1, dtype), low: market.array(2, dtype),
      close: market.array(3, dtype), volume: market.array(4, dtype))
  }

  /// Columns that need different fields, some of them far beyond the clip.
  static func features() throws -> FeatureSet {
    try FeatureSet(
      "small",
      [
        FeatureColumn("RETURN", "close / lag(close, 1) - 1", isStandardised: true),
        FeatureColumn("RSI", "rsi(5)", isStandardised: true),
        FeatureColumn("VOLUME", "volume / sma(4, x=volume) - 1"),
        FeatureColumn("PRICE", "close"),
        FeatureColumn("FIFTY", "rsi(3) - 50"),
      ])
  }

  static func configuration(_ text: String) throws -> ModelConfiguration {
    try ModelConfiguration(
      json: JSONValue(parsing: #"{"format":"martlet model","version":1,"# + text + "}"))
  }

  /// A transformer over windows of `length` rows.
  static func transformer(
    features: Int = 5, length: Int = 6, precision: Precision = .float32, more: String = ""
  ) throws -> Model {
    let configuration = try configuration(
      #""architecture":"transformer","features":\#(features),"length":\#(length),"width":16,"#
        + #""heads":2,"layers":1,"feedForward":32,"headWidth":8"# + more)
    return try Model(WeightFile(drawing: configuration, seed: 7), precision: precision)
  }

  static func mlp(features: Int = 5) throws -> Model {
    let configuration = try configuration(
      #""architecture":"residual_mlp","features":\#(features),"width":16,"blocks":1,"outputs":2"#)
    return try Model(WeightFile(drawing: configuration, seed: 3))
  }
}
