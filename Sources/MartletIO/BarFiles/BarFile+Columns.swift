public import MartletArrays

extension BarFile {
  /// The names of the columns.
  public static let columns = ["time", "open", "high", "low", "close", "volume"]

  /// A column, of one symbol or of all one behind the other: int64 nanoseconds, or prices and volumes as they are
  /// stored.
  ///
  /// Where the file is not compressed and was written at once the array is a view of the mapped file: nothing is
  /// copied, and the file must not be shortened or changed in place meanwhile; its checksums are compared first.
  /// Otherwise the blocks that hold the rows are decoded.
  ///
  /// - Throws: `DataError` for a name that there is not, and for a block that is damaged.
  public func column(_ name: String, symbol: String? = nil) throws(DataError) -> NDArray {
    guard let column = Self.columns.firstIndex(of: name) else {
      throw DataError(
        .unknownName, in: path,
        "no column \(excerpt(name)); expected \(Self.columns.joined(separator: ", "))"
          + DataError.nearest(name, among: Self.columns))
    }
    if let view = try view(column, symbol) { return view }
    let table = try rows(of: symbol.map { [$0] })
    if column == 0 { return NDArray(table.time) }
    let values = [table.open, table.high, table.low, table.close, table.volume][column - 1]
    return NDArray(values).asType(dtype).eval()
  }

  /// The rows where they lie; nil where they are compressed or not in one piece.
  private func view(_ column: Int, _ symbol: String?) throws(DataError) -> NDArray? {
    guard directory.segments.count == 1, let segment = directory.segments.first,
      !segment.isCompressed
    else { return nil }
    var wanted = 0..<segment.rowCount
    if let symbol {
      guard let number = symbols.firstIndex(of: symbol) else { return nil }
      let runs = segment.runs.filter { $0.symbol == number }
      guard runs.count == 1 else { return nil }
      wanted = runs[0].rows
    } else if segment.runs.map(\.symbol) != Array(symbols.indices) {
      return nil
    }
    guard !wanted.isEmpty else { return nil }
    let blocks = segment.columns[column]
    let size = column == 0 || dtype == .float64 ? 8 : 4
    let (first, last) = (
      wanted.lowerBound / BarFileDirectory.blockRows,
      (wanted.upperBound - 1) / BarFileDirectory.blockRows
    )
    for number in first...last {
      let block = blocks[number]
      guard
        number == first || block.offset == blocks[number - 1].offset + blocks[number - 1].byteCount
      else { return nil }
      try check(block, number, column)
    }
    let start =
      blocks[first].offset + (wanted.lowerBound - first * BarFileDirectory.blockRows) * size
    return mapped(
      start..<start + wanted.count * size,
      column == 0 ? .int64 : dtype == .float64 ? .float64 : .float32, count: wanted.count)
  }
}
