import MartletCore

extension ElementType: Codable {}

/// An array is coded as its shape, its dtype and the elements' little-endian bytes in row-major order as
/// base64, so that it comes back bit for bit, NaN payloads and all, in JSON too:
/// `{"shape": [2], "dtype": "float32", "base64": "AACAPwAAAEA="}`.
extension NDArray: Codable {
  private enum CodingKeys: String, CodingKey {
    case shape
    case dtype
    case base64
  }

  /// Evaluates and encodes the array.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(shape, forKey: .shape)
    try container.encode(dtype, forKey: .dtype)
    try container.encode(withUnsafeBytes { Base64.text($0) }, forKey: .base64)
  }

  /// Decodes an array.
  ///
  /// Throws `DecodingError`: `dataCorrupted` for a shape that is negative or too large, an unknown dtype,
  /// bytes that are not exactly those of the shape, and bools other than 0 and 1.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let shape = try container.decode([Int].self, forKey: .shape)
    let dtype = try container.decode(ElementType.self, forKey: .dtype)
    let text = try container.decode(String.self, forKey: .base64)
    func corrupted(_ key: CodingKeys, _ problem: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: "NDArray: \(problem)")
    }
    guard let count = Self.possibleCount(shape) else {
      throw corrupted(.shape, "\(shape) is no shape")
    }
    let byteCount = count * dtype.size
    guard text.utf8.count == Base64.length(byteCount) else {
      throw corrupted(
        .base64,
        "\(text.utf8.count) characters; the shape \(shape) of \(dtype) needs "
          + "\(Base64.length(byteCount))")
    }
    let buffer = Buffer(uninitializedByteCount: byteCount)
    let bytes = UnsafeMutableRawBufferPointer(start: buffer.base, count: byteCount)
    guard Base64.decode(text, into: bytes) else {
      throw corrupted(.base64, "this is not base64 of \(byteCount) bytes")
    }
    guard dtype != .bool || bytes.allSatisfy({ $0 <= 1 }) else {
      throw corrupted(.base64, "a bool is neither 0 nor 1")
    }
    self.init(buffer, shape: shape, dtype: dtype)
  }
}
