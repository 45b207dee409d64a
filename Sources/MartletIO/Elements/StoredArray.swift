import MartletArrays

/// The numbers of an array as they lie in a file, without gaps.
///
/// Their shape was checked: it fills the bytes exactly.
struct StoredArray {
  let number: StoredNumber
  var isBigEndian = false
  /// First axis fastest.
  var isFortranOrder = false
  let shape: [Int]
  let bytes: UnsafeRawBufferPointer
  /// The file or the array in it, for errors.
  let name: String

  /// An array over the bytes themselves, which `owner` keeps; nil where they are not elements as
  /// they lie, are not aligned, or are bools other than 0 and 1.
  func view(owner: any AnyObject & Sendable) -> NDArray? {
    guard obstacle == nil else { return nil }
    // Whatever the address, nothing is read of an empty array.
    guard let base = bytes.baseAddress, !bytes.isEmpty else {
      return array(Buffer(byteCount: 0))
    }
    return array(Buffer(viewing: base, byteCount: bytes.count, owner: owner))
  }

  /// Why the bytes are no array's elements as they lie.
  var obstacle: String? {
    let dtype = number.dtype
    if !number.isElement { return "its elements are stored as \(number), not as \(dtype)" }
    if isBigEndian, number.word > 1 { return "its elements are big-endian" }
    if Int(bitPattern: bytes.baseAddress) % min(dtype.size, 8) != 0 {
      return "its elements do not lie at multiples of their size"
    }
    if dtype == .bool, !bytes.allSatisfy({ $0 <= 1 }) { return "it holds bools besides 0 and 1" }
    return nil
  }

  /// An array of its own memory; bools other than 0 are true.
  func copied() throws(DataError) -> NDArray {
    let (count, overflow) = (bytes.count / number.size).multipliedReportingOverflow(
      by: number.dtype.size)
    guard !overflow, let buffer = Buffer(possibleByteCount: count) else {
      throw DataError(.outOfRange, in: name, "needs more memory than there is")
    }
    switch number {
    case .float16: try convert(UInt16.self, into: buffer) { float(half: $0) }
    case .bfloat16:
      try convert(UInt16.self, into: buffer) { Float(bitPattern: UInt32($0) << 16) }
    case .int8: try convert(Int8.self, into: buffer) { Int32($0) }
    case .int16: try convert(Int16.self, into: buffer) { Int32($0) }
    case .uint16: try convert(UInt16.self, into: buffer) { Int32($0) }
    case .uint32: try convert(UInt32.self, into: buffer) { Int64($0) }
    case .uint64:
      try convert(
        UInt64.self, into: buffer, { Int64(exactly: $0) },
        refusal: { "\($0) does not fit 64 signed bits" })
    case .time(let unit):
      try convert(
        Int64.self, into: buffer,
        { (time: Int64) -> Int64? in
          if time == .min { return time }
          let (scaled, overflow) = time.multipliedReportingOverflow(by: unit)
          return overflow ? nil : scaled
        }, refusal: { _ in "the time does not fit 64 bits of nanoseconds" })
    case .bool: try convert(UInt8.self, into: buffer) { $0 == 0 ? 0 : 1 as UInt8 }
    case .uint8: try copy(into: buffer)
    default:
      switch isBigEndian ? number.word : 1 {
      case 4: try convert(UInt32.self, into: buffer) { $0 }
      case 8: try convert(UInt64.self, into: buffer) { $0 }
      default: try copy(into: buffer)
      }
    }
    return array(buffer)
  }

  private func array(_ buffer: Buffer) -> NDArray {
    guard isFortranOrder, !bytes.isEmpty else {
      return NDArray(buffer, shape: shape, dtype: number.dtype)
    }
    let strides = Array(ArrayMemory.rowMajorStrides(shape.reversed()).reversed())
    return NDArray(ArrayMemory(buffer, shape: shape, strides: strides, dtype: number.dtype))
  }

  private func copy(into buffer: Buffer) throws(DataError) {
    // Between pieces the task may have been cancelled.
    let piece = 1 << 24
    for start in stride(from: 0, to: bytes.count, by: piece) {
      try Cancellation.check(name)
      let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(bytes.count, start + piece)])
      UnsafeMutableRawBufferPointer(start: buffer.base + start, count: part.count)
        .copyMemory(from: part)
    }
  }

  private func convert<From: FixedWidthInteger & BitwiseCopyable, To: BitwiseCopyable>(
    _ type: From.Type, into buffer: Buffer, _ value: (From) -> To?,
    refusal: (From) -> String = { "\($0) does not fit" }
  ) throws(DataError) {
    let target = buffer.pointer(to: To.self)
    for element in 0..<(bytes.count / MemoryLayout<From>.size) {
      if element & 0xF_FFFF == 0 { try Cancellation.check(name) }
      let raw = bytes.loadUnaligned(
        fromByteOffset: element &* MemoryLayout<From>.size, as: From.self)
      let stored = isBigEndian ? From(bigEndian: raw) : From(littleEndian: raw)
      guard let value = value(stored) else {
        throw DataError(.outOfRange, in: name, at: "element \(element)", refusal(stored))
      }
      (target + element).initialize(to: value)
    }
  }
}
