public import MartletArrays

/// Writes an npz file array by array; NumPy's `load` opens it.
///
/// The file appears under its name when `finish()` returns, and not at all otherwise: what was
/// written so far lies beside it under a temporary name and is removed with the writer.
public struct NPZWriter: ~Copyable {
  private struct Entry {
    let name: [UInt8]
    let offset: Int
    var checksum: UInt32 = 0
    var compressedSize = 0
    var size = 0
  }

  private let path: String
  private let deflater: Deflater?
  /// Sizes and offsets from here on are written in 64 bits.
  private let wideFrom: Int
  private let file: OutputFile
  private var entries: [Entry] = []
  private var names: Set<String> = []
  /// An array was begun and not completed.
  private var isBroken = false

  /// Starts a file that will stand at `path`, or replace the regular file that stands there.
  ///
  /// Throws `DataError` of kind `unreadable` where the folder cannot be written to.
  public init(path: String, compressed: Bool = false) throws(DataError) {
    try self.init(path: path, compressed: compressed, wideFrom: 0xFFFF_FFFF)
  }

  init(path: String, compressed: Bool, wideFrom: Int) throws(DataError) {
    let deflater = compressed ? try Deflater(for: path) : nil
    let file = try OutputFile(path: path)
    self.path = path
    self.wideFrom = wideFrom
    self.deflater = deflater
    self.file = file
  }

  /// Writes doubles of the given shape; without a shape they are one axis.
  ///
  /// Throws as `write(_:type:shape:bytes:)` does. The values are not copied.
  public mutating func write(
    _ name: String, _ values: [Double], shape: [Int]? = nil
  ) throws(DataError) {
    try write(name, .float64, shape ?? [values.count], array: values)
  }

  /// Writes floats of the given shape; without a shape they are one axis.
  public mutating func write(
    _ name: String, _ values: [Float], shape: [Int]? = nil
  ) throws(DataError) {
    try write(name, .float32, shape ?? [values.count], array: values)
  }

  /// Writes integers of the given shape; without a shape they are one axis.
  public mutating func write(
    _ name: String, _ values: [Int64], shape: [Int]? = nil
  ) throws(DataError) {
    try write(name, .int64, shape ?? [values.count], array: values)
  }

  /// Writes texts as NumPy's `U` elements, as long as the longest of them.
  ///
  /// Trailing zero characters are padding there and do not come back.
  public mutating func write(
    _ name: String, _ values: [String], shape: [Int]? = nil
  ) throws(DataError) {
    let length = max(1, values.map { $0.unicodeScalars.count }.max() ?? 0)
    let (total, overflow) = values.count.multipliedReportingOverflow(by: length * 4)
    let known = overflow ? Int.max : total
    let shape = shape ?? [values.count]
    try write(name, descr: "<U\(length)", size: length * 4, shape: shape, known: known) {
      sink throws(DataError) in
      var block: [UInt8] = []
      for value in values {
        var padding = length
        for scalar in value.unicodeScalars {
          for shift in [0, 8, 16, 24] {
            block.append(UInt8(truncatingIfNeeded: scalar.value >> UInt32(shift)))
          }
          padding -= 1
        }
        block.append(contentsOf: repeatElement(0, count: padding * 4))
        if block.count >= 1 << 16 {
          try sink.write(block)
          block.removeAll(keepingCapacity: true)
        }
      }
      try sink.write(block)
    }
  }

  /// Writes the little-endian bytes of an array, last axis fastest, without copying them.
  ///
  /// Throws `DataError`: `duplicate` for a name that was used, `wrongShape` where the bytes are not
  /// as many as the shape needs, `wrongType` for texts, `unreadable` where the disk refuses.
  public mutating func write(
    _ name: String, type: NPYArray.ElementType, shape: [Int], bytes: UnsafeRawBufferPointer
  ) throws(DataError) {
    let (descr, size) = try element(type, name)
    try write(name, descr: descr, size: size, shape: shape, known: bytes.count) {
      sink throws(DataError) in try sink.write(bytes)
    }
  }

  /// Writes an array that `body` hands over in pieces, in order, so that it never has to be
  /// whole in memory.
  ///
  /// Throws as `write(_:type:shape:bytes:)` does, and what `body` throws; after an error the writer
  /// accepts nothing more.
  public mutating func write(
    _ name: String, type: NPYArray.ElementType, shape: [Int],
    body: (inout Sink) throws(DataError) -> Void
  ) throws(DataError) {
    let (descr, size) = try element(type, name)
    try write(name, descr: descr, size: size, shape: shape, known: nil, body)
  }

  /// Completes the file and gives it its name.
  ///
  /// Throws `DataError` of kind `unreadable` where the disk refuses; then there is no file.
  public consuming func finish() throws(DataError) {
    guard !isBroken else { throw broken }
    let start = file.count
    for entry in entries { try file.write(directoryRecord(entry)) }
    let size = file.count - start
    let isWide =
      entries.count >= 0xFFFF || start >= wideFrom || size >= wideFrom
    if isWide {
      let position = file.count
      var record = ZipRecord(0x0606_4B50)
      record.append(UInt64(44))
      record.append(UInt16(45), UInt16(45))
      record.append(UInt32(0), UInt32(0))
      record.append(UInt64(entries.count), UInt64(entries.count))
      record.append(UInt64(size), UInt64(start))
      record.append(UInt32(0x0706_4B50), UInt32(0))
      record.append(UInt64(position))
      record.append(UInt32(1))
      try file.write(record.bytes)
    }
    var record = ZipRecord(0x0605_4B50)
    record.append(UInt16(0), UInt16(0))
    let count = isWide ? 0xFFFF : UInt16(entries.count)
    record.append(count, count)
    record.append(isWide ? 0xFFFF_FFFF : UInt32(size))
    record.append(isWide ? 0xFFFF_FFFF : UInt32(start))
    record.append(UInt16(0))
    try file.write(record.bytes)
    try file.commit()
  }

  // MARK: Parts of the file

  /// Takes the bytes of one array, piece by piece.
  public struct Sink: ~Copyable {
    fileprivate let file: OutputFile
    fileprivate let deflater: Deflater?
    fileprivate var crc: UInt32 = 0
    fileprivate var size = 0

    /// Appends the next bytes of the array: little-endian, last axis fastest.
    ///
    /// Throws `DataError` of kind `unreadable` where the disk refuses.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
      crc = checksum(bytes, from: crc)
      size += bytes.count
      guard let deflater else { return try file.write(bytes) }
      try deflater.deflate(bytes, finish: false) { piece throws(DataError) in
        try file.write(piece)
      }
    }

    fileprivate mutating func write(_ bytes: [UInt8]) throws(DataError) {
      try withBytes(of: bytes) { raw throws(DataError) in try write(raw) }
    }
  }

  private func element(
    _ type: NPYArray.ElementType, _ name: String
  ) throws(DataError) -> (descr: String, size: Int) {
    switch type {
    case .float64: return ("<f8", 8)
    case .float32: return ("<f4", 4)
    case .int64: return ("<i8", 8)
    case .int32: return ("<i4", 4)
    case .uint8: return ("|u1", 1)
    case .bool: return ("|b1", 1)
    case .unicode:
      throw DataError(
        .wrongType, in: path, at: "array \(name)", "texts are written from an array of strings")
    }
  }

  private mutating func write<Element: BitwiseCopyable>(
    _ name: String, _ type: NPYArray.ElementType, _ shape: [Int], array: [Element]
  ) throws(DataError) {
    var failure: DataError?
    array.withUnsafeBytes { raw in
      do throws(DataError) {
        try write(name, type: type, shape: shape, bytes: raw)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private mutating func write(
    _ name: String, descr: String, size: Int, shape: [Int], known: Int?,
    _ body: (inout Sink) throws(DataError) -> Void
  ) throws(DataError) {
    guard !isBroken else { throw broken }
    let needed = try check(name, shape, size)
    if let known, known != needed { throw wrongShape(name, shape, known, needed) }
    let file = Array((name + ".npy").utf8)
    guard file.count <= 0xFFFF else {
      throw DataError(.outOfRange, in: path, "the name of an array is too long")
    }
    isBroken = true
    var entry = Entry(name: file, offset: self.file.count)
    try self.file.write(localRecord(entry))
    let start = self.file.count
    let header = NPYHeader.bytes(descr: descr, shape: shape)
    var sink = Sink(file: self.file, deflater: deflater)
    try sink.write(header)
    try body(&sink)
    guard sink.size - header.count == needed else {
      throw wrongShape(name, shape, sink.size - header.count, needed)
    }
    if let deflater {
      try deflater.deflate(UnsafeRawBufferPointer(start: nil, count: 0), finish: true) {
        piece throws(DataError) in try self.file.write(piece)
      }
      deflater.reset()
    }
    entry.checksum = sink.crc
    entry.size = sink.size
    entry.compressedSize = self.file.count - start
    // The sizes are known only now.
    try self.file.overwrite(localRecord(entry), at: entry.offset)
    entries.append(entry)
    names.insert(name)
    isBroken = false
  }

  /// Checks a name and a shape and gives the number of bytes that the shape needs.
  private func check(_ name: String, _ shape: [Int], _ size: Int) throws(DataError) -> Int {
    guard !names.contains(name) else {
      throw DataError(.duplicate, in: path, at: "array \(name)", "was written before")
    }
    var needed = size
    for extent in shape {
      let (product, overflow) = needed.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow, shape.count <= 32 else {
        throw DataError(
          .wrongShape, in: path, at: "array \(name)", "cannot have the shape \(shape)")
      }
      needed = product
    }
    return needed
  }

  private var broken: DataError {
    DataError(.incompatible, in: path, "an array before this failed, so the file is given up")
  }

  private func wrongShape(
    _ name: String, _ shape: [Int], _ found: Int, _ needed: Int
  ) -> DataError {
    DataError(
      .wrongShape, in: path, at: "array \(name)",
      "the shape \(shape) needs \(needed) bytes, there are \(found)")
  }

  /// The header before an array; its sizes always stand in a zip64 field, as NumPy has it too.
  private func localRecord(_ entry: Entry) -> [UInt8] {
    var record = ZipRecord(0x0403_4B50)
    record.append(UInt16(45), UInt16(0x800))
    record.append(UInt16(deflater == nil ? 0 : 8))
    record.append(ZipRecord.midnight1980)
    record.append(entry.checksum)
    record.append(UInt32.max, UInt32.max)
    record.append(UInt16(entry.name.count), UInt16(20))
    record.bytes += entry.name
    record.append(UInt16(1), UInt16(16))
    record.append(UInt64(entry.size), UInt64(entry.compressedSize))
    return record.bytes
  }

  private func directoryRecord(_ entry: Entry) -> [UInt8] {
    let numbers = [entry.size, entry.compressedSize, entry.offset]
    let wide = numbers.filter { $0 >= wideFrom }
    func narrow(_ number: Int) -> UInt32 { number >= wideFrom ? .max : UInt32(number) }
    var record = ZipRecord(0x0201_4B50)
    record.append(UInt16(45), UInt16(45))
    record.append(UInt16(0x800), UInt16(deflater == nil ? 0 : 8))
    record.append(ZipRecord.midnight1980)
    record.append(entry.checksum)
    record.append(narrow(entry.compressedSize), narrow(entry.size))
    record.append(UInt16(entry.name.count), UInt16(wide.isEmpty ? 0 : 4 + 8 * wide.count))
    record.append(UInt16(0), UInt16(0))
    record.append(UInt16(0))
    // A regular file that its owner may write and everybody read.
    record.append(UInt32(0o100644) << 16)
    record.append(narrow(entry.offset))
    record.bytes += entry.name
    if !wide.isEmpty {
      record.append(UInt16(1), UInt16(8 * wide.count))
      for number in wide { record.append(UInt64(number)) }
    }
    return record.bytes
  }
}

/// One array for `writeNPZ`.
public enum NPZValues: Sendable {
  /// Doubles.
  case float64([Double])
  /// Floats.
  case float32([Float])
  /// 64-bit integers.
  case int64([Int64])
  /// Texts.
  case strings([String])
}

/// Writes an npz file of arrays that are all there: name, values, and the shape (nil for one axis).
///
/// Throws what `NPZWriter` throws; on an error there is no file, and one that stood there stays.
public func writeNPZ(
  to path: String, arrays: [(name: String, values: NPZValues, shape: [Int]?)],
  compressed: Bool = false
) throws(DataError) {
  var writer = try NPZWriter(path: path, compressed: compressed)
  for array in arrays {
    switch array.values {
    case .float64(let values): try writer.write(array.name, values, shape: array.shape)
    case .float32(let values): try writer.write(array.name, values, shape: array.shape)
    case .int64(let values): try writer.write(array.name, values, shape: array.shape)
    case .strings(let values): try writer.write(array.name, values, shape: array.shape)
    }
  }
  try writer.finish()
}
