public import MartletArrays
public import MartletIO

extension Panel {
  /// A panel from a bar file, or from some of its symbols: only the blocks that hold them are read.
  ///
  /// - Parameters:
  ///   - symbols: In this order; all of them by default.
  ///   - dtype: By default the file's.
  /// - Throws: `DataError` as ``BarFile``, for a file without rows, and for what the checks reject.
  public init(
    barFile path: String, symbols: [String]? = nil, dtype: ElementType? = nil,
    checks: BarChecks = .standard
  ) throws(DataError) {
    let file = try BarFile(path: path)
    try self.init(
      try file.rows(of: symbols), name: path, dtype: dtype ?? file.dtype, checks: checks)
  }

  /// Writes all bars to a bar file, in place of one that is there.
  ///
  /// - Throws: As ``BarFile/write(_:to:dtype:isCompressed:threads:)``.
  public func write(barFile path: String, isCompressed: Bool = true) throws(DataError) {
    try BarFile.write(barTable(), to: path, dtype: dtype, isCompressed: isCompressed)
  }

  /// Adds bars to a bar file: later ones of its symbols, and other symbols.
  ///
  /// - Parameter skipsOld: Leaves bars out that are not later than their symbol's last one in the file; otherwise they
  ///   are refused.
  /// - Returns: How many bars were added.
  /// - Throws: As ``BarFile/append(_:to:isCompressed:threads:)``; then the file is as it was.
  @discardableResult
  public func append(toBarFile path: String, skipsOld: Bool = false) throws(DataError) -> Int {
    let file = try BarFile(path: path)
    guard dtype == file.dtype || file.dtype == .float64 else {
      throw DataError(
        .wrongType, in: path, "holds float32, the bars are \(dtype); read them as float32 first")
    }
    var after: [String: Int64] = [:]
    if skipsOld {
      for (symbol, times) in zip(file.symbols, file.times) { after[symbol] = times?.upperBound }
    }
    let table = barTable(after: after)
    try BarFile.append(table, to: path)
    return table.count
  }

  /// All bars in long form, by symbol and time.
  ///
  /// - Parameter times: Of the symbols in it only bars that are later.
  public func barTable(after times: [String: Int64] = [:]) -> BarTable {
    var index: [Int32] = []
    var time: [Int64] = []
    var fields = [[Double]](repeating: [], count: 5)
    for (symbol, name) in symbols.enumerated() {
      let presence = source.presence[symbol]
      let all = (0..<presence.count).map { self.time[presence.timeIndex($0)] }
      let first = times[name].map { last in all.firstIndex { $0 > last } ?? all.count } ?? 0
      time += all[first...]
      index.append(contentsOf: repeatElement(Int32(symbol), count: all.count - first))
      for field in fields.indices {
        fields[field] += source.bars(of: field, symbol: symbol)[first...]
      }
    }
    do {
      return try BarTable(
        symbols: symbols, symbolIndex: index, time: time, open: fields[0], high: fields[1],
        low: fields[2], close: fields[3], volume: fields[4])
    } catch {
      fatalError("\(error)")
    }
  }
}

extension FieldSource {
  /// A field at a symbol's own bars.
  fileprivate func bars(of field: Int, symbol: Int) -> [Double] {
    let count = presence[symbol].count
    return [Double](unsafeUninitializedCapacity: count) { values, filled in
      filled = count
      guard count > 0, let base = values.baseAddress else { return }
      if element == .float32 {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { single in
          copy(field: field, symbol: symbol, bars: 0..<count, to: single.baseAddress!)
          for bar in 0..<count { base[bar] = Double(single[bar]) }
        }
      } else {
        copy(field: field, symbol: symbol, bars: 0..<count, to: base)
      }
    }
  }
}
