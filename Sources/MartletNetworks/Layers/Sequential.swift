/// Layers one behind the other, PyTorch's `nn.Sequential`.
public struct Sequential: Layer {
  /// Each with the name that its parameters are under.
  public var layers: [(name: String, layer: any Layer)]

  /// Layers whose names count from 0.
  public init(_ layers: any Layer...) {
    self.init(layers.enumerated().map { (name: String($0), layer: $1) })
  }

  /// Layers under names of their own; an empty name adds nothing to the names inside.
  public init(_ layers: [(name: String, layer: any Layer)]) { self.layers = layers }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    layers.reduce(x) { $1.layer($0, in: &network) }
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    for index in layers.indices { parameters(layers[index].name, &layers[index].layer) }
  }
}

/// x + f(x), as He and others (2016) have it.
public struct Residual<Inner: Layer>: Layer {
  /// f.
  public var inner: Inner

  /// What is added to x.
  public init(_ inner: Inner) { self.inner = inner }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.add(x, inner(x, in: &network))
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) { parameters("", &inner) }
}
