import MartletArrays

/// The header of an npy file: what its bytes mean.
struct NPYHeader {
  /// How one element is stored.
  enum Storage: Hashable {
    case number(StoredNumber)
    /// UTF-32 code points, padded with zeros.
    case unicode(length: Int)
    /// Bytes, padded with zeros.
    case bytes(length: Int)

    /// Bytes per element.
    var size: Int {
      switch self {
      case .number(let number): number.size
      case .unicode(let length): length * 4
      case .bytes(let length): length
      }
    }
  }

  let storage: Storage
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: [Int]
  /// Elements in the array.
  let count: Int
  /// Where the elements start, and how many bytes they are.
  let dataStart: Int
  let dataCount: Int

  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// Reads the header at the start of `bytes`.
  init(_ bytes: UnsafeRawBufferPointer, name: String) throws(DataError) {
    guard bytes.count >= 10 else {
      throw DataError(.truncated, in: name, "is too short for an npy array")
    }
    guard bytes.prefix(6).elementsEqual(Self.magic) else {
      throw DataError(.malformed, in: name, "is not an npy array: its first bytes are wrong")
    }
    let start: Int
    let length: Int
    switch bytes[6] {
    case 1:
      start = 10
      length = Int(bytes[8]) | Int(bytes[9]) << 8
    case 2, 3:
      guard bytes.count >= 12 else {
        throw DataError(.truncated, in: name, "is too short for an npy array")
      }
      start = 12
      length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    default:
      throw DataError(
        .incompatible, in: name, "has npy version \(bytes[6]); versions 1, 2 and 3 are known")
    }
    guard length <= bytes.count - start else {
      throw DataError(.truncated, in: name, "ends inside of the npy header")
    }
    guard length <= Self.longest else {
      throw DataError(.malformed, in: name, "has an npy header of \(length) bytes")
    }
    let text = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
    var reader = PythonReader(text, name: name)
    let fields = try reader.header()
    (storage, isBigEndian) = try Self.storage(of: fields.descr, name)
    isFortranOrder = fields.fortranOrder
    shape = fields.shape
    guard let total = NDArray.possibleCount(shape) else { throw Self.tooLarge(shape, name) }
    let (size, overflow) = total.multipliedReportingOverflow(by: storage.size)
    let (sum, sumOverflow) = size.addingReportingOverflow(start + length)
    guard !overflow, !sumOverflow, sum < Int.max else { throw Self.tooLarge(shape, name) }
    guard storage.size > 0 || total == 0 else {
      throw DataError(.malformed, in: name, "has elements of no bytes")
    }
    count = total
    dataStart = start + length
    dataCount = size
  }

  /// Longer headers hold structured types, which are refused anyway.
  private static let longest = 1 << 16

  private static func tooLarge(_ shape: [Int], _ name: String) -> DataError {
    DataError(.outOfRange, in: name, "has a shape too large for any memory: \(shape)")
  }

  private static func storage(
    of descr: String, _ name: String
  ) throws(DataError) -> (Storage, bigEndian: Bool) {
    let refused = DataError(
      .wrongType, in: name,
      "has elements of the type \(quoted(descr)), "
        + "which cannot be read; numbers up to 64 bits, booleans, complex numbers, texts "
        + "and datetime64 can")
    var rest = Substring(descr)
    guard let order = rest.popFirst(), let kind = rest.popFirst() else { throw refused }
    guard "<>|=".contains(order) else { throw refused }
    let isBigEndian = order == ">"
    if kind == "M" {
      let units: [Substring: Int64] = [
        "[ns]": 1, "[us]": 1000, "[ms]": 1_000_000, "[s]": 1_000_000_000,
        "[m]": 60_000_000_000, "[h]": 3_600_000_000_000, "[D]": 86_400_000_000_000,
      ]
      guard rest.popFirst() == "8", let unit = units[rest] else { throw refused }
      return (.number(.time(nanoseconds: unit)), isBigEndian)
    }
    guard rest.utf8.count <= 9, rest.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
      let length = Int(rest)
    else { throw refused }
    switch kind {
    // bfloat16, which NumPy does not know: its arrays are written as bytes of no type.
    case "V" where length == 2: return (.number(.bfloat16), isBigEndian)
    case "U": return (.unicode(length: length), isBigEndian)
    case "S", "a": return (.bytes(length: length), false)
    default:
      guard let number = numbers["\(kind)\(rest)"] else { throw refused }
      return (.number(number), isBigEndian)
    }
  }

  private static let numbers: [String: StoredNumber] = [
    "f2": .float16, "f4": .float32, "f8": .float64, "c8": .complex64, "c16": .complex128,
    "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "b1": .bool,
    "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
  ]

  /// NumPy's name of an array's elements.
  static func descr(of dtype: ElementType) -> String {
    switch dtype {
    case .float32: "<f4"
    case .float64: "<f8"
    case .int32: "<i4"
    case .int64: "<i8"
    case .uint8: "|u1"
    case .bool: "|b1"
    case .complex64: "<c8"
    case .complex128: "<c16"
    }
  }

  /// More axes NumPy does not have.
  static let mostAxes = 64

  /// The bytes of a header as NumPy writes them: padded so that the elements start at a multiple of 64,
  /// after room for the slowest extent to grow to 21 digits.
  static func bytes(descr: String, shape: [Int], isFortranOrder: Bool = false) -> [UInt8] {
    let extents = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let order = isFortranOrder ? "True" : "False"
    var text = Array(
      "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': (\(extents)), }".utf8)
    if let slowest = isFortranOrder ? shape.last : shape.first {
      text += repeatElement(0x20, count: 21 - "\(slowest)".utf8.count)
    }
    // Ten bytes stand before the text and a line end behind it; NumPy pads by 1 to 64, never by 0.
    text += repeatElement(0x20, count: 64 - (10 + text.count + 1) % 64)
    text.append(0x0A)
    return magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
  }
}

/// Reads the literal of a Python dictionary, as far as npy headers need it.
private struct PythonReader {
  private let bytes: UnsafeRawBufferPointer
  private let name: String
  private var index = 0

  init(_ bytes: UnsafeRawBufferPointer, name: String) {
    self.bytes = bytes
    self.name = name
  }

  mutating func header() throws(DataError) -> (
    descr: String, fortranOrder: Bool, shape: [Int]
  ) {
    var descr: String?
    var fortranOrder: Bool?
    var shape: [Int]?
    try expect(0x7B)
    while !skip(0x7D) {
      let key = try string()
      try expect(0x3A)
      switch key {
      case "descr" where descr == nil:
        guard peek() != 0x5B, peek() != 0x28 else {
          throw DataError(.wrongType, in: name, "has structured elements, which cannot be read")
        }
        descr = try string()
      case "fortran_order" where fortranOrder == nil: fortranOrder = try bool()
      case "shape" where shape == nil: shape = try tuple()
      default: throw malformed("the key \(quoted(key)) is unknown or there twice")
      }
      if !skip(0x2C) {
        try expect(0x7D)
        break
      }
    }
    guard peek() == nil else { throw malformed("text follows the dictionary") }
    guard let descr, let fortranOrder, let shape else {
      throw malformed("descr, fortran_order or shape is missing")
    }
    return (descr, fortranOrder, shape)
  }

  private func malformed(_ problem: String) -> DataError {
    DataError(.malformed, in: name, at: "npy header", problem)
  }

  /// The next byte that is not white space.
  private mutating func peek() -> UInt8? {
    while index < bytes.count, bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index]) {
      index += 1
    }
    return index < bytes.count ? bytes[index] : nil
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(DataError) {
    guard skip(byte) else {
      throw malformed("byte \(index) is not \(Character(UnicodeScalar(byte)))")
    }
  }

  private mutating func string() throws(DataError) -> String {
    guard let quote = peek(), quote == 0x27 || quote == 0x22 else {
      throw malformed("byte \(index) does not start a text")
    }
    let start = index + 1
    guard let end = bytes[start...].firstIndex(of: quote) else {
      throw malformed("a text is not closed")
    }
    index = end + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private mutating func bool() throws(DataError) -> Bool {
    _ = peek()
    for (word, value) in [("True", true), ("False", false)]
    where bytes[index...].starts(with: word.utf8) {
      index += word.utf8.count
      return value
    }
    throw malformed("fortran_order is neither True nor False")
  }

  private mutating func tuple() throws(DataError) -> [Int] {
    try expect(0x28)
    var result: [Int] = []
    while !skip(0x29) {
      guard let first = peek(), 0x30...0x39 ~= first else {
        throw malformed("the shape holds something that is no extent")
      }
      var value = 0
      while index < bytes.count, 0x30...0x39 ~= bytes[index] {
        let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
        let (sum, overflow) = product.addingReportingOverflow(Int(bytes[index] - 0x30))
        guard !tooLarge, !overflow else { throw malformed("an extent is too large") }
        value = sum
        index += 1
      }
      // Python 2 marked long integers.
      if index < bytes.count, bytes[index] == 0x4C { index += 1 }
      result.append(value)
      guard result.count <= NPYHeader.mostAxes else {
        throw malformed("the shape has more than \(NPYHeader.mostAxes) axes")
      }
      if !skip(0x2C) {
        try expect(0x29)
        break
      }
    }
    return result
  }
}
