import MartletCore

/// How numbers of backtests are written.
enum MetricText {
  /// Metrics of reports, in their order: name, label, and how the number is written.
  static let shown: [(name: String, label: String, form: Form)] = [
    ("totalReturn", "total return", .percent), ("annualReturn", "annual return", .percent),
    ("volatility", "volatility", .percent), ("sharpe", "Sharpe ratio", .number),
    ("sortino", "Sortino ratio", .number), ("maxDrawdown", "maximum drawdown", .percent),
    ("calmar", "Calmar ratio", .number), ("ulcerIndex", "Ulcer index", .percent),
    ("trades", "trades", .count), ("winRate", "won", .percent),
    ("profitFactor", "profit factor", .number), ("expectancy", "mean profit", .money),
    ("payoff", "mean win / mean loss", .number), ("systemQuality", "system quality", .number),
    ("meanHold", "mean bars held", .number), ("exposure", "bars with a position", .percent),
    ("turnover", "turnover a year", .number), ("fees", "fees", .money),
    ("finalEquity", "final equity", .money), ("valueAtRisk", "value at risk, 5 %", .percent),
    ("conditionalValueAtRisk", "mean beyond it", .percent), ("skewness", "skewness", .number),
    ("kurtosis", "kurtosis", .number),
    ("probabilisticSharpe", "probability of a ratio above 0", .percent),
  ]

  enum Form { case percent, number, money, count }

  static func text(_ value: Double, _ form: Form) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "−∞" }
    switch form {
    case .percent: return (fixed(100 * value, 2)) + " %"
    case .number: return fixed(value, 2)
    case .money: return grouped(value)
    case .count: return grouped(value)
    }
  }

  static func percent(_ value: Double) -> String { text(value, .percent) }

  /// With two decimals, or as it is where these cannot be.
  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    value.fixedText(decimals, minus: "−") ?? "\(value)"
  }

  /// Without decimals, groups of three digits apart.
  static func grouped(_ value: Double) -> String {
    guard let digits = value.magnitude.fixedText(0) else { return "\(value)" }
    var groups = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { groups.append(",") }
      groups.append(digit)
    }
    return (value < 0 && groups != "0" ? "−" : "") + groups
  }

  /// A metric by its name, as text.
  static func text(_ name: String, of metrics: BacktestMetrics) -> String {
    guard let value = try? BacktestMetrics.value(named: name)(metrics) else { return "–" }
    return text(value, shown.first { $0.name == name }?.form ?? .number)
  }
}

extension BacktestMetrics: CustomStringConvertible {
  /// A table of two columns.
  public var description: String {
    var table = TextTable(["metric", " value"])
    for (name, label, _) in MetricText.shown {
      table.append([label, MetricText.text(name, of: self)])
    }
    return table.lines.joined(separator: "\n")
  }
}

extension BacktestResult: CustomStringConvertible {
  /// What was run, what it came to, and what is to be known about it, in a few lines.
  public var description: String {
    var lines = ["\(backtest.strategy.name): " + span]
    lines += notes.map { "note: \($0)" }
    lines += taints.map { "warning: \($0)" }
    return (lines + ["", metrics.description]).joined(separator: "\n")
  }

  /// Symbols, times and capital.
  var span: String {
    let symbols =
      "\(self.symbols.count) symbol\(self.symbols.count == 1 ? "" : "s"), "
      + (accounts.count == self.symbols.count && accounts.count > 1
        ? "each with capital of its own" : "one account")
    guard let first = time.first, let last = time.last else { return symbols + ", no bars" }
    return symbols + ", \(clock.dayText(first)) to \(clock.dayText(last))"
  }

  /// What the numbers depend on and is not seen in them.
  public var notes: [String] {
    var notes: [String] = []
    let leftOut = accounts.reduce(0) { $0 + $1.barsLeftOut }
    if leftOut > 0 { notes.append("\(leftOut) bars without usable prices were left out") }
    if metrics.ambiguousBars > 0 {
      notes.append(
        "\(metrics.ambiguousBars) bars reached both a stop and a target; "
          + (backtest.rules.intrabarPath == .stopFirst
            ? "the stop counts" : "the one nearer to the open counts"))
    }
    let ended = accounts.reduce(0) { $0 + $1.trades.count { $0.reason == .end } }
    if ended > 0 { notes.append("\(ended) trades were closed because the data end") }
    let bankrupt = accounts.count { $0.metrics.isBankrupt }
    if bankrupt > 0 { notes.append("\(bankrupt) of \(accounts.count) accounts went bankrupt") }
    return notes
  }
}

extension ExchangeClock {
  /// The day of a time: `2020-01-31`.
  func dayText(_ time: Int64) -> String {
    String(text(of: Timestamp(nanoseconds: time)).prefix(10))
  }
}

extension GridResult: CustomStringConvertible {
  /// The best sets with their metrics.
  public var description: String { table(top: 10).lines.joined(separator: "\n") }

  /// The best sets: parameters, objective, plateau score and some metrics.
  public func table(top count: Int) -> TextTable {
    let ranked = Array(ranking.prefix(count))
    let scores = plateaus(ranked)
    let metric = search.objective.metric
    let form = MetricText.shown.first { $0.name == metric }?.form ?? .number
    var table = TextTable(
      ["rank"] + grid.names + [" \(metric)", " plateau", " return", " drawdown", " trades"])
    for (place, set) in ranked.enumerated() {
      table.append(
        ["\(place + 1)"] + grid[set].texts + [
          MetricText.text(objectives[set], form), MetricText.text(scores[place], form),
          MetricText.percent(metrics[set].totalReturn),
          MetricText.percent(metrics[set].maxDrawdown),
          MetricText.grouped(Double(metrics[set].trades)),
        ])
    }
    return table
  }
}

extension WalkForwardResult: CustomStringConvertible {
  /// A line for each fold, and what all of them come to.
  public var description: String {
    let ratio = MetricText.text(efficiency, .number)
    return table.lines.joined(separator: "\n") + "\n\n" + "efficiency \(ratio), stability "
      + MetricText.percent(stability) + "\n\n" + metrics.description
  }

  /// A line for each fold.
  public var table: TextTable {
    let search = walk.search
    let metric = search.objective.metric
    var table = TextTable(
      ["fold", "set", " train \(metric)", " test \(metric)", " test return", " trades"])
    for (number, fold) in folds.enumerated() {
      table.append([
        "\(number + 1)", fold.set.map { search.grid[$0].description } ?? "none",
        MetricText.text(metric, of: fold.trainMetrics),
        MetricText.text(metric, of: fold.testMetrics),
        MetricText.percent(fold.testMetrics.totalReturn), "\(fold.trades.count)",
      ])
    }
    return table
  }
}

/// Two results side by side.
public func compare(_ a: BacktestResult, _ b: BacktestResult) -> TextTable {
  var table = TextTable(["metric", " \(a.backtest.strategy.name)", " \(b.backtest.strategy.name)"])
  for (name, label, _) in MetricText.shown {
    table.append([
      label, MetricText.text(name, of: a.metrics), MetricText.text(name, of: b.metrics),
    ])
  }
  return table
}
