import MartletArrays
import MartletIO

/// The results of one row of a stream.
///
/// A value of its own: it stays what it is when the stream goes on. Held no longer than until the
/// next update it costs no memory.
public struct StreamRow: Sendable {
  /// Names of the results.
  public var names: [String] { layout.names }
  /// Symbols of the stream.
  public let symbolCount: Int
  /// Nanoseconds since 1970 UTC of its bars; nil for a row without bars, or of bars of several times.
  public internal(set) var time: Int64?
  /// The symbol of a row with one symbol's bar.
  var onlySymbol: Int?
  private let layout: RowLayout
  private let dtype: ElementType
  private var buffer: Buffer

  init(symbols: Int, layout: RowLayout, dtype: ElementType) {
    symbolCount = symbols
    self.layout = layout
    self.dtype = dtype
    buffer = Buffer(byteCount: layout.slotCount * dtype.size)
  }

  /// A result of a symbol, both by number; NaN where it had no bar or has not warmed up.
  public subscript(result: Int, symbol symbol: Int) -> Double {
    require(
      result >= 0 && result < names.count, "StreamRow: result \(result) of \(names.count)")
    require(
      symbol >= 0 && symbol < symbolCount, "StreamRow: symbol \(symbol) of \(symbolCount)")
    if let onlySymbol {
      return symbol == onlySymbol ? element(layout.singleIndices[result]) : .nan
    }
    return element(layout.slot(of: result, symbol))
  }

  /// A result of the symbol that the row is about.
  public subscript(result: Int) -> Double {
    require(
      result >= 0 && result < names.count, "StreamRow: result \(result) of \(names.count)")
    require(
      onlySymbol != nil || symbolCount == 1, "StreamRow: a row of \(symbolCount) symbols; name one")
    return self[result, symbol: onlySymbol ?? 0]
  }

  /// A result by its name, nil if there is none.
  public subscript(name: String, symbol symbol: Int) -> Double? {
    names.firstIndex(of: name).map { self[$0, symbol: symbol] }
  }

  /// One result of all symbols, in the stream's order.
  public func values(of result: Int) -> [Double] {
    [Double](unsafeUninitializedCapacity: symbolCount) { values, count in
      copy(result, into: values)
      count = symbolCount
    }
  }

  /// Copies one result of all symbols, in the stream's order, without allocating.
  public func copy(_ result: Int, into values: UnsafeMutableBufferPointer<Double>) {
    require(
      result >= 0 && result < names.count, "StreamRow: result \(result) of \(names.count)")
    require(
      values.count >= symbolCount, "StreamRow: room for \(values.count) of \(symbolCount) symbols")
    if let onlySymbol {
      for symbol in 0..<symbolCount { values[symbol] = .nan }
      values[onlySymbol] = element(layout.singleIndices[result])
      return
    }
    layout.withSlots(of: result) { first, slots in
      switch dtype {
      case .float64:
        let from = buffer.pointer(to: Double.self) + first
        for symbol in 0..<symbolCount { values[symbol] = from[slots[symbol]] }
      case .float32:
        let from = buffer.pointer(to: Float.self) + first
        for symbol in 0..<symbolCount { values[symbol] = Double(from[slots[symbol]]) }
      default: dtype.notInLanes()
      }
    }
  }

  private func element(_ index: Int) -> Double { dtype.number(buffer.base, index) }

  var values: UnsafeMutableRawPointer { buffer.base }

  /// Memory that nobody else reads.
  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&buffer) { buffer = Buffer(byteCount: buffer.byteCount) }
  }

  /// A result of a row of a single symbol.
  func value(ofSingle result: Int) -> Double { element(layout.singleIndices[result]) }

  /// Puts a result of a symbol to its place.
  func set(_ result: Int, _ symbol: Int, _ value: Double) {
    dtype.set(buffer.base, layout.slot(of: result, symbol), value)
  }

  func setUndefined(_ range: Range<Int>) { buffer.setUndefined(range, dtype) }
}
