/// A projection and blocks h + ReLU(LayerNorm(Linear h)), then a product.
public struct ResidualMLP: Layer {
  /// The first block, without a sum.
  public var input: Sequential
  /// Each is added to what comes in.
  public var blocks: [Residual<Sequential>]
  /// The last product.
  public var output: Linear
  let inputWidth: Int

  /// A model without weights.
  public init(_ shape: Shape) {
    func block(_ inputs: Int) -> Sequential {
      Sequential(
        Linear(inputs, shape.width), LayerNorm(shape.width, epsilon: shape.epsilon),
        ActivationFunction.relu)
    }
    input = block(shape.features)
    blocks = (0..<shape.blocks).map { _ in Residual(block(shape.width)) }
    output = Linear(shape.width, shape.outputs)
    inputWidth = shape.features
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
