import MartletCore

extension StrategyFamily {
  /// Buys at the first bar and holds.
  public static let buyAndHold = StrategyFamily(
    "hold", summary: "Buys at the first bar and holds."
  ) { bars, _ in .longs(entry: bars.close .> 0, exit: bars.close .< 0) }

  /// Holds while a fast simple average is above a slow one, from one crossing to the next.
  public static let smaCrossover = StrategyFamily(
    "sma", summary: "Long from the crossing of two simple averages upwards to that downwards.",
    parameters: [.length("fast", 20), .length("slow", 50)],
    where: { $0["fast"] < $0["slow"] }
  ) { bars, set in
    let fast = bars.close.sma(set.integer("fast"))
    let slow = bars.close.sma(set.integer("slow"))
    return .longs(entry: fast.crosses(above: slow), exit: fast.crosses(below: slow))
  }

  /// The same with exponential averages.
  public static let emaCrossover = StrategyFamily(
    "ema", summary: "Long from the crossing of two exponential averages upwards to that downwards.",
    parameters: [.length("fast", 12), .length("slow", 26)],
    where: { $0["fast"] < $0["slow"] }
  ) { bars, set in
    let fast = bars.close.ema(set.integer("fast"))
    let slow = bars.close.ema(set.integer("slow"))
    return .longs(entry: fast.crosses(above: slow), exit: fast.crosses(below: slow))
  }

  /// Buys what has fallen much by its RSI, and sells when it has recovered.
  public static let rsiReversion = StrategyFamily(
    "rsi", summary: "Long below a low RSI, until it is above a high one.",
    parameters: [
      .length("length", 14, atLeast: 2), .number("low", 30, in: 0...100),
      .number("high", 70, in: 0...100),
    ],
    where: { $0["low"] < $0["high"] }
  ) { bars, set in
    let rsi = bars.close.rsi(set.integer("length"))
    return .longs(entry: rsi .< set["low"], exit: rsi .> set["high"])
  }

  /// Buys above the highest close of some bars before, and sells below the lowest of fewer.
  public static let breakout = StrategyFamily(
    "breakout", summary: "Long above the highest high of earlier bars, until below a lowest low.",
    parameters: [.length("entry", 55), .length("exit", 20)]
  ) { bars, set in
    .longs(
      entry: bars.close .> bars.high.rollingMax(set.integer("entry")).shift(1),
      exit: bars.close .< bars.low.rollingMin(set.integer("exit")).shift(1))
  }

  /// Votes of averages, RSI, Bollinger bands and MACD: long above 0.6, out below −0.6.
  public static let vote = StrategyFamily(
    "vote",
    summary: "Long where averages, RSI, Bollinger bands and MACD together vote for it.",
    parameters: [.number("threshold", 0.6, in: 0...1.4)]
  ) { bars, set in
    let close = bars.close
    let (rsi, bands, macd) = (close.rsi(14), close.bollinger(20), close.macd())
    let trend = (close.sma(20) - close.sma(50)).sign() * 0.3
    let reversal = Series.where(rsi .< 30, 0.4, 0) - Series.where(rsi .> 70, 0.4, 0)
    let range =
      Series.where(close .< bands.lower, 0.3, 0) - Series.where(close .> bands.upper, 0.3, 0)
    let momentum = (macd.macd - macd.signal).sign() * 0.2
    let sum = trend + reversal + range + momentum
    return .longs(entry: sum .> set["threshold"], exit: sum .< -set["threshold"])
  }

  /// Follows the adaptive trend classification: long above its long threshold, out below the short one.
  public static let trend = StrategyFamily(
    "trend", summary: "Long while the adaptive trend classification is long.",
    parameters: [
      .length("length", 28, atLeast: 2), .number("long", 0.1, in: -1...1),
      .number("short", -0.1, in: -1...1),
    ],
    where: { $0["short"] <= $0["long"] }
  ) { bars, set in
    var settings = TrendSettings(.pine)
    for family in TrendSettings.Family.allCases {
      settings.lengths[family] = set.integer("length")
    }
    guard let trend = try? bars.adaptiveTrend(settings) else {
      return StrategySignals(target: bars.close * .nan)
    }
    return .longs(entry: trend.average .> set["long"], exit: trend.average .< set["short"])
  }

  /// All that have a name here.
  public static let all: [StrategyFamily] = [
    buyAndHold, smaCrossover, emaCrossover, rsiReversion, breakout, vote, trend,
  ]

  /// One by its name.
  ///
  /// - Throws: `DataError` that lists the names.
  public init(named name: String) throws(DataError) {
    guard let found = Self.all.first(where: { $0.name == name.lowercased() }) else {
      let names = Self.all.map(\.name)
      throw DataError(
        .unknownName, in: "strategy",
        "no strategy \(excerpt(name)); expected \(names.joined(separator: ", ")), or a .json file"
          + DataError.nearest(name, among: names))
    }
    self = found
  }
}
