/// Whether two arrays hold the same bits; every NaN counts as the same.
public func sameBits(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { sameBits($0, $1) }
}

/// Whether two numbers have the same bits, or are both NaN.
public func sameBits(_ a: Double, _ b: Double) -> Bool {
  a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
}

/// Where two arrays first differ, for messages.
public func firstDifference(_ a: [Double], _ b: [Double]) -> String? {
  if a.count != b.count { return "\(a.count) and \(b.count) values" }
  for k in a.indices where !sameBits(a[k], b[k]) { return "at \(k): \(a[k]) and \(b[k])" }
  return nil
}

/// Random numbers that are the same on every run (SplitMix64, Steele, Lea, Flood 2014).
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  public init(_ seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
