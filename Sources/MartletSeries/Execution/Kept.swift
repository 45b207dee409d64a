import CMartletKernels
import MartletArrays
import MartletIO

/// What a run keeps of the values that it makes.
package enum Kept: Sendable {
  /// All of them: `[symbols, time]`.
  case history
  /// Each symbol's last one: `[symbols]`.
  case latest
  /// Those of some bars: `[symbols, places.columns]`.
  case indices(ResultSlots)
  /// One number of all of them: `[symbols]`.
  case reduced(Reduction)

  /// Columns of a result.
  package func columns(times: Int) -> Int {
    switch self {
    case .history: times
    case .latest, .reduced: 1
    case .indices(let indices): indices.columns
    }
  }

  package var isHistory: Bool { if case .history = self { true } else { false } }
  var isLatest: Bool { if case .latest = self { true } else { false } }
  var indices: ResultSlots? { if case .indices(let indices) = self { indices } else { nil } }
  var reduction: Reduction? { if case .reduced(let reduction) = self { reduction } else { nil } }
}

/// One number of all values of a symbol; undefined ones do not count.
public enum Reduction: String, CaseIterable, Sendable {
  /// How many are not 0: of a condition, the bars at which it is true.
  case count
  /// 0 of none. Eight sums, of every eighth bar each, are added at the end.
  case sum
  /// Their sum divided by how many there are; NaN of none.
  case mean
  /// NaN of none.
  case minimum
  /// NaN of none.
  case maximum

  /// What it is of no values at all.
  var ofNone: Double { self == .count || self == .sum ? 0 : .nan }
}

/// A reduction on its way: eight parts for each lane.
struct ReductionParts {
  private let reduction: Reduction
  private let lanes: Int
  /// The parts, then how many values are in them, eight rows of lanes each.
  private let memory: Buffer

  init(_ reduction: Reduction, lanes: Int) {
    (self.reduction, self.lanes) = (reduction, lanes)
    memory = Buffer(byteCount: 16 * lanes * MemoryLayout<Double>.stride)
    let first: Double? =
      switch reduction {
      case .count, .sum, .mean: nil
      case .minimum: .infinity
      case .maximum: -.infinity
      }
    if let first { parts.update(repeating: first, count: 8 * lanes) }
  }

  private var parts: UnsafeMutablePointer<Double> { memory.pointer(to: Double.self) }

  private var kind: Int32 {
    switch reduction {
    case .count: Int32(mk_reduction_count)
    case .sum, .mean: Int32(mk_reduction_sum)
    case .minimum: Int32(mk_reduction_minimum)
    case .maximum: Int32(mk_reduction_maximum)
    }
  }

  func receiving(_ sink: mk_sink) -> mk_sink {
    var sink = sink
    (sink.parts, sink.reduction) = (parts, kind)
    return sink
  }

  /// One lane's values, bar by bar.
  func add(_ values: UnsafeRawPointer, count: Int, _ element: ElementType) {
    let table = KernelTable(.current, width: 1, elementSize: element.size)
    var symbol: Int64 = 0
    var bars = Int64(count)
    var source = mk_operand(base: values, mask: -1, lag: 0)
    withUnsafePointer(to: &symbol) { symbol in
      withUnsafePointer(to: &bars) { bars in
        var sink = receiving(mk_sink())
        (sink.symbols, sink.counts) = (symbol, bars)
        table.raw.reduce(&source, &sink, 0, bars.pointee)
      }
    }
  }

  func result(_ lane: Int) -> Double {
    let eight = (0..<8).map { parts[$0 * lanes + lane] }
    let count = (0..<8).reduce(0) { $0 + parts[(8 + $1) * lanes + lane] }
    let sum =
      ((eight[0] + eight[1]) + (eight[2] + eight[3]))
      + ((eight[4] + eight[5]) + (eight[6] + eight[7]))
    return switch reduction {
    case .count, .sum: sum
    case .mean: count > 0 ? sum / count : reduction.ofNone
    case .minimum: count > 0 ? eight.min()! : reduction.ofNone
    case .maximum: count > 0 ? eight.max()! : reduction.ofNone
    }
  }
}
