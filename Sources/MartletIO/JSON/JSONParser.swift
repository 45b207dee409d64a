public import MartletArrays

extension JSONValue {
  /// How deep arrays and objects may lie in each other.
  public static let deepest = 128

  /// Reads a text as RFC 8259 says, and nothing besides: one value, no comments, no trailing
  /// commas, no name twice in an object, no number that float64 cannot hold.
  ///
  /// - Parameter name: What errors call the text.
  /// - Throws: `DataError` with line and column.
  public init(parsing text: String, name: String = "JSON") throws(DataError) {
    try self.init(parsing: Array(text.utf8), name: name)
  }

  /// Reads bytes in UTF-8.
  public init(parsing bytes: [UInt8], name: String = "JSON") throws(DataError) {
    var parser = JSONParser(bytes, name: name)
    self = try parser.whole()
  }

  /// Reads a file.
  public init(path: String) throws(DataError) {
    let file = try MappedFile(path: path)
    try self.init(parsing: file.withBytes { Array($0) }, name: path)
  }
}

/// Reads one value; trusts nothing.
private struct JSONParser {
  private let bytes: [UInt8]
  private let name: String
  private var position = 0

  init(_ bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
  }

  mutating func whole() throws(DataError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw unexpected("the end") }
    return value
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(DataError) -> JSONValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < JSONValue.deepest else {
        throw error(.outOfRange, "more than \(JSONValue.deepest) levels of arrays and objects")
      }
      return next == UInt8(ascii: "[") ? try array(depth) : try object(depth)
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"): return .number(try number())
    case let byte? where isDigit(byte): return .number(try number())
    default: throw unexpected("a value")
    }
  }

  private mutating func array(_ depth: Int) throws(DataError) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(elements) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw unexpected(", or ]") }
    }
  }

  private mutating func object(_ depth: Int) throws(DataError) -> JSONValue {
    position += 1
    var members: [JSONValue.Member] = []
    // By their bytes: equal texts to Swift are those that look alike, as é composed and decomposed.
    var names = Set<[UInt8]>()
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw unexpected("a name in quotation marks") }
      let start = position
      let key = try text()
      guard names.insert(Array(key.utf8)).inserted else {
        position = start
        throw error(.duplicate, "the name \(quoted(key)) is there twice")
      }
      skipSpace()
      guard take(":") else { throw unexpected(":") }
      members.append(JSONValue.Member(key, try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw unexpected(", or }") }
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(DataError) -> JSONValue {
    guard bytes[position...].starts(with: text.utf8) else { throw unexpected("a value") }
    position += text.utf8.count
    return value
  }

  private mutating func number() throws(DataError) -> Double {
    let start = position
    _ = take("-")
    if take("0") {
      if let digit = next, isDigit(digit) { throw unexpected("no digit after a leading zero") }
    } else {
      try digits()
    }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      position = start
      throw error(.outOfRange, "a number beyond float64")
    }
    return value
  }

  private mutating func digits() throws(DataError) {
    let start = position
    while let digit = next, isDigit(digit) { position += 1 }
    if position == start { throw unexpected("a digit") }
  }

  private mutating func text() throws(DataError) -> String {
    let start = position
    position += 1
    var found: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let text = String(validating: found, as: UTF8.self) else {
          position = start
          throw error(.malformed, "a text that is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"):
        position += 1
        found.append(contentsOf: String(try escaped()).utf8)
      case 0..<0x20: throw unexpected("no control character in a text; write it as \\u00…")
      default:
        found.append(byte)
        position += 1
      }
    }
    position = start
    throw error(.truncated, "a text without an end")
  }

  private mutating func escaped() throws(DataError) -> Unicode.Scalar {
    guard let byte = next else { throw unexpected("an escape") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let start = position - 2
      let unit = try hexadecimal()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      if unit < 0xDC00, take("\\"), take("u") {
        let low = try hexadecimal()
        if (0xDC00..<0xE000).contains(low),
          let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        {
          return scalar
        }
      }
      position = start
      throw error(.malformed, "half of a surrogate pair")
    default:
      position -= 1
      throw unexpected("one of \" \\ / b f n r t u after \\")
    }
  }

  private mutating func hexadecimal() throws(DataError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  // MARK: Bytes

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  // MARK: Errors

  private func unexpected(_ expected: String) -> DataError {
    guard let byte = next else { return error(.truncated, "the end; expected \(expected)") }
    let isShown = (0x20..<0x7F).contains(byte)
    let found =
      isShown ? "\"\(Character(Unicode.Scalar(byte)))\"" : "byte 0x\(String(byte, radix: 16))"
    return error(.malformed, "\(found); expected \(expected)")
  }

  private func error(_ kind: DataError.Kind, _ problem: String) -> DataError {
    var line = 1
    var column = 1
    for byte in bytes[..<position] {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return DataError(kind, in: name, at: "line \(line), column \(column)", problem)
  }
}
