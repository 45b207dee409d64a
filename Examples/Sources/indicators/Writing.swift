import Martlet
import ProgramSupport

extension Panel {
  /// Every time is a midnight.
  var hasWholeDays: Bool { time.allSatisfy { $0 % 86_400_000_000_000 == 0 } }

  /// The time index of each symbol's last bar, nil where it has none.
  var lastBars: [Int?] {
    symbols.indices.map { symbol in
      time.indices.last { bar(symbol: symbol, time: $0) != nil }
    }
  }
}

extension Results {
  /// One array per output, then `symbols` and `time`.
  func write(to writer: inout NPZWriter, _ panel: Panel, last: Bool) throws {
    var progress = ProgressBar("Writing")
    for (number, array) in arrays.enumerated() {
      try array.withUnsafeBytes { bytes in
        try writer.write(
          names[number], type: array.dtype == .float64 ? .float64 : .float32, shape: array.shape,
          bytes: bytes)
      }
      progress.show(Double(number + 1) / Double(arrays.count))
    }
    try writer.write("symbols", panel.symbols)
    // NumPy's "not a time" for a symbol without any bar.
    let times = last ? panel.lastBars.map { $0.map { panel.time[$0] } ?? .min } : panel.time
    try writer.write("time", times)
    ProgressBar.clear()
  }

  /// One row per bar, symbol by symbol; with `last` one row per symbol.
  func write(to writer: inout CSVWriter, _ panel: Panel, last: Bool) throws {
    var progress = ProgressBar("Writing")
    let count = panel.time.count
    let lastBars = last ? panel.lastBars : []
    var row = [Double](repeating: .nan, count: arrays.count)
    for (symbol, name) in panel.symbols.enumerated() {
      if last {
        guard let time = lastBars[symbol] else { continue }
        for (number, array) in arrays.enumerated() { row[number] = array[symbol] }
        try writer.write(symbol: name, time: panel.time[time], row)
        continue
      }
      let values = arrays.map { $0.row(symbol).doubles }
      for time in 0..<count where panel.bar(symbol: symbol, time: time) != nil {
        for number in values.indices { row[number] = values[number][time] }
        try writer.write(symbol: name, time: panel.time[time], row)
      }
      progress.show(Double(symbol + 1) / Double(panel.symbols.count))
    }
    ProgressBar.clear()
  }
}
