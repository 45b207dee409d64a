import CMartletKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The instruction sets that the kernels are compiled for.
///
/// Results have the same bits on each.
public enum InstructionSet: Int32, CaseIterable, Sendable, CustomStringConvertible {
  /// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
  case baseline
  /// 256-bit vectors on x86-64.
  case avx2
  /// 512-bit vectors on x86-64.
  case avx512

  /// The name that `MARTLET_ISA` takes.
  public var description: String { String(cString: mk_isa_name(rawValue)) }

  /// The best one that this processor has.
  public static var best: InstructionSet { InstructionSet(rawValue: mk_isa_best()) ?? .baseline }

  /// The sets that this processor has, the plainest first.
  public static var available: [InstructionSet] { allCases.filter { $0.rawValue <= mk_isa_best() } }

  /// The one in use: `MARTLET_ISA` where it names an available one, otherwise the best.
  public static let current: InstructionSet = {
    guard let name = environment("MARTLET_ISA") else { return best }
    return available.first { $0.description == name } ?? best
  }()
}

/// A variable of the environment, nil when it is not set or empty.
package func environment(_ name: String) -> String? {
  guard let value = getenv(name) else { return nil }
  let text = String(cString: value)
  return text.isEmpty ? nil : text
}
