public import MartletFeatures
public import MartletNetworks

/// An indicator transformer that is ready to run, with the names of its indicators.
///
/// ```swift
/// let model = try IndicatorModel("model.npz")
/// let (values, _) = IndicatorModel.prepared(standardised)         // [samples, 111]
/// let scores = try model(values, context: context)                // context [samples, 10]
/// for choice in scores.select(topK: 20, threshold: 0.3)[0] { print(choice.name, choice.weight) }
/// ```
public struct IndicatorModel: Sendable {
  /// What the file says it is.
  public let configuration: ModelConfiguration
  /// The network; its values and outputs have an axis of length 1 behind the tokens.
  public let network: Network
  /// The name of each indicator: those of the file's features, of `FeatureSet.transformer111` where there
  /// are as many, otherwise numbers.
  public let names: [String]
  /// The probability from which each indicator is taken, as its column says; 0.3 without columns.
  public let thresholds: [Double]
  private let tokens: Int

  /// A model from an `.npz` or `.safetensors` file.
  ///
  /// - Parameter reportsAttention: Whether results have the attention of the last layer: tokens² numbers a
  ///   sample.
  /// - Throws: `DataError` as `Model`, and for a file of another architecture.
  public init(
    _ path: String, precision: Precision = .float32, reportsAttention: Bool = false
  ) throws(DataError) {
    try self.init(
      try WeightFile(path: path), precision: precision, reportsAttention: reportsAttention)
  }

  /// A model from tensors.
  public init(
    _ weights: WeightFile, precision: Precision = .float32, reportsAttention: Bool = false
  ) throws(DataError) {
    let configuration = try ModelConfiguration(of: weights)
    try self.init(
      configuration, try configuration.architecture.loading(weights), precision, reportsAttention)
  }

  /// A model of weights drawn from a seed.
  public init(
    _ configuration: ModelConfiguration, seed: UInt64, precision: Precision = .float32,
    reportsAttention: Bool = false
  ) throws(DataError) {
    try self.init(
      configuration, configuration.architecture.initialized(seed: seed), precision,
      reportsAttention)
  }

  private init(
    _ configuration: ModelConfiguration, _ architecture: ModelArchitecture, _ precision: Precision,
    _ reportsAttention: Bool
  ) throws(DataError) {
    guard case .indicatorTransformer(let layer) = architecture else {
      throw DataError(
        .incompatible, in: configuration.name, "is no indicator transformer; use Model")
    }
    self.configuration = configuration
    tokens = layer.shape.tokens
    network = try layer.network(
      precision: precision, traces: false, reportsAttention: reportsAttention)
    let columns = try Self.columns(configuration, tokens)
    names = columns.map(\.name)
    thresholds = columns.map(\.threshold)
  }

  private static func columns(
    _ configuration: ModelConfiguration, _ tokens: Int
  ) throws(DataError) -> [(name: String, threshold: Double)] {
    if let json = configuration.features {
      let set = try FeatureSet(json: json, name: "\(configuration.name): features")
      guard set.columns.count == tokens else {
        throw DataError(
          .wrongShape, in: configuration.name, at: "features",
          "\(set.columns.count) columns for \(tokens) indicators")
      }
      return set.columns.map { ($0.name, $0.threshold) }
    }
    let usual = FeatureSet.transformer111.columns
    if usual.count == tokens { return usual.map { ($0.name, $0.threshold) } }
    return (0..<tokens).map { (String($0), 0.3) }
  }

  /// Values as the model wants them, and where they were missing.
  ///
  /// What is not finite becomes 0, the mean of what is standardised, and the rest is cut off at ±`limit`.
  /// Statistics come before: those of training, `FeatureSet.frozen`.
  public static func prepared(
    _ standardised: NDArray, limit: Double = 10
  ) -> (values: NDArray, isMissing: NDArray) {
    let isThere = standardised.isFinite()
    return (NDArray.where(isThere, standardised, 0).clip(-limit, limit), !isThere)
  }

  /// Probabilities and weights of every indicator of every sample.
  ///
  /// - Parameters:
  ///   - values: [samples, tokens], standardised; see `prepared`.
  ///   - context: [samples, context].
  ///   - ids: Which indicators they are, integers [samples, tokens]; nil for 0, 1, 2, …, all of them.
  /// - Throws: `DataError` for shapes that are not those, indices of no indicator, more tokens than the
  ///   model takes, and numbers that are not finite.
  public func callAsFunction(
    _ values: NDArray, context: NDArray, ids: NDArray? = nil, threads: Int? = nil,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(DataError) -> IndicatorProbabilities {
    var arrays = ["values": values, "context": context]
    arrays["ids"] = ids
    arrays = try IndicatorTransformer.completed(arrays, tokens: tokens)
    let given = (values: values.asType(.float32).eval(), ids: arrays["ids"])
    let found = IndicatorTransformer.flattened(
      try network(arrays, threads: threads, progress: progress), tokens: values.shape[1])
    return IndicatorProbabilities(
      names: names, ids: given.ids!.asType(.int32).eval(), values: given.values,
      logits: found["logits"]!, probabilities: found["probabilities"]!, weights: found["weights"]!,
      attention: found["attention"])
  }
}
