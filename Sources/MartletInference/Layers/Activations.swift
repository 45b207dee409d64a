extension ActivationFunction: Layer {
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.activate(x, self)
  }
}

/// e^x over the sum of that in the row, PyTorch's `nn.Softmax(dim: -1)`.
public struct Softmax: Layer {
  public init() {}

  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.softmax(x)
  }
}

/// Nothing: dropout is for training.
public struct Dropout: Layer {
  public init() {}

  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation { x }
}
