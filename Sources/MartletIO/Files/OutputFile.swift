import MartletArrays

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that comes into being whole or not at all, and on the disk before `commit()` returns.
///
/// Where the file system can, what is written has no name until then, so that nothing stays whatever ends the
/// program. Elsewhere it lies under a name beside the target: it goes with the object, and what a killed program left
/// goes with the next writing of the same target.
final class OutputFile: ByteOutput {
  let path: String
  private let target: String
  private let descriptor: Int32
  /// The name while there is one; nil for a file without a name.
  private var temporary: String?
  private let buffer: UnsafeMutableRawBufferPointer
  private var buffered = 0
  private var hasFailed = false
  /// Bytes written so far, those in the buffer included.
  private(set) var count = 0

  /// - Parameter mayBeNameless: False for files that have a name from the beginning.
  init(path: String, mayBeNameless: Bool = true) throws(DataError) {
    let target = try Self.resolve(path)
    TemporaryName.removeLeft(of: target)
    if mayBeNameless, let nameless = Self.openNameless(beside: target) {
      (descriptor, temporary) = (nameless, nil)
    } else {
      let name: String
      (descriptor, name) = try TemporaryName.open(for: target, path)
      temporary = name
    }
    self.path = path
    self.target = target
    buffer = .allocate(byteCount: 1 << 18, alignment: 16)
  }

  deinit {
    buffer.deallocate()
    if let temporary { unlink(temporary) }
    close(descriptor)
  }

  /// A file without a name in the target's folder; nil where the system or the file system has none.
  private static func openNameless(beside target: String) -> Int32? {
    #if os(Linux)
      // O_TMPFILE, a macro of several parts.
      let flags = 0o20000000 | O_DIRECTORY | O_WRONLY | O_CLOEXEC
      let opened = open(TemporaryName.folder(of: target), flags, 0o666)
      guard opened >= 0 else { return nil }
      // It gets its name through here.
      guard access("/proc/self/fd/\(opened)", F_OK) == 0 else {
        close(opened)
        return nil
      }
      flock(opened, LOCK_EX | LOCK_NB)
      return opened
    #else
      return nil
    #endif
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

  /// Makes the file appear under its name, once its bytes are on the disk.
  func commit() throws(DataError) {
    guard !hasFailed else {
      throw DataError(.unreadable, in: path, "is given up, because a write before this failed")
    }
    try flush()
    // Pipes and some file systems have nothing to wait for.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else { throw failure() }
    #if os(Linux)
      if temporary == nil, try link() { return synchronizeFolder() }
    #endif
    guard let temporary, rename(temporary, target) == 0 else { throw failure() }
    self.temporary = nil
    synchronizeFolder()
  }

  #if os(Linux)
    /// Names the file: the target if that is free, otherwise something that is to replace it.
    private func link() throws(DataError) -> Bool {
      func link(_ name: String) -> Bool {
        linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
      }
      if link(target) { return true }
      guard errno == EEXIST else { throw failure() }
      for name in TemporaryName.all(for: target) where link(name) {
        temporary = name
        return false
      }
      throw failure()
    }
  #endif

  /// The name is on the disk, too, where folders can be asked for that.
  private func synchronizeFolder() {
    let folder = open(TemporaryName.folder(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
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
