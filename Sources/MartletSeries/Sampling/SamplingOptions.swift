import MartletArrays
import MartletIO

/// What bars made of trades do at the edges.
public struct SamplingOptions: Hashable, Sendable {
  /// What becomes of a symbol's first time bar where the data begin inside of its period.
  public enum FirstBar: String, Hashable, Sendable, CaseIterable {
    /// It is a bar like others.
    case emit
    /// It is left out.
    case skip
    /// It is a bar with `isPartial`.
    case mark
  }

  /// To which time bar a trade at the very end of a period belongs.
  public enum ClosedSide: String, Hashable, Sendable, CaseIterable {
    /// To the next: a period contains its opening.
    case left
    /// To that which ends: a period contains its end, and the first of a session its opening too.
    case right

    /// When a period that ends then is over: a trade at the end may belong to it.
    func due(_ end: Int64) -> Int64 { self == .left || end == .max ? end : end + 1 }
  }

  /// What stands for periods without trades.
  public enum EmptyBars: String, Hashable, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// A bar at the last close without volume, marked `isFill`, from a symbol's first bar on.
    case carryClose
  }

  /// What becomes of a trade before the symbol's last one, or of a bar that has been closed.
  public enum LateTrades: String, Hashable, Sendable, CaseIterable {
    /// It is an error.
    case reject
    /// It is counted and changes nothing else.
    case drop
  }

  /// What becomes of a first bar that begins before the data do.
  public var firstBar: FirstBar
  /// Which end of a period belongs to it.
  public var closedSide: ClosedSide
  /// What stands for periods without trades.
  public var emptyBars: EmptyBars
  /// What becomes of the rest of a session.
  public var stub: StubPolicy
  /// What becomes of trades that come too late.
  public var lateTrades: LateTrades
  /// How far a time may lie ahead of the newest before it is taken for an error.
  public var maximumStep: Duration
  /// How many bars one trade may close before it is taken for an error.
  public var maximumBarsPerTrade: Int

  /// Options, each with its usual value.
  public init(
    firstBar: FirstBar = .mark, closedSide: ClosedSide = .left, emptyBars: EmptyBars = .none,
    stub: StubPolicy = .emit, lateTrades: LateTrades = .reject,
    maximumStep: Duration = .seconds(30 * 86_400), maximumBarsPerTrade: Int = 10_000
  ) {
    self.firstBar = firstBar
    self.closedSide = closedSide
    self.emptyBars = emptyBars
    self.stub = stub
    self.lateTrades = lateTrades
    self.maximumStep = maximumStep
    self.maximumBarsPerTrade = maximumBarsPerTrade
  }

  /// The step in nanoseconds, at most what 64 bits hold.
  var stepNanoseconds: Int64 {
    let (seconds, attoseconds) = maximumStep.components
    return seconds < 9_000_000_000 ? seconds * 1_000_000_000 + attoseconds / 1_000_000_000 : .max
  }

  /// Refuses guards that nothing could pass.
  func check() throws(DataError) {
    guard maximumStep >= .nanoseconds(1) else {
      throw DataError(
        .outOfRange, in: "trades", at: "maximum step", "\(maximumStep); expected more than zero")
    }
    guard (1...1 << 40).contains(maximumBarsPerTrade) else {
      throw DataError(
        .outOfRange, in: "trades", at: "bars per trade",
        "at most \(maximumBarsPerTrade); expected 1…2⁴⁰")
    }
  }
}
