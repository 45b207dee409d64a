import MartletArrays

/// What an Arrow file holds, from its footer or, of a stream, from its messages: the schema, and where the rows lie.
struct ArrowMessages {
  struct Field: Sendable {
    let name: String
    let type: ArrowType
  }

  let name: String
  private(set) var fields: [Field] = []
  private(set) var metadata: [String: String] = [:]
  private(set) var batches: [ArrowBatch] = []
  /// Values of dictionaries, in the order in which they come.
  private(set) var dictionaryBatches: [ArrowBatch] = []
  /// Whether it is a stream, which has no footer.
  let isStream: Bool

  private let bytes: UnsafeRawBufferPointer
  private var types: [ArrowType] = []
  private var nodeCount = 0
  private var valueTypes: [Int64: ArrowType] = [:]
  private var dictionaries: [Int64: [Int]] = [:]

  private static let magic = Array("ARROW1".utf8)
  private static let continuation: UInt32 = 0xFFFF_FFFF

  init(_ bytes: UnsafeRawBufferPointer, name: String) throws(DataError) {
    (self.bytes, self.name) = (bytes, name)
    isStream = !bytes.starts(with: Self.magic)
    if isStream { try readStream() } else { try readFile() }
  }

  private func damaged(_ problem: String, _ kind: DataError.Kind = .malformed) -> DataError {
    DataError(kind, in: name, problem)
  }

  // MARK: Files

  private mutating func readFile() throws(DataError) {
    guard bytes.count >= 8 + 4 + 6, bytes.suffix(6).elementsEqual(Self.magic) else {
      throw damaged("the Arrow file is cut off: its end is missing", .truncated)
    }
    let end = bytes.count - 10
    let length = Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: end, as: Int32.self)))
    guard length > 0, length <= end - 8 else {
      throw damaged("the Arrow file's footer does not fit it")
    }
    let footer = try FlatBuffer(
      UnsafeRawBufferPointer(rebasing: bytes[end - length..<end]), name: name
    ).root()
    guard let schema = try footer.table(1) else { throw damaged("the Arrow file has no schema") }
    try take(schema, version: try footer.integer(0, Int16(0)))
    let limit = end - length
    var blocks: [(start: Int, metadata: Int, end: Int, isDictionary: Bool)] = []
    for (field, isDictionary) in [(2, true), (3, false)] {
      let vector = try footer.vector(field, elementSize: 24)
      for index in 0..<vector.count {
        let offset = try vector.integer(index, Int64.self)
        let metadata = try vector.integer(index, at: 8, Int32.self)
        let body = try vector.integer(index, at: 16, Int64.self)
        guard offset >= 8, offset <= limit, metadata > 0, body >= 0, body <= limit,
          Int(offset) + Int(metadata) + Int(body) <= limit
        else { throw damaged("a batch lies outside of the Arrow file", .truncated) }
        let start = Int(offset)
        let bodyStart = start + Int(metadata)
        blocks.append((start, bodyStart, bodyStart + Int(body), isDictionary))
      }
    }
    // Rows that are listed many times would be many rows of few bytes.
    let order = blocks.map { ($0.start, $0.end) }.sorted { $0 < $1 }
    for (a, b) in zip(order, order.dropFirst()) where a.1 > b.0 {
      throw damaged("batches of the Arrow file lie in each other")
    }
    for block in blocks {
      var start = block.start
      if try word(start) == Self.continuation { start += 4 }
      let length = Int(Int32(bitPattern: try word(start)))
      start += 4
      guard length > 0, start + length <= block.metadata else {
        throw damaged("a batch lies outside of the Arrow file")
      }
      let message = try message(start..<start + length)
      guard message.kind == (block.isDictionary ? 2 : 3) else {
        throw damaged("what the Arrow file lists as rows is something else")
      }
      try take(message, body: block.metadata..<block.end)
    }
  }

  private func word(_ offset: Int) throws(DataError) -> UInt32 {
    guard offset <= bytes.count - 4 else { throw damaged("the Arrow data are cut off", .truncated) }
    return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  // MARK: Streams

  private mutating func readStream() throws(DataError) {
    var position = 0
    var hasSchema = false
    while position < bytes.count {
      guard try word(position) == Self.continuation else {
        // Zeros may fill up the end.
        if hasSchema, try word(position) == 0 { break }
        throw damaged("what follows a message of the Arrow stream is none")
      }
      let length = Int(Int32(bitPattern: try word(position + 4)))
      position += 8
      if length == 0 { break }
      guard length > 0, length <= bytes.count - position else {
        throw damaged("the Arrow stream is cut off", .truncated)
      }
      let message = try message(position..<position + length)
      position += length
      guard message.bodyCount <= bytes.count - position else {
        throw damaged("the Arrow stream is cut off", .truncated)
      }
      let body = position..<position + message.bodyCount
      // Eight bytes are what everything is padded to.
      position = body.upperBound + (8 - body.count % 8) % 8
      if message.kind == 1 {
        guard !hasSchema else { throw damaged("the Arrow stream has a second schema") }
        try take(message.header, version: message.version)
        hasSchema = true
      } else {
        guard hasSchema else { throw damaged("the Arrow stream does not begin with its schema") }
        try take(message, body: body)
      }
    }
    guard hasSchema else { throw damaged("the Arrow stream has no schema") }
  }

  // MARK: Messages

  private struct Message {
    let version: Int16
    let kind: UInt8
    let header: FlatTable
    let bodyCount: Int
  }

  private func message(_ place: Range<Int>) throws(DataError) -> Message {
    let table = try FlatBuffer(UnsafeRawBufferPointer(rebasing: bytes[place]), name: name).root()
    let bodyCount: Int64 = try table.integer(3, 0)
    guard let header = try table.table(2), bodyCount >= 0 else {
      throw damaged("a message of the Arrow data is damaged")
    }
    return Message(
      version: try table.integer(0, 0), kind: try table.integer(1, 0), header: header,
      bodyCount: Int(bodyCount))
  }

  private mutating func take(_ message: Message, body: Range<Int>) throws(DataError) {
    switch message.kind {
    case 2: try takeDictionary(message.header, body)
    case 3:
      var batch = try ArrowBatch(message.header, body: body, types: types, nodeCount: nodeCount)
      batch.dictionaries = dictionaries
      batches.append(batch)
    default:
      throw DataError(
        .incompatible, in: name, "holds a tensor, not a table; write a table of bars")
    }
  }

  private mutating func takeDictionary(_ header: FlatTable, _ body: Range<Int>) throws(DataError) {
    let id: Int64 = try header.integer(0, 0)
    // A dictionary inside of a type that is not read.
    guard let type = valueTypes[id] else { return }
    guard let values = try header.table(1) else { throw damaged("a dictionary has no values") }
    let batch = try ArrowBatch(values, body: body, types: [type], nodeCount: Self.nodes(of: [type]))
    let isDelta = try header.integer(2, UInt8(0)) != 0
    if !isDelta, !isStream, dictionaries[id] != nil {
      throw DataError(
        .incompatible, in: name,
        "replaces a dictionary, which only streams may; write the column as plain text")
    }
    dictionaries[id] = (isDelta ? dictionaries[id] ?? [] : []) + [dictionaryBatches.count]
    dictionaryBatches.append(batch)
  }

  // MARK: The schema

  private mutating func take(_ schema: FlatTable, version: Int16) throws(DataError) {
    guard version >= 3 else {
      throw DataError(
        .incompatible, in: name,
        "is of version \(version + 1) of the Arrow format; write it anew with a library of 2018 or later"
      )
    }
    guard try schema.integer(0, Int16(0)) == 0 else {
      throw DataError(
        .incompatible, in: name,
        "holds big-endian numbers; write it on a little-endian machine, as nearly all are")
    }
    metadata = try schema.pairs(2)
    let vector = try schema.vector(1, elementSize: 4)
    for index in 0..<vector.count {
      let field = try vector.table(index)
      let type = try ArrowType(field)
      let column = try field.text(0) ?? ""
      fields.append(Field(name: column, type: type))
      types.append(type)
      if case .dictionary(let id, _, let values) = type, valueTypes[id] == nil {
        valueTypes[id] = values
      }
      // Before version 5 they had a buffer more.
      if version < 4, Self.hasUnion(type) {
        throw DataError(
          .incompatible, in: name, at: "column \(excerpt(column))",
          "is a union of version 4 of the Arrow format; leave it out")
      }
    }
    nodeCount = Self.nodes(of: types)
  }

  private static func nodes(of types: [ArrowType]) -> Int {
    types.reduce(0) { $0 + 1 + nodes(of: $1.children) }
  }

  private static func hasUnion(_ type: ArrowType) -> Bool {
    if case .other("union", _, _, _) = type.plain { return true }
    return type.children.contains(where: hasUnion)
  }
}
