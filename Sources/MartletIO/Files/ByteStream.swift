import MartletArrays

/// Bytes of a file or of memory, in order, with gzip, deflate and zstd undone on the way.
///
/// Whether the bytes are compressed is decided by their first bytes, not by a name.
final class ByteStream {
  let name: String
  /// Bytes of the input as it lies there (compressed, if it is); zero where nobody knows.
  let total: Int
  /// Bytes of the input used so far.
  private(set) var consumed = 0

  private let descriptor: InputDescriptor?
  private let buffer: HeapBytes?
  private var input: UnsafeRawBufferPointer
  private var atEnd: Bool
  private var unpacker: (any Unpacker)?
  private var memberHasEnded = false
  /// What an entry of a zip file must come to, and what it has come to so far.
  private var promised: (size: Int, checksum: UInt32)?
  private var reached: (size: Int, checksum: UInt32) = (0, 0)
  /// What keeps the bytes of memory.
  private let owner: (any AnyObject)?

  private static let inputCapacity = 1 << 17

  init(path: String) throws(DataError) {
    let descriptor = try InputDescriptor(path: path)
    name = path
    total = descriptor.size
    self.descriptor = descriptor
    owner = nil
    buffer = try HeapBytes(count: Self.inputCapacity, for: path)
    input = UnsafeRawBufferPointer(start: nil, count: 0)
    atEnd = false
    try refill()
    try startUnpacking()
  }

  /// Reads from memory, which must outlive the stream.
  init(bytes: UnsafeRawBufferPointer, name: String) throws(DataError) {
    self.name = name
    total = bytes.count
    buffer = nil
    input = bytes
    atEnd = true
    descriptor = nil
    owner = nil
    try startUnpacking()
  }

  /// Reads an entry of a zip file, whose bytes `owner` keeps.
  init(
    _ entry: ZipDirectory.Entry, _ packed: UnsafeRawBufferPointer, owner: any AnyObject,
    name: String
  ) throws(DataError) {
    self.name = name
    total = packed.count
    buffer = nil
    input = packed
    atEnd = true
    descriptor = nil
    self.owner = owner
    if entry.method == 8 {
      promised = (entry.size, entry.checksum)
      unpacker = try Inflater(.raw, for: name)
    } else {
      try startUnpacking()
    }
  }

  /// The last bytes of the input as they lie there; none where it is compressed or cannot be asked.
  func tail(_ count: Int) -> [UInt8] {
    guard unpacker == nil else { return [] }
    guard let descriptor else { return Array(input.suffix(count)) }
    guard descriptor.isRegular else { return [] }
    return descriptor.read(last: count)
  }

  private func startUnpacking() throws(DataError) {
    switch Packing(input) {
    case .gzip: unpacker = try Inflater(.gzip, for: name)
    case .zstd:
      // Without the trait what reads the bytes says what they are.
      #if Zstd && os(Linux)
        unpacker = try ZstdUnpacker(for: name)
      #endif
    case nil: break
    }
  }

  /// Keeps what is left of the input and reads on until there are four bytes or the end.
  private func refill() throws(DataError) {
    guard let buffer, let base = buffer.bytes.baseAddress, !atEnd else { return }
    if let rest = input.baseAddress, !input.isEmpty {
      base.copyMemory(from: rest, byteCount: input.count)
    }
    var filled = input.count
    while filled < 4 {
      let got = try readFile(base + filled, count: buffer.bytes.count - filled)
      filled += got
      if got == 0 {
        atEnd = true
        break
      }
    }
    input = UnsafeRawBufferPointer(start: base, count: filled)
  }

  private func readFile(
    _ target: UnsafeMutableRawPointer, count: Int
  ) throws(DataError) -> Int {
    try descriptor?.read(into: target, count: count, name: name) ?? 0
  }

  private func drop(_ count: Int) {
    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(count))
    consumed += count
  }

  /// Fills `target` as far as possible; zero means the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    if let unpacker { return try unpack(with: unpacker, into: target) }
    guard let base = target.baseAddress, !target.isEmpty else { return 0 }
    if let start = input.baseAddress, !input.isEmpty {
      let count = min(input.count, target.count)
      base.copyMemory(from: start, byteCount: count)
      drop(count)
      return count
    }
    if atEnd { return 0 }
    let got = try readFile(base, count: target.count)
    consumed += got
    if got == 0 { atEnd = true }
    return got
  }

  private func unpack(
    with unpacker: any Unpacker, into target: UnsafeMutableRawBufferPointer
  ) throws(DataError) -> Int {
    var written = 0
    while written < target.count {
      if memberHasEnded {
        if try !startNextMember(of: unpacker) { return written }
      }
      if input.isEmpty { try refill() }
      let step = unpacker.unpack(
        input, into: UnsafeMutableRawBufferPointer(rebasing: target[written...]))
      drop(step.read)
      if promised != nil {
        reached.size += step.written
        reached.checksum = checksum(
          UnsafeRawBufferPointer(rebasing: target[written..<written + step.written]),
          from: reached.checksum)
      }
      written += step.written
      switch step.outcome {
      case .corrupt(let text):
        throw DataError(.malformed, in: name, "the \(unpacker.packing) data are damaged: \(text)")
      case .end: memberHasEnded = true
      case .more:
        if step.read == 0 && step.written == 0 && input.isEmpty && atEnd {
          throw DataError(.truncated, in: name, "the \(unpacker.packing) data end too early")
        }
      }
    }
    return written
  }

  /// Says whether another member follows; zero bytes may fill up the end of a file.
  private func startNextMember(of unpacker: any Unpacker) throws(DataError) -> Bool {
    if let promised {
      guard promised == reached else {
        throw DataError(.malformed, in: name, "is damaged: its checksum or its size is wrong")
      }
      return false
    }
    while true {
      if input.isEmpty { try refill() }
      guard let first = input.first else { return false }
      if first == 0 {
        let zeros = input.firstIndex { $0 != 0 } ?? input.count
        drop(zeros)
        continue
      }
      if input.count < 4 { try refill() }
      guard let next = Packing(input), next.name == unpacker.packing else {
        throw DataError(
          .malformed, in: name, "other bytes follow the end of the \(unpacker.packing) data")
      }
      unpacker.reset()
      memberHasEnded = false
      return true
    }
  }
}
