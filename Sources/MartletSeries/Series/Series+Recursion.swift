import MartletArrays
import MartletIO

/// What an average is before it has seen enough bars.
public enum AverageSeed: String, Hashable, Sendable, CaseIterable {
  /// The plain mean of the first n values, at bar n − 1 (TA-Lib).
  case sma
  /// The first value, at bar 0 (Tulip, TradingView, MetaStock).
  case first
  /// From bar 0 the weighted mean of the values there are, so that no seed weighs more than its
  /// age says (pandas `ewm(adjust=True)`).
  case adjusted
}

/// Recursions. An undefined value gives NaN for that bar and leaves the state alone.
extension Series {
  /// Exponential average: y + k (x − y) with k = 2 / (n + 1).
  ///
  /// Warm-up: n − 1, with the seeds `.first` and `.adjusted` none. Cost per bar: constant.
  public func exponentialAverage(_ n: Int, seed: AverageSeed = .sma) -> Series {
    requireLength(n, in: "exponentialAverage")
    return exponentialAverage(coefficient: 2 / Double(n + 1), n, seed: seed)
  }

  /// Wilder's average: y + (x − y) / n.
  ///
  /// Warm-up: n − 1, with the seeds `.first` and `.adjusted` none. Cost per bar: constant.
  /// Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
  public func wilderAverage(_ n: Int, seed: AverageSeed = .sma) -> Series {
    requireLength(n, in: "wilderAverage")
    return exponentialAverage(coefficient: 1 / Double(n), n, seed: seed)
  }

  private func exponentialAverage(coefficient k: Double, _ n: Int, seed: AverageSeed) -> Series {
    switch seed {
    case .sma: return exponentialAverage(coefficient: k, seedLength: n)
    case .first: return exponentialAverage(coefficient: k, seedLength: 1)
    case .adjusted:
      // Σ (1 − k)^age x / Σ (1 − k)^age; an undefined value has no weight either.
      func weighted(_ x: Series) -> Series {
        Series(.average, [x], reals: [1, 1 - k, 1], integers: [1])
      }
      return weighted(self) / weighted(0 * self + 1)
    }
  }

  /// (1 − k) y + k x, begun from the mean of the first `seedLength` values.
  public func exponentialAverage(coefficient k: Double, seedLength: Int) -> Series {
    requireLength(seedLength, in: "exponentialAverage")
    return Series(
      .average, [self], reals: [k, 1 - k, Double(seedLength)], integers: [seedLength])
  }

  /// Wilder's sum: S − S / n + x, begun from the sum of the first n − 1 values.
  package func wilderSum(_ n: Int) -> Series {
    requireLength(n, in: "wilderSum")
    let seedLength = max(n - 1, 1)
    return Series(.average, [self], reals: [1, 1 - 1 / Double(n), 1], integers: [seedLength])
  }

  /// y + a (x − y) with a coefficient of its own at every bar, begun from `seed` of the first bar.
  public func adaptiveAverage(coefficient: Series, seed: Series) -> Series {
    Series(.adaptiveAverage, [self, coefficient, seed])
  }

  /// Sum of all values so far, with the rounding errors carried along.
  ///
  /// Cost per bar: constant.
  public func cumsum() -> Series { Series(.cumulativeSum, [self]) }

  /// Sum of the values since the last bar where `flag` is not 0, that bar included, with the
  /// rounding errors carried along; before the first such bar, of all values so far.
  ///
  /// An undefined value adds nothing; an undefined flag is none, and its bar has no sum.
  ///
  /// Cost per bar: constant.
  public func cumsum(restartingWhen flag: Series) -> Series {
    Series(.restartingSum, [self, flag])
  }

  /// The largest value since the last bar where `flag` is not 0, that bar included; before the first
  /// such bar, of all values so far.
  ///
  /// An undefined value changes nothing; an undefined flag is none, and its bar has no maximum.
  ///
  /// Cost per bar: constant.
  public func cummax(restartingWhen flag: Series) -> Series {
    Series(.restartingMaximum, [self, flag])
  }

  /// The smallest value since the last bar where `flag` is not 0, as `cummax`.
  public func cummin(restartingWhen flag: Series) -> Series {
    -(-self).cummax(restartingWhen: flag)
  }

  /// Product of all values so far.
  ///
  /// Cost per bar: constant.
  public func cumprod() -> Series { Series(.cumulativeProduct, [self]) }

  /// This series once it has warmed up, `early` before.
  public func afterWarmUp(early: Series) -> Series { Series(.fallback, [self, early]) }
}

/// A series that is made from its own past, for what no other operation expresses.
///
/// ```swift
/// // An average that moves at most `limit` per bar.
/// let slow = Recurrence(seed: close) { previous in
///   previous + minimum(maximum(close - previous, -limit), limit)
/// }.series
/// ```
///
/// At the seed's first bar `previous` is the seed. Where the formula is undefined the result is NaN
/// and `previous` stays what it was. Cost per bar: that of its operations, taken bar by bar; inside
/// a recurrence they cannot work on several bars at once.
public struct Recurrence: Sendable {
  /// The states after each bar.
  public let states: [Series]

  /// One state.
  public init(seed: Series, next: (_ previous: Series) -> Series) {
    self.init(seeds: [seed]) { [next($0[0])] }
  }

  /// Several states that may use each other; `next` returns one value per seed.
  public init(seeds: [Series], next: (_ previous: [Series]) -> [Series]) {
    require(!seeds.isEmpty, "Recurrence: no seed")
    // Nothing in the process counts them: of two in one formula to be alike has a chance of 2^-63.
    let token = Int.random(in: 0...Int.max)
    let seedValues = seeds.map(\.value)
    let previous = seeds.indices.map { index in
      Series(Value(Node(.previous(token: token, index: index), seedValues)))
    }
    let following = next(previous)
    require(
      following.count == seeds.count,
      "Recurrence: \(following.count) values for \(seeds.count) states")
    let node = Node(
      .recurrence(token: token, states: seeds.count), seedValues + following.map(\.value))
    states = seeds.indices.map { Series(Value(node, output: $0)) }
  }

  /// The first state.
  public var series: Series { states[0] }
}
