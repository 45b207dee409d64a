public import MartletArrays
import MartletIO

/// x Wᵀ + b, PyTorch's `nn.Linear`.
public struct Linear: Layer {
  /// [outputs, inputs].
  public var weight: LayerParameter
  /// [outputs], nil for none.
  public var bias: LayerParameter?

  /// A layer without weights.
  public init(_ inputs: Int, _ outputs: Int, bias: Bool = true) {
    let bound = 1 / Double(inputs).squareRoot()
    weight = LayerParameter([outputs, inputs], .uniform(bound: bound))
    self.bias = bias ? LayerParameter([outputs], .uniform(bound: bound)) : nil
  }

  /// A layer of weights [outputs, inputs] and bias [outputs].
  public init(weight: NDArray, bias: NDArray? = nil) {
    self.weight = LayerParameter(weight)
    self.bias = bias.map(LayerParameter.init)
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.linear(x, weight, bias)
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    parameters("weight", &weight)
    parameters("bias", &bias)
  }
}
