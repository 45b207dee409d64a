import Martlet
import ProgramSupport

extension Panel {
  /// How many bars each symbol has with all of the fields that a column needs.
  func barCounts(for columns: [Request.Column]) -> [Set<BarField>: [Int]] {
    let kinds = Set(columns.map(\.fields))
    var counts = Dictionary(uniqueKeysWithValues: kinds.map { ($0, [Int]()) })
    for symbol in symbols.indices {
      let bars = bars(of: symbol)
      for fields in kinds {
        counts[fields]?.append(bars.count { bar in fields.allSatisfy { bar[$0].isFinite } })
      }
    }
    return counts
  }

  /// The time index of every symbol's last bar, −1 without one.
  var lastIndices: [Int] {
    let places = Dictionary(uniqueKeysWithValues: zip(time, time.indices))
    return symbols.indices.map { bars(of: $0).last.flatMap { places[$0.time] } ?? -1 }
  }
}

extension Bar {
  fileprivate subscript(field: BarField) -> Double {
    switch field {
    case .open: open
    case .high: high
    case .low: low
    case .close: close
    case .volume: volume
    case .hl2, .hlc3, .ohlc4: .nan
    }
  }
}

/// Results that arrive row by row or chunk by chunk.
struct ResultStore {
  private let symbols: Int
  private let times: Int
  /// Symbol → the time index that is kept; nil where all are.
  private let lastBars: [Int]?
  private var doubles: [[Double]] = []
  private var floats: [[Float]] = []
  private let isDouble: Bool

  init(results: Int, symbols: Int, times: Int, dtype: ElementType, lastBars: [Int]?) {
    self.symbols = symbols
    self.times = times
    self.lastBars = lastBars
    isDouble = dtype == .float64
    let count = symbols * (lastBars == nil ? times : 1)
    if isDouble {
      doubles = (0..<results).map { _ in [Double](repeating: .nan, count: count) }
    } else {
      floats = (0..<results).map { _ in [Float](repeating: .nan, count: count) }
    }
  }

  private var resultCount: Int { isDouble ? doubles.count : floats.count }

  private mutating func set(_ result: Int, _ symbol: Int, _ time: Int, _ value: Double) {
    var place = symbol
    if let lastBars {
      guard lastBars[symbol] == time else { return }
    } else {
      place = symbol * times + time
    }
    if isDouble { doubles[result][place] = value } else { floats[result][place] = Float(value) }
  }

  /// One row of a stream.
  mutating func take(_ row: StreamRow, _ time: Int) {
    for result in 0..<resultCount {
      let values = row.values(of: result)
      for symbol in 0..<symbols { set(result, symbol, time, values[symbol]) }
    }
  }

  /// Arrays `[symbols, times of a chunk]`.
  mutating func take(_ chunk: [NDArray], from start: Int) {
    for (result, array) in chunk.enumerated() {
      let count = array.shape[1]
      if lastBars != nil {
        for symbol in 0..<symbols {
          for time in 0..<count { set(result, symbol, start + time, array[symbol, time]) }
        }
      } else if isDouble {
        copy(array, into: &doubles[result], from: start, count)
      } else {
        copy(array, into: &floats[result], from: start, count)
      }
    }
  }

  private func copy<Element>(
    _ array: NDArray, into values: inout [Element], from start: Int, _ count: Int
  ) {
    let size = MemoryLayout<Element>.stride
    array.withUnsafeBytes { rows in
      values.withUnsafeMutableBytes { target in
        for symbol in 0..<symbols {
          let row = UnsafeRawBufferPointer(
            rebasing: rows[symbol * count * size..<(symbol + 1) * count * size])
          let place = (symbol * times + start) * size
          UnsafeMutableRawBufferPointer(rebasing: target[place..<place + row.count])
            .copyMemory(from: row)
        }
      }
    }
  }

  /// Hands over the results, `[symbols, time]` or `[symbols]`.
  mutating func finish() -> [NDArray] {
    let shape = lastBars == nil ? [symbols, times] : [symbols]
    return (0..<resultCount).map { result in
      // One at a time, so that little is there twice.
      if isDouble {
        defer { doubles[result] = [] }
        return NDArray(doubles[result], shape: shape)
      }
      defer { floats[result] = [] }
      return NDArray(floats[result], shape: shape)
    }
  }
}
