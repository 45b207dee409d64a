public import MartletArrays
public import MartletIO

extension Panel {
  /// A panel from an Arrow file or stream (Feather 2), as pandas, polars and DuckDB write it.
  ///
  /// Columns are known by the same names as in text, and the layout's keys that make sense there hold: `symbol=`,
  /// `time=`, `zone=`, `adjusted=`, …. Timestamps without a zone are on the clock of `zone=`, UTC if unsaid; those with
  /// one are moments, and where all are midnight there, dates. The panel's `report` tells how the file was read.
  /// - Throws: `DataError` naming the file, the row and the column, and what to say or to cast.
  public init(
    arrow path: String, layout: CSVLayout = CSVLayout(), dtype: ElementType = .float64,
    checks: BarChecks = .standard
  ) throws(DataError) {
    try self.init(arrow: [path], layout: layout, dtype: dtype, checks: checks)
  }

  /// A panel from several Arrow files, and from folders of them: the symbols of all.
  ///
  /// A file without a column for it holds the symbol that it is named after.
  /// - Throws: As the one for a file does, and for a file that is none of Arrow.
  public init(
    arrow paths: [String], layout: CSVLayout = CSVLayout(), dtype: ElementType = .float64,
    checks: BarChecks = .standard
  ) throws(DataError) {
    let table = try BarTable(arrow: paths, layout: layout)
    try self.init(table, of: paths, layout: layout, dtype: dtype, checks: checks)
  }

  /// Writes all bars to an Arrow file (Feather 2), in place of one that is there; rows lie symbol by symbol.
  ///
  /// Columns are `symbol` (a dictionary of text), `time` (`timestamp[ns, UTC]`, or `date32` where all times are
  /// midnights), `open`, `high`, `low`, `close` and `volume` in the panel's dtype, bits of NaN included.
  /// - Parameter compression: `.lz4` and `.zstd` need the package's traits of those names.
  /// - Throws: `DataError` for a compression that this build lacks, and where the disk refuses.
  public func write(
    arrow path: String, compression: ArrowCompression = .none
  ) throws(DataError) {
    try barTable().write(arrow: path, dtype: dtype, compression: compression)
  }
}
