import MartletCore
public import MartletSeries

/// Whether a strategy sees what was not known yet.
///
/// Series cannot; functions can, where they hold data of their own. The strategy is run over beginnings of the history:
/// what it did must not change when the history goes on.
public struct LookAheadCheck: Sendable {
  /// Where the orders of a beginning differ from those of the whole.
  public struct Finding: Hashable, Sendable {
    /// Times of the beginning.
    public let times: Int
    /// The symbol's number.
    public let symbol: Int
    /// The time of the first fill that differs, in nanoseconds since 1970 UTC.
    public let time: Int64
    /// The fill of the whole history; nil where there is none.
    public let whole: Fill?
    /// That of the beginning.
    public let beginning: Fill?
  }

  /// What was found; empty for a strategy that looks back only.
  public let findings: [Finding]
  /// The beginnings that were run.
  public let beginnings: [Int]

  /// Runs a strategy over several beginnings of a history.
  ///
  /// - Parameters:
  ///   - parts: How many beginnings.
  ///   - make: Makes the backtest for a panel: what it captures must come from that panel only.
  public init(
    _ panel: Panel, parts: Int = 5, threads: Int? = nil, make: (Panel) throws -> Backtest
  ) throws {
    guard parts >= 1 else {
      throw DataError(
        .outOfRange, in: "look-ahead check", "\(parts) beginnings; expected 1 or more")
    }
    let whole = try make(panel).run(panel, threads: threads)
    var findings: [Finding] = []
    var beginnings: [Int] = []
    for part in 1...parts {
      let count = panel.time.count * part / (parts + 1)
      guard count > 0, count < panel.time.count else { continue }
      beginnings.append(count)
      let beginning = panel.times(0..<count)
      let result = try make(beginning).run(beginning, threads: threads)
      let last = panel.time[count - 1]
      for (account, other) in zip(whole.accounts, result.accounts) {
        // What is closed because the data end is no decision.
        let known = account.fills.filter { $0.time <= last && $0.reason != .end }
        let seen = other.fills.filter { $0.reason != .end }
        let different = (0..<max(known.count, seen.count)).first { index in
          index >= known.count || index >= seen.count || known[index] != seen[index]
        }
        guard let different else { continue }
        let (a, b) = (
          different < known.count ? known[different] : nil,
          different < seen.count ? seen[different] : nil
        )
        guard let any = a ?? b else { continue }
        findings.append(
          Finding(times: count, symbol: any.symbol, time: any.time, whole: a, beginning: b))
      }
    }
    (self.findings, self.beginnings) = (findings, beginnings)
  }

  /// Whether nothing was found.
  public var isClean: Bool { findings.isEmpty }
}

/// How much what a strategy does depends on where its history begins.
///
/// Averages with a long memory, and states that never forget, give other orders to who starts later.
public struct RecursionCheck: Sendable {
  /// One later start.
  public struct Start: Hashable, Sendable {
    /// Times that were left out.
    public let skipped: Int
    /// Fills behind the warm-up, of both.
    public let fills: Int
    /// Those that only one of them has.
    public let different: Int
    /// How far the returns behind the warm-up are apart.
    public let returnDifference: Double
  }

  /// The starts.
  public let starts: [Start]

  /// Runs a strategy over several ends of a history.
  ///
  /// - Parameters:
  ///   - skips: Times that are left out at the beginning.
  ///   - warmUp: Times behind the start after which fills are compared.
  public init(
    _ panel: Panel, skips: [Int], warmUp: Int, threads: Int? = nil,
    make: (Panel) throws -> Backtest
  ) throws {
    let count = panel.time.count
    var starts: [Start] = []
    for skip in skips {
      guard skip > 0, warmUp >= 0, skip + warmUp < count else {
        throw DataError(
          .outOfRange, in: "recursion check",
          "\(skip) times left out and \(warmUp) of warm-up; expected less than \(count) together")
      }
      let from = panel.time[skip + warmUp]
      let whole = try make(panel).run(panel, threads: threads)
      let end = panel.times(skip..<count)
      let part = try make(end).run(end, threads: threads)
      struct Key: Hashable {
        let time: Int64
        let symbol: Int
        let buys: Bool
      }
      func keys(_ result: BacktestResult) -> Set<Key> {
        Set(
          result.accounts.flatMap(\.fills).filter { $0.time >= from }.map {
            Key(time: $0.time, symbol: $0.symbol, buys: $0.units > 0)
          })
      }
      func growth(_ result: BacktestResult, from bar: Int) -> Double {
        result.equity[result.equity.count - 1] / result.equity[bar] - 1
      }
      let (a, b) = (keys(whole), keys(part))
      starts.append(
        Start(
          skipped: skip, fills: a.union(b).count, different: a.symmetricDifference(b).count,
          returnDifference: growth(part, from: warmUp) - growth(whole, from: skip + warmUp)))
    }
    self.starts = starts
  }
}
