#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rows of lanes in memory, double or float.
///
/// Fresh rows hold a value that no test expects.
final class Rows {
  static let filler: UInt8 = 0x5A

  let count: Int
  let width: Int
  let size: Int
  let base: UnsafeMutableRawPointer

  init(_ count: Int, width: Int, size: Int) {
    (self.count, self.width, self.size) = (count, width, size)
    let bytes = max(count * width * size, 1)
    base = .allocate(byteCount: bytes, alignment: 64)
    memset(base, Int32(Self.filler), bytes)
  }

  /// Lane → row → value.
  convenience init(_ lanes: [[Double]], size: Int) {
    self.init(lanes[0].count, width: lanes.count, size: size)
    for (lane, values) in lanes.enumerated() {
      for (row, value) in values.enumerated() { self[row, lane] = value }
    }
  }

  deinit { base.deallocate() }

  var rowBytes: Int { width * size }

  func pointer(_ row: Int, _ lane: Int = 0) -> UnsafeMutableRawPointer {
    base + (row * width + lane) * size
  }

  subscript(row: Int, lane: Int) -> Double {
    get {
      let p = pointer(row, lane)
      return size == 8
        ? p.assumingMemoryBound(to: Double.self).pointee
        : Double(p.assumingMemoryBound(to: Float.self).pointee)
    }
    set {
      let p = pointer(row, lane)
      if size == 8 {
        p.assumingMemoryBound(to: Double.self).pointee = newValue
      } else {
        p.assumingMemoryBound(to: Float.self).pointee = Float(newValue)
      }
    }
  }

  func isFiller(_ row: Int, _ lane: Int) -> Bool {
    let p = pointer(row, lane).assumingMemoryBound(to: UInt8.self)
    return (0..<size).allSatisfy { p[$0] == Self.filler }
  }

  func lane(_ lane: Int) -> [Double] { (0..<count).map { self[$0, lane] } }

  /// The first place where these rows have other bits than the same lanes of `reference`;
  /// undefined is undefined, whatever its bits.
  func difference(from reference: Rows, firstLane: Int, lanes: [Int]? = nil) -> String? {
    for row in 0..<count {
      let mine = pointer(row)
      let other = reference.pointer(row, firstLane)
      if lanes == nil && memcmp(mine, other, rowBytes) == 0 { continue }
      for lane in lanes ?? Array(0..<width) {
        let got = self[row, lane]
        let want = reference[row, firstLane + lane]
        if got.isNaN && want.isNaN { continue }
        if got.bitPattern != want.bitPattern {
          return "bar \(row), lane \(firstLane + lane): \(got), not \(want)"
        }
      }
    }
    return nil
  }
}
