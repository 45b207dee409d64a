public import MartletArrays

/// Writes an npz file array by array; NumPy's `load` opens it.
///
/// Where all arrays are there, `NDArray.write(npz:)` does it in one go. Without compression the bytes are
/// those that NumPy's `savez` writes.
///
/// The file appears under its name, and is on the disk, when `finish()` returns, and not at all otherwise, as that of
/// `CSVWriter`.
public struct NPZWriter: ~Copyable {
  private struct Entry {
    let name: [UInt8]
    let offset: Int
    var checksum: UInt32 = 0
    var compressedSize = 0
    var size = 0

    /// Says that the name is UTF-8, where that makes a difference.
    var flags: UInt16 { name.allSatisfy { $0 < 0x80 } ? 0 : 0x800 }
  }

  private let path: String
  private let deflater: Deflater?
  /// Sizes and offsets from here on are written in 64 bits.
  private let wideFrom: Int
  private let file: any ByteOutput
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
    self.init(file: try OutputFile(path: path), name: path, deflater, wideFrom)
  }

  /// Starts a file in memory.
  init(bytes: OutputBytes, compressed: Bool) throws(DataError) {
    self.init(
      file: bytes, name: "npz", compressed ? try Deflater(for: "npz") : nil, 0xFFFF_FFFF)
  }

  private init(file: any ByteOutput, name: String, _ deflater: Deflater?, _ wideFrom: Int) {
    path = name
    self.wideFrom = wideFrom
    self.deflater = deflater
    self.file = file
  }

  /// Writes an array, which is evaluated.
  ///
  /// Throws `DataError`: `duplicate` for a name that was used, `wrongShape` for more than 64 axes,
  /// `unreadable` where the disk refuses. Row-major arrays and those in Fortran order are not copied.
  public mutating func write(_ name: String, _ array: NDArray) throws(DataError) {
    let content = try NPYContent(array, name: path)
    try write(name, content.header, needed: array.count * array.dtype.size, array.shape) {
      sink throws(DataError) in
      try content.withBytes { bytes throws(DataError) in try sink.write(bytes) }
    }
  }

  /// Writes texts as NumPy's `U` elements, as long as the longest of them.
  ///
  /// Without a shape they are one axis. Trailing zero characters are padding there and do not come
  /// back. Throws as for an array, and `wrongShape` where the texts do not fill the shape.
  public mutating func write(
    _ name: String, _ values: [String], shape: [Int]? = nil
  ) throws(DataError) {
    let length = max(1, values.map { $0.unicodeScalars.count }.max() ?? 0)
    let shape = shape ?? [values.count]
    let needed = try check(name, shape, size: length * 4)
    guard needed / (length * 4) == values.count else {
      throw DataError(
        .wrongShape, in: path, at: "array \(excerpt(name))",
        "\(values.count) texts do not fill the shape \(shape)")
    }
    let header = NPYHeader.bytes(descr: "<U\(length)", shape: shape)
    try write(name, header, needed: needed, shape) { sink throws(DataError) in
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

  /// Writes an array that `body` hands over in pieces, in row-major order, so that it never has to be
  /// whole in memory.
  ///
  /// Throws as for a whole array, `wrongShape` where the bytes are not as many as the shape needs, and
  /// what `body` throws; after an error the writer accepts nothing more.
  public mutating func write(
    _ name: String, dtype: ElementType, shape: [Int],
    body: (inout Sink) throws(DataError) -> Void
  ) throws(DataError) {
    let needed = try check(name, shape, size: dtype.size)
    let header = NPYHeader.bytes(descr: NPYHeader.descr(of: dtype), shape: shape)
    try write(name, header, needed: needed, shape, body)
  }

  /// Completes the file and gives it its name.
  ///
  /// Throws `DataError` of kind `unreadable` where the disk refuses; then there is no file.
  public consuming func finish() throws(DataError) {
    guard !isBroken else {
      throw DataError(.incompatible, in: path, "an array failed, so the file is given up")
    }
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
    fileprivate let file: any ByteOutput
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
      try bytes.withUnsafeBytesThrowing { raw throws(DataError) in try write(raw) }
    }
  }

  private mutating func write(
    _ name: String, _ header: [UInt8], needed: Int, _ shape: [Int],
    _ body: (inout Sink) throws(DataError) -> Void
  ) throws(DataError) {
    guard !isBroken else {
      throw DataError(
        .incompatible, in: path, "an array before this failed, so the file is given up")
    }
    guard !names.contains(name) else {
      throw DataError(
        .duplicate, in: path, at: "array \(excerpt(name))", "was written before")
    }
    let file = Array((name + ".npy").utf8)
    guard file.count <= 0xFFFF else {
      throw DataError(.outOfRange, in: path, "the name of an array is too long")
    }
    isBroken = true
    var entry = Entry(name: file, offset: self.file.count)
    try self.file.write(localRecord(entry))
    let start = self.file.count
    var sink = Sink(file: self.file, deflater: deflater)
    try sink.write(header)
    try body(&sink)
    guard sink.size - header.count == needed else {
      throw DataError(
        .wrongShape, in: path, at: "array \(excerpt(name))",
        "the shape \(shape) needs \(needed) bytes, there are \(sink.size - header.count)")
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

  /// The number of bytes that a shape needs.
  private func check(_ name: String, _ shape: [Int], size: Int) throws(DataError) -> Int {
    let count = NDArray.possibleCount(shape)
    let (needed, overflow) = (count ?? 0).multipliedReportingOverflow(by: size)
    guard count != nil, !overflow, shape.count <= NPYHeader.mostAxes else {
      throw DataError(
        .wrongShape, in: path, at: "array \(excerpt(name))", "cannot have the shape \(shape)")
    }
    return needed
  }

  /// The header before an array; its sizes always stand in a zip64 field, as NumPy has it too.
  private func localRecord(_ entry: Entry) -> [UInt8] {
    var record = ZipRecord(0x0403_4B50)
    record.append(UInt16(45), entry.flags)
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
    // Made on a system whose file rights are those below.
    record.append(UInt16(3 << 8 | 45), UInt16(45))
    record.append(entry.flags, UInt16(deflater == nil ? 0 : 8))
    record.append(ZipRecord.midnight1980)
    record.append(entry.checksum)
    record.append(narrow(entry.compressedSize), narrow(entry.size))
    record.append(UInt16(entry.name.count), UInt16(wide.isEmpty ? 0 : 4 + 8 * wide.count))
    record.append(UInt16(0), UInt16(0))
    record.append(UInt16(0))
    // Its owner may read and write it.
    record.append(UInt32(0o600) << 16)
    record.append(narrow(entry.offset))
    record.bytes += entry.name
    if !wide.isEmpty {
      record.append(UInt16(1), UInt16(8 * wide.count))
      for number in wide { record.append(UInt64(number)) }
    }
    return record.bytes
  }
}
