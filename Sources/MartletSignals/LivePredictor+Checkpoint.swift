public import MartletFeatures
public import MartletNetworks

extension LivePredictor {
  /// The whole state as bytes, from which `LivePredictor(restoring:model:)` goes on with the same bits.
  ///
  /// They hold the stream's checkpoint and the rows of every symbol, not the model.
  public func checkpoint() -> [UInt8] {
    let stream = feed.stream.checkpoint()
    var writer = CheckpointWriter(kind: "predictor", capacity: stream.count)
    writer.section("windows") { writer in
      writer.add(UInt64(feed.plan.window))
      writer.add(UInt64(feed.plan.rowWidth))
    }
    writer.section("stream") { writer in stream.withUnsafeBytes { writer.add($0) } }
    writer.section("rows") { writer in feed.rows.write(to: &writer, symbols: symbols.count) }
    return writer.finish()
  }

  /// A predictor as it was when `checkpoint()` was called.
  ///
  /// - Parameters:
  ///   - features: The same as then.
  ///   - options: The same as then; the context is not kept.
  /// - Throws: `DataError` when the bytes are no checkpoint, are cut off, or belong to other features or
  ///   windows.
  public init(
    restoring bytes: [UInt8], model: Model, features: FeatureSet? = nil,
    options: SignalOptions = SignalOptions()
  ) throws(DataError) {
    let plan = try SignalPlan(model, features, options)
    var checkpoint = try CheckpointReader(bytes, kind: "predictor")
    var reader = try checkpoint.section("windows")
    let (window, width) = (try reader.number(), try reader.number())
    guard window == UInt64(plan.window), width == UInt64(plan.rowWidth) else {
      throw DataError(
        .incompatible, in: "checkpoint",
        "of windows [\(window), \(width)]; the model takes [\(plan.window), \(plan.rowWidth)]")
    }
    try reader.finish()
    reader = try checkpoint.section("stream")
    let stream = try BarStream(restoring: try reader.rest(), features: plan.features)
    let rows = FeatureRows(
      symbols: stream.symbols.count, window: plan.window, width: plan.rowWidth)
    reader = try checkpoint.section("rows")
    try rows.read(from: &reader, symbols: stream.symbols.count)
    try reader.finish()
    try checkpoint.finish()
    try self.init(FeatureFeed(plan, stream, rows), options)
  }
}
