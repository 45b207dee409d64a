extension ActivationFunction: Layer {
  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.activate(x, self)
  }
}

/// e^x over the sum of that in the row, PyTorch's `nn.Softmax(dim: -1)`.
public struct Softmax: Layer {
  /// A softmax; it has no parameters.
  public init() {}

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.softmax(x)
  }
}

/// Nothing: dropout is for training.
public struct Dropout: Layer {
  /// Nothing to set: the probability is for training.
  public init() {}

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation { x }
}
