import MartletArrays

/// The bytes of an npy file: its header and its elements.
struct NPYFile {
  let header: NPYHeader
  private let elements: UnsafeRawBufferPointer
  /// The file or the array in it, for errors.
  private let name: String

  /// Reads the header of `file`, whose bytes must stay while this is in use.
  init(_ file: UnsafeRawBufferPointer, name: String) throws(DataError) {
    header = try NPYHeader(file, name: name)
    let expected = header.dataStart + header.dataCount
    guard file.count >= expected else {
      throw DataError(
        .truncated, in: name,
        "has \(file.count) bytes, its shape \(header.shape) needs \(expected)")
    }
    guard file.count == expected else {
      throw DataError(
        .malformed, in: name,
        "has \(file.count) bytes, its shape \(header.shape) needs only \(expected)")
    }
    elements = UnsafeRawBufferPointer(rebasing: file[header.dataStart...])
    self.name = name
  }

  /// The elements, which must be numbers.
  func numbers() throws(DataError) -> StoredArray {
    guard case .number(let number) = header.storage else {
      throw DataError(.wrongType, in: name, "holds texts, not numbers")
    }
    return StoredArray(
      number: number, isBigEndian: header.isBigEndian, isFortranOrder: header.isFortranOrder,
      shape: header.shape, bytes: elements, name: name)
  }

  /// The elements in row-major order, which must be texts.
  func texts() throws(DataError) -> [String] {
    if case .number(let number) = header.storage {
      throw DataError(.wrongType, in: name, "holds \(number) elements, not texts")
    }
    let size = header.storage.size
    var result: [String] = []
    result.reserveCapacity(header.count)
    for element in 0..<header.count {
      let start = place(element) * size
      let field = UnsafeRawBufferPointer(rebasing: elements[start..<start + size])
      guard let text = text(field) else {
        throw DataError(.malformed, in: name, at: "element \(element)", "is not Unicode text")
      }
      result.append(text)
    }
    return result
  }

  /// Where the element lies that is at `element` in row-major order.
  private func place(_ element: Int) -> Int {
    guard header.isFortranOrder else { return element }
    var (rest, below, place) = (element, header.count, 0)
    for extent in header.shape.reversed() {
      below /= extent
      place += rest % extent * below
      rest /= extent
    }
    return place
  }

  private func text(_ field: UnsafeRawBufferPointer) -> String? {
    if case .bytes = header.storage {
      let end = field.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
      return String(validating: field[..<end], as: UTF8.self)
    }
    func codePoint(_ index: Int) -> UInt32 {
      let raw = field.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
      return header.isBigEndian ? UInt32(bigEndian: raw) : UInt32(littleEndian: raw)
    }
    var length = field.count / 4
    while length > 0, codePoint(length - 1) == 0 { length -= 1 }
    var text = String.UnicodeScalarView()
    for index in 0..<length {
      guard let scalar = Unicode.Scalar(codePoint(index)) else { return nil }
      text.append(scalar)
    }
    return String(text)
  }
}
