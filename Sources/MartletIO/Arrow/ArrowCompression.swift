import MartletArrays

#if LZ4 && os(Linux)
  import CMartletLZ4
#endif
#if Zstd && os(Linux)
  import CMartletZstd
#endif

/// How the buffers of an Arrow file are compressed.
public enum ArrowCompression: String, Hashable, Sendable, CaseIterable {
  /// Not at all: as they lie in memory.
  case none
  /// Frames of LZ4; needs the trait `LZ4`.
  case lz4
  /// Frames of Zstandard; needs the trait `Zstd`.
  case zstd

  /// Whether this build has what the compression needs.
  public var isAvailable: Bool {
    switch self {
    case .none: return true
    case .lz4:
      #if LZ4 && os(Linux)
        return true
      #else
        return false
      #endif
    case .zstd:
      #if Zstd && os(Linux)
        return true
      #else
        return false
      #endif
    }
  }

  /// Refuses what this build cannot do, naming the trait.
  func check(_ name: String) throws(DataError) {
    guard !isAvailable else { return }
    throw DataError(
      .incompatible, in: name,
      "is compressed with \(rawValue), which this build lacks; build the package with its trait \(trait) on Linux, "
        + "or write the file without compression")
  }

  /// The same of what is to be written.
  func checkWriting(_ name: String) throws(DataError) {
    guard !isAvailable else { return }
    throw DataError(
      .incompatible, in: name,
      "cannot be compressed with \(rawValue), which this build lacks; build the package with its trait \(trait) on Linux"
    )
  }

  private var trait: String { self == .lz4 ? "LZ4" : "Zstd" }

  /// Bytes that one compressed byte can become: a promise beyond it is a lie.
  var largestRatio: Int {
    switch self {
    case .none: 1
    case .lz4: 256
    // A block of 128 KiB of one byte takes four.
    case .zstd: 1 << 15
    }
  }

  /// Unpacks a buffer whose length is known; nil where it holds something else.
  func unpack(
    _ packed: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    switch self {
    case .none: return false
    case .lz4:
      #if LZ4 && os(Linux)
        return Self.unpackLZ4(packed, target)
      #else
        return false
      #endif
    case .zstd:
      #if Zstd && os(Linux)
        return ZSTD_decompress(
          target.baseAddress, target.count, packed.baseAddress, packed.count) == target.count
      #else
        return false
      #endif
    }
  }

  /// The bytes compressed; nil where that does not make them shorter.
  func pack(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    switch self {
    case .none: return nil
    case .lz4:
      #if LZ4 && os(Linux)
        return Self.shorter(bytes, bound: LZ4F_compressFrameBound(bytes.count, nil)) { target in
          let count = LZ4F_compressFrame(
            target.baseAddress, target.count, bytes.baseAddress, bytes.count, nil)
          return LZ4F_isError(count) == 0 ? count : nil
        }
      #else
        return nil
      #endif
    case .zstd:
      #if Zstd && os(Linux)
        return Self.shorter(bytes, bound: ZSTD_compressBound(bytes.count)) { target in
          let count = ZSTD_compress(
            target.baseAddress, target.count, bytes.baseAddress, bytes.count, 1)
          return ZSTD_isError(count) == 0 ? count : nil
        }
      #else
        return nil
      #endif
    }
  }

  private static func shorter(
    _ bytes: UnsafeRawBufferPointer, bound: Int, _ pack: (UnsafeMutableRawBufferPointer) -> Int?
  ) -> [UInt8]? {
    var written: Int?
    let packed = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      written = pack(UnsafeMutableRawBufferPointer(target))
      count = written ?? 0
    }
    return written.map { $0 < bytes.count } == true ? packed : nil
  }

  #if LZ4 && os(Linux)
    private static func unpackLZ4(
      _ packed: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer
    ) -> Bool {
      var context: OpaquePointer?
      guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0
      else { return false }
      defer { LZ4F_freeDecompressionContext(context) }
      guard let source = packed.baseAddress, let to = target.baseAddress else { return false }
      var options = LZ4F_decompressOptions_t()
      options.stableDst = 1
      var (read, written) = (0, 0)
      while true {
        var (inCount, outCount) = (packed.count - read, target.count - written)
        let status = LZ4F_decompress(
          context, to + written, &outCount, source + read, &inCount, &options)
        guard LZ4F_isError(status) == 0 else { return false }
        read += inCount
        written += outCount
        if status == 0 { return written == target.count }
        // Neither went on: more is needed than there is.
        if inCount == 0, outCount == 0 { return false }
      }
    }
  #endif
}
