import MartletArrays
import MartletSeries

/// What an adaptive trend classification is made of: averages, thresholds, and how equities grow.
///
/// ```swift
/// var settings = TrendSettings(.lts, robustness: .wide)
/// settings.lengths[.ema] = 50
/// let trend = try panel.bars.adaptiveTrend(settings)
/// ```
public struct TrendSettings: Hashable, Sendable {
  /// Three programs that compute it, each in its own way; every difference is a switch of its own as well.
  public enum Profile: String, CaseIterable, Hashable, Sendable {
    /// The script on TradingView.
    case pine
    /// Its first port to Python.
    case port
    /// That port's later form, with true Hull averages and votes from the thresholds on.
    case lts
  }

  /// How far the nine lengths of a family lie apart.
  public enum Robustness: String, CaseIterable, Hashable, Sendable {
    case narrow, medium, wide

    /// What is added to a family's length, in the order in which the sums run.
    public var offsets: [Int] {
      let steps =
        switch self {
        case .narrow: [1, 2, 3, 4]
        case .medium: [1, 2, 4, 6]
        case .wide: [1, 3, 5, 7]
        }
      return [0] + steps + steps.map { -$0 }
    }
  }

  /// The families of averages, each of nine lengths.
  public enum Family: String, CaseIterable, Hashable, Sendable {
    case ema, hma, wma, dema, lsma, kama
  }

  /// What stands before the bar at which equities begin.
  public enum CutoutFill: String, CaseIterable, Hashable, Sendable {
    case zero, nan
  }

  /// How the adaptive average of Kaufman begins and is scaled.
  public enum KaufmanForm: String, CaseIterable, Hashable, Sendable {
    /// From the first price, flat for n bars; 0.666 and 0.064.
    case flat
    /// From 0, as the script has it: not meaningful for the first hundred bars; 0.666 and 0.064.
    case fromZero
    /// A path of n − 1 steps; 2/3 and 2/31.
    case shortPath
  }

  /// A value for each family.
  public struct PerFamily<Value: Hashable & Sendable>: Hashable, Sendable {
    private var values: [Value]

    /// The same for all.
    public init(_ value: Value) {
      values = Array(repeating: value, count: Family.allCases.count)
    }

    /// One family's.
    public subscript(family: Family) -> Value {
      get { values[Family.allCases.firstIndex(of: family)!] }
      set { values[Family.allCases.firstIndex(of: family)!] = newValue }
    }
  }

  /// The length that each family's nine lie around, 28.
  public var lengths = PerFamily(28)
  /// What each family's equity begins with in the vote, 1.
  public var weights = PerFamily(1.0)
  /// How far the nine lengths lie apart.
  public var robustness: Robustness
  /// How many of the nine lengths are used: 9, or 1, 3 or 5 around the middle for a cheaper, other average.
  public var memberCount = 9
  /// How fast later returns count for more: λ, in thousandths per bar, 0.02.
  public var lambda = 0.02
  /// What equities lose: percent per bar, 0.03.
  public var decay = 0.03
  /// The bar at which equities begin; what comes before is ``cutoutFill``.
  public var cutout = 0
  /// The average above which the trend is up.
  public var longThreshold = 0.1
  /// The average below which it is down.
  public var shortThreshold = -0.1
  /// The signals above and below which a family votes; nil for the thresholds.
  public var voteThresholds: ClosedRange<Double>?
  /// Whether the average is that of the bar before; never for a backtest that fills at the next open.
  public var isDelayed = false
  /// What stands in ``AdaptiveTrend/average`` before the cutout.
  public var cutoutFill = CutoutFill.zero
  /// Whether exponential averages begin with the first price instead of a mean.
  public var seedsWithFirst: Bool
  /// Whether the family `hma` is Hull's average; a plain mean otherwise, as in the script.
  public var isHull: Bool
  /// Whether the second average of `dema` begins with a mean, as in textbooks.
  public var isTextbookDEMA = false
  /// How the family `kama` is computed.
  public var kaufman: KaufmanForm
  /// Whether a close must have been on the other side, not just level, to cross.
  public var isStrict = false
  /// A distance of the close from an average that counts as none, in parts of the close.
  ///
  /// Averages of equal prices differ from them in the last bit, which would be a cross.
  public var tolerance = 1e-10
  /// Whether a signal of exactly 0 earns the last return once more, as a variable of the script that is kept does.
  public var keepsReturn: Bool
  /// Whether halves of a signal's third decimal go up; to even otherwise.
  public var roundsHalfUp: Bool

  /// The settings of a profile.
  public init(_ profile: Profile = .pine, robustness: Robustness = .medium) {
    self.robustness = robustness
    seedsWithFirst = profile == .pine
    isHull = profile == .lts
    keepsReturn = profile == .pine
    roundsHalfUp = profile == .pine
    kaufman =
      switch profile {
      case .pine: .fromZero
      case .port: .shortPath
      case .lts: .flat
      }
    voteThresholds = profile == .pine ? -0.49...0.49 : nil
  }

  /// The lengths of a family, nine unless fewer are asked for.
  public func lengths(of family: Family) -> [Int] {
    let (all, pairs) = (robustness.offsets, (memberCount - 1) / 2)
    // The middle one, then the longer ones, then the shorter ones.
    let used = [all[0]] + all[1...4].prefix(pairs) + all[5...8].prefix(pairs)
    return used.map { lengths[family] + $0 }
  }

  /// What an equity keeps of itself a bar, and what λ adds to the exponent of its returns.
  var perBar: (keep: Double, growth: Double) { (1 - decay / 100, lambda / 1000) }

  /// The factor that returns of the last of so many bars are multiplied by.
  public func growth(bars: Int) -> Double {
    let age = max(0, bars - 1 - cutout)
    // The exponent is bounded, so that no history makes it infinite.
    return Kernel.exponential.applied(to: min(700, perBar.growth * Double(age)))
  }

  /// What should be said of these settings for a history of so many bars.
  public func warnings(bars: Int) -> [String] {
    let growth = growth(bars: bars)
    guard growth > 1.1 else { return [] }
    let factor = (growth * 100).rounded() / 100
    return [
      "the last returns count \(factor) times the first\(growth > 1.25 ? ", which decides the equities" : ""); "
        + "a smaller lambda or a later cutout makes it less"
    ]
  }

  /// Refuses what nothing can be computed with.
  func check() throws(DataError) {
    func refuse(_ problem: String) -> DataError {
      DataError(.outOfRange, in: "adaptive trend", problem)
    }
    for family in Family.allCases {
      let shortest = lengths(of: family).min() ?? 0
      guard shortest >= 1, lengths[family] <= 1_000_000 else {
        throw refuse(
          "\(family.rawValue): length \(lengths[family]); \(robustness.rawValue) lengths need "
            + "\(1 - (robustness.offsets.min() ?? 0))…1000000")
      }
      guard weights[family] > 0, weights[family].isFinite else {
        throw refuse("\(family.rawValue): weight \(weights[family]); expected more than 0")
      }
    }
    guard [1, 3, 5, 9].contains(memberCount) else {
      throw refuse("memberCount \(memberCount); expected 1, 3, 5 or 9")
    }
    guard lambda >= 0, lambda.isFinite else { throw refuse("lambda \(lambda); expected 0 or more") }
    guard decay >= 0, decay < 100 else {
      throw refuse("decay \(decay); expected percent per bar, 0…100")
    }
    guard cutout >= 0 else { throw refuse("cutout \(cutout); expected 0 or more") }
    guard longThreshold > shortThreshold else {
      throw refuse(
        "longThreshold \(longThreshold) is not above shortThreshold \(shortThreshold)")
    }
    guard tolerance >= 0, tolerance < 1 else { throw refuse("tolerance \(tolerance)") }
  }
}
