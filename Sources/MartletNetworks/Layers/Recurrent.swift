import CMartletKernels
import MartletArrays
import MartletIO

/// One direction of a layer that goes through time: what inputs and the state before give to its gates.
public struct RecurrentCell: Sendable {
  /// [gates · width, inputs].
  public var inputWeight: LayerParameter
  /// [gates · width, width].
  public var stateWeight: LayerParameter
  /// [gates · width], nil for none.
  public var inputBias: LayerParameter?
  /// [gates · width], nil for none.
  public var stateBias: LayerParameter?

  init(inputs: Int, width: Int, gates: Int, bias: Bool) {
    let bound = 1 / Double(width).squareRoot()
    inputWeight = LayerParameter([gates * width, inputs], .uniform(bound: bound))
    stateWeight = LayerParameter([gates * width, width], .uniform(bound: bound))
    inputBias = bias ? LayerParameter([gates * width], .uniform(bound: bound)) : nil
    stateBias = inputBias
  }
}

/// Layers of cells, forwards or in both directions, as PyTorch stacks them.
public struct RecurrentStack: Sendable {
  /// Of each layer one cell, or one forwards and one backwards.
  public var cells: [[RecurrentCell]]
  private let width: Int

  init(_ inputs: Int, _ width: Int, gates: Int, layers: Int, isBidirectional: Bool, bias: Bool) {
    require(
      inputs > 0 && width > 0 && layers > 0,
      "recurrent layers: \(layers) of \(width) numbers for rows of \(inputs)")
    let directions = isBidirectional ? 2 : 1
    cells = (0..<layers).map { layer in
      Array(
        repeating: RecurrentCell(
          inputs: layer == 0 ? inputs : directions * width, width: width, gates: gates, bias: bias),
        count: directions)
    }
    self.width = width
  }

  func run(_ x: Activation, _ kind: Int, in network: inout NetworkBuilder) -> Activation {
    var x = x
    for layer in cells {
      let directions = layer.enumerated().map { direction, cell in
        network.recur(
          kind, network.linear(x, cell.inputWeight, cell.inputBias), width: width,
          weight: cell.stateWeight, bias: cell.stateBias, isReversed: direction == 1)
      }
      x = directions.count == 1 ? directions[0] : network.concatenate(directions)
    }
    return x
  }

  mutating func visit(_ parameters: inout ParameterVisitor) {
    for layer in cells.indices {
      for direction in cells[layer].indices {
        let end = "l\(layer)" + (direction == 1 ? "_reverse" : "")
        parameters("weight_ih_\(end)", &cells[layer][direction].inputWeight)
        parameters("weight_hh_\(end)", &cells[layer][direction].stateWeight)
        parameters("bias_ih_\(end)", &cells[layer][direction].inputBias)
        parameters("bias_hh_\(end)", &cells[layer][direction].stateBias)
      }
    }
  }
}

/// Gated recurrent units, PyTorch's `nn.GRU(batch_first: true)`.
///
/// The result is the state at every step, of both directions side by side; states begin at zero. After Cho et
/// al. (2014). The state's products stay in float32 at every precision.
public struct GRU: Layer {
  /// Gates r, z and n.
  public var stack: RecurrentStack

  /// Layers from rows of `inputs` numbers to rows of `width`, or 2 · `width` in both directions.
  public init(
    _ inputs: Int, _ width: Int, layers: Int = 1, isBidirectional: Bool = false, bias: Bool = true
  ) {
    stack = RecurrentStack(
      inputs, width, gates: 3, layers: layers, isBidirectional: isBidirectional, bias: bias)
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    stack.run(x, mk_step_gru, in: &network)
  }

  /// Shows the parameters.
  public mutating func visit(_ parameters: inout ParameterVisitor) { stack.visit(&parameters) }
}

/// Long short-term memory, PyTorch's `nn.LSTM(batch_first: true)`.
///
/// The result is the state at every step, of both directions side by side; states begin at zero. After
/// Hochreiter and Schmidhuber (1997) and Gers et al. (2000). The state's products stay in float32 at every precision.
public struct LSTM: Layer {
  /// Gates i, f, g and o.
  public var stack: RecurrentStack

  /// Layers from rows of `inputs` numbers to rows of `width`, or 2 · `width` in both directions.
  public init(
    _ inputs: Int, _ width: Int, layers: Int = 1, isBidirectional: Bool = false, bias: Bool = true
  ) {
    stack = RecurrentStack(
      inputs, width, gates: 4, layers: layers, isBidirectional: isBidirectional, bias: bias)
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    stack.run(x, mk_step_lstm, in: &network)
  }

  /// Shows the parameters.
  public mutating func visit(_ parameters: inout ParameterVisitor) { stack.visit(&parameters) }
}
