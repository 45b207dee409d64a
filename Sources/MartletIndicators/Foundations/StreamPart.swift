import MartletArrays

/// The results of a stream that need the same fields of a bar.
struct StreamPart: Sendable {
  /// The fields, one bit each.
  let mask: UInt8
  /// Which of the stream's results these are.
  let results: [Int]
  var live: LivePlan

  init(
    fields: Set<Int>, results: [Int], of series: [Series], symbols: Int, dtype: ElementType,
    instructionSet: InstructionSet
  ) {
    mask = fields.reduce(0) { $0 | 1 << UInt8($1) }
    self.results = results
    live = LivePlan(
      Schedule(results.map { series[$0].value }), symbols: symbols, element: dtype,
      instructionSet: instructionSet)
  }

  private init(copying other: StreamPart) {
    mask = other.mask
    results = other.results
    live = other.live.copy()
  }

  func copy() -> StreamPart { StreamPart(copying: self) }
}

/// Where the results of a row stand in its memory.
final class RowLayout: Sendable {
  let names: [String]
  let slotCount: Int
  /// First place of each part in a row of the market, and in one of a single symbol.
  let starts: [Int]
  let singleStarts: [Int]
  /// Result → its place in a row of a single symbol.
  let singlePlaces: [Int]
  /// Result → its first slot in a row of the market, and the part it belongs to.
  private let firstSlots: [Int]
  private let partOf: [Int]
  /// Part → symbol → slot.
  private let slots: [[Int]]

  init(names: [String], parts: [StreamPart]) {
    self.names = names
    var starts: [Int] = []
    var singleStarts: [Int] = []
    var singlePlaces = [Int](repeating: 0, count: names.count)
    var firstSlots = singlePlaces
    var partOf = singlePlaces
    var next = 0
    var nextSingle = 0
    for (number, part) in parts.enumerated() {
      starts.append(next)
      singleStarts.append(nextSingle)
      for (position, result) in part.results.enumerated() {
        singlePlaces[result] = nextSingle + position
        firstSlots[result] = next + position * part.live.slotCount
        partOf[result] = number
      }
      next += part.results.count * part.live.slotCount
      nextSingle += part.results.count
    }
    self.starts = starts
    self.singleStarts = singleStarts
    self.singlePlaces = singlePlaces
    self.firstSlots = firstSlots
    self.partOf = partOf
    slotCount = next
    slots = parts.map { part in part.live.places.indices.map { part.live.slot(of: $0) } }
  }

  /// The first slot of a result and, per symbol, how far behind it the symbol's is.
  func withSlots(of result: Int, _ body: (Int, UnsafeBufferPointer<Int>) -> Void) {
    slots[partOf[result]].withUnsafeBufferPointer { body(firstSlots[result], $0) }
  }

  func slot(of result: Int, _ symbol: Int) -> Int {
    firstSlots[result] + slots[partOf[result]][symbol]
  }
}
