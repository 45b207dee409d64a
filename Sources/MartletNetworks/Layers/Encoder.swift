/// Attention and a feed-forward network, each with a norm and added to what came in (Vaswani and others
/// 2017), PyTorch's `nn.TransformerEncoderLayer(batch_first: true)`.
public struct TransformerEncoderLayer: Layer {
  /// Attention over the steps of a sample.
  public var attention: MultiHeadAttention
  /// width → feedForward.
  public var linear1: Linear
  /// feedForward → width.
  public var linear2: Linear
  /// The norm of the attention.
  public var norm1: LayerNorm
  /// The norm of the feed-forward network.
  public var norm2: LayerNorm
  /// Between the two.
  public var activation: ActivationFunction
  /// Whether norms come before attention and feed-forward, not behind the sums.
  public var normFirst: Bool

  /// A layer for rows of `width` numbers.
  public init(
    _ width: Int, heads: Int, feedForward: Int = 2048, activation: ActivationFunction = .relu,
    normFirst: Bool = false, epsilon: Double = 1e-5, isCausal: Bool = false
  ) {
    attention = MultiHeadAttention(width, heads: heads, isCausal: isCausal)
    linear1 = Linear(width, feedForward)
    linear2 = Linear(feedForward, width)
    norm1 = LayerNorm(width, epsilon: epsilon)
    norm2 = LayerNorm(width, epsilon: epsilon)
    self.activation = activation
    self.normFirst = normFirst
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    if normFirst {
      let attended = attention(
        norm1(x, in: &network), in: &network, addingTo: x, reportWidth: nil
      ).out
      network.mark(attended, "attn")
      return network.add(attended, feedForward(norm2(attended, in: &network), in: &network))
    }
    let attended = norm1(
      attention(x, in: &network, addingTo: x, reportWidth: nil).out, in: &network)
    network.mark(attended, "attn")
    return norm2(
      network.add(attended, feedForward(attended, in: &network)), in: &network)
  }

  private func feedForward(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    linear2(network.activate(linear1(x, in: &network), activation), in: &network)
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    parameters("self_attn", &attention)
    parameters("linear1", &linear1)
    parameters("linear2", &linear2)
    parameters("norm1", &norm1)
    parameters("norm2", &norm2)
  }
}

/// Encoder layers one behind the other, and a norm at the end where there is one, PyTorch's
/// `nn.TransformerEncoder`.
public struct TransformerEncoder: Layer {
  /// One behind the other.
  public var layers: [TransformerEncoderLayer]
  /// Behind the last layer, nil for none.
  public var norm: LayerNorm?

  /// `count` layers of one kind.
  public init(_ layer: TransformerEncoderLayer, count: Int, norm: LayerNorm? = nil) {
    layers = Array(repeating: layer, count: count)
    self.norm = norm
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    var x = x
    for (index, layer) in layers.enumerated() {
      network.named("layer\(index)") { network in
        x = layer(x, in: &network)
        network.mark(x, "out")
      }
    }
    return norm?(x, in: &network) ?? x
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    for index in layers.indices { parameters("layers.\(index)", &layers[index]) }
    if var norm {
      parameters("norm", &norm)
      self.norm = norm
    }
  }
}
