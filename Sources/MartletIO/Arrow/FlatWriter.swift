/// What a flatbuffer is made of.
indirect enum FlatValue {
  case int8(Int8)
  case int16(Int16)
  case int32(Int32)
  case int64(Int64)
  case text(String)
  /// Fields by their numbers; nil for one that is not there.
  case table([FlatValue?])
  case tables([FlatValue])
  /// Structures of numbers of up to 64 bits: their bytes, and how many there are.
  case structures([UInt8], count: Int)

  /// Bytes in a table, and what their place there is a multiple of.
  fileprivate var size: Int {
    switch self {
    case .int8: 1
    case .int16: 2
    case .int64: 8
    case .int32, .text, .table, .tables, .structures: 4
    }
  }

  fileprivate var isInline: Bool {
    switch self {
    case .int8, .int16, .int32, .int64: true
    case .text, .table, .tables, .structures: false
    }
  }
}

/// Writes a flatbuffer from its root on: what is pointed to comes behind what points.
struct FlatWriter {
  private var bytes: [UInt8] = [0, 0, 0, 0]

  static func bytes(of root: FlatValue) -> [UInt8] {
    var writer = FlatWriter()
    let place = writer.write(root)
    writer.set(UInt32(place), at: 0)
    return writer.bytes
  }

  private mutating func align(_ multiple: Int, behind: Int = 0) {
    while (bytes.count + behind) % multiple != 0 { bytes.append(0) }
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  private mutating func set(_ value: some FixedWidthInteger, at place: Int) {
    withUnsafeBytes(of: value.littleEndian) { raw in
      for (index, byte) in raw.enumerated() { bytes[place + index] = byte }
    }
  }

  /// Writes what is pointed to and gives its place.
  private mutating func write(_ value: FlatValue) -> Int {
    switch value {
    case .table(let fields): return write(fields)
    case .text(let text):
      align(4)
      let place = bytes.count
      append(UInt32(text.utf8.count))
      bytes += text.utf8
      bytes.append(0)
      return place
    case .tables(let tables):
      align(4)
      let place = bytes.count
      append(UInt32(tables.count))
      bytes += [UInt8](repeating: 0, count: 4 * tables.count)
      for (index, table) in tables.enumerated() { point(from: place + 4 + 4 * index, to: table) }
      return place
    case .structures(let raw, let count):
      align(8, behind: 4)
      let place = bytes.count
      append(UInt32(count))
      bytes += raw
      return place
    case .int8, .int16, .int32, .int64: return bytes.count
    }
  }

  private mutating func point(from place: Int, to value: FlatValue) {
    let target = write(value)
    set(UInt32(target - place), at: place)
  }

  private mutating func write(_ fields: [FlatValue?]) -> Int {
    // From the table's start, which is a multiple of eight.
    var end = 4
    var offsets: [Int] = []
    for field in fields {
      guard let field else {
        offsets.append(0)
        continue
      }
      end = (end + field.size - 1) / field.size * field.size
      offsets.append(end)
      end += field.size
    }
    align(2)
    let vtable = bytes.count
    append(UInt16(4 + 2 * fields.count))
    append(UInt16(end))
    for offset in offsets { append(UInt16(offset)) }
    align(8)
    let table = bytes.count
    append(Int32(table - vtable))
    bytes += [UInt8](repeating: 0, count: end - 4)
    for (field, offset) in zip(fields, offsets) {
      switch field {
      case .int8(let value): set(value, at: table + offset)
      case .int16(let value): set(value, at: table + offset)
      case .int32(let value): set(value, at: table + offset)
      case .int64(let value): set(value, at: table + offset)
      default: break
      }
    }
    for case (let field?, let offset) in zip(fields, offsets) where !field.isInline {
      point(from: table + offset, to: field)
    }
    return table
  }
}
