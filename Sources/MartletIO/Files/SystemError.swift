import MartletArrays

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The system's text for the error number of the call that just failed.
func systemErrorText(_ code: Int32 = errno) -> String {
  strerror(code).map { String(cString: $0) } ?? "error \(code)"
}

/// A file descriptor opened for reading; closed with the object.
final class InputDescriptor {
  let value: Int32
  /// Bytes in the file; zero for pipes and devices.
  let size: Int
  let isRegular: Bool

  init(path: String) throws(DataError) {
    var value: Int32
    repeat { value = open(path, O_RDONLY | O_CLOEXEC) } while value < 0 && errno == EINTR
    guard value >= 0 else {
      throw DataError(.unreadable, in: path, "cannot be opened: \(systemErrorText())")
    }
    var status = stat()
    guard fstat(value, &status) == 0 else {
      let text = systemErrorText()
      close(value)
      throw DataError(.unreadable, in: path, "cannot be examined: \(text)")
    }
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFDIR else {
      close(value)
      throw DataError(.unreadable, in: path, "is a folder, not a file")
    }
    self.value = value
    isRegular = kind == S_IFREG
    size = isRegular ? Int(clamping: status.st_size) : 0
  }

  deinit { close(value) }

  /// Reads up to `count` bytes; zero means the end of the file.
  func read(
    into target: UnsafeMutableRawPointer, count: Int, name: String
  ) throws(DataError) -> Int {
    while true {
      #if canImport(Darwin)
        let got = Darwin.read(value, target, count)
      #else
        let got = Glibc.read(value, target, count)
      #endif
      if got >= 0 { return got }
      if errno != EINTR {
        throw DataError(.unreadable, in: name, "cannot be read: \(systemErrorText())")
      }
    }
  }

  /// The first bytes of a regular file, as many as there are; none where they cannot be read.
  func read(first count: Int) -> [UInt8] { read(min(count, size), at: 0) }

  /// The last bytes of a regular file, as many as there are; none where they cannot be read.
  func read(last count: Int) -> [UInt8] { read(min(count, size), at: size - min(count, size)) }

  private func read(_ count: Int, at offset: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: max(count, 1)) { bytes, filled in
      let got = pread(value, bytes.baseAddress, count, off_t(offset))
      filled = got == count ? count : 0
    }
  }
}
