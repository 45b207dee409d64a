import CMartletKernels
import MartletArrays
import MartletIO

/// What a network does, ready to run: steps, packed weights, and where activations lie.
///
/// Steps that take rows by themselves follow each other block of rows by block of rows, so that what they
/// hand on stays in cache; what other steps need is kept for a whole chunk of samples.
package struct NetworkProgram: Sendable {
  /// Steps that run together.
  struct Group: Sendable {
    let steps: Range<Int>
    /// Rows, samples or heads.
    let unit: Int32
    let space: Int
    let heads: Int
    /// Whether heads add to one report.
    let isReported: Bool
  }

  /// Where a value lies: in a piece of memory that it shares with values at other times.
  struct Position: Sendable {
    var slot: Int
    var column: Int
    var isBlock: Bool
  }

  struct Slot: Hashable, BitwiseCopyable, Sendable {
    let space: Int
    let stride: Int
    let isBlock: Bool
  }

  let inputs: [NetworkInput]
  package let outputs: [(name: String, value: Int)]
  let spaces: [NetworkBuilder.Space]
  /// The names of the sequences.
  let sequences: [String?]
  /// Inputs of which some columns are a value: that value, and where it begins.
  let inputColumns: [(input: Int, value: Int, from: Int)]
  package let limits: [(space: Int, length: Int, reason: String)]
  package let values: [NetworkBuilder.Value]
  let groups: [Group]
  let positions: [Position]
  let slots: [Slot]
  let precision: Precision
  /// `mk_net_step` for each step; what they point to is in `memory`.
  let steps: Buffer
  let stepCount: Int
  let kernels: [mk_net_kernel]
  private let memory: [Buffer]
  /// Multiplications of one row of each space.
  let productsPerRow: [Int]
  /// Rows of a block.
  let blockRows: Int
  /// Bytes of the weights as they are kept.
  var weightBytes: Int { memory.reduce(0) { $0 + $1.byteCount } }

  /// Bytes that the rows of a block may take: a part of the second cache, and all of it where weights that are
  /// larger than caches are read again for every block.
  private static func blockBytes(_ weightBytes: Int) -> Int {
    min(max(1 << 18, weightBytes / 24), 1 << 20)
  }

  private static let largestBlock = 240

  init(
    _ builder: NetworkBuilder, outputs: [(name: String, value: Int)], precision: Precision,
    instructionSet: InstructionSet
  ) {
    let operations = Fusion.fused(builder, keeping: outputs.map(\.value))
    inputs = builder.inputs
    self.outputs = outputs
    spaces = builder.spaces
    sequences = builder.sequences
    inputColumns = builder.values.enumerated().compactMap { value, columns in
      guard case .columns(let base, let from) = columns.origin, base < builder.inputs.count else {
        return nil
      }
      return (base, value, from)
    }
    limits = builder.limits.sorted { $0.key < $1.key }
      .map { (space: $0.key, length: $0.value.length, reason: $0.value.reason) }
    values = builder.values
    self.precision = precision
    var layout = NetworkLayout(operations, builder.values, kept: outputs.map(\.value))
    layout.run()
    groups = layout.groups
    positions = layout.positions
    slots = layout.slots
    let blockStride = slots.filter(\.isBlock).reduce(0) { $0 + $1.stride } * 4
    var packer = WeightPacker(precision: precision)
    var kernels: [mk_net_kernel] = []
    var products = [Int](repeating: 0, count: builder.spaces.count)
    stepCount = operations.count
    steps = Buffer(byteCount: operations.count * MemoryLayout<mk_net_step>.stride)
    let list = steps.pointer(to: mk_net_step.self)
    for (index, operation) in operations.enumerated() {
      list[index] = packer.step(operation)
      guard let kernel = mk_net_get(instructionSet.rawValue, list[index].kind) else {
        fatalError("NetworkProgram: no \(String(cString: mk_step_name(list[index].kind)))")
      }
      kernels.append(kernel)
      if operation.kind == mk_step_product {
        products[builder.values[operation.out].space] += operation.n * operation.k
      }
    }
    self.kernels = kernels
    memory = packer.memory
    let fitting = Self.blockBytes(memory.reduce(0) { $0 + $1.byteCount }) / max(blockStride, 1)
    blockRows = min(Self.largestBlock, max(12, fitting / 12 * 12))
    productsPerRow = products
  }
}

/// Puts weights into the order in which the kernels read them.
struct WeightPacker {
  let precision: Precision
  private(set) var memory: [Buffer] = []

  init(precision: Precision) { self.precision = precision }

  mutating func step(_ operation: NetworkBuilder.Operation) -> mk_net_step {
    var step = mk_net_step()
    step.kind = Int32(operation.kind)
    step.activation = operation.activation.code
    (step.x, step.y, step.z) = (Int32(operation.x), Int32(operation.y), Int32(operation.z))
    (step.w, step.out) = (Int32(operation.w), Int32(operation.out))
    (step.mode, step.heads) = (Int32(operation.mode), Int32(operation.heads))
    (step.n, step.k) = (Int64(operation.n), Int64(operation.k))
    (step.stride, step.dilation) = (Int64(operation.stride), Int64(operation.dilation))
    step.padding = Int64(operation.padding)
    (step.epsilon, step.factor) = (operation.epsilon, operation.factor)
    switch operation.kind {
    case mk_step_product: packProduct(operation, &step)
    case mk_step_gru, mk_step_lstm:
      // The state's products stay in float32: their errors would add up over time.
      if let weights = operation.weights {
        let (n, k) = (weights.shape[0], weights.shape[1])
        step.weights = UnsafeRawPointer(packed(weights, n, k))
        step.a = padded(operation.a, to: n)
      }
    default:
      step.weights = operation.weights.map { UnsafeRawPointer(copied($0)) }
      step.a = operation.a.map { UnsafePointer(copied($0)) }
      step.b = operation.b.map { UnsafePointer(copied($0)) }
    }
    return step
  }

  private mutating func packProduct(
    _ operation: NetworkBuilder.Operation, _ step: inout mk_net_step
  ) {
    guard let weights = operation.weights else { return }
    let (n, k) = (operation.n, operation.k)
    // Products with few outputs, such as those of heads, cost little and decide much.
    let precision = n <= Int(MK_PANEL) ? .float32 : precision
    switch precision {
    case .float32: step.weights = UnsafeRawPointer(packed(weights, n, k))
    case .int8:
      step.kind = Int32(mk_step_product_int8)
      let bytes = reserve(Int(mk_packed_size(step.kind, Int64(n), Int64(k))))
      let factors = padded(n)
      let sums = padded(n)
      weights.withUnsafeElements(of: Float.self) {
        mk_pack_int8(
          $0.baseAddress, Int64(n), Int64(k), bytes.pointer(to: Int8.self), factors, sums)
      }
      step.weights = UnsafeRawPointer(bytes.base)
      step.b = UnsafePointer(factors)
      step.c = UnsafePointer(sums)
    case .bfloat16:
      step.kind = Int32(mk_step_product_bfloat16)
      let bytes = reserve(Int(mk_packed_size(step.kind, Int64(n), Int64(k))))
      weights.withUnsafeElements(of: Float.self) {
        mk_pack_bfloat16($0.baseAddress, Int64(n), Int64(k), bytes.pointer(to: UInt16.self))
      }
      step.weights = UnsafeRawPointer(bytes.base)
    }
    // Products of integers always add a bias.
    step.a =
      operation.a == nil && precision == .int8
      ? UnsafePointer(padded(n)) : padded(operation.a, to: n)
  }

  private mutating func packed(_ weights: NDArray, _ n: Int, _ k: Int) -> UnsafeMutablePointer<
    Float
  > {
    let size = mk_packed_size(Int32(mk_step_product), Int64(n), Int64(k))
    let pointer = reserve(Int(size)).pointer(to: Float.self)
    weights.withUnsafeElements(of: Float.self) {
      mk_pack($0.baseAddress, Int64(n), Int64(k), pointer)
    }
    return pointer
  }

  private mutating func padded(_ bias: NDArray?, to n: Int) -> UnsafePointer<Float>? {
    guard let bias else { return nil }
    let pointer = padded(n)
    bias.withUnsafeElements(of: Float.self) {
      pointer.update(from: $0.baseAddress!, count: $0.count)
    }
    return UnsafePointer(pointer)
  }

  /// Zeros for whole panels.
  private mutating func padded(_ n: Int) -> UnsafeMutablePointer<Float> {
    let columns = (n + Int(MK_PANEL) - 1) / Int(MK_PANEL) * Int(MK_PANEL)
    return reserve(columns * 4).pointer(to: Float.self)
  }

  private mutating func copied(_ array: NDArray) -> UnsafeMutablePointer<Float> {
    let pointer = reserve(array.count * 4).pointer(to: Float.self)
    array.withUnsafeElements(of: Float.self) {
      if let from = $0.baseAddress { pointer.update(from: from, count: $0.count) }
    }
    return pointer
  }

  private mutating func reserve(_ byteCount: Int) -> Buffer {
    let buffer = Buffer(byteCount: byteCount)
    memory.append(buffer)
    return buffer
  }
}

extension ActivationFunction {
  fileprivate var code: Int32 {
    switch self {
    case .identity: Int32(mk_act_none)
    case .relu: Int32(mk_act_relu)
    case .gelu: Int32(mk_act_gelu)
    case .geluTanh: Int32(mk_act_gelu_tanh)
    case .silu: Int32(mk_act_silu)
    case .tanh: Int32(mk_act_tanh)
    case .sigmoid: Int32(mk_act_sigmoid)
    case .softplus: Int32(mk_act_softplus)
    }
  }
}
