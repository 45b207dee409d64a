import MartletArrays
import MartletIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rows of a table that indices name, PyTorch's `nn.Embedding`.
public struct Embedding: Layer {
  /// [count, width].
  public var weight: LayerParameter

  /// A table without content.
  public init(_ count: Int, _ width: Int) { weight = LayerParameter([count, width], .normal) }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.embedding(x, weight)
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) { parameters("weight", &weight) }
}

/// A learned row for each time step, added to what is there.
public struct LearnedPositions: Layer {
  /// [1, length, width] as a parameter by itself, or [length, width] as the weight of an embedding.
  public var weight: LayerParameter
  private let name: String

  /// Positions without content, `name` being what they are called inside of their layer: empty for a
  /// parameter by itself.
  public init(length: Int, width: Int, named name: String = "") {
    weight = LayerParameter(name.isEmpty ? [1, length, width] : [length, width], .normal)
    self.name = name
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.addPositions(x, weight)
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) { parameters(name, &weight) }
}

/// Sines and cosines of the time step, added to what is there (Vaswani and others 2017).
public struct SinusoidalPositions: Layer {
  private let length: Int
  private let width: Int

  /// Positions for samples of at most `length` steps; `width` must be even.
  public init(length: Int, width: Int) {
    require(
      length > 0 && width > 0 && width % 2 == 0, "SinusoidalPositions: \(length) × \(width)")
    (self.length, self.width) = (length, width)
  }

  private var table: NDArray {
    var values = [Float](repeating: 0, count: length * width)
    for step in 0..<length {
      for pair in 0..<width / 2 {
        let angle = Double(step) * exp(-Double(2 * pair) * log(10_000) / Double(width))
        values[step * width + 2 * pair] = Float(sin(angle))
        values[step * width + 2 * pair + 1] = Float(cos(angle))
      }
    }
    return NDArray(values, shape: [length, width])
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    network.addPositions(x, LayerParameter(table))
  }
}
