public import MartletArrays
public import MartletSeries

/// A scan of a market for strong trends in two stages: a cheap average for all symbols, the exact one for those that it
/// does not rule out.
///
/// ```swift
/// var scan = try TrendScan(TrendSettings(.lts), threshold: 0.8, calibratedOn: panel)
/// let found = try scan.run(panel)
/// print(found.symbols, found.candidateShare)
/// ```
///
/// What is published is exact. What may be missed is bounded by the margin: a symbol is computed exactly where its cheap
/// average is within it of the threshold, and the margin is a quantile of how far both were apart on a sample. Each run
/// computes some of the symbols that were ruled out, says how many it would have missed, and widens the margin after a
/// miss. The average of this classification is mostly near ±1, so a threshold alone rules out few symbols:
/// ``Result/candidateShare`` says how much was saved.
public struct TrendScan: Sendable {
  /// What the first stage computes.
  public enum Stage: String, CaseIterable, Hashable, Sendable {
    /// One length for each family instead of nine.
    case baseLengths
    /// One, three, five or nine lengths by how near the close is to an average.
    case adaptive
  }

  /// What was found.
  public struct Result: Sendable {
    /// Symbols whose average is at least the threshold, or at most its negative, in the panel's order.
    public let symbols: [String]
    /// Their exact averages.
    public let averages: [Double]
    /// Their directions.
    public let directions: [Double]
    /// Bars since these changed.
    public let ages: [Double]
    /// The part of the market that was computed exactly, the audit not counted.
    public let candidateShare: Double
    /// Symbols that were ruled out and computed all the same.
    public let audited: Int
    /// Those among them that belong to the result; they are in it.
    public let missed: Int
    /// The part of all such symbols that is found, by the audit: a 95 % interval of Wilson's.
    public let recall: ClosedRange<Double>
    /// The margin that was used.
    public let margin: Double
  }

  /// What is computed.
  public let settings: TrendSettings
  /// The size of the average from which a symbol is found.
  public let threshold: Double
  /// What the first stage computes.
  public let stage: Stage
  /// How far from the threshold a cheap average may be for the exact one to be computed.
  public private(set) var margin: Double
  /// The part of the symbols that were ruled out which is computed all the same.
  public var auditShare = 0.02
  private var random: RandomGenerator

  /// Symbols that a margin is calibrated on at least.
  public static let smallestSample = 200

  /// A scan with a margin that is calibrated on the last bars of a market.
  ///
  /// - Parameters:
  ///   - sample: Symbols to calibrate on, at least 200; all where there are fewer.
  ///   - quantile: The part of the sample for which both averages are within the margin.
  ///   - seed: Chooses the sample and the audits.
  /// - Throws: `DataError` for settings that nothing can be computed with and for a market of fewer than 200 symbols.
  public init(
    _ settings: TrendSettings = TrendSettings(), threshold: Double = 0.01,
    stage: Stage = .baseLengths, calibratedOn panel: Panel, sample: Int = 400,
    quantile: Double = 0.995, seed: UInt64 = 0, threads: Int? = nil
  ) throws(DataError) {
    try settings.check()
    guard threshold > 0, threshold <= 1 else {
      throw DataError(.outOfRange, in: "trend scan", "threshold \(threshold); expected 0…1")
    }
    guard quantile > 0, quantile <= 1 else {
      throw DataError(.outOfRange, in: "trend scan", "quantile \(quantile); expected 0…1")
    }
    guard panel.symbols.count >= Self.smallestSample else {
      throw DataError(
        .outOfRange, in: "trend scan",
        "\(panel.symbols.count) symbols; a margin is calibrated on \(Self.smallestSample) or more, "
          + "and fewer are soon computed exactly")
    }
    (self.settings, self.threshold, self.stage) = (settings, threshold, stage)
    random = RandomGenerator(seed: seed)
    let count = min(panel.symbols.count, max(sample, Self.smallestSample))
    let chosen = Array(
      random.permutation(panel.symbols.count).elements(as: Int64.self).prefix(count)
    ).map(Int.init).sorted()
    let part = panel.symbols(chosen)
    margin = 0
    let cheap = try cheapAverages(part, threads)
    let exact = try Self.last(part, settings, threads).averages
    let gaps = zip(cheap, exact).map { abs($0 - $1) }.filter { !$0.isNaN }.sorted()
    let place = Int((quantile * Double(gaps.count)).rounded(.up)) - 1
    margin = gaps.isEmpty ? 0 : gaps[max(0, min(place, gaps.count - 1))]
  }

  /// The symbols of a market whose last bar has a strong trend.
  ///
  /// - Throws: `DataError` where the task is cancelled.
  public mutating func run(_ panel: Panel, threads: Int? = nil) throws(DataError) -> Result {
    let cheap = try cheapAverages(panel, threads)
    let used = margin
    let candidates = panel.symbols.indices.filter { abs(cheap[$0]) >= threshold - used }
    let chosen = Set(candidates)
    let others = panel.symbols.indices.filter { !chosen.contains($0) && !cheap[$0].isNaN }
    let audit = audited(others)
    let all = (candidates + audit).sorted()
    let exact = try Self.last(panel.symbols(all), settings, threads)
    let strong = all.indices.filter { abs(exact.averages[$0]) >= threshold }
    let missed = strong.filter { !chosen.contains(all[$0]) }
    for place in missed {
      // What was missed would have been seen with this one.
      margin = max(margin, threshold - abs(cheap[all[place]]))
    }
    return Result(
      symbols: strong.map { panel.symbols[all[$0]] }, averages: strong.map { exact.averages[$0] },
      directions: strong.map { exact.directions[$0] }, ages: strong.map { exact.ages[$0] },
      candidateShare: Double(candidates.count) / Double(max(panel.symbols.count, 1)),
      audited: audit.count, missed: missed.count,
      recall: Self.recall(
        found: strong.count - missed.count, missed: missed.count, audited: audit.count,
        of: others.count), margin: used)
  }

  private mutating func audited(_ others: [Int]) -> [Int] {
    let count = min(others.count, Int((auditShare * Double(others.count)).rounded(.up)))
    guard count > 0 else { return [] }
    return random.permutation(others.count).elements(as: Int64.self).prefix(count)
      .map { others[Int($0)] }
  }

  /// The part of the strong symbols among the candidates, where so many of those ruled out were looked at.
  ///
  /// The interval is Wilson's (Probable Inference, the Law of Succession, and Statistical Inference, 1927).
  package static func recall(found: Int, missed: Int, audited: Int, of others: Int) -> ClosedRange<
    Double
  > {
    guard others > 0 else { return 1...1 }
    guard audited > 0 else { return 0...1 }
    let (z, n) = (1.959963984540054, Double(audited))
    let p = Double(missed) / n
    let middle = p + z * z / (2 * n)
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    func recall(_ rate: Double) -> Double {
      let lost = rate * Double(others)
      return Double(found) + lost > 0 ? Double(found) / (Double(found) + lost) : 1
    }
    let (low, high) = (max(0, (middle - spread) / scale), min(1, (middle + spread) / scale))
    return recall(high)...max(recall(high), recall(missed == 0 ? 0 : low))
  }

  // MARK: Averages

  private static func last(
    _ panel: Panel, _ settings: TrendSettings, _ threads: Int?
  ) throws(DataError) -> (averages: [Double], directions: [Double], ages: [Double]) {
    let trend = try panel.bars.adaptiveTrend(settings)
    let found = try Series.evaluate(
      [trend.average, trend.direction, trend.age], threads: threads, latest: true,
      in: "trend scan"
    ).map { $0.asType(.float64).eval().elements(as: Double.self) }
    return (found[0], found[1], found[2])
  }

  /// The first stage's average of each symbol.
  private func cheapAverages(_ panel: Panel, _ threads: Int?) throws(DataError) -> [Double] {
    var cheap = settings
    cheap.memberCount = 1
    guard stage == .adaptive else { return try Self.last(panel, cheap, threads).averages }
    let counts = try memberCounts(panel, cheap, threads)
    var averages = [Double](repeating: .nan, count: panel.symbols.count)
    for count in [1, 3, 5, 9] {
      let own = counts.indices.filter { counts[$0] == count }
      guard !own.isEmpty else { continue }
      var part = settings
      part.memberCount = count
      let found = try Self.last(panel.symbols(own), part, threads).averages
      for (place, symbol) in own.enumerated() { averages[symbol] = found[place] }
    }
    return averages
  }

  /// How many lengths each symbol needs: more, the nearer its close is to an average, in deviations of 20 bars.
  private func memberCounts(
    _ panel: Panel, _ cheap: TrendSettings, _ threads: Int?
  ) throws(DataError) -> [Int] {
    let bars = panel.bars
    let trend = try bars.adaptiveTrend(cheap)
    let change = bars.close / bars.close.shift(1) - 1
    let unit = change.rollingStd(20) * bars.close
    let distances = trend.members.map { (bars.close - $0[0].average).abs() / unit }
    let nearest = try Series.evaluate(distances, threads: threads, latest: true, in: "trend scan")
      .map { $0.asType(.float64).eval().elements(as: Double.self) }
    return panel.symbols.indices.map { symbol in
      let z = nearest.map { $0[symbol] }.filter { !$0.isNaN }.min() ?? 0
      return z < 0.1 ? 9 : z < 0.25 ? 5 : z < 0.5 ? 3 : 1
    }
  }
}
