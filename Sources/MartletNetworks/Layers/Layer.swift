public import MartletArrays
import MartletIO

/// A part of a network: what it computes, and the parameters it needs for that.
///
/// Layers are values and compose: a layer of one's own calls others, or the operations of
/// `NetworkBuilder`, and lists what it holds.
///
/// ```swift
/// struct Gate: Layer {
///   var linear = Linear(64, 64)
///   func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
///     network.add(x, network.activate(linear(x, in: &network), .sigmoid))
///   }
///   mutating func visit(_ parameters: inout ParameterVisitor) { parameters("linear", &linear) }
/// }
/// ```
public protocol Layer: Sendable {
  /// Adds the layer to a network that is being built.
  func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation
  /// Shows every parameter, under the name that PyTorch's `state_dict` has for it.
  mutating func visit(_ parameters: inout ParameterVisitor)
}

/// What a layer has learned: an array of a known shape, or the place for one.
public struct LayerParameter: Sendable {
  /// How PyTorch fills it before training.
  public enum Initialization: Hashable, Sendable {
    case zeros
    case ones
    /// Evenly between ±bound.
    case uniform(bound: Double)
    /// Standard normal.
    case normal
  }

  /// Elements along each axis.
  public let shape: [Int]
  /// What it starts from without a file.
  public let initialization: Initialization
  /// The elements, nil before they are loaded or drawn.
  public var value: NDArray?

  /// A place for an array.
  public init(_ shape: [Int], _ initialization: Initialization = .zeros) {
    _ = NDArray.checkedCount(shape, "LayerParameter")
    self.shape = shape
    self.initialization = initialization
    value = nil
  }

  /// A parameter that is there.
  public init(_ value: NDArray) {
    shape = value.shape
    initialization = .zeros
    self.value = value
  }
}

/// Walks through the parameters of a layer, each under its name.
public struct ParameterVisitor {
  private var prefix = ""
  private let body: (String, inout LayerParameter) -> Void

  init(_ body: @escaping (String, inout LayerParameter) -> Void) { self.body = body }

  private func joined(_ name: String) -> String {
    prefix.isEmpty || name.isEmpty ? prefix + name : prefix + "." + name
  }

  /// Shows a parameter.
  public mutating func callAsFunction(_ name: String, _ parameter: inout LayerParameter) {
    body(joined(name), &parameter)
  }

  /// Shows a parameter that need not be there.
  public mutating func callAsFunction(_ name: String, _ parameter: inout LayerParameter?) {
    guard var present = parameter else { return }
    body(joined(name), &present)
    parameter = present
  }

  /// Shows what a layer holds, under its own name; an empty one adds nothing.
  public mutating func callAsFunction(_ name: String, _ layer: inout some Layer) {
    let outer = prefix
    prefix = joined(name)
    layer.visit(&self)
    prefix = outer
  }

  /// Shows what any layer holds.
  public mutating func callAsFunction(_ name: String, _ layer: inout any Layer) {
    func open(_ opened: some Layer) -> any Layer {
      var opened = opened
      self(name, &opened)
      return opened
    }
    layer = open(layer)
  }
}

extension Layer {
  /// No parameters.
  public mutating func visit(_ parameters: inout ParameterVisitor) {}

  /// The parameters in the layer's order, by name.
  public var parameters: [(name: String, parameter: LayerParameter)] {
    var found: [(String, LayerParameter)] = []
    var copy = self
    withoutActuallyEscaping({ (name: String, parameter: inout LayerParameter) in
      found.append((name, parameter))
    }) { body in
      var visitor = ParameterVisitor(body)
      copy.visit(&visitor)
    }
    return found
  }

  /// How many numbers the parameters are.
  public var parameterCount: Int {
    parameters.reduce(0) { $0 + $1.parameter.shape.reduce(1, *) }
  }

  /// Calls `body` with every parameter, to change it.
  mutating func updateParameters(_ body: (String, inout LayerParameter) -> Void) {
    withoutActuallyEscaping(body) { body in
      var visitor = ParameterVisitor(body)
      visit(&visitor)
    }
  }

  /// The layer with parameters drawn as PyTorch draws them, where it has none.
  public func initialized(using generator: inout RandomGenerator) -> Self {
    var result = self
    result.updateParameters { _, parameter in
      guard parameter.value == nil else { return }
      switch parameter.initialization {
      case .zeros: parameter.value = NDArray.zeros(parameter.shape, dtype: .float32)
      case .ones: parameter.value = NDArray.ones(parameter.shape, dtype: .float32)
      case .uniform(let bound):
        parameter.value = generator.uniform(
          parameter.shape, low: -bound, high: bound, dtype: .float32)
      case .normal:
        parameter.value = generator.normal(parameter.shape, dtype: .float32)
      }
    }
    return result
  }

  /// The layer with parameters drawn from a seed.
  public func initialized(seed: UInt64) -> Self {
    var generator = RandomGenerator(seed: seed)
    return initialized(using: &generator)
  }
}
