import MartletArrays
import MartletIO

/// A projection and blocks h + ReLU(LayerNorm(Linear h)), then a product.
public struct ResidualMLP: Layer {
  /// The first block, without a sum.
  public var input: Sequential
  /// Each is added to what comes in.
  public var blocks: [Residual<Sequential>]
  /// The last product.
  public var output: Linear
  let shape: Shape

  /// A model without weights.
  public init(_ shape: Shape) {
    self.shape = shape
    func block(_ inputs: Int) -> Sequential {
      Sequential(
        Linear(inputs, shape.width), LayerNorm(shape.width, epsilon: shape.epsilon),
        ActivationFunction.relu)
    }
    input = block(shape.features)
    blocks = (0..<shape.blocks).map { _ in Residual(block(shape.width)) }
    output = Linear(shape.width, shape.outputs)
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    var h = input(x, in: &network)
    network.mark(h, "input")
    for (index, block) in blocks.enumerated() {
      h = block(h, in: &network)
      network.mark(h, "block\(index)")
    }
    return output(h, in: &network)
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    parameters("input", &input)
    for index in blocks.indices { parameters("blocks.\(index)", &blocks[index]) }
    parameters("output", &output)
  }

  /// How large a residual MLP is.
  public struct Shape: Hashable, Sendable {
    /// Numbers of a sample.
    public var features = 111
    /// Numbers of a row inside.
    public var width = 256
    /// Blocks behind the first.
    public var blocks = 4
    /// Numbers of a prediction.
    public var outputs = 2
    /// Added to variances.
    public var epsilon = 1e-5

    /// The shape that the parameters say unless they are changed.
    public init() {}
  }
}

extension ResidualMLP.Shape: ModelShape {
  static let architecture = "residual_mlp"
  /// The name says the activation.
  static let untold: [String] = []

  init?(of file: WeightFile) throws(DataError) {
    self.init()
    guard let input = try file.matrix("input.0.weight"),
      let output = try file.matrix("output.weight")
    else { return nil }
    (width, features) = (input.rows, input.columns)
    blocks = file.count("blocks.")
    outputs = output.rows
  }

  mutating func take(_ root: JSONNode) throws(DataError) {
    try root.size("features", &features)
    try root.size("width", &width)
    try root.size("blocks", &blocks, 0...1000)
    try root.size("outputs", &outputs)
    try root.epsilon(&epsilon)
  }

  var members: [JSONValue.Member] {
    [
      .init("features", number: features), .init("width", number: width),
      .init("blocks", number: blocks), .init("outputs", number: outputs),
      .init("epsilon", .number(epsilon)),
    ]
  }
}
