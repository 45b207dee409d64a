import MartletArrays
import MartletIO

/// Reads layers from a description and follows the rows that go through them, so that what does not fit is an
/// error with its place.
struct LayerParser {
  /// What the model is given.
  let input: NetworkInput
  /// The most steps of a sample, nil for any.
  let inputLength: Int?
  /// Numbers of a row; nil for an index.
  private var width: Int?
  /// Nil for one row a sample.
  private var rows: Rows?
  /// Names of tensors in the file, where they are known.
  private let tensors: Set<String>
  /// What stands before the names of the layers at hand.
  private var prefix = ""
  /// Layers there may still be.
  private var budget = 10_000
  /// Numbers that tables may still have that are computed: a description is short, a table is not.
  private var tableBudget = 1 << 25

  /// The rows of a sample.
  private struct Rows: Equatable {
    /// The most there can be, nil for any number.
    var longest: Int?
    /// Convolutions that changed how many there are.
    var convolutions: [Window] = []
  }

  private struct Window: Equatable {
    var kernel: Int
    var stride = 1
    var padding = 0
    var dilation = 1
    var keepsRows: Bool { stride == 1 && 2 * padding == dilation * (kernel - 1) }
  }

  private static let sizes = 1...1_000_000

  init(_ root: JSONNode, tensors: Set<String>) throws(DataError) {
    self.tensors = tensors
    let description = try root.member("input")
    try description.allow(["features", "length"])
    if let length = try description.optional("length") {
      if case .text(let text) = length.value {
        guard text == "any" else {
          throw length.error(.unknownName, "\(excerpt(text)); expected a number, \"any\" or null")
        }
        (inputLength, rows) = (nil, Rows())
      } else {
        let longest = try length.integer(in: Self.sizes)
        (inputLength, rows) = (longest, Rows(longest: longest))
      }
    } else {
      inputLength = nil
    }
    if let embedding = try Self.embedding(root.member("layers")) {
      if let features = try description.optional("features") {
        throw features.error(.incompatible, "an embedding takes indices; expected no features")
      }
      guard rows != nil else {
        throw description.error(
          .wrongShape, "an embedding needs time steps; expected a length, or \"any\"")
      }
      input = .indices(
        "input", count: try embedding.member("count").integer(in: 1...100_000_000))
    } else {
      let features = try description.member("features").integer(in: Self.sizes)
      input = rows == nil ? .rows(width: features) : .steps(width: features)
      width = features
    }
  }

  /// The first layer, where that is an embedding.
  private static func embedding(_ layers: JSONNode) throws(DataError) -> JSONNode? {
    guard let first = try layers.elements().first else { return nil }
    switch try first.member("type").text() {
    case "embedding": return first
    case "sequential": return try embedding(first.member("layers"))
    default: return nil
    }
  }

  /// Layers one behind the other.
  mutating func sequential(_ list: JSONNode) throws(DataError) -> Sequential {
    var layers: [(name: String, layer: any Layer)] = []
    for (node, entry) in try list.elements().enumerated() {
      let name = try entry.optional("name")?.text() ?? String(node)
      guard !name.isEmpty else { throw entry.error(.outOfRange, "an empty name") }
      let outer = prefix
      prefix += name + "."
      layers.append((name, try layer(entry)))
      prefix = outer
    }
    return Sequential(layers)
  }

  private mutating func layer(_ entry: JSONNode) throws(DataError) -> any Layer {
    let type = try entry.member("type")
    let kind = try type.text()
    try spend(1, entry)
    if width == nil, !["embedding", "sequential"].contains(kind) {
      throw entry.error(.wrongShape, "\(excerpt(kind)): indices come in; expected an embedding")
    }
    switch kind {
    case "sequential":
      try entry.allow(["type", "name", "layers"])
      return try sequential(entry.member("layers"))
    case "residual": return try residual(entry)
    case "linear": return try linear(entry)
    case "layer_norm", "rms_norm", "batch_norm": return try norm(kind, entry)
    case "embedding": return try embedding(entry)
    case "learned_positions", "sinusoidal_positions": return try positions(kind, entry)
    case "attention", "encoder": return try attention(kind, entry)
    case "relu", "silu", "tanh", "sigmoid", "softplus":
      try entry.allow(["type", "name"])
      return try ActivationFunction(type)
    case "gelu":
      try entry.allow(["type", "name", "approximate"])
      return try gelu(entry)
    case "softmax":
      try entry.allow(["type", "name"])
      return Softmax()
    case "dropout":
      try entry.allow(["type", "name"])
      return Dropout()
    case "conv1d": return try convolution(entry)
    case "gru", "lstm": return try recurrent(kind, entry)
    case "pool": return try pool(entry)
    default:
      throw type.error(
        .unknownName,
        "\(excerpt(kind)); expected \(Self.types.joined(separator: ", "))"
          + DataError.nearest(kind, among: Self.types))
    }
  }

  private static let types = [
    "linear", "layer_norm", "rms_norm", "batch_norm", "embedding", "learned_positions",
    "sinusoidal_positions", "attention", "encoder", "relu", "gelu", "silu", "tanh", "sigmoid",
    "softplus", "softmax", "dropout", "conv1d", "gru", "lstm", "pool", "residual", "sequential",
  ]

  // MARK: What all have in common

  private mutating func spend(_ layers: Int, _ entry: JSONNode) throws(DataError) {
    budget -= layers
    guard budget >= 0 else { throw entry.error(.outOfRange, "more than 10000 layers in all") }
  }

  /// A size that must be there.
  private func size(_ name: String, _ entry: JSONNode) throws(DataError) -> Int {
    try entry.member(name).integer(in: Self.sizes)
  }

  /// A size that must be that of the rows that come in.
  private func checkedWidth(_ name: String, _ entry: JSONNode) throws(DataError) -> Int {
    let node = try entry.member(name)
    let given = try node.integer(in: Self.sizes)
    guard given == width else {
      throw node.error(.wrongShape, "\(given); the rows that come in have \(width ?? 0) numbers")
    }
    return given
  }

  /// The rows of samples that have more than one.
  private func steps(_ entry: JSONNode) throws(DataError) -> Rows {
    guard let rows else {
      let kind = try entry.member("type").text()
      throw entry.error(
        .wrongShape, "\(excerpt(kind)) needs time steps; what comes in has one row a sample")
    }
    return rows
  }

  private func flag(
    _ name: String, _ entry: JSONNode, _ usual: Bool
  ) throws(DataError) -> Bool {
    try entry.optional(name)?.flag() ?? usual
  }

  // MARK: Layers

  private mutating func residual(_ entry: JSONNode) throws(DataError) -> any Layer {
    try entry.allow(["type", "name", "layers"])
    let before = (width, rows)
    let inner = try sequential(entry.member("layers"))
    guard width == before.0 else {
      throw entry.error(
        .wrongShape, "rows of \(width ?? 0) numbers cannot be added to rows of \(before.0 ?? 0)")
    }
    guard rows == before.1 else {
      throw entry.error(.wrongShape, "what is added has other time steps than what comes in")
    }
    return Residual(inner)
  }

  private mutating func linear(_ entry: JSONNode) throws(DataError) -> any Layer {
    try entry.allow(["type", "name", "inputs", "outputs", "bias"])
    let inputs = try checkedWidth("inputs", entry)
    let outputs = try size("outputs", entry)
    width = outputs
    return Linear(inputs, outputs, bias: try flag("bias", entry, true))
  }

  private func norm(_ kind: String, _ entry: JSONNode) throws(DataError) -> any Layer {
    try entry.allow(["type", "name", "width", "epsilon"])
    let width = try checkedWidth("width", entry)
    var epsilon = kind == "rms_norm" ? RMSNorm(1).epsilon : 1e-5
    try entry.epsilon(&epsilon)
    switch kind {
    case "layer_norm": return LayerNorm(width, epsilon: epsilon)
    case "rms_norm": return RMSNorm(width, epsilon: epsilon)
    default: return BatchNorm1d(width, epsilon: epsilon)
    }
  }

  private mutating func embedding(_ entry: JSONNode) throws(DataError) -> any Layer {
    try entry.allow(["type", "name", "count", "width"])
    guard width == nil else {
      throw entry.error(.wrongShape, "an embedding takes indices; rows of numbers come in")
    }
    let count = try entry.member("count").integer(in: 1...100_000_000)
    let width = try size("width", entry)
    self.width = width
    return Embedding(count, width)
  }

  private mutating func positions(_ kind: String, _ entry: JSONNode) throws(DataError) -> any Layer
  {
    try entry.allow(["type", "name", "length", "width"])
    let rows = try steps(entry)
    let width = try checkedWidth("width", entry)
    let node = try entry.member("length")
    let length = try node.integer(in: Self.sizes)
    if let longest = rows.longest, longest > length {
      throw node.error(.wrongShape, "\(length) positions for samples of \(longest) steps")
    }
    if kind == "learned_positions" {
      let isBare = tensors.contains(String(prefix.dropLast()))
      return LearnedPositions(length: length, width: width, named: isBare ? "" : "weight")
    }
    guard width % 2 == 0 else {
      throw entry.error(.outOfRange, "sines and cosines need an even width, not \(width)")
    }
    // Rows that no sample reaches are not computed.
    let reached = min(length, rows.longest ?? length)
    guard reached * width <= tableBudget else {
      throw node.error(
        .outOfRange, "\(reached) × \(width) and the tables before it are too large to compute")
    }
    tableBudget -= reached * width
    return SinusoidalPositions(length: reached, width: width)
  }

  private mutating func attention(_ kind: String, _ entry: JSONNode) throws(DataError) -> any Layer
  {
    var names = ["type", "name", "width", "heads", "causal"]
    if kind == "encoder" {
      names += ["feedForward", "layers", "activation", "normFirst", "finalNorm", "epsilon"]
    }
    try entry.allow(names)
    _ = try steps(entry)
    let width = try checkedWidth("width", entry)
    let heads = try size("heads", entry)
    try entry.check(heads: heads, width: width)
    let isCausal = try flag("causal", entry, false)
    if kind == "attention" { return MultiHeadAttention(width, heads: heads, isCausal: isCausal) }
    let count = try entry.member("layers").integer(in: 1...1000)
    try spend(count, entry)
    var activation = ActivationFunction.relu
    if let node = try entry.optional("activation") { activation = try .init(node) }
    var epsilon = 1e-5
    try entry.epsilon(&epsilon)
    let layer = TransformerEncoderLayer(
      width, heads: heads, feedForward: try size("feedForward", entry), activation: activation,
      normFirst: try flag("normFirst", entry, false), epsilon: epsilon, isCausal: isCausal)
    let hasNorm = try flag("finalNorm", entry, false)
    return TransformerEncoder(
      layer, count: count, norm: hasNorm ? LayerNorm(width, epsilon: epsilon) : nil)
  }

  private func gelu(_ entry: JSONNode) throws(DataError) -> any Layer {
    guard let node = try entry.optional("approximate") else { return ActivationFunction.gelu }
    switch try node.text() {
    case "none": return ActivationFunction.gelu
    case "tanh": return ActivationFunction.geluTanh
    case let other: throw node.error(.unknownName, "\(other); expected none, tanh")
    }
  }

  private mutating func convolution(_ entry: JSONNode) throws(DataError) -> any Layer {
    try entry.allow([
      "type", "name", "inputs", "outputs", "kernel", "stride", "padding", "dilation", "groups",
      "bias",
    ])
    var rows = try steps(entry)
    let inputs = try checkedWidth("inputs", entry)
    let outputs = try size("outputs", entry)
    var window = Window(kernel: try entry.member("kernel").integer(in: 1...10_000))
    try entry.size("stride", &window.stride, 1...10_000)
    try entry.size("padding", &window.padding, 0...10_000)
    try entry.size("dilation", &window.dilation, 1...10_000)
    var groups = 1
    try entry.size("groups", &groups)
    guard inputs % groups == 0, outputs % groups == 0 else {
      throw entry.error(
        .outOfRange, "\(groups) groups do not divide \(inputs) inputs and \(outputs) outputs")
    }
    if !window.keepsRows {
      if let longest = rows.longest {
        let seen = longest + 2 * window.padding - window.dilation * (window.kernel - 1)
        guard seen > 0 else {
          throw entry.error(.wrongShape, "nothing is left of samples of \(longest) steps")
        }
        rows.longest = (seen - 1) / window.stride + 1
      }
      rows.convolutions.append(window)
    }
    self.rows = rows
    width = outputs
    return Conv1d(
      inputs, outputs, kernel: window.kernel, stride: window.stride, padding: window.padding,
      dilation: window.dilation, groups: groups, bias: try flag("bias", entry, true))
  }

  private mutating func recurrent(_ kind: String, _ entry: JSONNode) throws(DataError) -> any Layer
  {
    try entry.allow(["type", "name", "inputs", "width", "layers", "bidirectional", "bias"])
    _ = try steps(entry)
    let inputs = try checkedWidth("inputs", entry)
    let size = try size("width", entry)
    var layers = 1
    try entry.size("layers", &layers, 1...1000)
    try spend(layers, entry)
    let isBidirectional = try flag("bidirectional", entry, false)
    let bias = try flag("bias", entry, true)
    width = isBidirectional ? 2 * size : size
    return kind == "gru"
      ? GRU(inputs, size, layers: layers, isBidirectional: isBidirectional, bias: bias)
      : LSTM(inputs, size, layers: layers, isBidirectional: isBidirectional, bias: bias)
  }

  private mutating func pool(_ entry: JSONNode) throws(DataError) -> any Layer {
    try entry.allow(["type", "name", "kind"])
    _ = try steps(entry)
    rows = nil
    return Pooling(try PoolingKind(entry.member("kind")))
  }
}
