import Martlet
import ProgramSupport

/// How the bars are walked through.
enum Mode: CustomStringConvertible {
  case batch
  case stream
  case chunk(Int)

  init(_ text: String) throws(Failure) {
    switch text {
    case "batch": self = .batch
    case "stream": self = .stream
    default:
      guard text.hasPrefix("chunk:") else {
        let hint = DataError.nearest(text, among: ["batch", "stream", "chunk:1"])
        throw .badInput("--mode: \(text); expected batch, stream or chunk:N\(hint)")
      }
      guard let count = Int(text.dropFirst(6)), count > 0 else {
        throw .badInput("--mode: \(text); expected chunk:N with N a whole number from 1")
      }
      self = .chunk(count)
    }
  }

  var description: String {
    switch self {
    case .batch: "batch"
    case .stream: "stream"
    case .chunk(let count): "chunk:\(count)"
    }
  }
}

/// A request over a panel, in one of the modes.
struct Computation {
  let panel: Panel
  let request: Request
  let columns: [Request.Column]
  let mode: Mode
  let last: Bool
  let threads: Int?

  /// Results by column: `[symbols, time]`, or `[symbols]` of the last bars.
  func run() throws -> [NDArray] {
    if case .batch = mode {
      return try request.compute(panel, last: last, threads: threads)
    }
    var stream = try request.stream(for: panel)
    var store = ResultStore(
      results: columns.count, symbols: panel.symbols.count, times: panel.time.count,
      dtype: panel.dtype, lastBars: last ? panel.lastIndices : nil)
    var progress = ProgressBar("Computing")
    let count = panel.time.count
    if case .chunk(let length) = mode {
      var start = 0
      while start < count {
        let end = min(start + min(length, count), count)
        let chunk = try stream.process(panel.times(start..<end), threads: threads)
        store.take(chunk, from: start)
        start = end
        progress.show(Double(end) / Double(count))
      }
    } else {
      for time in 0..<count {
        let bars = panel.symbols.indices.map { panel.bar(symbol: $0, time: time) }
        store.take(try stream.update(bars), time)
        progress.show(Double(time + 1) / Double(count))
      }
    }
    ProgressBar.clear()
    return store.finish()
  }
}
