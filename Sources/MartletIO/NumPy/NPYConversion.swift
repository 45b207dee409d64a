import MartletArrays

/// Brings the elements of an npy file into native order, row by row, in one of the known types.
struct NPYConversion {
  private(set) var bytes: UnsafeRawBufferPointer
  private(set) var owner: any AnyObject & Sendable
  private(set) var elementType = NPYArray.ElementType.float64
  private(set) var storage: NPYHeader.Storage

  private let name: String
  private let count: Int

  init(
    _ data: UnsafeRawBufferPointer, _ header: NPYHeader, _ owner: any AnyObject & Sendable,
    _ name: String
  ) throws(DataError) {
    bytes = data
    self.owner = owner
    self.name = name
    storage = header.storage
    count = header.count
    if header.isBigEndian, storage.word > 1 { try reverseWords() }
    // One long axis is the same in both orders.
    if header.isFortranOrder, header.shape.count(where: { $0 != 1 }) > 1, storage.size > 0 {
      try transpose(header.shape)
    }
    try chooseType()
  }

  private mutating func chooseType() throws(DataError) {
    switch storage {
    case .float(let size): elementType = size == 8 ? .float64 : .float32
    case .signed(8): elementType = .int64
    case .signed(4): elementType = .int32
    case .unsigned(1): elementType = .uint8
    case .bool: elementType = .bool
    case .unicode, .bytes: elementType = .unicode
    case .signed(1): try widen(from: Int8.self, to: Int32.self, .int32)
    case .signed(2): try widen(from: Int16.self, to: Int32.self, .int32)
    case .unsigned(2): try widen(from: UInt16.self, to: Int32.self, .int32)
    case .unsigned(4): try widen(from: UInt32.self, to: Int64.self, .int64)
    case .unsigned: try widen(from: UInt64.self, to: Int64.self, .int64)
    case .signed: elementType = .int64
    case .time(let unit):
      elementType = .int64
      storage = .signed(bytes: 8)
      if unit != 1 { try scaleTimes(by: unit) }
    }
  }

  private mutating func reverseWords() throws(DataError) {
    let target = try HeapBytes(count: bytes.count, for: name)
    let word = storage.word
    var start = 0
    while start + word <= bytes.count {
      for byte in 0..<word { target.bytes[start + byte] = bytes[start + word - 1 - byte] }
      start += word
    }
    take(target)
  }

  /// Copies from first axis fastest to last axis fastest; `shape` was checked against overflow.
  private mutating func transpose(_ shape: [Int]) throws(DataError) {
    let target = try HeapBytes(count: bytes.count, for: name)
    if count > 0, let from = bytes.baseAddress, let to = target.bytes.baseAddress {
      let size = storage.size
      var strides: [Int] = []
      var stride = size
      for extent in shape {
        strides.append(stride)
        stride *= extent
      }
      let last = shape.count - 1
      var place = [Int](repeating: 0, count: shape.count)
      var source = 0
      var written = 0
      while written < bytes.count {
        var element = source
        for _ in 0..<shape[last] {
          (to + written).copyMemory(from: from + element, byteCount: size)
          written += size
          element += strides[last]
        }
        var axis = last - 1
        while axis >= 0 {
          place[axis] += 1
          source += strides[axis]
          if place[axis] < shape[axis] { break }
          source -= strides[axis] * shape[axis]
          place[axis] = 0
          axis -= 1
        }
        if axis < 0 { break }
      }
    }
    take(target)
  }

  private mutating func widen<From: FixedWidthInteger, To: FixedWidthInteger>(
    from: From.Type, to: To.Type, _ type: NPYArray.ElementType
  ) throws(DataError) {
    let size = MemoryLayout<To>.size
    let (total, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow else { throw DataError(.outOfRange, in: name, "is too large for memory") }
    let target = try HeapBytes(count: total, for: name)
    for index in 0..<count {
      let value = bytes.loadUnaligned(
        fromByteOffset: index * MemoryLayout<From>.size, as: From.self)
      guard let wide = To(exactly: value) else {
        throw DataError(
          .outOfRange, in: name, at: "element \(index)", "\(value) does not fit 64 signed bits")
      }
      target.bytes.storeBytes(of: wide, toByteOffset: index * size, as: To.self)
    }
    elementType = type
    storage = .signed(bytes: size)
    take(target)
  }

  private mutating func scaleTimes(by unit: Int64) throws(DataError) {
    let target = try HeapBytes(count: bytes.count, for: name)
    for index in 0..<count {
      let value = bytes.loadUnaligned(fromByteOffset: index * 8, as: Int64.self)
      let (scaled, overflow) = value.multipliedReportingOverflow(by: unit)
      // The smallest integer is NumPy's "not a time" in every unit.
      guard !overflow || value == .min else {
        throw DataError(
          .outOfRange, in: name, at: "element \(index)",
          "the time does not fit 64 bits of nanoseconds")
      }
      target.bytes.storeBytes(
        of: value == .min ? value : scaled, toByteOffset: index * 8, as: Int64.self)
    }
    take(target)
  }

  private mutating func take(_ target: HeapBytes) {
    owner = target
    bytes = UnsafeRawBufferPointer(target.bytes)
  }
}
