/// Numbers on their way through a network: rows of `width` numbers, one a sample or one a time step.
///
/// A name for what will be computed; it belongs to the builder that made it.
public struct Activation: Hashable, Sendable {
  let id: Int
  /// Which rows there are.
  let space: Int
  /// Numbers in a row.
  public let width: Int
}

/// The function behind a product.
public enum ActivationFunction: String, CaseIterable, Hashable, Sendable {
  /// Itself.
  case identity
  /// max(x, 0).
  case relu
  /// x Φ(x) with the error function (Hendrycks and Gimpel 2016).
  case gelu
  /// Its approximation with tanh.
  case geluTanh = "gelu_tanh"
  /// x σ(x), also called swish.
  case silu
  case tanh
  /// The logistic function σ.
  case sigmoid
  /// log(1 + e^x).
  case softplus
}

/// How the rows of a sample become one.
public enum PoolingKind: String, CaseIterable, Hashable, Sendable {
  case mean
  case max
  /// The first row, where BERT has its CLS token.
  case first
  case last
}

/// What a network is given.
public struct NetworkInput: Hashable, Sendable {
  package enum Rows: Hashable {
    case sample
    /// Those of a sequence; nil for the one that most networks have only.
    case steps(of: String?)
  }
  /// The name under which it is passed.
  public let name: String
  package let width: Int
  package let rows: Rows
  /// How many values an index may have; nil for numbers.
  package let indexCount: Int?

  /// One row of `width` numbers a sample: an array [samples, width].
  public static func rows(_ name: String = "input", width: Int) -> NetworkInput {
    NetworkInput(name: name, width: width, rows: .sample, indexCount: nil)
  }

  /// A row of `width` numbers for each time step of a sample: an array [samples, steps, width].
  ///
  /// Inputs of one `sequence` have the same steps; another sequence has its own, and its own lengths: what
  /// cross attention asks, for one.
  public static func steps(
    _ name: String = "input", width: Int, of sequence: String? = nil
  ) -> NetworkInput {
    NetworkInput(name: name, width: width, rows: .steps(of: sequence), indexCount: nil)
  }

  /// An index below `count` for each time step: an array of integers [samples, steps].
  public static func indices(
    _ name: String, count: Int, of sequence: String? = nil
  ) -> NetworkInput {
    NetworkInput(name: name, width: 1, rows: .steps(of: sequence), indexCount: count)
  }
}
