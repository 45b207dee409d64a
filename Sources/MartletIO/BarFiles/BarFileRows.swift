import MartletArrays

/// Rows of a bar file on their way to a table: where each row of each segment goes.
final class BarFileRows: @unchecked Sendable {
  private struct Piece {
    var rows: Range<Int>
    var target: Int
  }

  /// Per segment the runs that are asked for.
  private var pieces: [[Piece]]
  private var counts: [Int]
  private let total: Int
  private let time: UnsafeMutablePointer<Int64>
  /// Open, high, low, close and volume, each written in parts that are apart.
  private let fields: [UnsafeMutablePointer<Double>]

  init(_ directory: BarFileDirectory, _ order: [Int]) {
    var position = [Int](repeating: -1, count: directory.symbols.count)
    for (number, symbol) in order.enumerated() { position[symbol] = number }
    counts = Array(repeating: 0, count: order.count)
    for run in directory.segments.flatMap(\.runs) where position[run.symbol] >= 0 {
      counts[position[run.symbol]] += run.rows.count
    }
    var next: [Int] = []
    var total = 0
    for count in counts {
      next.append(total)
      total += count
    }
    pieces = directory.segments.map { segment in
      segment.runs.compactMap { run in
        let number = position[run.symbol]
        guard number >= 0 else { return nil }
        defer { next[number] += run.rows.count }
        return Piece(rows: run.rows, target: next[number])
      }
    }
    self.total = total
    time = .allocate(capacity: max(total, 1))
    fields = (0..<5).map { _ in .allocate(capacity: max(total, 1)) }
  }

  deinit {
    time.deallocate()
    for field in fields { field.deallocate() }
  }

  /// The pieces that have rows in a range.
  private func pieces(_ segment: Int, in rows: Range<Int>) -> ArraySlice<Piece> {
    let all = pieces[segment]
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].rows.upperBound <= rows.lowerBound { low = middle + 1 } else { high = middle }
    }
    return all[low...].prefix { $0.rows.lowerBound < rows.upperBound }
  }

  func wants(_ segment: Int, _ rows: Range<Int>) -> Bool { !pieces(segment, in: rows).isEmpty }

  /// The values of some rows of a segment's column to where they go.
  func place(
    _ values: UnsafeRawPointer, _ size: Int, _ column: Int, _ segment: Int, _ rows: Range<Int>
  ) {
    for piece in pieces(segment, in: rows) {
      let part = piece.rows.clamped(to: rows)
      let from = values + (part.lowerBound - rows.lowerBound) * size
      let target = piece.target + part.lowerBound - piece.rows.lowerBound
      if column == 0 {
        UnsafeMutableRawPointer(time + target).copyMemory(from: from, byteCount: part.count * 8)
      } else if size == 8 {
        UnsafeMutableRawPointer(fields[column - 1] + target)
          .copyMemory(from: from, byteCount: part.count * 8)
      } else {
        let out = fields[column - 1] + target
        for k in 0..<part.count {
          out[k] = Double(from.loadUnaligned(fromByteOffset: 4 * k, as: Float.self))
        }
      }
    }
  }

  /// The table, once all blocks are there.
  func table(names: [String]) throws(DataError) -> BarTable {
    var index: [Int32] = []
    index.reserveCapacity(total)
    for (number, count) in counts.enumerated() {
      index.append(contentsOf: repeatElement(Int32(number), count: count))
    }
    func column(_ number: Int) -> [Double] {
      Array(UnsafeBufferPointer(start: fields[number], count: total))
    }
    let times = Array(UnsafeBufferPointer(start: time, count: total))
    return try BarTable(
      symbols: names, symbolIndex: index, time: times, open: column(0), high: column(1),
      low: column(2), close: column(3), volume: column(4),
      hasTimeOfDay: times.contains { $0 % Calendar.nanosecondsPerDay != 0 })
  }
}
