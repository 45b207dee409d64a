public import MartletArrays
public import MartletIndicators

extension LivePredictor {
  private static let magic: UInt64 = 0x3150_504C_5452_414D  // "MARTLPP1"

  /// The whole state as bytes, from which `LivePredictor(restoring:model:)` goes on with the same bits: the
  /// stream's checkpoint and the rows of every symbol. The model is not in it.
  public func checkpoint() -> [UInt8] {
    var writer = ByteWriter()
    writer.add(Self.magic)
    writer.add(UInt64(feed.plan.window))
    writer.add(UInt64(feed.plan.rowWidth))
    let stream = feed.stream.checkpoint()
    writer.add(UInt64(stream.count))
    stream.withUnsafeBytes { writer.add($0) }
    feed.rows.write(to: &writer, symbols: symbols.count)
    return writer.bytes
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
    var reader = ByteReader(bytes)
    guard try reader.number() == Self.magic else {
      throw DataError(.malformed, in: "checkpoint", "does not begin as one of a predictor does")
    }
    let (window, width) = (try reader.number(), try reader.number())
    guard window == UInt64(plan.window), width == UInt64(plan.rowWidth) else {
      throw DataError(
        .incompatible, in: "checkpoint",
        "of windows [\(window), \(width)]; the model takes [\(plan.window), \(plan.rowWidth)]")
    }
    let size = try reader.count(ofAtLeast: 1)
    let range = try reader.skip(size)
    let stream = try BarStream(restoring: Array(bytes[range]), features: plan.features)
    let rows = FeatureRows(
      symbols: stream.symbols.count, window: plan.window, width: plan.rowWidth)
    try rows.read(from: &reader, symbols: stream.symbols.count)
    guard reader.isAtEnd else {
      throw DataError(.malformed, in: "checkpoint", "has bytes after its end")
    }
    try self.init(FeatureFeed(plan, stream, rows), options)
  }
}
