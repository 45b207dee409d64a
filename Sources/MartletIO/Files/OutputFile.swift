import MartletArrays

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that comes into being whole or not at all: written under a temporary name in the target's
/// folder, renamed by `commit()`, removed with the object otherwise.
final class OutputFile: ByteOutput {
  let path: String
  private let target: String
  private let temporary: String
  private let descriptor: Int32
  private let buffer: UnsafeMutableRawBufferPointer
  private var buffered = 0
  private var isCommitted = false
  private var hasFailed = false
  /// Bytes written so far, those in the buffer included.
  private(set) var count = 0

  init(path: String) throws(DataError) {
    let target = try Self.resolve(path)
    var attempt = 0
    var opened: Int32 = -1
    var name = ""
    repeat {
      name = target + ".tmp" + String(UInt64.random(in: 0 ... .max), radix: 36)
      opened = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      attempt += 1
    } while opened < 0 && (errno == EEXIST || errno == EINTR) && attempt < 100
    guard opened >= 0 else {
      throw DataError(.unreadable, in: path, "cannot be created: \(systemErrorText())")
    }
    self.path = path
    self.target = target
    temporary = name
    descriptor = opened
    buffer = .allocate(byteCount: 1 << 18, alignment: 16)
  }

  deinit {
    buffer.deallocate()
    if !isCommitted {
      close(descriptor)
      unlink(temporary)
    }
  }

  /// Follows links, and refuses to replace what is not a regular file.
  private static func resolve(_ path: String) throws(DataError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DataError(.unreadable, in: path, "cannot be written: it is not a regular file")
    }
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    guard let source = bytes.baseAddress, let base = buffer.baseAddress else { return }
    if bytes.count > buffer.count - buffered { try flush() }
    if bytes.count >= buffer.count {
      try writeThrough(bytes)
    } else {
      (base + buffered).copyMemory(from: source, byteCount: bytes.count)
      buffered += bytes.count
    }
    count += bytes.count
  }

  /// Replaces bytes that were written before.
  func overwrite(_ bytes: [UInt8], at offset: Int) throws(DataError) {
    try flush()
    let written = bytes.withUnsafeBytes { raw -> Int in
      pwrite(descriptor, raw.baseAddress, raw.count, off_t(offset))
    }
    guard written == bytes.count else { throw failure() }
  }

  /// Makes the file appear under its name.
  func commit() throws(DataError) {
    guard !hasFailed else {
      throw DataError(.unreadable, in: path, "is given up, because a write before this failed")
    }
    try flush()
    // From here on the descriptor is closed, whatever happens.
    isCommitted = true
    guard close(descriptor) == 0 else {
      let error = failure()
      unlink(temporary)
      throw error
    }
    guard rename(temporary, target) == 0 else {
      let error = failure()
      unlink(temporary)
      throw error
    }
  }

  private func flush() throws(DataError) {
    guard buffered > 0 else { return }
    let pending = UnsafeRawBufferPointer(rebasing: buffer[..<buffered])
    buffered = 0
    try writeThrough(pending)
  }

  private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    guard let base = bytes.baseAddress else { return }
    var offset = 0
    while offset < bytes.count {
      #if canImport(Darwin)
        let written = Darwin.write(descriptor, base + offset, min(bytes.count - offset, 1 << 30))
      #else
        let written = Glibc.write(descriptor, base + offset, min(bytes.count - offset, 1 << 30))
      #endif
      if written > 0 {
        offset += written
      } else if written == 0 || errno != EINTR {
        throw failure()
      }
    }
  }

  private func failure() -> DataError {
    hasFailed = true
    return DataError(.unreadable, in: path, "cannot be written: \(systemErrorText())")
  }
}
