import MartletCore
public import MartletSeries

/// A search that is repeated as time goes on: the best set of a part of the history trades in the part behind it.
///
/// Indicators are computed over the whole history, so that every fold begins warmed up; positions begin flat in each.
/// Only what was traded behind the parts that sets were chosen in is stitched together.
public struct WalkForward: Sendable {
  /// A length of time.
  public enum Length: Hashable, Sendable {
    /// Times of the market.
    case bars(Int)
    /// Days on the market's clock that have bars.
    case days(Int)

    var count: Int {
      switch self {
      case .bars(let count), .days(let count): count
      }
    }
  }

  /// The search; its objective decides.
  public let search: GridSearch
  /// What sets are chosen in.
  public let train: Length
  /// What they trade in.
  public let test: Length
  /// By how much folds are apart; the length of a test where nothing is said.
  public let step: Length?
  /// Whether every fold begins at the first time, or moves on as a whole.
  public let isAnchored: Bool
  /// Times between the parts of a fold; nil for the longest holding of the set that is chosen.
  ///
  /// Positions are closed at the end of a train, so that no trade reaches into the test: 0 unless signals were made with
  /// labels that look ahead.
  public let purge: Int?

  /// A search that goes on.
  public init(
    _ search: GridSearch, train: Length, test: Length, step: Length? = nil,
    isAnchored: Bool = false, purge: Int? = 0
  ) {
    (self.search, self.train, self.test, self.step) = (search, train, test, step)
    (self.isAnchored, self.purge) = (isAnchored, purge)
  }

  /// One part of the history and the one behind it.
  public struct Fold: Sendable {
    /// Times that sets were chosen in.
    public let train: Range<Int>
    /// Times that the best one traded in.
    public let test: Range<Int>
    /// The number of the set that was chosen; nil where none had trades enough.
    public let set: Int?
    /// What it came to while it was chosen.
    public let trainMetrics: BacktestMetrics
    /// What it came to behind that.
    public let testMetrics: BacktestMetrics
    /// Its trades there.
    public let trades: [Trade]
    let equity: [Double]

    /// Yearly return of the test by that of the train; NaN where that is not above 0.
    public var efficiency: Double {
      trainMetrics.annualReturn > 0 ? testMetrics.annualReturn / trainMetrics.annualReturn : .nan
    }
  }

  /// The places of folds over a panel.
  ///
  /// A last test that is shorter is kept where it has half of its length.
  ///
  /// - Throws: `DataError` for lengths below 1 and for a history that is too short for one fold.
  public func ranges(_ panel: Panel) throws(DataError) -> [(train: Range<Int>, test: Range<Int>)] {
    let step = step ?? test
    for (name, length) in [("train", train), ("test", test), ("step", step)] {
      guard length.count >= 1 else {
        throw DataError(
          .outOfRange, in: "walk-forward", "\(name) of \(length.count); expected 1 or more")
      }
    }
    if let purge, purge < 0 {
      throw DataError(.outOfRange, in: "walk-forward", "purge of \(purge); expected 0 or more")
    }
    /// Beginnings of days, and the end.
    let days = Self.dayStarts(panel)
    func place(_ start: Int, _ length: Length) -> Int {
      switch length {
      case .bars(let count): return min(start + count, Int.max / 2)
      case .days(let count):
        let day = days.partitioningIndex { $0 > start } - 1
        return day + count < days.count ? days[day + count] : .max / 2
      }
    }
    let end = panel.time.count
    var found: [(train: Range<Int>, test: Range<Int>)] = []
    var start = 0
    while true {
      let middle = place(start, train)
      guard middle < end else { break }
      let whole = place(middle, test)
      let last = min(whole, end)
      if whole > end {
        // Half of a test is enough.
        let half: Length
        switch test {
        case .bars(let count): half = .bars((count + 1) / 2)
        case .days(let count): half = .days((count + 1) / 2)
        }
        guard place(middle, half) <= end else { break }
      }
      found.append(((isAnchored ? 0 : start)..<middle, middle..<last))
      start = place(start, step)
      if whole >= end { break }
    }
    guard !found.isEmpty else {
      throw DataError(
        .outOfRange, in: "walk-forward",
        "\(end) times (\(max(days.count - 1, 0)) days) are too few for a train of \(train.count) and "
          + "half of a test of \(test.count)")
    }
    return found
  }

  private static func dayStarts(_ panel: Panel) -> [Int] {
    var starts: [Int] = []
    var last: Int?
    for (index, time) in panel.time.enumerated() {
      let day = panel.clock.reading(of: time).day
      if day != last { starts.append(index) }
      last = day
    }
    return starts + [panel.time.count]
  }

  /// Runs all folds.
  ///
  /// - Throws: As `ranges` and `GridSearch.run`.
  public func run(
    _ panel: Panel, threads: Int? = nil, progress: ((_ done: Int, _ of: Int) throws -> Void)? = nil
  ) throws -> WalkForwardResult {
    try search.template.check()
    let value = try BacktestMetrics.value(named: search.objective.metric)
    let ranges = try ranges(panel)
    var search = search
    search.blocks = 0
    // [folds][sets]
    var trained = [[BacktestMetrics]](repeating: [], count: ranges.count)
    let runner = search.runner(panel, ranges.map(\.train), threads)
    try runner.run(0..<search.grid.count) { first, outcomes in
      for outcome in outcomes {
        for (fold, one) in outcome.enumerated() { trained[fold].append(one.metrics) }
      }
      try progress?(first + outcomes.count, search.grid.count)
    }
    var folds: [Fold] = []
    for (number, range) in ranges.enumerated() {
      let metrics = trained[number]
      let ranking = search.ranking(metrics.map(value), trades: metrics.map(\.trades))
      let best = ranking.first.flatMap {
        value(metrics[$0]).isNaN || metrics[$0].trades < search.minimumTrades ? nil : $0
      }
      guard let best else {
        let flat = [Double](repeating: search.template.initialCapital, count: range.test.count)
        folds.append(
          Fold(
            train: range.train, test: range.test, set: nil, trainMetrics: BacktestMetrics(),
            testMetrics: BacktestMetrics(), trades: [], equity: flat))
        continue
      }
      let gap = purge ?? metrics[best].longestHold
      let test = min(range.test.lowerBound + gap, range.test.upperBound)..<range.test.upperBound
      var backtest = search.template
      backtest.strategy = try search.family.strategy(search.grid[best])
      let result = try backtest.run(panel, times: test, threads: threads)
      let capital = result.metrics.initialEquity
      let waiting = [Double](repeating: capital, count: test.lowerBound - range.test.lowerBound)
      folds.append(
        Fold(
          train: range.train, test: test, set: best, trainMetrics: metrics[best],
          testMetrics: result.metrics, trades: result.trades, equity: waiting + result.equity))
    }
    return WalkForwardResult(walk: self, panel: panel, folds: folds, ranges: ranges)
  }
}

/// What a walk forward has come to.
public struct WalkForwardResult: Sendable {
  /// What was run.
  public let walk: WalkForward
  /// The folds, in order.
  public let folds: [WalkForward.Fold]
  /// Nanoseconds since 1970 UTC of the tests, one behind the other.
  public let time: [Int64]
  /// Equity over the tests, carried on from one to the next.
  public let equity: [Double]
  /// What all tests together come to; trades are those of all folds.
  public let metrics: BacktestMetrics

  init(
    walk: WalkForward, panel: Panel, folds: [WalkForward.Fold],
    ranges: [(train: Range<Int>, test: Range<Int>)]
  ) {
    self.walk = walk
    self.folds = folds
    let template = walk.search.template
    var time: [Int64] = []
    var equity: [Double] = []
    var seconds = 0.0
    let accounts = template.capital == .shared ? 1 : max(panel.symbols.count, 1)
    let capital = template.initialCapital * Double(accounts)
    var level = capital
    var next = 0
    for (fold, range) in zip(folds, ranges) {
      // Folds that overlap go on where the one before ends.
      let start = max(range.test.lowerBound, next)
      guard start < range.test.upperBound else { continue }
      next = range.test.upperBound
      let own = Array(fold.equity.dropFirst(start - range.test.lowerBound))
      let first =
        start > range.test.lowerBound
        ? fold.equity[start - range.test.lowerBound - 1] : fold.set == nil ? own[0] : capital
      time += panel.time[start..<range.test.upperBound]
      equity += own.map { level * $0 / first }
      level = equity[equity.count - 1]
      seconds += Double(panel.time[range.test.upperBound - 1] - panel.time[start]) / 1e9
    }
    (self.time, self.equity) = (time, equity)
    var totals = BookTotals(
      equity, samples: template.sampling.samples(time, panel.clock), capital: capital,
      downside: template.riskFreePeriod)
    for trade in folds.flatMap(\.trades) {
      totals.add(
        profit: trade.profit, notional: abs(trade.units * trade.entryPrice), held: trade.barsHeld)
      totals.fees += trade.fees
    }
    var metrics = BacktestMetrics(totals, initial: capital, seconds: seconds, template)
    (metrics.exposure, metrics.turnover) = (.nan, .nan)
    self.metrics = metrics
  }

  /// Yearly return of the tests by the mean of the trains; NaN where that is not above 0.
  public var efficiency: Double {
    let trained = folds.map(\.trainMetrics.annualReturn).filter { !$0.isNaN }
    guard !trained.isEmpty else { return .nan }
    let mean = trained.reduce(0, +) / Double(trained.count)
    return mean > 0 ? metrics.annualReturn / mean : .nan
  }

  /// The part of folds that chose the set which is chosen most often, or one next to it in the grid.
  public var stability: Double {
    let chosen = folds.compactMap(\.set)
    guard !chosen.isEmpty else { return .nan }
    let grid = walk.search.grid
    let numbers = Dictionary((0..<grid.count).map { (grid[$0], $0) }) { first, _ in first }
    var most = 0
    for set in Set(chosen) {
      let region = Set([set] + grid.neighbours(of: set, numbers))
      most = max(most, chosen.count { region.contains($0) })
    }
    return Double(most) / Double(folds.count)
  }
}

extension WalkForward {
  /// A search that goes on, from text: `train=504,test=126` in bars or with a `d` behind in days; `step`, `purge` (or
  /// `longest`, for the longest holding), `anchored=yes`.
  ///
  /// - Throws: `DataError` for other names and for lengths that make no sense.
  public init(_ search: GridSearch, parsing text: String) throws(DataError) {
    var lengths: [String: Length] = [:]
    var isAnchored = false
    var purge: Int? = 0
    let names = ["train", "test", "step", "purge", "anchored"]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmed }
      guard pair.count == 2, names.contains(pair[0]) else {
        throw DataError(
          .malformed, in: "walk-forward", at: excerpt(String(part)),
          "expected name=value, names \(names.joined(separator: ", "))"
            + DataError.nearest(pair.first ?? "", among: names))
      }
      let isDays = pair[1].hasSuffix("d")
      let number = Int(isDays ? String(pair[1].dropLast()) : pair[1])
      func whole() throws(DataError) -> Int {
        guard let number, number >= 0, number < 1 << 40 else {
          throw DataError(
            .wrongType, in: "walk-forward", at: pair[0],
            "\(excerpt(pair[1])); expected a number of bars, or of days as 504d")
        }
        return number
      }
      switch pair[0] {
      case "anchored":
        guard ["yes", "no"].contains(pair[1]) else {
          throw DataError(
            .wrongType, in: "walk-forward", at: "anchored",
            "\(excerpt(pair[1])); expected yes or no")
        }
        isAnchored = pair[1] == "yes"
      case "purge":
        guard !isDays else {
          throw DataError(
            .wrongType, in: "walk-forward", at: "purge", "expected bars, or longest")
        }
        purge = pair[1] == "longest" ? nil : try whole()
      default: lengths[pair[0]] = isDays ? .days(try whole()) : .bars(try whole())
      }
    }
    guard let train = lengths["train"], let test = lengths["test"] else {
      throw DataError(
        .missing, in: "walk-forward",
        "\(excerpt(text)); expected train and test, such as train=504,test=126")
    }
    self.init(
      search, train: train, test: test, step: lengths["step"], isAnchored: isAnchored, purge: purge)
  }
}
