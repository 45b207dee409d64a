public import MartletArrays
import MartletCore

/// One account's history: of a symbol with capital of its own, or of all symbols together.
public struct AccountResult: Sendable {
  /// The symbol, or `all symbols`.
  public let name: String
  /// What it comes to.
  public let metrics: BacktestMetrics
  /// Equity at the times of the result; carried on where there is no bar.
  public let equity: [Double]
  /// Executions, in order.
  public let fills: [Fill]
  /// Closed positions, in the order of their exits.
  public let trades: [Trade]
  /// Returns of the sampled equity, the first against the initial capital.
  public let returns: [Double]
  /// Bars of the panel that have no usable prices and were left out.
  public let barsLeftOut: Int
  let totals: BookTotals

  init(
    name: String, book: borrowing Book, _ own: [Double], lane: MarketLane?, bars: Range<Int>,
    times: Range<Int>,
    samples: UnsafePointer<UInt64>?, backtest: Backtest, barsLeftOut: Int? = nil
  ) {
    self.name = name
    totals = book.totals
    let recorder = book.recorder
    fills = recorder?.fills ?? []
    trades = recorder?.trades ?? []
    let capital = backtest.initialCapital
    var equity = [Double](repeating: capital, count: times.count)
    var returns: [Double] = []
    var last = capital
    own.withUnsafeBufferPointer { own in
      guard let lane, let values = own.baseAddress else { return }
      lane.carry(values, over: times, from: capital) { equity[$0] = $1 }
      for bar in bars where samples == nil || Feed.bit(samples, bar) {
        returns.append(values[bar] / last - 1)
        last = values[bar]
      }
    }
    self.equity = equity
    self.returns = returns
    self.barsLeftOut = barsLeftOut ?? lane?.barsLeftOut ?? 0
    var seconds = 0.0
    if let lane, let first = bars.first, let final = bars.last {
      let time = lane.times
      seconds = Double(time[final] - time[first]) / 1e9
    }
    var metrics = BacktestMetrics(totals, initial: capital, seconds: seconds, backtest)
    if let recorder, totals.bars > 0 {
      metrics.meanGross = recorder.gross / Double(totals.bars)
      metrics.meanNet = recorder.net / Double(totals.bars)
    }
    metrics.addMoments(of: returns, backtest)
    self.metrics = metrics
  }
}

extension BacktestMetrics {
  /// What only the returns themselves say.
  mutating func addMoments(of returns: [Double], _ backtest: Backtest) {
    valueAtRisk = TailRisk.valueAtRisk(returns)
    conditionalValueAtRisk = TailRisk.conditionalValueAtRisk(returns)
    let free = backtest.riskFreePeriod
    let moments = ReturnMoments(free == 0 ? returns : returns.map { $0 - free })
    (skewness, kurtosis) = (moments.skewness, moments.kurtosis)
    probabilisticSharpe = SharpeRatio.probabilistic(moments)
  }
}

/// What a backtest has done: accounts, their equity, fills and trades.
public struct BacktestResult: Sendable {
  /// What was run.
  public let backtest: Backtest
  /// The symbols of the panel.
  public let symbols: [String]
  /// Nanoseconds since 1970 UTC.
  public let time: [Int64]
  /// By which days begin.
  public let clock: ExchangeClock
  /// One of each symbol, or one of all.
  public let accounts: [AccountResult]
  /// All accounts together.
  public let metrics: BacktestMetrics
  /// Their equity, added.
  public let equity: [Double]
  /// Names of what trades remember.
  public let recordedNames: [String]
  let panel: Panel
  let times: Range<Int>

  init(
    _ backtest: Backtest, _ panel: Panel, _ times: Range<Int>, _ accounts: [AccountResult],
    recordedNames: [String]
  ) {
    self.backtest = backtest
    self.panel = panel
    self.times = times
    symbols = panel.symbols
    time = Array(panel.time[times])
    clock = panel.clock
    self.accounts = accounts
    self.recordedNames = recordedNames
    guard accounts.count != 1 else {
      metrics = accounts[0].metrics
      equity = accounts[0].equity
      return
    }
    var equity = [Double](repeating: 0, count: times.count)
    for account in accounts {
      for index in equity.indices { equity[index] += account.equity[index] }
    }
    self.equity = equity
    metrics = BacktestMetrics(
      together: accounts, equity, time: panel.time[times], panel.clock, backtest)
  }

  /// Equity of each account, `[accounts, time]`.
  public var equities: NDArray {
    NDArray(accounts.flatMap(\.equity)).reshaped([accounts.count, time.count])
  }

  /// The trades of all accounts, by the time of their exits.
  public var trades: [Trade] {
    accounts.count == 1
      ? accounts[0].trades
      : accounts.flatMap(\.trades).sorted {
        ($0.exitTime, $0.symbol, $0.entryTime) < ($1.exitTime, $1.symbol, $1.entryTime)
      }
  }

  /// What in the settings makes the result better than it can be.
  public var taints: [String] {
    backtest.rules.fill == .lookaheadUnsafe
      ? ["orders are filled at the close that their signal is made of, which nobody can do"] : []
  }
}

extension BacktestMetrics {
  /// Of several accounts: ratios of the equity of all, sums over all trades.
  init(
    together accounts: [AccountResult], _ equity: [Double], time: ArraySlice<Int64>,
    _ clock: ExchangeClock, _ backtest: Backtest
  ) {
    let capital = backtest.initialCapital * Double(accounts.count)
    let samples = backtest.sampling.samples(time, clock)
    var totals = BookTotals(
      equity, samples: samples, capital: capital, downside: backtest.riskFreePeriod)
    totals.bars = 0
    for account in accounts { totals.add(account.totals) }
    let seconds = time.isEmpty ? 0 : Double(time[time.endIndex - 1] - time[time.startIndex]) / 1e9
    self.init(totals, initial: capital, seconds: seconds, backtest)
    let bars = accounts.reduce(0.0) { $0 + Double($1.totals.bars) }
    if bars > 0 {
      func mean(_ value: (BacktestMetrics) -> Double) -> Double {
        accounts.reduce(0) {
          $1.totals.bars == 0 ? $0 : $0 + value($1.metrics) * Double($1.totals.bars)
        } / bars
      }
      (meanGross, meanNet) = (mean(\.meanGross), mean(\.meanNet))
    }
    addMoments(
      of: Backtest.Sampling.returns(equity, samples: samples, capital: capital), backtest)
  }
}

extension BookTotals {
  /// Counts of another account; the equity's numbers stay.
  mutating func add(_ other: BookTotals) {
    bars += other.bars
    barsHeld += other.barsHeld
    fills += other.fills
    fees += other.fees
    traded += other.traded
    trades += other.trades
    wins += other.wins
    unchanged += other.unchanged
    gains += other.gains
    losses += other.losses
    sumOfProfits += other.sumOfProfits
    sumOfSquaredProfits += other.sumOfSquaredProfits
    shareGains += other.shareGains
    shareLosses += other.shareLosses
    longestHold = max(longestHold, other.longestHold)
    sumOfHolds += other.sumOfHolds
    ambiguousBars += other.ambiguousBars
    cancelled += other.cancelled
    isBankrupt = isBankrupt || other.isBankrupt
  }
}
