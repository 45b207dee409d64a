import MartletArrays

/// What undoes a compression, fed and emptied in pieces.
protocol Unpacker: AnyObject {
  /// What the compression is called in errors.
  var packing: String { get }
  /// Starts the next member.
  func reset()
  /// Unpacks as far as input and output reach; says how much of each was used.
  func unpack(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> (read: Int, written: Int, outcome: UnpackOutcome)
}

/// How far a step of unpacking came.
enum UnpackOutcome: Equatable {
  /// The input ran out or the output is full.
  case more
  /// The end of the stream was reached and its checks held.
  case end
  /// The bytes are not a stream of this kind.
  case corrupt(String)
}

/// How a stream of bytes is compressed, by its first bytes.
enum Packing: String {
  case gzip
  case zstd

  var name: String { rawValue }

  init?(_ start: some Collection<UInt8>) {
    if start.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if Self.isZstd(start) {
      self = .zstd
    } else {
      return nil
    }
  }

  /// A frame of data, or one to be skipped, of which there are sixteen.
  static func isZstd(_ start: some Collection<UInt8>) -> Bool {
    let bytes = Array(start.prefix(4))
    return bytes == [0x28, 0xB5, 0x2F, 0xFD]
      || bytes.count == 4 && bytes[0] & 0xF0 == 0x50 && bytes[1...] == [0x2A, 0x4D, 0x18]
  }
}
