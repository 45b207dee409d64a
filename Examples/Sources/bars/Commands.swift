import Martlet
import ProgramSupport

/// Reads the input and writes it as one file.
func convert(_ input: BarInput, to path: String, _ arguments: Arguments) throws {
  guard !input.contains(path) else { throw Failure.badInput("\(path): is an input too") }
  let isArrow = [".arrow", ".feather"].contains { path.lowercased().hasSuffix($0) }
  let compression = try arguments.compression()
  guard isArrow || compression == nil else {
    throw Failure.badInput("--compression: goes with a FILE that ends in .arrow or .feather only")
  }
  let panel = try input.panel(dtype: try arguments.dtype())
  print("\(input.name): \(panel.summary)")
  for line in panel.findings { print(line) }
  if isArrow {
    try panel.write(arrow: path, compression: compression ?? .none)
    return print("Written to \(path): symbol, time, open, high, low, close, volume")
  }
  if path.lowercased().hasSuffix(".csv") {
    let table = try panel.compute { bars in
      [
        "open": bars.open, "high": bars.high, "low": bars.low, "close": bars.close,
        "volume": bars.volume,
      ]
    }
    try table.write(to: path)
    return print("Written to \(path)")
  }
  try panel.write(barFile: path, isCompressed: !arguments.has("--raw"))
  try show(try BarFile(path: path), listsSymbols: false)
}

extension Arguments {
  /// How an Arrow file is compressed; nil where nothing is said.
  fileprivate func compression() throws -> ArrowCompression? {
    guard let text = self["--compression"] else { return nil }
    guard let found = ArrowCompression(rawValue: text) else {
      throw Failure.badInput("--compression: \"\(text)\"; expected none, lz4 or zstd")
    }
    return found
  }
}

/// Adds the input's bars to a file.
func append(_ input: BarInput, to path: String, _ arguments: Arguments) throws {
  let file = try BarFile(path: path)
  let panel = try input.panel(dtype: file.dtype)
  print("\(input.name): \(panel.summary)")
  for line in panel.findings { print(line) }
  let count = try panel.append(toBarFile: path, skipsOld: arguments.has("--skip-old"))
  let left = panel.barCount - count
  print(
    "\(count.grouped) bar\(count == 1 ? "" : "s") appended"
      + (left > 0 ? ", \(left.grouped) left out that are not later than their symbol's last" : ""))
  try show(try BarFile(path: path), listsSymbols: false)
}

/// What a file holds.
func show(_ file: BarFile, listsSymbols: Bool) throws {
  print(file)
  let size = file.dtype.size
  var table = TextTable(["column", " bytes", " a row", " of its size in memory"])
  let rows = max(1, file.count)
  for (name, bytes) in file.columnBytes {
    let whole = rows * (name == "time" ? 8 : size)
    table.append([
      name, bytes.grouped, (Double(bytes) / Double(rows)).fixed(2),
      "1/\((Double(whole) / Double(max(1, bytes))).fixed(1))",
    ])
  }
  let whole = rows * (8 + 5 * size)
  table.append([
    "file", file.byteCount.grouped, (Double(file.byteCount) / Double(rows)).fixed(2),
    "1/\((Double(whole) / Double(max(1, file.byteCount))).fixed(1))",
  ])
  print(table.fitted())
  print("\(file.segmentCount) segment\(file.segmentCount == 1 ? "" : "s")")
  guard listsSymbols else { return }
  var symbols = TextTable(["symbol", " bars", "from", "to"])
  for (symbol, (count, times)) in zip(file.symbols, zip(file.rowCounts, file.times)) {
    func text(_ time: Int64?) -> String { time.map { "\(Timestamp(nanoseconds: $0))" } ?? "–" }
    symbols.append([symbol, count.grouped, text(times?.lowerBound), text(times?.upperBound)])
  }
  print(symbols.fitted())
}
