import Martlet
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Reads a table from text.
func table(_ text: String, name: String = "prices.csv") throws(DataError) -> BarTable {
  try table(Array(text.utf8), name: name)
}

/// Reads a table from bytes.
func table(_ bytes: [UInt8], name: String = "prices.csv") throws(DataError) -> BarTable {
  try bytes.withUnsafeBytes { raw in
    Result { () throws(DataError) in
      try BarTable(csv: raw, name: name)
    }
  }.get()
}

/// Reads an npy array from bytes.
func npy(_ bytes: [UInt8]) throws(DataError) -> NDArray { try NDArray(npy: bytes, name: "a.npy") }

/// Opens an npz file from bytes.
func npz(_ bytes: [UInt8]) throws(DataError) -> NPZFile { try NPZFile(bytes: bytes, name: "a.npz") }

/// The bytes of the elements in row-major order.
func elementBytes(_ array: NDArray) -> [UInt8] { array.withUnsafeBytes { Array($0) } }

func bits(_ values: [Double]) -> [UInt64] { values.map(\.bitPattern) }

/// Bytes from pairs of hexadecimal digits, where `20*7 ` stands for a byte seven times.
func bytes(_ hexadecimal: String) -> [UInt8] {
  var result: [UInt8] = []
  var rest = Substring(hexadecimal)
  while let byte = UInt8(rest.prefix(2), radix: 16) {
    rest = rest.dropFirst(2)
    var count = 1
    if rest.first == "*" {
      count = Int(rest.dropFirst().prefix { $0 != " " }) ?? 0
      rest = rest.drop { $0 != " " }.dropFirst()
    }
    result += repeatElement(byte, count: count)
  }
  return result
}

/// The CRC-32 of zip and gzip, bit by bit.
func referenceChecksum(_ bytes: [UInt8]) -> UInt32 {
  var value = UInt32.max
  for byte in bytes {
    value ^= UInt32(byte)
    for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }
  return ~value
}

func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
  (0..<MemoryLayout<Value>.size).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
}

/// A gzip member that stores the bytes in blocks of at most 65,535.
func gzipMember(_ bytes: [UInt8]) -> [UInt8] {
  var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
  var start = 0
  repeat {
    let end = min(bytes.count, start + 0xFFFF)
    result.append(end == bytes.count ? 1 : 0)
    result += littleEndian(UInt16(end - start)) + littleEndian(~UInt16(end - start))
    result += bytes[start..<end]
    start = end
  } while start < bytes.count
  return result + littleEndian(referenceChecksum(bytes)) + littleEndian(UInt32(bytes.count))
}

/// The bytes of a file as an argument of a test, whose name would list them all.
struct FileBytes: CustomTestStringConvertible {
  let all: [UInt8]

  var testDescription: String { "\(all.count) bytes" }

  /// Files that are refused: what they hold, the kind of error, and what it says.
  static func cases(
    _ cases: [([UInt8], DataError.Kind, String)]
  ) -> [(FileBytes, DataError.Kind, String)] {
    cases.map { (FileBytes(all: $0.0), $0.1, $0.2) }
  }
}
