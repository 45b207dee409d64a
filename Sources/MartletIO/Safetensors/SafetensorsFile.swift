public import MartletArrays

/// The tensors of a safetensors file, by name.
///
/// Opening reads and checks the header; a tensor is read when it is asked for. It stays in the mapped
/// file where it is aligned and of an array's type (F32, F64, I32, I64, U8, BOOL, C64). What else holds
/// numbers is converted: F16 and BF16 to float32; I8, I16 and U16 to int32; U32 and U64, where the values
/// fit, to int64.
public struct SafetensorsFile: Sendable {
  /// The names of the tensors, in the order of their bytes.
  public let names: [String]
  /// The texts that the file holds besides tensors.
  public let metadata: [String: String]
  /// The file, as it was given.
  public let path: String

  private let tensors: [String: SafetensorsHeader.Tensor]
  private let owner: any AnyObject & Sendable
  nonisolated(unsafe) private let data: UnsafeRawBufferPointer

  /// Maps a safetensors file, which must not be shortened or changed in place while it, or a tensor of
  /// it, is in use.
  ///
  /// Throws `DataError`: `unreadable`; `truncated`; `malformed` for a header that is no such JSON, and
  /// for tensors that overlap, leave holes or do not have the size of their shape; `duplicate` for a
  /// name that is there twice; `missing`, `wrongType` and `outOfRange` for members of the header.
  public init(path: String) throws(DataError) {
    let file = try MappedFile(path: path)
    try self.init(file.bytes, owner: file, name: path)
  }

  /// Opens the bytes of a safetensors file, which are copied; `name` stands for it in errors.
  ///
  /// Throws as the one for a file does.
  public init(bytes: UnsafeRawBufferPointer, name: String = "safetensors") throws(DataError) {
    let copy = try HeapBytes(bytes, for: name)
    try self.init(UnsafeRawBufferPointer(copy.bytes), owner: copy, name: name)
  }

  /// Opens the bytes of a safetensors file, which are copied; `name` stands for it in errors.
  ///
  /// Throws as the one for a file does.
  public init(bytes: [UInt8], name: String = "safetensors") throws(DataError) {
    self = try bytes.withUnsafeBytesThrowing { raw throws(DataError) in
      try SafetensorsFile(bytes: raw, name: name)
    }
  }

  private init(
    _ bytes: UnsafeRawBufferPointer, owner: any AnyObject & Sendable, name: String
  ) throws(DataError) {
    let header = try SafetensorsHeader(bytes, name: name)
    path = name
    names = header.tensors.map(\.name)
    metadata = header.metadata
    // The JSON reader refuses a name that is there twice.
    tensors = Dictionary(
      header.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    data = UnsafeRawBufferPointer(rebasing: bytes[header.dataStart...])
    self.owner = owner
  }

  /// Whether there is a tensor of this name.
  public func contains(_ name: String) -> Bool { tensors[name] != nil }

  /// The shape of a tensor, which is not read; nil where there is none of this name.
  public func shape(of name: String) -> [Int]? { tensors[name]?.shape }

  /// The type of a tensor's elements as the file has it, such as `BF16`; nil where there is no such tensor.
  public func type(of name: String) -> String? { tensors[name]?.type }

  /// Reads a tensor.
  ///
  /// Throws `DataError`: `missing` with the names there are, `wrongType` for elements of an unknown
  /// type, `outOfRange` for an integer beyond 64 signed bits. Costs nothing per element where the
  /// tensor stays in the file, but for BOOL, whose bytes are checked.
  public func array(_ name: String) throws(DataError) -> NDArray {
    guard let tensor = tensors[name] else {
      let found =
        names.isEmpty ? "none" : names.prefix(30).map { excerpt($0) }.joined(separator: ", ")
      throw DataError(
        .missing, in: path, at: "tensor \(excerpt(name))",
        "is not there; there are: \(found)" + DataError.nearest(name, among: names))
    }
    guard let number = tensor.number else {
      throw DataError(
        .wrongType, in: path, at: "tensor \(excerpt(name))",
        "has elements of the type \(quoted(tensor.type)), which cannot be read; "
          + "\(StoredNumber.safetensorsNames) can")
    }
    let stored = StoredArray(
      number: number, shape: tensor.shape,
      bytes: UnsafeRawBufferPointer(rebasing: data[tensor.range]),
      name: "\(path): tensor \(excerpt(name))")
    if let view = stored.view(owner: owner) { return view }
    defer { withExtendedLifetime(owner) {} }
    return try stored.copied()
  }
}
