public import MartletSeries

/// Whether two numbers have the same bits, or are both NaN.
public func sameBits(_ a: Double, _ b: Double) -> Bool {
  a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
}

/// Whether two arrays hold the same bits; every NaN counts as the same.
public func sameBits(_ a: [Double], _ b: [Double]) -> Bool { firstDifference(a, b) == nil }

/// Where two arrays first differ, for messages; every NaN counts as the same.
public func firstDifference(_ a: [Double], _ b: [Double]) -> String? {
  if a.count != b.count { return "\(a.count) and \(b.count) values" }
  return a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      guard let x = a.baseAddress, let y = b.baseAddress, a.count > 0 else { return nil }
      // Nearly always everything is equal, and this is fast without optimisation, too.
      if equalBytes(x, y, a.count * 8) { return nil }
      for k in 0..<a.count where !sameBits(x[k], y[k]) { return "at \(k): \(x[k]) and \(y[k])" }
      return nil
    }
  }
}

/// Whether two arrays have the same shape, type and bits; every NaN counts as the same.
public func sameBits(_ a: NDArray, _ b: NDArray) -> Bool { firstDifference(a, b) == nil }

/// Where two arrays of the same shape and type first differ, for messages.
public func firstDifference(_ a: NDArray, _ b: NDArray) -> String? {
  if a.shape != b.shape { return "shapes \(a.shape) and \(b.shape)" }
  if a.dtype != b.dtype { return "\(a.dtype) and \(b.dtype)" }
  let isEqual = a.withUnsafeBytes { x in
    b.withUnsafeBytes { y in
      guard let first = x.baseAddress, let second = y.baseAddress else { return true }
      return equalBytes(first, second, x.count)
    }
  }
  if isEqual { return nil }
  let (x, y) = (a.doubles, b.doubles)
  for k in x.indices where !sameBits(x[k], y[k]) {
    return "at \(index(k, in: a.shape)): \(x[k]) and \(y[k])"
  }
  return nil
}

private func index(_ position: Int, in shape: [Int]) -> [Int] {
  var rest = position
  var indices: [Int] = []
  for size in shape.reversed() {
    indices.insert(rest % size, at: 0)
    rest /= size
  }
  return indices
}

/// Random numbers that are the same on every run (SplitMix64, Steele, Lea, Flood 2014).
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// Numbers of one seed.
  public init(_ seed: UInt64) { state = seed }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in 0..<1.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number in 0..<count.
  public mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
}
