import MartletArrays
import MartletIO

/// Rows of mean 0 and deviation 1, times a gain, plus an offset (Ba, Kiros and Hinton 2016), PyTorch's
/// `nn.LayerNorm` over the last axis.
public struct LayerNorm: Layer {
  /// The gain [width], nil for 1.
  public var weight: LayerParameter?
  /// The offset [width], nil for 0.
  public var bias: LayerParameter?
  /// Added to the variance.
  public var epsilon: Double

  /// A layer for rows of `width` numbers.
  public init(
    _ width: Int, epsilon: Double = 1e-5, elementwiseAffine: Bool = true, bias: Bool = true
  ) {
    weight = elementwiseAffine ? LayerParameter([width], .ones) : nil
    self.bias = elementwiseAffine && bias ? LayerParameter([width], .zeros) : nil
    self.epsilon = epsilon
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.layerNorm(x, gain: weight, offset: bias, epsilon: epsilon)
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    parameters("weight", &weight)
    parameters("bias", &bias)
  }
}

/// Rows of mean square 1, times a gain (Zhang and Sennrich 2019), PyTorch's `nn.RMSNorm`.
public struct RMSNorm: Layer {
  /// The gain [width], nil for 1.
  public var weight: LayerParameter?
  /// Added to the mean square.
  public var epsilon: Double

  /// A layer for rows of `width` numbers; PyTorch's epsilon is that of float32.
  public init(
    _ width: Int, epsilon: Double = Double(Float.ulpOfOne), elementwiseAffine: Bool = true
  ) {
    weight = elementwiseAffine ? LayerParameter([width], .ones) : nil
    self.epsilon = epsilon
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.rmsNorm(x, gain: weight, epsilon: epsilon)
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) { parameters("weight", &weight) }
}

/// Columns standardised by the statistics of training (Ioffe and Szegedy 2015), PyTorch's
/// `nn.BatchNorm1d` in `eval()`.
public struct BatchNorm1d: Layer {
  /// The gain [width], nil for 1.
  public var weight: LayerParameter?
  /// The offset [width], nil for 0.
  public var bias: LayerParameter?
  /// The mean of each column.
  public var runningMean: LayerParameter
  /// The variance of each column.
  public var runningVariance: LayerParameter
  /// Added to the variance.
  public var epsilon: Double

  /// A layer for rows of `width` numbers.
  public init(_ width: Int, epsilon: Double = 1e-5, affine: Bool = true) {
    weight = affine ? LayerParameter([width], .ones) : nil
    bias = affine ? LayerParameter([width], .zeros) : nil
    runningMean = LayerParameter([width], .zeros)
    runningVariance = LayerParameter([width], .ones)
    self.epsilon = epsilon
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.batchNorm(
      x, mean: runningMean, variance: runningVariance, gain: weight, offset: bias, epsilon: epsilon)
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    parameters("weight", &weight)
    parameters("bias", &bias)
    parameters("running_mean", &runningMean)
    parameters("running_var", &runningVariance)
  }
}
