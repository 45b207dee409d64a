/// Little-endian bytes of a zip record.
struct ZipRecord {
  /// DOS time and date of 1980-01-01, so that equal arrays give equal files.
  static let midnight1980: UInt32 = 0x0021_0000

  var bytes: [UInt8] = []

  init(_ signature: UInt32) { append(signature) }

  mutating func append<Value: FixedWidthInteger>(_ values: Value...) {
    for value in values {
      var rest = value
      for _ in 0..<MemoryLayout<Value>.size {
        bytes.append(UInt8(truncatingIfNeeded: rest))
        rest >>= 8
      }
    }
  }
}
