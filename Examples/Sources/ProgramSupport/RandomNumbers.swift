#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Random numbers that are the same in every run (SplitMix64: Steele, Lea and Flood 2014).
public struct RandomNumbers: RandomNumberGenerator {
  private var state: UInt64

  /// The same seed gives the same numbers.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Above 0, below 1.
  public mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

  /// A normal variable (Box and Muller 1958).
  public mutating func normal() -> Double {
    (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
  }

  /// Student's t with four degrees of freedom, scaled to variance 1: tails as fat as those of
  /// daily returns.
  public mutating func fatTailed() -> Double {
    let squares = -2 * log(uniform() * uniform())
    return normal() / (squares / 4).squareRoot() * 0.5.squareRoot()
  }
}
