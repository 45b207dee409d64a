import MartletArrays

#if Zstd && os(Linux)
  import CMartletZstd

  /// Zstandard's streaming decompression: frame after frame, what is to be skipped left out.
  final class ZstdUnpacker: Unpacker {
    /// A frame may look back over 128 MiB, as the program zstd allows without being asked.
    private static let windowLog: Int32 = 27

    private let context: OpaquePointer
    let packing = "zstd"

    init(for name: String) throws(DataError) {
      guard let context = ZSTD_createDCtx() else {
        throw DataError(.unreadable, in: name, "cannot be decompressed: zstd could not be set up")
      }
      ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog)
      self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    /// The next frame begins by itself.
    func reset() {}

    func unpack(
      _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (read: Int, written: Int, outcome: UnpackOutcome) {
      var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
      var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
      let status = ZSTD_decompressStream(context, &target, &source)
      if ZSTD_isError(status) != 0 {
        let text = String(cString: ZSTD_getErrorName(status))
        return (source.pos, target.pos, .corrupt(text))
      }
      return (source.pos, target.pos, status == 0 ? .end : .more)
    }
  }
#endif
