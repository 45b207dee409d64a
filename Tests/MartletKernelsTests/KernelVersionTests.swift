import CMartletKernels
import Martlet
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A kernel that gives other values, or remembers something else, has another version in `kernels.def`: checkpoints
/// tell by it whether their states still mean what they did.
struct KernelVersionTests {
  private static let path =
    String(#filePath.dropLast("KernelVersionTests.swift".count))
    + "KernelVersions.txt"

  /// A line for each kernel: its name, its version, and a number for values and states of all its cases.
  private static func lines() throws -> [String] {
    let cases = Dictionary(grouping: KernelCase.all, by: \.kernel)
    return try Kernel.allCases.map { kernel in
      var print = Fingerprint()
      for one in cases[kernel] ?? [] {
        let outputs = try one.runner.run(one.rows(size: 8), Setup()) { state, slots in
          print.add(UInt64(slots))
          for slot in 0..<slots { add(state, slot, to: &print) }
        }
        for output in outputs { for bar in 0..<output.count { add(output, bar, to: &print) } }
      }
      return "\(kernel.name) \(kernel.version) \(String(print.value, radix: 16))"
    }
  }

  /// Every NaN counts as the same.
  private static func add(_ rows: Rows, _ row: Int, to print: inout Fingerprint) {
    for lane in 0..<64 {
      let value = rows[row, lane]
      print.add(value.isNaN ? 1 : value.bitPattern)
    }
  }

  @Test func whatIsDifferentHasAnotherVersion() throws {
    let found = try Self.lines()
    if getenv("MARTLET_RECORD") != nil {
      try write(found.joined(separator: "\n") + "\n")
      return
    }
    let recorded = try read().split(separator: "\n").map { $0.split(separator: " ") }
    #expect(recorded.map { $0[0] } == found.map { $0.split(separator: " ")[0] })
    for (old, new) in zip(recorded, found.map { $0.split(separator: " ") }) where old != new {
      let advice =
        old[1] == new[1]
        ? "differs from version \(old[1]): give it the next version in kernels.def, and then record it"
        : "has version \(new[1]), recorded is \(old[1]): record it"
      Issue.record("\(new[0]): \(advice), by running this test with MARTLET_RECORD=1")
    }
  }

  private func read() throws -> String {
    guard let file = fopen(Self.path, "rb") else { throw Failure("no \(Self.path)") }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  private func write(_ text: String) throws {
    guard let file = fopen(Self.path, "wb") else { throw Failure("no \(Self.path)") }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, file)
  }
}
