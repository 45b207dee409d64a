public import MartletFeatures
import MartletNetworks

/// What a model says about one row of the market.
///
/// A value of its own: it stays what it is when the predictor goes on. Held no longer than until the next
/// update it costs no memory.
public struct PredictionRow: Sendable {
  /// Names of the numbers, as in `Signals`.
  public var labels: [String] { plan.labels }
  /// Symbols of the predictor.
  public let symbolCount: Int
  /// Symbols that have a prediction.
  public internal(set) var predicted = 0
  /// The symbol of a row with one symbol's bar.
  var onlySymbol: Int?
  private let plan: SignalPlan
  private var buffer: Buffer

  init(_ plan: SignalPlan, symbols: Int, isSingle: Bool = false) {
    self.plan = plan
    symbolCount = symbols
    buffer = Buffer(byteCount: (isSingle ? 1 : symbols) * plan.width * 4)
  }

  /// A number of a symbol, both by place; NaN where there is no prediction.
  public subscript(label: Int, symbol symbol: Int) -> Float {
    require(
      label >= 0 && label < plan.width, "PredictionRow: label \(label) of \(plan.width)")
    require(
      symbol >= 0 && symbol < symbolCount, "PredictionRow: symbol \(symbol) of \(symbolCount)")
    if let onlySymbol, symbol != onlySymbol { return .nan }
    return numbers(onlySymbol == nil ? symbol : 0)[label]
  }

  /// A number of the symbol that the row is about.
  public subscript(label: Int) -> Float {
    require(
      onlySymbol != nil || symbolCount == 1,
      "PredictionRow: a row of \(symbolCount) symbols; name one")
    return self[label, symbol: onlySymbol ?? 0]
  }

  /// A number by its name, nil if there is none.
  public subscript(name: String, symbol symbol: Int) -> Float? {
    labels.firstIndex(of: name).map { self[$0, symbol: symbol] }
  }

  /// All of them, float32 [symbols, labels].
  public var values: NDArray {
    let copy = Buffer(uninitializedByteCount: symbolCount * plan.width * 4)
    copy.setUndefined(0..<symbolCount * plan.width, .float32)
    let target = copy.pointer(to: Float.self)
    if let onlySymbol {
      (target + onlySymbol * plan.width).update(from: numbers(0), count: plan.width)
    } else {
      target.update(from: numbers(0), count: symbolCount * plan.width)
    }
    return NDArray(copy, shape: [symbolCount, plan.width], dtype: .float32)
  }

  private func numbers(_ index: Int) -> UnsafeMutablePointer<Float> {
    buffer.pointer(to: Float.self) + index * plan.width
  }

  func set(_ index: Int, _ values: UnsafePointer<Float>) {
    numbers(index).update(from: values, count: plan.width)
  }

  /// Memory that nobody else reads, without any prediction.
  mutating func clear() {
    if !isKnownUniquelyReferenced(&buffer) {
      buffer = Buffer(uninitializedByteCount: buffer.byteCount)
    }
    buffer.setUndefined(0..<buffer.byteCount / 4, .float32)
    predicted = 0
  }
}

extension PredictionRow: CustomStringConvertible {
  /// How many predictions there are, or the one of the only symbol.
  public var description: String {
    guard let symbol = onlySymbol ?? (symbolCount == 1 ? 0 : nil) else {
      return "PredictionRow: \(predicted) of \(symbolCount) symbols, \(labels.count) numbers each"
    }
    return "PredictionRow: "
      + labels.indices.map { "\(labels[$0]) \(self[$0, symbol: symbol])" }.joined(separator: ", ")
  }
}
