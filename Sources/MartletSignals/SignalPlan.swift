public import MartletFeatures
public import MartletNetworks

/// How rows of features meet the inputs of a network; checked once.
struct SignalPlan: Sendable {
  enum Form: Sendable {
    /// A sample is a row for each of the last bars.
    case window
    /// A sample is the row of the last bar.
    case row
    /// A sample is the row of the last bar, a step for each feature.
    case tokens
  }

  /// An output of the network and its place among the numbers of a signal.
  struct Output: Sendable {
    let name: String
    let value: Int
    let range: Range<Int>
  }

  let network: Network
  let features: FeatureSet
  let form: Form
  /// Whether masks stand behind the features.
  let hasMasks: Bool
  /// Numbers of a row.
  let rowWidth: Int
  /// Rows of a sample, and the fewest there may be.
  let window: Int
  let shortest: Int
  let clip: Float
  let outputs: [Output]
  let labels: [String]
  /// The input that is the same for the whole market, and how many numbers it has.
  let context: (index: Int, width: Int)?
  /// The input that is 0, 1, 2, …, a number for each feature.
  let indices: Int?

  /// Numbers of a signal.
  var width: Int { labels.count }

  init(_ model: Model, _ given: FeatureSet?, _ options: SignalOptions) throws(DataError) {
    guard let features = given != nil ? given : try model.configuration.featureSet() else {
      throw DataError(
        .missing, in: model.configuration.name, at: "features",
        "the model does not say which features it wants; give them")
    }
    let network = model.network
    let columns = features.columns.count
    let first = network.inputs[0]
    func mismatch() -> DataError {
      DataError(
        .wrongShape, in: model.configuration.name, at: "input \(first.name)",
        "\(first.width) numbers; \(features.name) has \(columns) columns, \(2 * columns) with masks"
      )
    }
    guard first.indexCount == nil else {
      throw DataError(
        .incompatible, in: model.configuration.name, at: "input \(first.name)",
        "indices; a model of features takes numbers")
    }
    let fits = first.width == columns || first.width == 2 * columns
    if first.rows != .sample, first.width == 1, columns > 1 {
      form = .tokens
    } else if fits {
      form = first.rows == .sample ? .row : .window
    } else {
      throw mismatch()
    }
    hasMasks = form != .tokens && first.width == 2 * columns
    rowWidth = hasMasks ? 2 * columns : columns
    let space = network.program.values[0].space
    let limit = network.program.limits.filter { $0.space == space }.map(\.length).min()
    switch form {
    case .row: window = 1
    case .tokens:
      window = 1
      if let limit, columns > limit { throw mismatch() }
    case .window:
      guard let wanted = options.window ?? model.configuration.window ?? limit else {
        throw DataError(
          .missing, in: model.configuration.name, at: "window",
          "the model does not say how many bars it looks at; give a window")
      }
      guard (1...1_000_000).contains(wanted), wanted <= limit ?? wanted else {
        throw DataError(
          .outOfRange, in: model.configuration.name, at: "window",
          "\(wanted); expected 1…\(limit ?? 1_000_000)")
      }
      window = wanted
    }
    switch options.shortHistory {
    case .skipped: shortest = window
    case .ragged(let minimum):
      require(minimum >= 1, "SignalOptions: samples of \(minimum) bars")
      shortest = min(minimum, window)
    }
    let program = network.program
    let tokens = form == .tokens ? columns : nil
    let (shortest, window) = (tokens ?? shortest, tokens ?? window)
    if let problem = program.problem(shortest: { _ in shortest }, longest: { _ in window }) {
      throw DataError(.outOfRange, in: model.configuration.name, at: "window", problem)
    }
    guard options.clip > 0 else {
      fatalError("SignalOptions: values cut off at \(options.clip)")
    }
    clip = Float(options.clip)
    var context: (Int, Int)?
    var indices: Int?
    for (index, input) in network.inputs.enumerated().dropFirst() {
      if let count = input.indexCount, count >= columns, form == .tokens, indices == nil,
        input.rows == first.rows
      {
        indices = index
      } else if input.indexCount == nil, input.rows == .sample, context == nil {
        context = (index, input.width)
      } else {
        throw DataError(
          .incompatible, in: model.configuration.name, at: "input \(input.name)",
          "is neither the features nor what belongs to the whole market")
      }
    }
    (self.context, self.indices) = (context, indices)
    self.network = network
    self.features = features
    var outputs: [Output] = []
    var labels: [String] = []
    let isAlone = network.outputNames.count == 1
    for output in network.program.outputs {
      let value = network.program.values[output.value]
      let isSteps = value.space != NetworkBuilder.samples
      let names =
        isSteps && form == .tokens && value.width == 1
        ? features.names : Self.labels(model.configuration.outputLabels, value.width)
      outputs.append(
        Output(
          name: output.name, value: output.value,
          range: labels.count..<labels.count + names.count))
      labels += isAlone ? names : names.map { "\(output.name).\($0)" }
      guard !isSteps || form != .tokens || value.width == 1 else {
        throw DataError(
          .incompatible, in: model.configuration.name, at: "output \(output.name)",
          "\(value.width) numbers for each feature; expected 1")
      }
    }
    self.outputs = outputs
    self.labels = labels
  }

  private static func labels(_ given: [String]?, _ count: Int) -> [String] {
    if let given, given.count == count { return given }
    return (0..<count).map { "\($0)" }
  }

  /// A feature as the model sees it.
  @inline(__always)
  func put(_ value: Double, _ column: Int, _ row: UnsafeMutablePointer<Float>) {
    let isThere = !value.isNaN
    row[column] = isThere ? max(-clip, min(clip, Float(value))) : 0
    if hasMasks { row[features.columns.count + column] = isThere ? 1 : 0 }
  }

  /// The context of `count` times, or of one for all of them; nil where the model takes none.
  func contextRows(_ given: NDArray?, times: Int?) throws(DataError) -> [Float]? {
    guard let context else {
      guard given == nil else {
        throw DataError(.unknownName, in: "context", "the model does not take one")
      }
      return nil
    }
    guard let given else { return [Float](repeating: 0, count: context.width) }
    guard
      given.shape == [context.width] || (times != nil && given.shape == [times!, context.width])
    else {
      let times = times.map { " or [\($0), \(context.width)]" } ?? ""
      throw DataError(
        .wrongShape, in: "context", "\(given.shape); expected [\(context.width)]\(times)")
    }
    guard given.dtype.isReal || given.dtype.isInteger else {
      throw DataError(.wrongType, in: "context", "\(given.dtype); expected real numbers")
    }
    return given.asType(.float32).eval().elements(as: Float.self)
  }
}

extension ModelConfiguration {
  /// The feature set that the model wants; nil where the file does not say.
  ///
  /// - Throws: `DataError` where the description of the set cannot be followed.
  public func featureSet() throws(DataError) -> FeatureSet? {
    guard let features else { return nil }
    return try FeatureSet(json: features, name: "\(name): features")
  }
}
