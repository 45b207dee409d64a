import MartletArrays

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that grows at its end, for what must not be lost when the program ends.
package final class AppendingFile {
  private let path: String
  private let descriptor: Int32

  /// Opens a file, or makes it, and cuts off what is behind its first `count` bytes.
  package init(_ path: String, keeping count: Int) throws(DataError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw failure() }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DataError(.unreadable, in: path, "cannot be written: it is not a regular file")
    }
    guard ftruncate(descriptor, off_t(count)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw failure()
    }
  }

  deinit { if descriptor >= 0 { Self.end(descriptor) } }

  private static func end(_ descriptor: Int32) { _ = close(descriptor) }

  /// Whether there is a file of that name.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Writes at the end; what was written is there whatever ends the program.
  package func append(_ bytes: [UInt8]) throws(DataError) {
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes { raw -> Int in
        write(descriptor, raw.baseAddress! + offset, raw.count - offset)
      }
      if written > 0 {
        offset += written
      } else if written == 0 || errno != EINTR {
        throw failure()
      }
    }
  }

  /// Waits until everything is on the disk.
  package func synchronize() throws(DataError) {
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else { throw failure() }
  }

  private func failure() -> DataError {
    DataError(.unreadable, in: path, "cannot be written: \(systemErrorText())")
  }
}
