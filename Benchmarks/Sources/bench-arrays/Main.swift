import Martlet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One command per line on standard input, one JSON object per line on standard output.
///
///     load PATH.npz           the arrays to work on
///     time OPERATION CALLS    nanoseconds of one call, the mean over CALLS calls
///     save OPERATION PATH     the result as an npz
///     peak OPERATION          bytes that the resident memory rose above what was there before
///     quit
///
/// `_` stands for a space in OPERATION.
@main
struct Main {
  static func main() throws {
    var inputs = Inputs([:])
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      switch (words.first, words.count) {
      case ("quit", _): return
      case ("load", 2):
        inputs = Inputs([:])
        inputs = try load(words[1])
        answer("\"ok\":true")
      case ("time", 3):
        let run = operation(words[1]).run
        let calls = Int(words[2]) ?? 1
        let start = now()
        for _ in 0..<calls { NDArray.eval(run(inputs)) }
        answer("\"ns\":\(Double(now() - start) / Double(calls))")
      case ("peak", 2):
        // Memory of 4 MB is kept instead of what the results would take; it goes when they come.
        (NDArray((0..<1 << 19).map(Double.init)) + 1).eval()
        let before = resetPeak() - (1 << 22)
        let results = operation(words[1]).run(inputs)
        NDArray.eval(results)
        answer("\"bytes\":\(peak() - before)")
        withExtendedLifetime(results) {}
      case ("save", 3):
        let results = operation(words[1]).run(inputs)
        try NDArray.write(npz: words[2], results.enumerated().map { ("r\($0)", $1) })
        answer("\"ok\":true")
      default: answer("\"error\":\"no command \(words.first ?? "")\"")
      }
    }
  }

  private static func load(_ path: String) throws -> Inputs {
    let file = try NPZFile(path: path)
    var arrays: [String: NDArray] = [:]
    for name in file.names { arrays[name] = try file.array(name) }
    return Inputs(arrays)
  }

  private static func operation(_ word: String) -> Operation {
    let name = String(word.map { $0 == "_" ? " " : $0 })
    guard let found = Operation.all.first(where: { $0.name == name }) else {
      fatalError("bench-arrays: no operation \(name)")
    }
    return found
  }

  private static func answer(_ fields: String) {
    print("{\(fields)}")
    fflush(nil)
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Makes the highest resident memory the present one, which it returns.
  private static func resetPeak() -> Int {
    if let file = fopen("/proc/self/clear_refs", "w") {
      fputs("5", file)
      fclose(file)
    }
    return peak()
  }

  /// The highest resident memory in bytes; 0 where the system does not say.
  private static func peak() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      if text.hasPrefix("VmHWM:") {
        return 1024 * (Int(text.filter(\.isNumber)) ?? 0)
      }
    }
    return 0
  }
}
