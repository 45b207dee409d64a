import MartletArrays
import MartletCore

extension BacktestResult {
  /// Writes equity, metrics and trades as arrays.
  ///
  /// `equity` is `[accounts, time]`, with `accounts`, `symbols` and `time`; `metrics.NAME` has a value of each account and
  /// `metrics` all of them together by the names in `metricNames`; `trades.COLUMN` has a value of each trade.
  ///
  /// - Throws: `DataError` where the file cannot be written.
  public func write(npz path: String) throws(DataError) {
    var file = try NPZWriter(path: path)
    try file.write("equity", equities)
    try file.write("accounts", accounts.map(\.name))
    try file.write("symbols", symbols)
    try file.write("time", NDArray(time))
    try file.write("metricNames", BacktestMetrics.all.map(\.name))
    try file.write("metrics", NDArray(BacktestMetrics.all.map { $0.value(metrics) }))
    for (name, value) in BacktestMetrics.all {
      try file.write("metrics.\(name)", NDArray(accounts.map { value($0.metrics) }))
    }
    let trades = trades
    let whole: [(String, (Trade) -> Int64)] = [
      ("symbol", { Int64($0.symbol) }), ("entryTime", \.entryTime), ("exitTime", \.exitTime),
      ("entryBar", { Int64($0.entryBar) }), ("exitBar", { Int64($0.exitBar) }),
    ]
    for (name, value) in whole { try file.write("trades.\(name)", NDArray(trades.map(value))) }
    let numbers: [(String, (Trade) -> Double)] = [
      ("units", \.units), ("entryPrice", \.entryPrice), ("exitPrice", \.exitPrice),
      ("fees", \.fees), ("profit", \.profit), ("adverseExcursion", \.adverseExcursion),
      ("favourableExcursion", \.favourableExcursion),
    ]
    for (name, value) in numbers { try file.write("trades.\(name)", NDArray(trades.map(value))) }
    try file.write("trades.reason", trades.map { "\($0.reason)" })
    for (number, name) in recordedNames.enumerated() {
      let values = trades.map { number < $0.values.count ? $0.values[number] : .nan }
      try file.write("trades.values.\(name)", NDArray(values))
    }
    try file.finish()
  }
}

extension GridResult {
  /// Writes the sets and what they came to as arrays.
  ///
  /// `parameters.NAME` and `metrics.NAME` have a value of each set, `bySymbol` is the objective, `[sets, symbols]`;
  /// `ranking` are numbers of sets, the best one first.
  ///
  /// - Throws: `DataError` where the file cannot be written.
  public func write(npz path: String) throws(DataError) {
    var file = try NPZWriter(path: path)
    for name in grid.names {
      let place = grid.names.firstIndex(of: name) ?? 0
      let values = (0..<grid.count).map { grid[$0].values[place] }
      let numbers = values.compactMap { value -> Double? in
        if case .number(let number) = value { number } else { nil }
      }
      if numbers.count == values.count {
        try file.write("parameters.\(name)", NDArray(numbers))
      } else {
        try file.write("parameters.\(name)", values.map(\.text))
      }
    }
    for (name, value) in BacktestMetrics.all {
      try file.write("metrics.\(name)", NDArray(metrics.map(value)))
    }
    try file.write("objective", NDArray(objectives))
    try file.write("bySymbol", bySymbol)
    try file.write("ranking", NDArray(ranking.map { Int64($0) }))
    try file.write("symbols", symbols)
    try file.finish()
  }
}
