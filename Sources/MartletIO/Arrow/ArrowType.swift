import MartletArrays

/// What the values of an Arrow column are.
indirect enum ArrowType: Hashable, Sendable {
  case null
  case integer(bits: Int, isSigned: Bool)
  case float(bits: Int)
  case decimal(bits: Int, scale: Int)
  case bool
  /// Text of offsets of 32 or 64 bits.
  case utf8(isLarge: Bool)
  case utf8View
  case date(CSVLayout.Unit?)
  case timestamp(CSVLayout.Unit, zone: String?)
  /// A type that is not read: what it is called, its own buffers, whether the number of its buffers stands in the
  /// batch, and its children.
  case other(String, buffers: Int, hasVariadic: Bool, children: [ArrowType])
  /// Indices into values that come in batches of their own.
  case dictionary(id: Int64, index: Index, values: ArrowType)

  /// The type of a dictionary's indices.
  struct Index: Hashable, Sendable {
    let bits: Int
    let isSigned: Bool
  }

  /// Buffers that a batch has for it, its children's not counted.
  var bufferCount: Int {
    switch self {
    case .null: 0
    case .integer, .float, .decimal, .bool, .date, .timestamp, .utf8View, .dictionary: 2
    case .utf8: 3
    case .other(_, let buffers, _, _): buffers
    }
  }

  var hasVariadic: Bool {
    switch self {
    case .utf8View: true
    case .other(_, _, let hasVariadic, _): hasVariadic
    default: false
    }
  }

  var children: [ArrowType] {
    if case .other(_, _, _, let children) = self { return children }
    return []
  }

  /// Bytes of a value where all have as many; nil for texts and bits.
  var size: Int? {
    switch self {
    case .integer(let bits, _), .float(let bits), .decimal(let bits, _): bits / 8
    case .date(let unit): unit == nil ? 4 : 8
    case .timestamp: 8
    case .dictionary(_, let index, _): index.bits / 8
    case .utf8View: 16
    case .null, .bool, .utf8, .other: nil
    }
  }

  /// What its values are where they come by a dictionary.
  var plain: ArrowType {
    if case .dictionary(_, _, let values) = self { return values }
    return self
  }

  var isText: Bool {
    switch plain {
    case .utf8, .utf8View: true
    default: false
    }
  }

  var isNumber: Bool {
    switch plain {
    case .integer, .float, .decimal: true
    default: false
    }
  }

  /// Whether its values are dates or timestamps.
  var isTime: Bool {
    switch plain {
    case .date, .timestamp: true
    default: false
    }
  }

  /// Whether it can be read at all.
  var isRead: Bool {
    switch plain {
    case .other, .null: false
    default: true
    }
  }
}

extension ArrowType: CustomStringConvertible {
  /// As Arrow's own tools write it.
  var description: String {
    switch self {
    case .null: "null"
    case .integer(let bits, let isSigned): "\(isSigned ? "int" : "uint")\(bits)"
    case .float(let bits): "float\(bits)"
    case .decimal(let bits, let scale): "decimal\(bits) of scale \(scale)"
    case .bool: "bool"
    case .utf8(let isLarge): isLarge ? "large_utf8" : "utf8"
    case .utf8View: "utf8view"
    case .date(let unit): unit == nil ? "date32" : "date64"
    case .timestamp(let unit, let zone):
      "timestamp[\(unit.rawValue)\(zone.map { ", \(excerpt($0))" } ?? "")]"
    case .other(let name, _, _, _): name
    case .dictionary(_, _, let values): "dictionary of \(values)"
    }
  }
}

extension ArrowType {
  /// The deepest that types may lie in each other.
  private static let deepest = 32

  /// The type of a field of a schema.
  init(_ field: FlatTable, depth: Int = 0) throws(DataError) {
    let buffer = field.buffer
    guard depth < Self.deepest else { throw buffer.damaged() }
    let childVector = try field.vector(5, elementSize: 4)
    var children: [ArrowType] = []
    for index in 0..<childVector.count {
      children.append(try ArrowType(childVector.table(index), depth: depth + 1))
    }
    let kind: UInt8 = try field.integer(2, 0)
    guard let details = try field.table(3) else { throw buffer.damaged() }
    let own = try Self(kind, details, children)
    guard let dictionary = try field.table(4) else {
      self = own
      return
    }
    var index = Index(bits: 32, isSigned: true)
    if let type = try dictionary.table(1) {
      guard case .integer(let bits, let isSigned) = try Self(2, type, []) else {
        throw buffer.damaged()
      }
      index = Index(bits: bits, isSigned: isSigned)
    }
    self = .dictionary(id: try dictionary.integer(0, 0), index: index, values: own)
  }

  private init(_ kind: UInt8, _ details: FlatTable, _ children: [ArrowType]) throws(DataError) {
    func other(
      _ name: String, _ buffers: Int, hasVariadic: Bool = false
    ) -> ArrowType {
      .other(name, buffers: buffers, hasVariadic: hasVariadic, children: children)
    }
    switch kind {
    case 1: self = .null
    case 2:
      let bits = Int(try details.integer(0, Int32(0)))
      guard [8, 16, 32, 64].contains(bits) else { throw details.buffer.damaged() }
      self = .integer(bits: bits, isSigned: try details.integer(1, UInt8(0)) != 0)
    case 3:
      let precision = Int(try details.integer(0, Int16(0)))
      guard 0...2 ~= precision else { throw details.buffer.damaged() }
      self = .float(bits: 16 << precision)
    case 4: self = other("binary", 3)
    case 5: self = .utf8(isLarge: false)
    case 6: self = .bool
    case 7:
      let bits = Int(try details.integer(2, Int32(128)))
      let scale = Int(try details.integer(1, Int32(0)))
      self =
        [32, 64, 128].contains(bits)
        ? .decimal(bits: bits, scale: scale) : other("decimal\(bits)", 2)
    case 8: self = .date(try details.integer(0, Int16(1)) == 0 ? nil : .ms)
    case 9: self = other("time of day", 2)
    case 10:
      let units: [CSVLayout.Unit] = [.s, .ms, .us, .ns]
      let unit = Int(try details.integer(0, Int16(0)))
      guard units.indices.contains(unit) else { throw details.buffer.damaged() }
      let zone = try details.text(1)
      self = .timestamp(units[unit], zone: zone?.isEmpty == true ? nil : zone)
    case 11: self = other("interval", 2)
    case 12: self = other("list", 2)
    case 13: self = other("struct", 1)
    case 14: self = other("union", try details.integer(0, Int16(0)) == 0 ? 1 : 2)
    case 15: self = other("fixed_size_binary", 2)
    case 16: self = other("fixed_size_list", 1)
    case 17: self = other("map", 2)
    case 18: self = other("duration", 2)
    case 19: self = other("large_binary", 3)
    case 20: self = .utf8(isLarge: true)
    case 21: self = other("large_list", 2)
    case 22: self = other("run_end_encoded", 0)
    case 23: self = other("binary_view", 2, hasVariadic: true)
    case 24: self = .utf8View
    case 25: self = other("list_view", 3)
    case 26: self = other("large_list_view", 3)
    default:
      throw DataError(
        .incompatible, in: details.buffer.name,
        "holds a column of a type (\(kind)) that Arrow did not have when this was written")
    }
  }
}
