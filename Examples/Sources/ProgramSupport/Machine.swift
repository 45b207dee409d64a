#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the machine tells about this process.
public enum Machine {
  /// The most memory that the process has held, in bytes.
  public static var peakMemory: Int {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return Int(usage.ru_maxrss)
    #else
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      // The usage also counts the process that started this one; the system file does not.
      return status("VmHWM:") ?? Int(usage.ru_maxrss) * 1024
    #endif
  }

  #if !canImport(Darwin)
    /// A line of kilobytes in the system's file about this process, in bytes.
    private static func status(_ key: String) -> Int? {
      guard let file = fopen("/proc/self/status", "r") else { return nil }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, Int32(line.count), file) != nil {
        let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        if words.count == 3, words[0] == key { return Int(words[1]).map { $0 * 1024 } }
      }
      return nil
    }
  #endif

  /// Cores that the process may use.
  public static var cores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Nanoseconds of a clock that only goes forward.
  public static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
  }

  /// Nanoseconds that something takes.
  public static func nanoseconds(_ body: () throws -> Void) rethrows -> Int {
    let start = now
    try body()
    return now - start
  }
}
