import CMartletZlib
import MartletArrays

/// zlib's inflate, fed and emptied in pieces.
final class Inflater: Unpacker {
  enum Wrapping: Int32 {
    /// Deflated bytes alone, as in zip files.
    case raw = -15
    /// A gzip member with its header, checksum and length, which zlib checks.
    case gzip = 31
  }

  // zlib keeps the stream's address, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  let packing: String

  init(_ wrapping: Wrapping, for name: String) throws(DataError) {
    packing = wrapping == .raw ? "zip" : "gzip"
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard martlet_inflate_init(stream, wrapping.rawValue) == Z_OK else {
      stream.deallocate()
      throw DataError(.unreadable, in: name, "cannot be decompressed: zlib could not be set up")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Starts the next member.
  func reset() { inflateReset(stream) }

  func unpack(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> (read: Int, written: Int, outcome: UnpackOutcome) {
    let inputCount = UInt32(clamping: input.count)
    let outputCount = UInt32(clamping: output.count)
    // zlib refuses null pointers even for nothing.
    var nothing: UInt8 = 0
    let status = withUnsafeMutablePointer(to: &nothing) { empty in
      stream.pointee.next_in =
        input.baseAddress.map {
          UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self))
        } ?? empty
      stream.pointee.avail_in = inputCount
      stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? empty
      stream.pointee.avail_out = outputCount
      return CMartletZlib.inflate(stream, Z_NO_FLUSH)
    }
    let read = Int(inputCount - stream.pointee.avail_in)
    let written = Int(outputCount - stream.pointee.avail_out)
    switch status {
    case Z_STREAM_END: return (read, written, .end)
    case Z_OK, Z_BUF_ERROR: return (read, written, .more)
    default:
      let text = stream.pointee.msg.map { String(cString: $0) } ?? "error \(status)"
      return (read, written, .corrupt(text))
    }
  }
}

/// The CRC-32 of zip files, continued from `start`.
func checksum(_ bytes: UnsafeRawBufferPointer, from start: UInt32 = 0) -> UInt32 {
  guard let base = bytes.baseAddress else { return start }
  return UInt32(
    truncatingIfNeeded: crc32_z(
      UInt(start), base.assumingMemoryBound(to: UInt8.self), z_size_t(bytes.count)))
}
