import MartletArrays

/// Bytes of a file or of the heap, and what keeps them.
struct ArrowBytes: Sendable {
  let owner: any AnyObject & Sendable
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
}

/// A column's values in one batch, unpacked; every look at a text or an index is checked.
struct ArrowChunk: Sendable {
  let type: ArrowType
  let count: Int
  /// Bits of what is there; nil where all is.
  let validity: ArrowBytes?
  /// Values, offsets, views or indices.
  let data: ArrowBytes
  /// What offsets and views lead into.
  let texts: [ArrowBytes]
  /// The values that indices lead into.
  let dictionary: [ArrowChunk]
  let place: Place

  /// Where it is, for errors.
  struct Place: Sendable {
    let file: String
    let column: String
    /// The row of the table that it begins with.
    let firstRow: Int

    func error(_ kind: DataError.Kind, row: Int? = nil, _ problem: String) -> DataError {
      let row = row.map { "row \(firstRow + $0 + 1), " } ?? ""
      return DataError(kind, in: file, at: "\(row)column \(excerpt(column))", problem)
    }
  }

  init(
    _ part: ArrowBatch.Part, of batch: ArrowBatch, _ type: ArrowType, in file: ArrowBytes,
    dictionary: [ArrowChunk], place: Place
  ) throws(DataError) {
    try Self.check(part, of: batch, type, in: file, place)
    var unpacked: [ArrowBytes] = []
    for range in part.buffers {
      unpacked.append(try Self.unpack(range, batch.compression, in: file, place))
    }
    (self.type, self.place, self.dictionary, count) = (type, place, dictionary, batch.rowCount)
    validity = part.nullCount == 0 || count == 0 ? nil : unpacked[0]
    data = unpacked[1]
    texts = Array(unpacked.dropFirst(2))
  }

  /// Refuses buffers that, by the lengths that they promise, cannot hold the rows; nothing is unpacked.
  static func check(
    _ part: ArrowBatch.Part, of batch: ArrowBatch, _ type: ArrowType, in file: ArrowBytes,
    _ place: Place
  ) throws(DataError) {
    let short = place.error(.malformed, "the Arrow buffers are shorter than the column")
    guard part.buffers.count >= 2, type.isRead else { throw short }
    func length(_ buffer: Int) throws(DataError) -> Int {
      try Self.length(of: part.buffers[buffer], batch.compression, in: file, place)
    }
    let count = batch.rowCount
    let bitBytes = (count + 7) / 8
    if part.nullCount != 0, count > 0, try length(0) < bitBytes { throw short }
    let held = try length(1)
    switch type {
    case .utf8(let isLarge):
      guard count == 0 || count < held / (isLarge ? 8 : 4) else { throw short }
    case .bool: guard held >= bitBytes else { throw short }
    default: guard count <= held / (type.size ?? 1) else { throw short }
    }
  }

  /// Bytes of a buffer when it is unpacked: as many as it says, if that can be.
  private static func length(
    of range: Range<Int>, _ compression: ArrowCompression, in file: ArrowBytes, _ place: Place
  ) throws(DataError) -> Int {
    guard compression != .none, !range.isEmpty else { return range.count }
    let damaged = place.error(.malformed, "the \(compression.rawValue) data are damaged")
    guard range.count >= 8 else { throw damaged }
    let length = Int64(
      littleEndian: file.bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Int64.self))
    // What compression would not make shorter is stored.
    if length == -1 { return range.count - 8 }
    try compression.check(place.file)
    let (most, overflow) = (range.count - 8).multipliedReportingOverflow(
      by: compression.largestRatio)
    guard length >= 0, overflow || length <= most else { throw damaged }
    return Int(length)
  }

  private static func unpack(
    _ range: Range<Int>, _ compression: ArrowCompression, in file: ArrowBytes, _ place: Place
  ) throws(DataError) -> ArrowBytes {
    let length = try length(of: range, compression, in: file, place)
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[range])
    guard compression != .none, !range.isEmpty else {
      return ArrowBytes(owner: file.owner, bytes: bytes)
    }
    let packed = UnsafeRawBufferPointer(rebasing: bytes[8...])
    if bytes.loadUnaligned(as: Int64.self) == -1 {
      return ArrowBytes(owner: file.owner, bytes: packed)
    }
    let target = try HeapBytes(count: length, for: place.file)
    guard length == 0 || compression.unpack(packed, into: target.bytes) else {
      throw place.error(.malformed, "the \(compression.rawValue) data are damaged")
    }
    return ArrowBytes(owner: target, bytes: UnsafeRawBufferPointer(target.bytes))
  }

  /// Whether a row has a value.
  @inline(__always)
  func isThere(_ row: Int) -> Bool {
    guard let validity else { return true }
    return validity.bytes[row >> 3] >> UInt8(row & 7) & 1 == 1
  }

  @inline(__always)
  func load<Value: FixedWidthInteger & BitwiseCopyable>(_ row: Int, _ type: Value.Type) -> Value {
    data.bytes.loadUnaligned(fromByteOffset: row &* MemoryLayout<Value>.size, as: type)
  }

  /// The integer in a row of integers of any width; unsigned ones beyond the range of 64 bits are nil.
  func integer(_ row: Int, bits: Int, isSigned: Bool) -> Int64? {
    switch (bits, isSigned) {
    case (8, true): Int64(load(row, Int8.self))
    case (8, false): Int64(load(row, UInt8.self))
    case (16, true): Int64(load(row, Int16.self))
    case (16, false): Int64(load(row, UInt16.self))
    case (32, true): Int64(load(row, Int32.self))
    case (32, false): Int64(load(row, UInt32.self))
    case (64, true): load(row, Int64.self)
    default: Int64(exactly: load(row, UInt64.self))
    }
  }

  // MARK: Dictionaries

  /// Values of the dictionary.
  var valueCount: Int { dictionary.reduce(0) { $0 + $1.count } }

  /// The place of a row's value among those of the dictionary; nil where it is missing.
  func index(_ row: Int, of count: Int) throws(DataError) -> Int? {
    guard isThere(row) else { return nil }
    guard case .dictionary(_, let index, _) = type,
      let value = integer(row, bits: index.bits, isSigned: index.isSigned),
      value >= 0, value < count
    else { throw place.error(.malformed, row: row, "the index has no value in the dictionary") }
    return Int(value)
  }

  // MARK: Texts

  /// A row's text, not of a dictionary; nil where it is missing.
  func text(_ row: Int) throws(DataError) -> UnsafeBufferPointer<UInt8>? {
    guard isThere(row) else { return nil }
    let (start, end, source): (Int, Int, Int)
    switch type {
    case .utf8(false):
      (start, end, source) = (Int(load(row, Int32.self)), Int(load(row + 1, Int32.self)), 0)
    case .utf8(true):
      (start, end, source) = (Int(load(row, Int64.self)), Int(load(row + 1, Int64.self)), 0)
    case .utf8View: return try view(row)
    default: throw place.error(.wrongType, "is \(type), not text")
    }
    guard source < texts.count, start >= 0, end >= start, end <= texts[source].bytes.count else {
      throw place.error(.malformed, row: row, "the text lies outside of its buffer")
    }
    return Self.slice(texts[source].bytes, start, end)
  }

  /// Up to 12 bytes stand in the view itself.
  private func view(_ row: Int) throws(DataError) -> UnsafeBufferPointer<UInt8>? {
    let start = row * 16
    func word(_ number: Int) -> Int {
      Int(data.bytes.loadUnaligned(fromByteOffset: start + 4 * number, as: Int32.self))
    }
    let length = word(0)
    if 0...12 ~= length { return Self.slice(data.bytes, start + 4, start + 4 + length) }
    let (source, offset) = (word(2), word(3))
    guard length > 0, texts.indices.contains(source), offset >= 0,
      offset + length <= texts[source].bytes.count
    else { throw place.error(.malformed, row: row, "the text lies outside of its buffer") }
    return Self.slice(texts[source].bytes, offset, offset + length)
  }

  private static func slice(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes.assumingMemoryBound(to: UInt8.self)[start..<end])
  }

  /// Calls `body` with each row's text, of a dictionary or not; nil where it is missing.
  func eachText(
    _ rows: Range<Int>, _ body: (Int, UnsafeBufferPointer<UInt8>?) throws(DataError) -> Void
  ) throws(DataError) {
    guard case .dictionary = type else {
      for row in rows { try body(row, text(row)) }
      return
    }
    let count = valueCount
    for row in rows {
      guard let index = try index(row, of: count) else {
        try body(row, nil)
        continue
      }
      let (chunk, place) = value(index)
      try body(row, chunk.text(place))
    }
  }

  /// A value of the dictionary: the batch that it came in, and its place there.
  func value(_ index: Int) -> (chunk: ArrowChunk, row: Int) {
    var rest = index
    for chunk in dictionary {
      if rest < chunk.count { return (chunk, rest) }
      rest -= chunk.count
    }
    fatalError("ArrowChunk: no value \(index)")
  }
}
