/// What is counted while a book runs: enough for all metrics of an equity curve that is not kept.
struct BookTotals {
  // Returns of the sampled equity.
  var periods = 0
  var sum = 0.0
  var sumOfSquares = 0.0
  var sumOfDownside = 0.0
  var sumOfDrawdowns = 0.0
  var sampled: Double
  // Every bar.
  var peak: Double
  /// The equity that is the deepest drawdown's, as a part of its peak.
  var deepest = 1.0
  var equity: Double
  var bars = 0
  var barsHeld = 0
  // Fills.
  var fills = 0
  var fees = 0.0
  var traded = 0.0
  // Trades.
  var trades = 0
  var wins = 0
  var unchanged = 0
  var gains = 0.0
  var losses = 0.0
  var sumOfProfits = 0.0
  var sumOfSquaredProfits = 0.0
  var shareGains = 0.0
  var shareLosses = 0.0
  var longestHold = 0
  var sumOfHolds = 0
  /// Bars that reached both the stop and the target.
  var ambiguousBars = 0
  var cancelled = 0
  var isBankrupt = false

  init(capital: Double) {
    (sampled, peak, equity) = (capital, capital, capital)
  }

  @inline(__always)
  mutating func add(profit: Double, notional: Double, held: Int) {
    trades += 1
    sumOfProfits += profit
    sumOfSquaredProfits += profit * profit
    if profit > 0 {
      wins += 1
      gains += profit
      shareGains += profit / notional
    } else {
      if profit == 0 { unchanged += 1 }
      losses -= profit
      shareLosses -= profit / notional
    }
    sumOfHolds += held
    longestHold = max(longestHold, held)
  }

  /// The equity at a bar.
  @inline(__always)
  mutating func mark(_ value: Double, isSample: Bool, downside: Double) {
    equity = value
    bars += 1
    if value > peak {
      peak = value
    } else if value < deepest * peak {
      deepest = value / peak
    }
    if isSample {
      let change = value / sampled - 1
      sampled = value
      sum += change
      sumOfSquares += change * change
      let below = min(change - downside, 0)
      sumOfDownside += below * below
      let drawdown = value / peak - 1
      sumOfDrawdowns += drawdown * drawdown
      periods += 1
    }
  }
}

extension BookTotals {
  /// Of an equity that is known.
  init(_ equity: [Double], samples: [Bool], capital: Double, downside: Double) {
    self.init(capital: capital)
    for (worth, isSample) in zip(equity, samples) {
      mark(worth, isSample: isSample, downside: downside)
    }
  }
}

extension Backtest.Sampling {
  /// Whether the equity of each time counts for returns: of a day that of its last time.
  func samples(_ time: some RandomAccessCollection<Int64>, _ clock: ExchangeClock) -> [Bool] {
    guard isDaily else { return Array(repeating: true, count: time.count) }
    let days = time.map { clock.reading(of: $0).day }
    return days.indices.map { $0 + 1 == days.count || days[$0 + 1] != days[$0] }
  }

  /// Returns from one sample to the next, the first against the capital.
  static func returns(_ equity: [Double], samples: [Bool], capital: Double) -> [Double] {
    var last = capital
    return zip(equity, samples).compactMap { worth, isSample in
      guard isSample else { return nil }
      defer { last = worth }
      return worth / last - 1
    }
  }
}
