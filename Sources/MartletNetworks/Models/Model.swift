public import MartletArrays
import MartletIO

/// A network from a file: its architecture, its weights, and what belongs to its use.
///
/// ```swift
/// let model = try Model("model.npz")
/// let scores = try model(features)              // NDArray [samples, steps, features]
/// let small = try Model("model.npz", precision: .int8)
/// ```
public struct Model: Sendable {
  /// What the file says it is.
  public let configuration: ModelConfiguration
  /// Ready to run.
  public let network: Network

  /// A model from an `.npz` or `.safetensors` file, or from a folder of Hugging Face's form.
  ///
  /// What no tensor can tell (heads, activations, where norms are, pooling) must be said by the description
  /// in the file or by the `config.json` beside it; nothing is guessed.
  /// - Parameters:
  ///   - config: A file with the description, instead of that in the file or beside it.
  ///   - traces: Whether named activations inside are outputs too.
  /// - Throws: `DataError` for a file that cannot be read; for a description that is missing (with what to
  ///   fill in) or cannot be followed; and one that lists all tensors that are missing, not asked for,
  ///   misshapen or not finite.
  public init(
    _ path: String, config: String? = nil, precision: Precision = .float32, traces: Bool = false
  ) throws(DataError) {
    try self.init(
      try WeightFile(path: path, config: config), precision: precision, traces: traces)
  }

  /// A model from tensors.
  public init(
    _ weights: WeightFile, precision: Precision = .float32, traces: Bool = false
  ) throws(DataError) {
    try self.init(weights, precision: precision, traces: traces, on: .current)
  }

  package init(
    _ weights: WeightFile, precision: Precision, traces: Bool, on set: InstructionSet
  ) throws(DataError) {
    let configuration = try ModelConfiguration(of: weights)
    let loaded = try configuration.architecture.loading(weights)
    try self.init(configuration, loaded, precision: precision, traces: traces, on: set)
  }

  /// A model of weights drawn from a seed.
  public init(
    _ configuration: ModelConfiguration, seed: UInt64, precision: Precision = .float32,
    traces: Bool = false
  ) throws(DataError) {
    let drawn = configuration.architecture.initialized(seed: seed)
    try self.init(configuration, drawn, precision: precision, traces: traces)
  }

  private init(
    _ configuration: ModelConfiguration, _ architecture: ModelArchitecture, precision: Precision,
    traces: Bool, on set: InstructionSet = .current
  ) throws(DataError) {
    self.configuration = configuration
    network = try architecture.network(precision: precision, traces: traces, on: set)
  }

  /// Every output for the arrays of a file, by name; see `Network`.
  ///
  /// An indicator transformer takes `values` [samples, tokens] and `context`, and `ids` where they are not
  /// 0, 1, 2, …; its outputs are [samples, tokens]. A BERT encoder takes `ids` and `lengths`.
  public func callAsFunction(
    _ arrays: [String: NDArray], lengths: [Int]? = nil, threads: Int? = nil,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(DataError) -> [String: NDArray] {
    guard case .indicatorTransformer(let layer) = configuration.architecture else {
      return try network(arrays, lengths: lengths, threads: threads, progress: progress)
    }
    let completed = try IndicatorTransformer.completed(arrays, tokens: layer.shape.tokens)
    return IndicatorTransformer.flattened(
      try network(completed, lengths: lengths, threads: threads, progress: progress),
      tokens: completed["values"]?.shape[1] ?? 0)
  }

  /// The first output for the first input; see `Network`.
  public func callAsFunction(
    _ array: NDArray, lengths: [Int]? = nil, threads: Int? = nil
  ) throws(DataError) -> NDArray {
    try network(array, lengths: lengths, threads: threads)
  }
}
