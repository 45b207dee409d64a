/// One row for all rows of a sample: their mean or largest, the first or the last.
public struct Pooling: Layer {
  public let kind: PoolingKind

  public init(_ kind: PoolingKind) { self.kind = kind }

  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.pool(x, kind)
  }
}
