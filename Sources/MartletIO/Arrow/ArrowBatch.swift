import MartletArrays

/// Where the parts of some rows lie: what a message of rows, or of a dictionary's values, says.
struct ArrowBatch: Sendable {
  /// A column's parts.
  struct Part: Sendable {
    let nullCount: Int
    /// Places in the file.
    let buffers: [Range<Int>]
  }

  let rowCount: Int
  let compression: ArrowCompression
  let parts: [Part]
  /// The batches of values of each dictionary as it is when these rows come.
  var dictionaries: [Int64: [Int]] = [:]

  /// - Parameters:
  ///   - body: Where the message's buffers lie in the file.
  ///   - types: Of the columns.
  init(
    _ message: FlatTable, body: Range<Int>, types: [ArrowType], nodeCount: Int
  ) throws(DataError) {
    let name = message.buffer.name
    func wrong(_ problem: String) -> DataError {
      DataError(.malformed, in: name, "a batch of the Arrow data is damaged: \(problem)")
    }
    let rows: Int64 = try message.integer(0, 0)
    guard rows >= 0, rows <= Int64.max / 64 else { throw wrong("its number of rows is \(rows)") }
    rowCount = Int(rows)
    let nodes = try message.vector(1, elementSize: 16)
    guard nodes.count == nodeCount else {
      throw wrong("it has \(nodes.count) columns and parts of them; expected \(nodeCount)")
    }
    let buffers = try message.vector(2, elementSize: 16)
    let variadic = try message.vector(4, elementSize: 8)
    if let details = try message.table(3) {
      let codec: Int8 = try details.integer(0, 0)
      let method: Int8 = try details.integer(1, 0)
      guard 0...1 ~= codec, method == 0 else {
        throw DataError(
          .incompatible, in: name,
          "is compressed by a method (\(codec), \(method)) that is not known; write it with lz4 or zstd"
        )
      }
      compression = codec == 0 ? .lz4 : .zstd
    } else {
      compression = .none
    }
    var (node, buffer, view) = (0, 0, 0)
    var taken = 0
    /// The next buffers of a column.
    func take(_ count: Int) throws(DataError) -> [Range<Int>] {
      guard count <= buffers.count - buffer else { throw wrong("it lacks buffers") }
      var places: [Range<Int>] = []
      for number in buffer..<buffer + count {
        let offset = try buffers.integer(number, Int64.self)
        let length = try buffers.integer(number, at: 8, Int64.self)
        guard length >= 0, offset >= 0, length <= body.count, offset <= Int64(body.count) - length
        else { throw wrong("a buffer lies outside of it") }
        // Writers lay buffers side by side: none is unpacked more than once.
        taken += Int(length)
        guard taken <= body.count else { throw wrong("its buffers lie in each other") }
        let start = body.lowerBound + Int(offset)
        places.append(start..<start + Int(length))
      }
      buffer += count
      return places
    }
    /// The buffers of a type; its children's are passed over.
    func part(_ type: ArrowType, isColumn: Bool) throws(DataError) -> Part {
      let length = try nodes.integer(node, Int64.self)
      let nullCount = try nodes.integer(node, at: 8, Int64.self)
      guard !isColumn || length == rows else {
        throw wrong("a column has \(length) of \(rows) rows")
      }
      node += 1
      var count = type.bufferCount
      if type.hasVariadic {
        guard view < variadic.count else { throw wrong("it lacks the numbers of its buffers") }
        let more = try variadic.integer(view, Int64.self)
        guard more >= 0, more <= buffers.count else { throw wrong("it lacks buffers") }
        count += Int(more)
        view += 1
      }
      let found = Part(nullCount: Int(nullCount), buffers: try take(count))
      for child in type.children { _ = try part(child, isColumn: false) }
      return found
    }
    var parts: [Part] = []
    for type in types { parts.append(try part(type, isColumn: true)) }
    self.parts = parts
  }
}
