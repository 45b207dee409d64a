public import MartletArrays
public import MartletIO

extension Panel {
  /// A panel from a CSV file in long form (`symbol,time,open,high,low,close,volume`; `date` for
  /// `time`; any order of columns), plain or gzipped.
  ///
  /// - Parameters:
  ///   - progress: Called now and then with the part of the file that has been read, 0…1.
  /// - Throws: `DataError` naming the file, the row and the column.
  public init(
    csv path: String, dtype: ElementType = .float64, checks: BarChecks = .standard,
    progress: ((Double) -> Void)? = nil
  ) throws(DataError) {
    let table = try BarTable(csv: path, progress: progress)
    try self.init(table, name: path, dtype: dtype, checks: checks)
  }

  /// A panel from rows in long form, in any order.
  public init(
    _ table: BarTable, name: String = "bars", dtype: ElementType = .float64,
    checks: BarChecks = .standard
  ) throws(DataError) {
    guard table.count > 0 else { throw DataError(.empty, in: name, "no rows") }
    var report = BarReport()
    let rows = try PanelRows(table, name: name, checks: checks, report: &report)
    let columns = [table.open, table.high, table.low, table.close, table.volume]
    try self.init(
      symbols: table.symbols, time: rows.time, name: name, dtype: dtype, checks: checks,
      report: report
    ) { field, symbol, values in
      rows.scatter(columns[field], of: symbol, into: values)
    }
  }

  /// A panel from an npz file: arrays `open high low close volume` of shape [symbols, time] or
  /// [time], and if present `symbols` (text) and `time` (nanoseconds or a NumPy date).
  public init(
    npz path: String, dtype: ElementType = .float64, checks: BarChecks = .standard
  ) throws(DataError) {
    let file = try NPZFile(path: path)
    var fields: [NDArray] = []
    for name in ["open", "high", "low", "close", "volume"] {
      let array = try file.array(name)
      guard (1...2).contains(array.shape.count) else {
        throw DataError(
          .wrongShape, in: path, at: "array \(name)",
          "shape \(array.shape); expected [symbols, time] or [time]")
      }
      guard !array.dtype.isComplex else {
        throw DataError(
          .wrongType, in: path, at: "array \(name)", "\(array.dtype); expected real numbers")
      }
      fields.append(array.dtype.isReal ? array : array.asType(.float64))
    }
    let symbols = file.contains("symbols") ? try file.strings("symbols") : nil
    let time = file.contains("time") ? try Self.times(file.array("time"), in: path) : nil
    try self.init(
      symbols: symbols, time: time, open: fields[0], high: fields[1], low: fields[2],
      close: fields[3], volume: fields[4], name: path, dtype: dtype, checks: checks)
  }

  private static func times(_ array: NDArray, in path: String) throws(DataError) -> [Int64] {
    guard !array.dtype.isComplex else {
      throw DataError(
        .wrongType, in: path, at: "array time", "\(array.dtype); expected whole numbers")
    }
    guard array.dtype.isReal else { return array.elements(as: Int64.self) }
    var times: [Int64] = []
    for (element, value) in array.doubles.enumerated() {
      guard let time = Int64(exactly: value) else {
        throw DataError(
          .outOfRange, in: path, at: "array time, element \(element)", "\(value) is not an integer")
      }
      times.append(time)
    }
    return times
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
    let known = fields.compactMap { $0 }
    let whole =
      count == 1 && known.count == 5 && known.allSatisfy { $0.dtype == element && $0.isAllFinite }
    try self.init(
      symbols: names, time: axis, name: name, dtype: element, checks: checks, report: BarReport(),
      inPlace: whole ? known : nil
    ) { field, symbol, values in
      guard let array = fields[field] else { return values.update(repeating: .nan) }
      for time in 0..<times { values[time] = array.element(symbol * times + time) }
    }
  }

  /// A panel from each symbol's bars, in any order.
  public init(
    _ bars: [String: [Bar]], dtype: ElementType = .float64, checks: BarChecks = .standard
  ) throws(DataError) {
    let symbols = bars.keys.sorted()
    var index: [Int32] = []
    var rows: [Bar] = []
    for (number, symbol) in symbols.enumerated() {
      for bar in bars[symbol] ?? [] {
        index.append(Int32(number))
        rows.append(bar)
      }
    }
    let table = try BarTable(
      symbols: symbols, symbolIndex: index, time: rows.map(\.time), open: rows.map(\.open),
      high: rows.map(\.high), low: rows.map(\.low), close: rows.map(\.close),
      volume: rows.map(\.volume))
    try self.init(table, dtype: dtype, checks: checks)
  }

  /// The end of every way: names checked, bars checked, fields packed.
  private init(
    symbols: [String], time: [Int64], name: String, dtype: ElementType, checks: BarChecks,
    report: BarReport, inPlace: [NDArray]? = nil,
    read: (_ field: Int, _ symbol: Int, _ values: UnsafeMutableBufferPointer<Double>) -> Void
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
    var inspection = BarInspection(
      symbols: symbols, times: time.count, element: dtype, checks: checks, report: report,
      name: name)
    for symbol in symbols.indices { try inspection.inspect(symbol, read) }
    let leftOut = inspection.leftOut
    let source: FieldSource
    if let inPlace, leftOut.isEmpty {
      source = FieldSource(fields: inPlace, isFlat: false)
    } else {
      source = FieldSource(
        symbols: symbols.count, times: time.count, fields: 5, element: dtype
      ) { field, symbol, values in
        read(field, symbol, values)
        for (time, fields) in leftOut[symbol] ?? [] where fields == .all || field == 4 {
          values[time] = .nan
        }
      }
    }
    self.init(symbols: symbols, time: time, report: inspection.report, source: source)
  }
}

extension BarTable {
  /// How sound a row is beside others of its symbol and time.
  fileprivate func soundness(of row: Int32) -> Int {
    let row = Int(row)
    return BarChecks.soundness(open: open[row], high: high[row], low: low[row], close: close[row])
  }

  /// Whether two rows hold the same numbers.
  fileprivate func isSame(_ a: Int32, _ b: Int32) -> Bool {
    [open, high, low, close, volume].allSatisfy { column in
      let (x, y) = (column[Int(a)], column[Int(b)])
      return x == y || (x.isNaN && y.isNaN)
    }
  }
}

/// Rows in long form, put into order: for each symbol which row stands at which time.
private struct PanelRows {
  private(set) var time: [Int64] = []
  private var rows: [[(row: Int32, time: Int32)]] = []

  init(
    _ table: BarTable, name: String, checks: BarChecks, report: inout BarReport
  ) throws(DataError) {
    var bySymbol = [[Int32]](repeating: [], count: table.symbols.count)
    for row in 0..<table.count { bySymbol[Int(table.symbolIndex[row])].append(Int32(row)) }
    for symbol in bySymbol.indices {
      let order = bySymbol[symbol]
      var late = 0
      var equal = 0
      var place = 0
      for k in order.indices.dropFirst() {
        let (before, now) = (table.time[Int(order[k - 1])], table.time[Int(order[k])])
        if now >= before && now != before { continue }
        if late + equal == 0 { place = Int(order[k]) }
        if now < before { late += 1 } else { equal += 1 }
      }
      if late > 0 {
        try note(.unordered, late, "time going backwards", place)
        bySymbol[symbol].sort { a, b in
          let (x, y) = (table.time[Int(a)], table.time[Int(b)])
          return x == y ? a < b : x < y
        }
      }
      if late + equal > 0 {
        var kept: [Int32] = []
        var conflicts = 0
        for row in bySymbol[symbol] {
          guard let last = kept.last, table.time[Int(last)] == table.time[Int(row)] else {
            kept.append(row)
            continue
          }
          if table.soundness(of: row) >= table.soundness(of: last) { kept[kept.count - 1] = row }
          if !table.isSame(last, row) { conflicts += 1 }
        }
        try note(
          .duplicate, bySymbol[symbol].count - kept.count, "a second row at one time", place)
        try note(.conflict, conflicts, "a second row at one time with other numbers", place)
        bySymbol[symbol] = kept
      }
      func note(
        _ check: BarChecks.Check, _ count: Int, _ what: String, _ row: Int
      ) throws(DataError) {
        guard count > 0 else { return }
        let policy = checks.policy(check)
        if policy == .reject {
          throw DataError(
            check == .unordered ? .order : .duplicate, in: name,
            at: "symbol \(excerpt(table.symbols[symbol])), data row \(row + 1)", what)
        }
        // Order is needed to compute at all, so what is only flagged is put right as well.
        report.note(
          check, count, policy: .repair, at: "\(table.symbols[symbol]), data row \(row + 1)")
      }
    }
    var all = Set<Int64>()
    for value in table.time { all.insert(value) }
    time = all.sorted()
    var index: [Int64: Int32] = [:]
    index.reserveCapacity(time.count)
    for (number, value) in time.enumerated() { index[value] = Int32(number) }
    rows = bySymbol.map { rows in
      rows.map { ($0, index[table.time[Int($0)]] ?? 0) }
    }
  }

  func scatter(_ column: [Double], of symbol: Int, into values: UnsafeMutableBufferPointer<Double>)
  {
    if rows[symbol].count < values.count { values.update(repeating: .nan) }
    for (row, time) in rows[symbol] { values[Int(time)] = column[Int(row)] }
  }
}
