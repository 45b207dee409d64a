/// A layer of an encoder with norms behind the sums.
///
/// Its queries, keys and values have tensors of their own; they run as one product.
struct PostNormBlock: Layer {
  /// What files call the tensors.
  enum Names: Hashable {
    /// Hugging Face's `BertLayer`.
    case bert
    /// The indicator transformer's.
    case indicators
  }

  /// How large a block is, and what it does.
  struct Shape {
    var width: Int
    var heads: Int
    var feedForward: Int
    var activation: ActivationFunction
    var epsilon: Double
    /// Whether the second norm is part of what is added, x + norm(f(x)), not norm(x + f(x)).
    var normsInside = false
    var names: Names
  }

  let shape: Shape
  var query, key, value, output: Linear
  var attentionNorm: LayerNorm
  var first, second: Linear
  var feedForwardNorm: LayerNorm

  init(_ shape: Shape) {
    self.shape = shape
    query = Linear(shape.width, shape.width)
    (key, value, output) = (query, query, query)
    attentionNorm = LayerNorm(shape.width, epsilon: shape.epsilon)
    first = Linear(shape.width, shape.feedForward)
    second = Linear(shape.feedForward, shape.width)
    feedForwardNorm = attentionNorm
  }

  func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    self(x, in: &network, reportWidth: nil).out
  }

  /// The same, with the weights of attention, the mean over heads, as rows of `reportWidth` keys.
  func callAsFunction(
    _ x: Activation, in network: inout NetworkBuilder, reportWidth: Int?
  ) -> (out: Activation, report: Activation?) {
    let width = shape.width
    let all = network.linear(
      x, .stacked([query.weight, key.weight, value.weight]),
      .stacked([query, key, value].compactMap(\.bias)))
    let (mixed, report) = network.attention(
      queries: network.columns(all, 0..<width), keys: network.columns(all, width..<2 * width),
      values: network.columns(all, 2 * width..<3 * width), heads: shape.heads,
      reportWidth: reportWidth)
    let attended = attentionNorm(network.add(x, output(mixed, in: &network)), in: &network)
    network.mark(attended, "attn")
    let added = second(
      network.activate(first(attended, in: &network), shape.activation), in: &network)
    let out =
      shape.normsInside
      ? network.add(attended, feedForwardNorm(added, in: &network))
      : feedForwardNorm(network.add(attended, added), in: &network)
    return (out, report)
  }

  mutating func visit(_ parameters: inout ParameterVisitor) {
    switch shape.names {
    case .bert:
      parameters("attention.self.query", &query)
      parameters("attention.self.key", &key)
      parameters("attention.self.value", &value)
      parameters("attention.output.dense", &output)
      parameters("attention.output.LayerNorm", &attentionNorm)
      parameters("intermediate.dense", &first)
      parameters("output.dense", &second)
      parameters("output.LayerNorm", &feedForwardNorm)
    case .indicators:
      parameters("attention.query", &query)
      parameters("attention.key", &key)
      parameters("attention.value", &value)
      parameters("attention.output", &output)
      parameters("attention_norm", &attentionNorm)
      parameters("feed_forward.0", &first)
      parameters("feed_forward.3", &second)
      parameters(shape.normsInside ? "feed_forward.4" : "feed_forward_norm", &feedForwardNorm)
    }
  }
}
