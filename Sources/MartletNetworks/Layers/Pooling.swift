/// One row for all rows of a sample: their mean or largest, the first or the last.
public struct Pooling: Layer {
  /// Which one.
  public let kind: PoolingKind

  /// Pooling of a kind.
  public init(_ kind: PoolingKind) { self.kind = kind }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.pool(x, kind)
  }
}
