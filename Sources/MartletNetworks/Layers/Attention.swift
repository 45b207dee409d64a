public import MartletArrays
import MartletIO

/// Attention in several heads (Vaswani and others 2017), PyTorch's `nn.MultiheadAttention(batch_first: true)`.
public struct MultiHeadAttention: Layer {
  /// Queries, keys and values one under the other, [3 · width, width].
  public var inputWeight: LayerParameter
  /// [3 · width], nil for none.
  public var inputBias: LayerParameter?
  /// What brings the heads together.
  public var output: Linear
  /// How many there are.
  public let heads: Int
  /// Whether a step sees only steps that are not later.
  public var isCausal: Bool
  /// What a step must not see, [steps, steps] or [steps, steps of the other sequence].
  ///
  /// Numbers are added to the scores, −∞ where a step must not see another one; booleans are true there. A
  /// step that sees nothing gives NaN. Steps behind the length of a sample are never seen and need no mask.
  public var mask: NDArray?

  /// A layer for rows of `width` numbers, which `heads` divides.
  public init(_ width: Int, heads: Int, bias: Bool = true, isCausal: Bool = false) {
    require(
      heads > 0 && width % heads == 0, "MultiHeadAttention: \(heads) heads of \(width) numbers")
    let bound = (6 / Double(4 * width)).squareRoot()
    inputWeight = LayerParameter([3 * width, width], .uniform(bound: bound))
    inputBias = bias ? LayerParameter([3 * width], .zeros) : nil
    output = Linear(width, width, bias: bias)
    self.heads = heads
    self.isCausal = isCausal
  }

  /// Every step asks every step of its sample.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    self(x, in: &network, addingTo: nil, reportWidth: nil).out
  }

  /// The same, with what is added to the result, and with the weights of attention.
  func callAsFunction(
    _ x: Activation, in network: inout NetworkBuilder, addingTo residual: Activation?,
    reportWidth: Int?
  ) -> (out: Activation, report: Activation?) {
    let width = x.width
    let all = network.linear(x, inputWeight, inputBias)
    let (mixed, report) = network.attention(
      queries: network.columns(all, 0..<width), keys: network.columns(all, width..<2 * width),
      values: network.columns(all, 2 * width..<3 * width), heads: heads, isCausal: isCausal,
      mask: mask, reportWidth: reportWidth)
    let out = output(mixed, in: &network)
    return (residual.map { network.add($0, out) } ?? out, report)
  }

  /// Every step of `x` asks every step of another sequence of the sample.
  public func callAsFunction(
    _ x: Activation, attendingTo other: Activation, in network: inout NetworkBuilder
  ) -> Activation {
    let width = x.width
    let queries = network.linear(x, inputWeight.rows(0..<width), inputBias?.rows(0..<width))
    let pairs = network.linear(
      other, inputWeight.rows(width..<3 * width), inputBias?.rows(width..<3 * width))
    let mixed = network.attention(
      queries: queries, keys: network.columns(pairs, 0..<width),
      values: network.columns(pairs, width..<2 * width), heads: heads, isCausal: isCausal,
      mask: mask
    ).out
    return output(mixed, in: &network)
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    parameters("in_proj_weight", &inputWeight)
    parameters("in_proj_bias", &inputBias)
    parameters("out_proj", &output)
  }
}

extension LayerParameter {
  /// Some of the rows.
  func rows(_ range: Range<Int>) -> LayerParameter {
    var part = LayerParameter([range.count] + shape.dropFirst(), initialization)
    part.value = value.map { $0[range, .ellipsis] }
    return part
  }

  /// Parameters one under the other.
  static func stacked(_ parts: [LayerParameter]) -> LayerParameter {
    var whole = LayerParameter(
      [parts.reduce(0) { $0 + $1.shape[0] }] + parts[0].shape.dropFirst(), parts[0].initialization)
    let values = parts.compactMap(\.value)
    if values.count == parts.count { whole.value = NDArray.concatenated(values) }
    return whole
  }
}
