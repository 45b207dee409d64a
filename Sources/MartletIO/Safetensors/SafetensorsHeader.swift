import MartletArrays

/// The header of a safetensors file.
///
/// Its length stands in 8 bytes before it. It is JSON that says of every tensor its type, its shape, and
/// the range of its bytes behind the header, which fill the rest of the file without gaps.
struct SafetensorsHeader {
  struct Tensor {
    let name: String
    /// As the file has it.
    let type: String
    /// nil for a type that arrays do not have.
    let number: StoredNumber?
    let shape: [Int]
    let range: Range<Int>
  }

  /// In the order of their bytes.
  let tensors: [Tensor]
  let metadata: [String: String]
  let dataStart: Int

  /// What the format allows at most.
  private static let longest = 100_000_000

  init(_ bytes: UnsafeRawBufferPointer, name: String) throws(DataError) {
    guard bytes.count >= 8 else {
      throw DataError(.truncated, in: name, "is too short for a safetensors file")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= Self.longest else {
      throw DataError(
        .malformed, in: name,
        "is no safetensors file: its header of \(length) bytes is longer than \(Self.longest)")
    }
    guard length <= bytes.count - 8 else {
      throw DataError(.truncated, in: name, "ends inside of the header of \(length) bytes")
    }
    dataStart = 8 + Int(length)
    let dataCount = bytes.count - dataStart
    let text = Array(bytes[8..<dataStart])
    guard text.first == UInt8(ascii: "{") else {
      throw DataError(.malformed, in: name, "is no safetensors file: its header is no JSON object")
    }
    guard case .object(let members) = try JSONValue(parsing: text, name: name) else {
      throw DataError(.malformed, in: name, "is no safetensors file: its header is no JSON object")
    }
    var metadata: [String: String] = [:]
    var tensors: [Tensor] = []
    for member in members {
      if member.name == "__metadata__" {
        // MLX writes null where it has nothing to say.
        if member.value == .null { continue }
        let root = JSONNode(member.value, in: "\(name): __metadata__")
        for (key, value) in try root.entries() { metadata[key] = try value.text() }
      } else {
        let subject = "\(name): tensor \(excerpt(member.name))"
        tensors.append(
          try Self.tensor(
            member.name, JSONNode(member.value, in: subject), dataCount: dataCount))
      }
    }
    tensors.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for tensor in tensors {
      guard tensor.range.lowerBound == end else {
        let problem =
          tensor.range.lowerBound < end
          ? "overlaps the tensor before it, which ends at \(end)"
          : "leaves a hole behind the tensor before it, which ends at \(end)"
        throw DataError(
          .malformed, in: name, at: "tensor \(excerpt(tensor.name))",
          "starts at \(tensor.range.lowerBound) and " + problem)
      }
      end = tensor.range.upperBound
    }
    guard end == dataCount else {
      throw DataError(
        .malformed, in: name, "has \(dataCount) bytes of tensors; its header describes \(end)")
    }
    self.tensors = tensors
    self.metadata = metadata
  }

  private static func tensor(
    _ name: String, _ node: JSONNode, dataCount: Int
  ) throws(DataError) -> Tensor {
    try node.allow(["dtype", "shape", "data_offsets"])
    let type = try node.member("dtype").text()
    var shape: [Int] = []
    for extent in try node.member("shape").elements() {
      shape.append(try extent.integer(in: 0...(1 << 53)))
    }
    guard let count = NDArray.possibleCount(shape) else {
      throw node.error(.outOfRange, "has a shape too large for any memory: \(shape)")
    }
    let offsets = try node.member("data_offsets")
    let ends = try offsets.elements()
    guard ends.count == 2 else {
      throw offsets.error(.malformed, "\(ends.count) numbers; expected where it starts and ends")
    }
    let (start, end) = (
      try ends[0].integer(in: 0...(1 << 53)), try ends[1].integer(in: 0...(1 << 53))
    )
    guard start <= end else { throw offsets.error(.malformed, "ends at \(end), before \(start)") }
    guard end <= dataCount else {
      throw offsets.error(.truncated, "ends at \(end); the file has \(dataCount) bytes of tensors")
    }
    let number = StoredNumber(safetensors: type)
    if let number {
      let (size, overflow) = count.multipliedReportingOverflow(by: number.size)
      guard !overflow, size == end - start else {
        throw node.error(
          .malformed,
          "has \(end - start) bytes; the shape \(shape) of \(type) needs "
            + (overflow ? "more than any memory has" : "\(size)"))
      }
    }
    return Tensor(name: name, type: type, number: number, shape: shape, range: start..<end)
  }
}

extension StoredNumber {
  private static let safetensors: [(name: String, number: StoredNumber)] = [
    ("F64", .float64), ("F32", .float32), ("F16", .float16), ("BF16", .bfloat16),
    ("I64", .int64), ("I32", .int32), ("I16", .int16), ("I8", .int8),
    ("U64", .uint64), ("U32", .uint32), ("U16", .uint16), ("U8", .uint8),
    ("BOOL", .bool), ("C64", .complex64),
  ]

  /// The names that are known.
  static var safetensorsNames: String { safetensors.map(\.name).joined(separator: " ") }

  /// What safetensors calls `name`.
  init?(safetensors name: String) {
    guard let known = Self.safetensors.first(where: { $0.name == name }) else { return nil }
    self = known.number
  }
}
