public import MartletCharts
import MartletCore

extension BacktestResult {
  /// A page with everything that is worth looking at, of one file.
  ///
  /// - Parameters:
  ///   - grid: The search that found the strategy's parameters.
  ///   - walk: What choosing them as time goes on came to.
  ///   - benchmark: What it is drawn beside, such as buy and hold.
  public func report(
    grid: GridResult? = nil, walk: WalkForwardResult? = nil, benchmark: BacktestResult? = nil
  ) -> HTMLReport {
    var report = HTMLReport(backtest.strategy.name)
    report.elements.append(.text(span))
    report.elements += taints.map { .text("Warning: \($0).") }
    report.elements += notes.map { .text("Note: \($0).") }
    report.elements.append(.heading("Result"))
    report.elements.append(.table(metricsTable(benchmark)))
    report.elements.append(
      .figure(equityChart(benchmark), caption: "Equity, and its fall below its peak."))
    if let monthly = monthlyElements() { report.elements += monthly }
    report.elements += tradeElements()
    if let grid { report.elements += grid.elements }
    if let walk { report.elements += walk.elements }
    report.elements.append(.heading("Conventions"))
    report.elements.append(.table(ReportTable(["choice", "value"], rows: backtest.conventions)))
    return report
  }

  /// Writes the page to a file.
  ///
  /// - Throws: `DataError` where the file cannot be written.
  public func report(to path: String) throws(DataError) { try report().write(to: path) }

  private func metricsTable(_ benchmark: BacktestResult?) -> ReportTable {
    ReportTable(
      ["metric", "strategy"] + (benchmark.map { [$0.backtest.strategy.name] } ?? []),
      rows: MetricText.shown.map { name, label, _ in
        [label, MetricText.text(name, of: metrics)]
          + (benchmark.map { [MetricText.text(name, of: $0.metrics)] } ?? [])
      })
  }

  private func equityChart(_ benchmark: BacktestResult?) -> TimeChart {
    var chart = TimeChart("Equity", time: time, clock: clock).line("equity", equity)
    if let benchmark, benchmark.time == time {
      chart = chart.line(benchmark.backtest.strategy.name, benchmark.equity)
    }
    var peak = metrics.initialEquity
    let drawdown = equity.map { worth -> Double in
      peak = max(peak, worth)
      return 100 * (worth / peak - 1)
    }
    return chart.pane(ChartPane("Drawdown, %").area("drawdown", drawdown))
  }

  private func monthlyElements() -> [HTMLReport.Element]? {
    guard
      let months = try? MonthlyReturns(
        equity: equity, time: time, clock: clock, initial: metrics.initialEquity),
      !months.years.isEmpty, months.years.count <= 200
    else { return nil }
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Year",
    ]
    let values = months.years.map { year in
      months.values[year - months.years.lowerBound].map { 100 * $0 }
        + [100 * months.total(of: year)]
    }
    return [
      .heading("Months"),
      .figure(
        HeatMap(
          "Returns by month, %", rows: months.years.map { "\($0)" }, columns: names,
          values: values, colors: .diverging(around: 0)), caption: ""),
    ]
  }

  private static let mostTrades = 50

  private func tradeElements() -> [HTMLReport.Element] {
    let trades = trades
    guard !trades.isEmpty else { return [] }
    var elements: [HTMLReport.Element] = [.heading("Trades")]
    elements.append(
      .figure(
        Histogram("Profit of trades, %", trades.map { 100 * $0.profitShare }),
        caption: "As parts of what was paid at the entry."))
    // The symbol that was traded most, as an example.
    var counts: [Int: Int] = [:]
    for trade in trades { counts[trade.symbol, default: 0] += 1 }
    if let symbol = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key,
      let chart = try? TimeChart(panel.times(times), symbol: symbols[symbol], volume: false)
    {
      let own = trades.filter { $0.symbol == symbol }.suffix(500)
      let marks = own.flatMap { trade in
        [
          trade.isShort
            ? ChartMark.sell(at: trade.entryTime) : ChartMark.buy(at: trade.entryTime),
          trade.isShort ? ChartMark.buy(at: trade.exitTime) : ChartMark.sell(at: trade.exitTime),
        ]
      }
      elements.append(
        .figure(chart.marks(marks), caption: "Entries and exits of \(symbols[symbol])."))
    }
    let shown = trades.suffix(Self.mostTrades)
    elements.append(
      .text(
        shown.count < trades.count
          ? "The last \(shown.count) of \(MetricText.grouped(Double(trades.count))) trades."
          : "All trades."))
    elements.append(
      .table(
        ReportTable(
          [
            "symbol", "side", "entry", "price", "exit", "price", "profit", "share", "bars",
            "reason",
          ]
            + recordedNames,
          rows: shown.map { trade in
            [
              symbols[trade.symbol], trade.isShort ? "short" : "long",
              clock.dayText(trade.entryTime), MetricText.text(trade.entryPrice, .number),
              clock.dayText(trade.exitTime), MetricText.text(trade.exitPrice, .number),
              MetricText.grouped(trade.profit), MetricText.percent(trade.profitShare),
              "\(trade.barsHeld)", "\(trade.reason)",
            ]
              + recordedNames.indices.map {
                $0 < trade.values.count ? MetricText.text(trade.values[$0], .number) : "–"
              }
          })))
    return elements
  }
}

extension Backtest {
  /// Every choice by its name.
  public var conventions: [[String]] {
    let fee = costs.fee
    return [
      ["capital", "\(MetricText.grouped(initialCapital)), \(capital.rawValue)"],
      ["size", "\(sizing), at the \(rules.sizedAt.rawValue)"],
      ["fees", "\(fee.rate) of the notional, \(fee.perUnit) a unit, at least \(fee.minimum)"],
      [
        "spread and slippage",
        "\(costs.halfSpread) and \(costs.slippage) of the price, impact \(costs.impact)",
      ],
      ["borrowing", "\(costs.borrowPerDay) a day"], ["fill", rules.fill.rawValue],
      ["fee in sizing", rules.feeInSizing.rawValue], ["reentry", rules.reentry.rawValue],
      ["intrabar path", rules.intrabarPath.rawValue], ["gap", rules.gap.rawValue],
      ["limit fill", "\(rules.limitFill)"], ["tick", "\(rules.tick)"],
      [
        "slippage",
        "\(rules.slippageOnLimits ? "on" : "not on") limits, "
          + "\(rules.slippageOnStops ? "on" : "not on") stops",
      ],
      ["prices stay in the bar's range", rules.clampsToRange ? "yes" : "no"],
      ["exits in the bar of the entry", rules.exitsOnEntryBar ? "yes" : "no"],
      ["distances from", rules.distanceFrom.rawValue],
      ["time in force", "\(rules.timeInForce)"],
      ["longest wait in bars", rules.maximumWait.map { "\($0)" } ?? "any"],
      ["fills without volume", rules.fillsWithoutVolume ? "yes" : "no"],
      ["targets kept in proportion", rules.rebalances ? "yes" : "no"],
      ["entries", "\(rules.entries)"], ["lots", rules.lots.rawValue], ["lot", "\(rules.lot)"],
      ["participation", rules.participation.map { "\($0), rest \(rules.remainder)" } ?? "any"],
      ["shorts", rules.allowsShort ? "allowed" : "not allowed"],
      ["margin", "\(rules.margin), to hold \(rules.maintenanceMargin)"],
      ["closed at the end", rules.closesAtEnd ? "yes" : "no"],
      [
        "returns",
        sampling.isDaily
          ? "of days, \(sampling.perYear) a year" : "of bars, \(sampling.perYear) a year",
      ],
      ["Sharpe ratio", "arithmetic mean, deviation with n − 1, \(riskFree) without risk"],
    ]
  }
}

extension GridResult {
  /// The best sets, and the objective over the first two parameters.
  var elements: [HTMLReport.Element] {
    let metric = search.objective.metric
    let ranked = Array(ranking.prefix(20))
    let scores = plateaus(ranked)
    let form = MetricText.shown.first { $0.name == metric }?.form ?? .number
    var elements: [HTMLReport.Element] = [
      .heading("Parameters"),
      .text(
        "\(MetricText.grouped(Double(grid.count))) sets; the plateau is the mean of a set and its "
          + "neighbours. Deflated Sharpe ratio of the best: \(MetricText.percent(deflatedSharpe))."),
      .table(
        ReportTable(
          grid.names + [metric, "plateau", "return", "drawdown", "trades"],
          rows: ranked.enumerated().map { place, set in
            grid[set].texts + [
              MetricText.text(objectives[set], form), MetricText.text(scores[place], form),
              MetricText.percent(metrics[set].totalReturn),
              MetricText.percent(metrics[set].maxDrawdown), "\(metrics[set].trades)",
            ]
          })),
    ]
    if let overfitting = try? overfitting() {
      elements.append(
        .text(
          "Probability of overfitting (CSCV): \(MetricText.percent(overfitting.probability)); "
            + "of a loss: \(MetricText.percent(overfitting.probabilityOfLoss))."))
    }
    if let map = heatMap {
      elements.append(.figure(map, caption: "The best of the other parameters."))
    }
    return elements
  }

  /// The objective by the first two parameters with several values; the best over all others.
  var heatMap: HeatMap? {
    let axes = grid.axes.enumerated().filter { $0.element.values.count > 1 }
    guard axes.count >= 2 else { return nil }
    let (rows, columns) = (axes[0], axes[1])
    var best: [[Double]] = Array(
      repeating: Array(repeating: .nan, count: columns.element.values.count),
      count: rows.element.values.count)
    for set in 0..<grid.count where objectives[set].isFinite {
      let values = grid[set].values
      guard let row = rows.element.values.firstIndex(of: values[rows.offset]),
        let column = columns.element.values.firstIndex(of: values[columns.offset])
      else { continue }
      let (old, new) = (best[row][column], objectives[set])
      if old.isNaN || (search.objective.isMaximum ? new > old : new < old) {
        best[row][column] = new
      }
    }
    return HeatMap(
      "\(search.objective.metric) by \(rows.element.name) and \(columns.element.name)",
      rows: rows.element.values.map(\.text), columns: columns.element.values.map(\.text),
      values: best)
  }
}

extension WalkForwardResult {
  /// Folds, and the stitched equity.
  var elements: [HTMLReport.Element] {
    let search = walk.search
    let metric = search.objective.metric
    return [
      .heading("Walk-forward"),
      .text(
        "Efficiency \(MetricText.text(efficiency, .number)), stability "
          + "\(MetricText.percent(stability)), total return \(MetricText.percent(metrics.totalReturn))."
      ),
      .figure(
        TimeChart("Equity of the tests", time: time).line("equity", equity),
        caption: "One test behind the other."),
      .table(
        ReportTable(
          ["fold", "set", "train \(metric)", "test \(metric)", "test return", "trades"],
          rows: folds.enumerated().map { number, fold in
            [
              "\(number + 1)", fold.set.map { search.grid[$0].description } ?? "none",
              MetricText.text(metric, of: fold.trainMetrics),
              MetricText.text(metric, of: fold.testMetrics),
              MetricText.percent(fold.testMetrics.totalReturn), "\(fold.trades.count)",
            ]
          })),
    ]
  }
}
