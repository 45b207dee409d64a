import CMartletZlib
import MartletArrays

/// zlib's raw deflate, fed and emptied in pieces.
final class Deflater {
  // zlib keeps the stream's address, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let output: UnsafeMutableRawBufferPointer

  init(for name: String) throws(DataError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    output = .allocate(byteCount: 1 << 16, alignment: 16)
    guard martlet_deflate_init(stream, Z_DEFAULT_COMPRESSION, -MAX_WBITS) == Z_OK else {
      stream.deallocate()
      output.deallocate()
      throw DataError(.unreadable, in: name, "cannot be compressed: zlib could not be set up")
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
    output.deallocate()
  }

  /// Starts the next stream.
  func reset() { deflateReset(stream) }

  /// Compresses all of `input` and hands what comes out to `sink`, in pieces.
  func deflate(
    _ input: UnsafeRawBufferPointer, finish: Bool,
    to sink: (UnsafeRawBufferPointer) throws(DataError) -> Void
  ) throws(DataError) {
    var rest = input
    repeat {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
      let mode = finish && rest.isEmpty ? Z_FINISH : Z_NO_FLUSH
      if piece.isEmpty && mode == Z_NO_FLUSH { return }
      stream.pointee.next_in = piece.baseAddress.map {
        UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self))
      }
      stream.pointee.avail_in = UInt32(piece.count)
      repeat {
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        CMartletZlib.deflate(stream, mode)
        let written = output.count - Int(stream.pointee.avail_out)
        if written > 0 { try sink(UnsafeRawBufferPointer(rebasing: output[..<written])) }
      } while stream.pointee.avail_out == 0
    } while !rest.isEmpty
  }
}
