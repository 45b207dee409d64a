import CMartletKernels
public import MartletArrays
import MartletIO
import Synchronization

/// A network that is ready to run: layers made into steps, weights packed for the processor.
///
/// Results do not depend on how many samples run together, on the number of threads, or on what else is in
/// the batch: every element is one sum in a fixed order. float32 and int8 results have the same bits on AVX2
/// and AVX-512, and are built to have them on NEON, where nothing was run yet.
public final class Network: Sendable {
  /// What it is given.
  public let inputs: [NetworkInput]
  /// What it gives.
  public let outputNames: [String]
  /// What its products are computed with.
  public var precision: Precision { program.precision }
  /// Bytes of the weights in memory.
  public var weightBytes: Int { program.weightBytes }

  package let program: NetworkProgram
  private let idle = Mutex<[ArenaBox]>([])

  /// Only ever with one owner: taken out of the list, used, put back.
  private struct ArenaBox: @unchecked Sendable { let arena: NetworkArena }

  /// A network of any shape.
  ///
  /// - Parameters:
  ///   - inputs: What it will be given.
  ///   - traces: Whether activations that layers give a name (`NetworkBuilder.mark`) are outputs too.
  ///   - build: Builds it, and names its outputs.
  /// - Throws: `DataError` when a parameter has no value, or `precision` is not there on this processor.
  public convenience init(
    inputs: [NetworkInput], precision: Precision = .float32, traces: Bool = false,
    build: (inout NetworkBuilder, [Activation]) -> [(name: String, value: Activation)]
  ) throws(DataError) {
    try self.init(
      inputs: inputs, precision: precision, traces: traces, on: .current, build: build)
  }

  package init(
    inputs: [NetworkInput], precision: Precision, traces: Bool, on set: InstructionSet,
    build: (inout NetworkBuilder, [Activation]) -> [(name: String, value: Activation)]
  ) throws(DataError) {
    guard precision != .bfloat16 || (mk_has_bfloat16() != 0 && set == .avx512) else {
      throw DataError(
        .incompatible, in: "precision", "bfloat16 needs a processor with AVX-512 BF16")
    }
    var builder = NetworkBuilder(inputs)
    var outputs = build(&builder, builder.inputActivations).map { ($0.name, $0.value.id) }
    if let first = builder.missing.first {
      throw DataError(
        .missing, in: "network",
        "\(builder.missing.count) parameters have no values; the first is of \(first)")
    }
    if traces { outputs += builder.marked.map { ($0.name, $0.value) } }
    self.inputs = inputs
    outputNames = outputs.map(\.0)
    program = NetworkProgram(
      builder, outputs: outputs.map { (name: $0.0, value: $0.1) }, precision: precision,
      instructionSet: set)
  }

  /// One layer, from rows of `width` numbers.
  ///
  /// Its input has the shape [samples, steps, width], or [samples, width] where `hasSteps` is false. Its
  /// output is called `output`.
  public convenience init(
    _ layer: some Layer, width: Int, hasSteps: Bool, precision: Precision = .float32,
    traces: Bool = false
  ) throws(DataError) {
    try self.init(
      layer, width: width, hasSteps: hasSteps, precision: precision, traces: traces, on: .current)
  }

  package convenience init(
    _ layer: some Layer, width: Int, hasSteps: Bool, precision: Precision, traces: Bool,
    on set: InstructionSet
  ) throws(DataError) {
    try self.init(
      inputs: [hasSteps ? .steps(width: width) : .rows(width: width)], precision: precision,
      traces: traces, on: set
    ) { builder, inputs in [("output", layer(inputs[0], in: &builder))] }
  }

  /// Bytes of a chunk's activations, which should stay in the second cache beside the weights.
  private static let chunkBytes = 1 << 18

  /// Samples whose activations stay in cache, of `length` steps each.
  package func chunkSize(length: Int) -> Int {
    var bytes = 0
    for slot in program.slots where !slot.isBlock {
      bytes += slot.stride * 4 * (slot.space == NetworkBuilder.samples ? 1 : length)
    }
    return max(1, Self.chunkBytes / max(bytes, 1))
  }

  /// Multiplications of a sample of `length` steps.
  func products(length: Int) -> Int {
    var sum = 0
    for space in program.spaces.indices {
      sum += program.productsPerRow[space] * program.length(of: space) { _ in length }
    }
    return sum
  }

  /// An arena for so many threads, which the caller gives back.
  package func takeArena(parts: Int = 1) -> NetworkArena {
    let known = idle.withLock { idle in
      idle.lastIndex { $0.arena.parts == parts }.map { idle.remove(at: $0) }
    }
    return known?.arena ?? NetworkArena(program, parts: parts)
  }

  package func giveBack(_ arena: NetworkArena) {
    let box = ArenaBox(arena: arena)
    idle.withLock { $0.append(box) }
  }
}
