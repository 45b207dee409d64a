import MartletArrays
import MartletIO

/// Sums of products over neighbouring time steps, PyTorch's `nn.Conv1d` with zeros around the sample.
///
/// Rows are [samples, steps, channels], where PyTorch has [samples, channels, steps]. A sample of n steps
/// gives ⌊(n + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1.
public struct Conv1d: Layer {
  /// [outputs, inputs / groups, kernel].
  public var weight: LayerParameter
  /// [outputs], nil for none.
  public var bias: LayerParameter?
  /// Steps from one row of the result to the next.
  public let stride: Int
  /// Steps of zeros before and behind a sample.
  public let padding: Int
  /// Steps from one that is seen to the next.
  public let dilation: Int
  /// Parts of the channels that do not see each other.
  public let groups: Int
  private var inputs: Int { weight.shape[1] * groups }
  private var outputs: Int { weight.shape[0] }
  private var kernel: Int { weight.shape[2] }

  /// A layer from rows of `inputs` channels to rows of `outputs`; `groups` divides both.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1, groups: Int = 1, bias: Bool = true
  ) {
    require(
      inputs > 0 && outputs > 0 && groups > 0 && inputs % groups == 0 && outputs % groups == 0,
      "Conv1d: \(groups) groups of \(inputs) inputs and \(outputs) outputs")
    require(
      kernel > 0 && stride > 0 && padding >= 0 && dilation > 0,
      "Conv1d: kernel \(kernel), stride \(stride), padding \(padding), dilation \(dilation)")
    let bound = 1 / Double(inputs / groups * kernel).squareRoot()
    weight = LayerParameter([outputs, inputs / groups, kernel], .uniform(bound: bound))
    self.bias = bias ? LayerParameter([outputs], .uniform(bound: bound)) : nil
    (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    require(x.width == inputs, "Conv1d: rows of \(x.width) channels; expected \(inputs)")
    let rows = network.convolvedSpace(
      x, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    let matrix = matrix
    let (from, to) = (inputs / groups, outputs / groups)
    let parts = (0..<groups).map { group in
      let channels = groups == 1 ? x : network.columns(x, group * from..<(group + 1) * from)
      let seen = network.windows(
        channels, kernel: kernel, stride: stride, padding: padding, dilation: dilation, into: rows)
      if groups == 1 { return network.linear(seen, matrix, bias) }
      let range = group * to..<(group + 1) * to
      return network.linear(seen, matrix.rows(range), bias?.rows(range))
    }
    return groups == 1 ? parts[0] : network.concatenate(parts)
  }

  /// The weights in the order of what a row of the result sees: step by step, channel by channel.
  private var matrix: LayerParameter {
    var matrix = LayerParameter([outputs, kernel * weight.shape[1]], weight.initialization)
    matrix.value = weight.value.map { $0.transposed(0, 2, 1).reshaped(matrix.shape) }
    return matrix
  }

  /// Shows the parameters.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    parameters("weight", &weight)
    parameters("bias", &bias)
  }
}
