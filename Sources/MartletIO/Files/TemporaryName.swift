import MartletArrays

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Names beside a target for what is being written.
///
/// A few that are always the same, so that what a killed program left is found again. Whoever writes under one holds
/// its lock.
enum TemporaryName {
  /// As many can write one target at the same time.
  private static let count = 16

  /// The names for a target, which is resolved.
  static func all(for target: String) -> [String] {
    let parts = target.split(separator: "/", omittingEmptySubsequences: false)
    var file = String(parts[parts.count - 1])
    // A name has at most 255 bytes.
    while file.utf8.count > 220 { file.removeLast() }
    let folder = target.dropLast(parts[parts.count - 1].count)
    return (0..<count).map { "\(folder)\(file).martlet-\($0).tmp" }
  }

  /// The folder that a target lies in.
  static func folder(of target: String) -> String {
    guard let slash = target.lastIndex(of: "/") else { return "." }
    return slash == target.startIndex ? "/" : String(target[..<slash])
  }

  /// Removes files that nobody is writing any more.
  static func removeLeft(of target: String) {
    for name in all(for: target) {
      let left = open(name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard left >= 0 else { continue }
      if flock(left, LOCK_EX | LOCK_NB) == 0 { unlink(name) }
      close(left)
    }
  }

  /// A new file under one of the names, with its lock; errors call it `path`.
  static func open(for target: String, _ path: String) throws(DataError) -> (Int32, String) {
    for name in all(for: target) {
      let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
      var opened = open(name, flags, 0o666)
      while opened < 0 && errno == EINTR { opened = open(name, flags, 0o666) }
      guard opened >= 0 else {
        if errno == EEXIST { continue }
        throw DataError(.unreadable, in: path, "cannot be created: \(systemErrorText())")
      }
      // Between the two calls somebody may have taken it for left over. Where there are no locks, there is no
      // such somebody.
      var status = stat()
      let isLocked = flock(opened, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
      if isLocked, fstat(opened, &status) == 0, status.st_nlink > 0 { return (opened, name) }
      close(opened)
    }
    throw DataError(.unreadable, in: path, "cannot be created: \(count) others are writing it")
  }

  private static func open(_ name: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
    #if canImport(Darwin)
      Darwin.open(name, flags, mode)
    #else
      Glibc.open(name, flags, mode)
    #endif
  }
}
