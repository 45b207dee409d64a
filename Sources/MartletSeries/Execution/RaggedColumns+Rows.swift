import MartletArrays
import MartletIO

extension RaggedColumns {
  /// A symbol's values of another column, whose bars are some of these; NaN at the others.
  func take(_ column: Int, _ symbol: Int, from other: RaggedColumns, _ index: Int) {
    let (own, bars) = (layout.presence[symbol], other.layout.presence[symbol])
    if own == bars {
      start(column, symbol).copyMemory(
        from: other.start(index, symbol), byteCount: own.count * element.size)
      return
    }
    columns[column].setUndefined(layout.indices(of: symbol), element)
    for bar in 0..<bars.count {
      guard let to = own.bar(at: bars.timeIndex(bar)) else { continue }
      (start(column, symbol) + to * element.size).copyMemory(
        from: other.start(index, symbol) + bar * element.size, byteCount: element.size)
    }
  }

  /// A number at one of a symbol's bars.
  @inline(__always)
  func set(_ column: Int, _ symbol: Int, _ bar: Int, _ number: Double) {
    element.set(columns[column].base, layout.offsets[symbol] + bar, number)
  }

  /// As `read`, as numbers of double precision.
  func readNumbers(
    _ column: Int, _ symbol: Int, times: Range<Int>, into row: UnsafeMutablePointer<Double>
  ) {
    if element == .float64 { return read(column, symbol, times: times, into: row) }
    for k in 0..<times.count { row[k] = .nan }
    let presence = layout.presence[symbol]
    for bar in layout.bars(of: symbol, in: times) {
      row[presence.timeIndex(bar) - times.lowerBound] = value(column, symbol, bar: bar)
    }
  }

  /// The values of some times, time after time a number per symbol, NaN where it has no bar.
  func gather(_ column: Int, _ times: Range<Int>, into block: UnsafeMutablePointer<Double>) {
    for index in 0..<times.count * layout.symbolCount { block[index] = .nan }
    func gather<Element: BinaryFloatingPoint & BitwiseCopyable>(_ type: Element.Type) {
      forEachBar(column, times, type) { value, index in block[index] = Double(value.pointee) }
    }
    if element == .float64 { gather(Double.self) } else { gather(Float.self) }
  }

  /// The way back; numbers at times without a bar go nowhere.
  func scatter(_ column: Int, _ times: Range<Int>, from block: UnsafePointer<Double>) {
    func scatter<Element: BinaryFloatingPoint & BitwiseCopyable>(_ type: Element.Type) {
      forEachBar(column, times, type) { value, index in value.pointee = Element(block[index]) }
    }
    if element == .float64 { scatter(Double.self) } else { scatter(Float.self) }
  }

  /// The values of some times, each with its place in a block of rows of the market.
  @inline(__always)
  private func forEachBar<Element: BitwiseCopyable>(
    _ column: Int, _ times: Range<Int>, _ type: Element.Type,
    _ body: (_ value: UnsafeMutablePointer<Element>, _ index: Int) -> Void
  ) {
    let symbols = layout.symbolCount
    for symbol in 0..<symbols {
      let presence = layout.presence[symbol]
      let bars = layout.bars(of: symbol, in: times)
      if bars.isEmpty { continue }
      let run = start(column, symbol).assumingMemoryBound(to: type)
      if let own = presence.times {
        for bar in bars {
          body(run + bar, (Int(own[bar]) - times.lowerBound) * symbols + symbol)
        }
      } else {
        var index = (presence.first + bars.lowerBound - times.lowerBound) * symbols + symbol
        for bar in bars {
          body(run + bar, index)
          index += symbols
        }
      }
    }
  }
}
