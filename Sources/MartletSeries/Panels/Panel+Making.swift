public import MartletArrays
public import MartletIO

extension Panel {
  /// A panel from a file of bars, text in any usual layout: plain, gzipped or in a zip file.
  ///
  /// The layout is found out as far as `layout` does not say it; the panel's `report` tells how the file was read and
  /// what was assumed.
  /// - Parameters:
  ///   - layout: What the file does not say, such as `"dates=dmy,zone=newYork"`.
  ///   - progress: Called now and then with the part of the file that has been read, 0…1.
  /// - Throws: `DataError` naming the file, the row and the column, and what to say in the layout where something
  ///   that changes numbers cannot be decided.
  public init(
    csv path: String, layout: CSVLayout = CSVLayout(), dtype: ElementType = .float64,
    checks: BarChecks = .standard, progress: ((Double) -> Void)? = nil
  ) throws(DataError) {
    try self.init(csv: [path], layout: layout, dtype: dtype, checks: checks, progress: progress)
  }

  /// A panel from several files of bars, from folders and zip files of them: the symbols of all.
  ///
  /// Arrow files may be among them, as `Panel(arrow:)` reads them.
  /// A file without a column for it holds the symbol that it is named after.
  /// - Throws: As the one for a file does.
  public init(
    csv paths: [String], layout: CSVLayout = CSVLayout(), dtype: ElementType = .float64,
    checks: BarChecks = .standard, progress: ((Double) -> Void)? = nil
  ) throws(DataError) {
    let table = try BarTable(csv: paths, layout: layout, progress: progress)
    try self.init(table, of: paths, layout: layout, dtype: dtype, checks: checks)
  }

  /// A panel from the rows of files.
  init(
    _ table: BarTable, of paths: [String], layout: CSVLayout, dtype: ElementType, checks: BarChecks
  ) throws(DataError) {
    let name = paths.count == 1 ? paths[0] : "\(paths.count) inputs"
    try self.init(table, name: name, dtype: dtype, checks: checks)
    try RepeatedTimes(report, table: table, name: name).check(paths, layout)
  }

  /// A panel from rows in long form, in any order.
  public init(
    _ table: BarTable, name: String = "bars", dtype: ElementType = .float64,
    checks: BarChecks = .standard
  ) throws(DataError) {
    guard table.count > 0 else { throw DataError(.empty, in: name, "no rows") }
    var report = BarReport()
    report.reading = table.notes
    let rows = try PanelRows(table, name: name, checks: checks, report: &report)
    let columns = [table.open, table.high, table.low, table.close, table.volume].map {
      BarRows.Column(Buffer.keeping($0), .float64)
    }
    try self.init(
      symbols: table.symbols, time: rows.time, name: name, checks: checks, report: report,
      BarRows(
        columns: columns, symbols: rows.symbols, timeCount: rows.time.count, element: dtype))
  }

  /// A panel from arrays of shape [symbols, time] (or [time] for one symbol); NaN is a missing bar.
  ///
  /// One symbol without gaps, in the panel's own dtype, is not copied.
  ///
  /// - Parameters:
  ///   - symbols: Names; by default S0, S1, ….
  ///   - time: Increasing nanoseconds since 1970 UTC; by default 0, 1, 2, ….
  ///   - volume: By default unknown: what needs it is NaN.
  ///   - name: What errors call the data.
  public init(
    symbols: [String]? = nil, time: [Int64]? = nil, open: NDArray, high: NDArray, low: NDArray,
    close: NDArray, volume: NDArray? = nil, name: String = "panel", dtype: ElementType? = nil,
    checks: BarChecks = .standard
  ) throws(DataError) {
    try self.init(
      symbols: symbols, time: time, open: open, high: high, low: low, close: close, volume: volume,
      name: name, dtype: dtype, checks: checks, reading: [])
  }

  /// The same with what is known of where the arrays come from.
  init(
    symbols: [String]?, time: [Int64]?, open: NDArray, high: NDArray, low: NDArray, close: NDArray,
    volume: NDArray?, name: String, dtype: ElementType?, checks: BarChecks, reading: [String]
  ) throws(DataError) {
    let shape = close.shape
    guard (1...2).contains(shape.count) else {
      throw DataError(
        .wrongShape, in: name, at: "array close",
        "shape \(shape); expected [symbols, time] or [time]")
    }
    let fields = [open, high, low, close, volume]
    for (array, field) in zip(fields, BarField.stored) {
      guard let array, array.shape != shape else { continue }
      throw DataError(
        .wrongShape, in: name, at: "array \(field.rawValue)",
        "shape \(array.shape); expected that of close, \(shape)")
    }
    let count = shape.count == 1 ? 1 : shape[0]
    let times = shape[shape.count - 1]
    guard count > 0, times > 0 else {
      throw DataError(.empty, in: name, "shape \(shape): no bars")
    }
    let names = symbols ?? (0..<count).map { "S\($0)" }
    guard names.count == count else {
      throw DataError(
        .wrongShape, in: name, at: "array symbols", "\(names.count) names for \(count) symbols")
    }
    guard (time?.count ?? times) == times else {
      throw DataError(
        .wrongShape, in: name, at: "array time", "\(time?.count ?? 0) times for \(times) columns")
    }
    let axis = time ?? (0..<times).map(Int64.init)
    for (k, pair) in zip(axis, axis.dropFirst()).enumerated() where pair.1 <= pair.0 {
      throw DataError(
        .order, in: name, at: "array time, index \(k + 1)",
        "\(pair.1) after \(pair.0); expected increasing times")
    }
    let element = dtype ?? close.dtype.inexactType
    let columns = fields.map { array in
      array.map { BarRows.Column($0) } ?? BarRows.Column(nil, element)
    }
    var report = BarReport()
    report.reading = reading
    try self.init(
      symbols: names, time: axis, name: name, checks: checks, report: report,
      BarRows(arrays: columns, symbols: count, times: times, element: element))
  }

  /// A panel from each symbol's bars, in any order.
  public init(
    _ bars: [String: [Bar]], dtype: ElementType = .float64, checks: BarChecks = .standard
  ) throws(DataError) {
    let symbols = bars.keys.sorted()
    let count = bars.reduce(0) { $0 + $1.value.count }
    var index: [Int32] = []
    var time: [Int64] = []
    var fields = [[Double]](repeating: [], count: 5)
    index.reserveCapacity(count)
    time.reserveCapacity(count)
    for field in fields.indices { fields[field].reserveCapacity(count) }
    for (number, symbol) in symbols.enumerated() {
      guard let rows = bars[symbol] else { continue }
      index.append(contentsOf: repeatElement(Int32(number), count: rows.count))
      for bar in rows {
        time.append(bar.time)
        fields[0].append(bar.open)
        fields[1].append(bar.high)
        fields[2].append(bar.low)
        fields[3].append(bar.close)
        fields[4].append(bar.volume)
      }
    }
    let table = try BarTable(
      symbols: symbols, symbolIndex: index, time: time, open: fields[0], high: fields[1],
      low: fields[2], close: fields[3], volume: fields[4])
    try self.init(table, dtype: dtype, checks: checks)
  }

  /// The end of every way: names checked, bars checked, fields packed.
  private init(
    symbols: [String], time: [Int64], name: String, checks: BarChecks, report: BarReport,
    _ rows: BarRows
  ) throws(DataError) {
    var seen = Set<String>()
    for symbol in symbols where !seen.insert(symbol).inserted {
      throw DataError(.duplicate, in: name, at: "symbol \(excerpt(symbol))", "is there twice")
    }
    guard time.first != .min else {
      throw DataError(.outOfRange, in: name, at: "time 0", "is NumPy's \"not a time\"")
    }
    var report = report
    if let last = time.last, BarChecks.isOfOtherUnit(last) {
      let count = time.count { BarChecks.isOfOtherUnit($0) }
      try report.note(.timeUnit, count, by: checks, in: name, at: "time \(last)")
    }
    var rows = rows
    try BarInspection(names: symbols, checks: checks, name: name).inspect(&rows, &report)
    self.init(symbols: symbols, time: time, report: report, source: FieldSource(rows))
  }
}
