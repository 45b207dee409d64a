import CMartletKernels
import MartletArrays
import MartletIO

/// Collects what a network computes.
///
/// Its operations take activations and give the activation that will hold their result. What is written
/// wrong (widths that do not belong together) is a precondition that names the operation.
public struct NetworkBuilder {
  /// A step with the activations it reads and writes.
  struct Operation {
    var kind: Int
    var x = -1
    var y = -1
    var z = -1
    var w = -1
    var out = -1
    var activation = ActivationFunction.identity
    var mode = 0
    var heads = 1
    var n = 0
    var k = 0
    var stride = 1
    var dilation = 1
    var padding = 0
    var epsilon: Float = 0
    var factor: Float = 1
    /// A matrix of products [n, k], or a table.
    var weights: NDArray?
    var a: NDArray?
    var b: NDArray?

    init(_ kind: Int) { self.kind = kind }
  }

  /// Rows that belong together.
  enum Space: Hashable {
    /// One a sample.
    case samples
    /// One a time step of a sequence: 0 for the first, which most networks have only.
    case steps(Int)
    /// One a place of a convolution over another space.
    case convolved(Int, kernel: Int, stride: Int, padding: Int, dilation: Int)
  }

  /// Where an activation comes from.
  enum Origin: Hashable {
    case computed
    case input(Int)
    /// Some of the columns of another one.
    case columns(of: Int, from: Int)
  }

  package struct Value {
    package let width: Int
    package let space: Int
    let origin: Origin
  }

  private(set) var operations: [Operation] = []
  private(set) var values: [Value] = []
  private(set) var spaces: [Space] = [.samples, .steps(0)]
  /// The names of the sequences.
  private(set) var sequences: [String?] = [nil]
  /// The longest sample that a space takes, and what limits it.
  private(set) var limits: [Int: (length: Int, reason: String)] = [:]
  /// Activations that were given a name.
  private(set) var marked: [(name: String, value: Int)] = []
  private var prefix = ""
  /// What is missing: parameters without values.
  private(set) var missing: [String] = []
  let inputs: [NetworkInput]

  package static let samples = 0

  init(_ inputs: [NetworkInput]) {
    self.inputs = inputs
    for (index, input) in inputs.enumerated() {
      var space = Self.samples
      if case .steps(let name) = input.rows {
        if !sequences.contains(name) {
          sequences.append(name)
          spaces.append(.steps(sequences.count - 1))
        }
        space = sequences.firstIndex(of: name)! + 1
      }
      values.append(Value(width: input.width, space: space, origin: .input(index)))
    }
  }

  /// The activations of the inputs, in their order.
  var inputActivations: [Activation] { inputs.indices.map { activation($0) } }

  private func activation(_ id: Int) -> Activation {
    Activation(id: id, space: values[id].space, width: values[id].width)
  }

  private mutating func value(
    width: Int, space: Int, origin: Origin = .computed
  ) -> Activation {
    values.append(Value(width: width, space: space, origin: origin))
    return activation(values.count - 1)
  }

  private mutating func append(
    _ kind: Int, _ x: Activation, width: Int? = nil, space: Int? = nil,
    _ change: (inout Operation) -> Void
  ) -> Activation {
    let out = value(width: width ?? x.width, space: space ?? x.space)
    var operation = Operation(kind)
    operation.x = x.id
    operation.out = out.id
    operation.n = out.width
    change(&operation)
    operations.append(operation)
    return out
  }

  private mutating func array(_ parameter: LayerParameter, _ operation: StaticString) -> NDArray? {
    guard let value = parameter.value else {
      missing.append("\(operation) \(parameter.shape)")
      return nil
    }
    return value.asType(.float32)
  }

  private func requireSame(_ a: Activation, _ b: Activation, _ operation: StaticString) {
    require(
      a.width == b.width && a.space == b.space,
      "\(operation): rows of \(a.width) and of \(b.width) numbers, or rows of other samples")
  }

  // MARK: Rows

  /// x Wᵀ + b: `weight` [outputs, inputs], `bias` [outputs].
  public mutating func linear(_ x: Activation, _ weight: LayerParameter, _ bias: LayerParameter?)
    -> Activation
  {
    require(
      weight.shape.count == 2 && weight.shape[1] == x.width,
      "linear: rows of \(x.width) numbers for weights \(weight.shape)")
    let matrix = array(weight, "linear")
    let offset = bias.flatMap { array($0, "linear bias") }
    return append(mk_step_product, x, width: weight.shape[0]) {
      $0.k = x.width
      $0.weights = matrix
      $0.a = offset
    }
  }

  /// The function of every number.
  public mutating func activate(_ x: Activation, _ function: ActivationFunction) -> Activation {
    if function == .identity { return x }
    return append(mk_step_activation, x) { $0.activation = function }
  }

  /// x + y, row by row.
  public mutating func add(_ x: Activation, _ y: Activation) -> Activation {
    if x.space != y.space, y.space == Self.samples {
      require(x.width == y.width, "add: rows of \(x.width) and of \(y.width) numbers")
      return append(mk_step_add_sample, x) { $0.y = y.id }
    }
    requireSame(x, y, "add")
    return append(mk_step_add, x) { $0.y = y.id }
  }

  /// Each row less its mean, over its standard deviation (Ba, Kiros and Hinton 2016).
  public mutating func layerNorm(
    _ x: Activation, gain: LayerParameter?, offset: LayerParameter?, epsilon: Double
  ) -> Activation {
    let a = gain.flatMap { array($0, "layerNorm gain") }
    let b = offset.flatMap { array($0, "layerNorm offset") }
    return append(mk_step_layer_norm, x) {
      ($0.a, $0.b, $0.epsilon) = (a, b, Float(epsilon))
    }
  }

  /// Each row over the root of its mean square (Zhang and Sennrich 2019).
  public mutating func rmsNorm(_ x: Activation, gain: LayerParameter?, epsilon: Double)
    -> Activation
  {
    let a = gain.flatMap { array($0, "rmsNorm gain") }
    return append(mk_step_rms_norm, x) { ($0.a, $0.epsilon) = (a, Float(epsilon)) }
  }

  /// Every column less its mean, over the root of its variance, times a gain, plus an offset.
  mutating func batchNorm(
    _ x: Activation, mean: LayerParameter, variance: LayerParameter, gain: LayerParameter?,
    offset: LayerParameter?,
    epsilon: Double
  ) -> Activation {
    require(
      mean.shape == [x.width] && variance.shape == [x.width],
      "batchNorm: rows of \(x.width) numbers for statistics \(mean.shape) and \(variance.shape)")
    let gain = gain.flatMap { array($0, "batchNorm gain") }
    let offset = offset.flatMap { array($0, "batchNorm offset") }
    var factors: NDArray?
    var offsets: NDArray?
    if let mean = array(mean, "batchNorm mean"),
      let variance = array(variance, "batchNorm variance")
    {
      let factor = (variance.asType(.float64) + epsilon).sqrt().reciprocal()
      let scaled = gain.map { $0.asType(.float64) * factor } ?? factor
      factors = scaled.asType(.float32)
      let shift = -(mean.asType(.float64) * scaled)
      offsets = (offset.map { shift + $0.asType(.float64) } ?? shift).asType(.float32)
    }
    return append(mk_step_scale, x) { ($0.a, $0.b) = (factors, offsets) }
  }

  /// Each row over its length; rows shorter than `epsilon` over that.
  public mutating func unitLength(_ x: Activation, epsilon: Double = 1e-12) -> Activation {
    append(mk_step_unit_length, x) { $0.epsilon = Float(epsilon) }
  }

  /// e^x over the sum of that in the row.
  public mutating func softmax(_ x: Activation) -> Activation {
    append(mk_step_softmax, x) { _ in }
  }

  /// x plus the row of `table` [length, width] that belongs to the time step.
  public mutating func addPositions(_ x: Activation, _ table: LayerParameter) -> Activation {
    require(
      table.shape.last == x.width && x.space != Self.samples,
      "addPositions: rows of \(x.width) numbers for positions \(table.shape)")
    let rows = table.shape.dropLast().reduce(1, *)
    let values = array(table, "positions")
    limit(x, to: rows, "positions")
    return append(mk_step_add_positions, x) { ($0.k, $0.weights) = (rows, values) }
  }

  /// The rows of `table` [count, width] that indices name, added to `x` where it is given.
  public mutating func embedding(
    _ indices: Activation, _ table: LayerParameter, addedTo x: Activation? = nil
  ) -> Activation {
    let width = table.shape[1]
    guard case .input(let input) = values[indices.id].origin, let count = inputs[input].indexCount,
      count <= table.shape[0]
    else {
      fatalError("embedding: an input of indices below \(table.shape[0]) is expected")
    }
    if let x {
      require(x.width == width, "embedding: rows of \(width) numbers for rows of \(x.width)")
    }
    let values = array(table, "embedding")
    return append(mk_step_embedding, indices, width: width) {
      ($0.y, $0.k, $0.weights) = (x?.id ?? -1, table.shape[0], values)
    }
  }

  // MARK: Samples

  /// softmax(Q Kᵀ / √d) V in every head (Vaswani and others 2017), over the rows of a sample.
  ///
  /// - Parameters:
  ///   - isCausal: Whether a query sees only keys that are not later.
  ///   - mask: [queries, keys], added to the scores; or booleans, true where a key must not be seen.
  ///   - report: Also gives the weights, the mean over heads: rows of `reportWidth` keys.
  mutating func attention(
    queries: Activation, keys: Activation, values: Activation, heads: Int, isCausal: Bool = false,
    mask: NDArray? = nil, reportWidth: Int? = nil
  ) -> (out: Activation, report: Activation?) {
    require(
      queries.width == keys.width && heads > 0 && queries.width % heads == 0
        && values.width == keys.width && values.space == keys.space,
      "attention: \(heads) heads of queries \(queries.width), keys \(keys.width), values \(values.width)"
    )
    let report = reportWidth.map { value(width: $0, space: queries.space) }
    if let mask {
      require(mask.ndim == 2, "attention: a mask \(mask.shape); expected [queries, keys]")
      limit(queries, to: mask.shape[0], "the attention mask")
      limit(keys, to: mask.shape[1], "the attention mask")
    }
    if let report { limit(keys, to: report.width, "the attention report") }
    let out = append(mk_step_attention, queries, width: values.width) {
      ($0.y, $0.z, $0.w) = (keys.id, values.id, report?.id ?? -1)
      ($0.heads, $0.k, $0.mode) = (heads, queries.width / heads, isCausal ? 1 : 0)
      $0.factor = Float(1 / Double(queries.width / heads).squareRoot())
      $0.a = mask.map { mask in
        mask.dtype == .bool
          ? NDArray.where(mask, -Float.infinity, NDArray.zeros(mask.shape, dtype: .float32))
          : mask.asType(.float32)
      }
      $0.n = mask?.shape[1] ?? 0
    }
    return (out, report)
  }

  /// One row of each sample's rows.
  public mutating func pool(_ x: Activation, _ kind: PoolingKind) -> Activation {
    require(x.space != Self.samples, "pool: one row a sample already")
    return append(mk_step_pool, x, space: Self.samples) {
      switch kind {
      case .mean: $0.mode = Int(mk_pool_mean)
      case .max: $0.mode = Int(mk_pool_max)
      case .first: $0.mode = Int(mk_pool_first)
      case .last: $0.mode = Int(mk_pool_last)
      }
    }
  }

  /// Shares in 1 over the rows of a sample: their softmax, or softplus where `selection` is above zero,
  /// divided by the sum of that.
  mutating func shares(_ x: Activation, selection: Activation? = nil) -> Activation {
    require(x.width == 1, "shares: rows of \(x.width) numbers; expected one")
    return append(mk_step_shares, x) {
      ($0.mode, $0.y) = (selection == nil ? 0 : 1, selection?.id ?? -1)
    }
  }

  /// Rows of the `kernel` time steps that a convolution sees.
  mutating func windows(
    _ x: Activation, kernel: Int, stride: Int, padding: Int, dilation: Int, into space: Int
  ) -> Activation {
    append(mk_step_windows, x, width: kernel * x.width, space: space) {
      ($0.n, $0.k, $0.stride, $0.padding, $0.dilation) = (
        x.width, kernel, stride, padding, dilation
      )
    }
  }

  /// The rows of a convolution over x: those of x where there are always as many.
  mutating func convolvedSpace(
    _ x: Activation, kernel: Int, stride: Int, padding: Int, dilation: Int
  ) -> Int {
    require(x.space != Self.samples, "convolution: one row a sample")
    if stride == 1, 2 * padding == dilation * (kernel - 1) { return x.space }
    let space = Space.convolved(
      x.space, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    if let known = spaces.firstIndex(of: space) { return known }
    spaces.append(space)
    return spaces.count - 1
  }

  /// Goes through time with a state of `width` numbers; x is what the inputs give to the gates.
  mutating func recur(
    _ kind: Int, _ x: Activation, width: Int, weight: LayerParameter, bias: LayerParameter?,
    isReversed: Bool
  ) -> Activation {
    require(
      weight.shape == [x.width, width] && x.space != Self.samples,
      "recur: gates of \(x.width) numbers for weights \(weight.shape)")
    let matrix = array(weight, "recurrent")
    let offset = bias.flatMap { array($0, "recurrent bias") }
    return append(kind, x, width: width) {
      ($0.weights, $0.a, $0.mode) = (matrix, offset, isReversed ? 1 : 0)
    }
  }

  // MARK: Columns

  /// Some of the columns; nothing is copied.
  public mutating func columns(_ x: Activation, _ range: Range<Int>) -> Activation {
    require(
      range.lowerBound >= 0 && range.upperBound <= x.width && !range.isEmpty,
      "columns: \(range) of \(x.width)")
    var (base, from) = (x.id, range.lowerBound)
    if case .columns(let parent, let start) = values[x.id].origin {
      (base, from) = (parent, start + from)
    }
    return value(width: range.count, space: x.space, origin: .columns(of: base, from: from))
  }

  /// Activations side by side, one after the other in each row.
  public mutating func concatenate(_ parts: [Activation]) -> Activation {
    require(!parts.isEmpty, "concatenate: nothing")
    let whole = value(width: parts.reduce(0) { $0 + $1.width }, space: parts[0].space)
    var from = 0
    for part in parts {
      require(part.space == whole.space, "concatenate: rows of other samples")
      let index = columns(whole, from..<from + part.width)
      var copy = Operation(mk_step_activation)
      (copy.x, copy.out, copy.n) = (part.id, index.id, part.width)
      operations.append(copy)
      from += part.width
    }
    return whole
  }

  // MARK: Names

  /// Gives an activation a name, under which a network that traces returns it.
  public mutating func mark(_ x: Activation, _ name: String) {
    marked.append((prefix + name, x.id))
  }

  /// Puts a name, and a point, before the names that are given inside.
  public mutating func named(_ name: String, _ body: (inout NetworkBuilder) -> Void) {
    let outer = prefix
    prefix += name + "."
    body(&self)
    prefix = outer
  }

  /// Samples are at most so long there.
  mutating func limit(_ x: Activation, to length: Int, _ reason: String) {
    if let known = limits[x.space], known.length <= length { return }
    limits[x.space] = (length, reason)
  }
}
