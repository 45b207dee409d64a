public import MartletFeatures
import MartletNetworks

/// How the features of a market become the input of a model.
///
/// A sample is made of the last `window` bars that a symbol has; times at which it has none do not count.
/// Values that do not exist are 0, the others are cut off at ±`clip`. Where a model takes twice as many
/// numbers as there are features, the masks stand behind them: 1 for a value that exists, otherwise 0.
public struct SignalOptions: Sendable {
  /// What happens while a symbol has fewer bars than the window.
  public enum ShortHistory: Hashable, Sendable {
    /// No prediction: NaN.
    case skipped
    /// Samples of the bars there are, from `minimum` on.
    case ragged(minimum: Int)
  }

  /// While there are fewer bars than the window.
  public var shortHistory = ShortHistory.skipped
  /// Bars of a sample; nil for what the model says: its `window`, or as many as it has positions.
  public var window: Int?
  /// The largest magnitude of a feature.
  public var clip = 10.0
  /// What a model is told about the whole market: [numbers], or [times, numbers] over a panel.
  ///
  /// For models that ask for it; zeros where it is nil.
  public var context: NDArray?
  /// Threads to use; nil for `MARTLET_THREADS`, or one per core.
  public var threads: Int?

  /// The usual ones.
  public init() {}
}

/// The bars of a panel that are predicted.
public enum SignalTimes: Hashable, Sendable {
  /// Each symbol's last bar.
  case last
  /// Every bar.
  case all
  /// The bars at some time indices.
  case range(Range<Int>)
}
