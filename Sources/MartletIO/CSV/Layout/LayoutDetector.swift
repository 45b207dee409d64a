import MartletArrays

/// Finds the layout of a file in a sample of it.
///
/// What the caller said is taken as it is; the rest is decided once for the file. What changes numbers and cannot be
/// decided is an error that says what to say.
struct LayoutDetector {
  let sample: LayoutSample
  let given: CSVLayout
  let encoding: CSVLayout.Encoding
  var result: BarLayout
  var frame = LayoutFrame()
  /// The column of each meaning.
  var places: [ColumnNames.Meaning: Int] = [:]
  var symbolPlaces: [Int] = []
  var timePlaces: [Int] = []
  var notes: [String] = []

  /// Rows of the beginning that are looked at.
  private static let rowLimit = 250

  static func detect(_ stream: TextStream, _ given: CSVLayout) throws(DataError) -> BarLayout {
    var detector = LayoutDetector(
      sample: LayoutSample(stream), given: given, encoding: stream.encoding,
      result: BarLayout(layout: given))
    return try detector.find()
  }

  /// The layout of a file of columns, by the same rules.
  static func detect(
    _ columns: ColumnSample, name: String, _ given: CSVLayout
  ) throws(DataError) -> BarLayout {
    var detector = LayoutDetector(
      sample: LayoutSample(columns, name: name), given: given, encoding: .utf8,
      result: BarLayout(layout: given))
    return try detector.find(in: columns)
  }

  private mutating func find(in columns: ColumnSample) throws(DataError) -> BarLayout {
    frame.names = given.columns ?? columns.names
    guard frame.names.count == columns.names.count else {
      throw error(
        .wrongShape, "columns= names \(frame.names.count) columns; there are \(columns.names.count)"
      )
    }
    frame.headerRows = 1
    _ = placeNames(width: frame.names.count, above: columns.first.first, in: &frame)
    frame.data = columns.first
    return try decide()
  }

  private mutating func find() throws(DataError) -> BarLayout {
    guard sample.head.contains(where: { $0 > 0x20 }) else {
      throw error(.empty, "there is no header row")
    }
    guard !sample.head.prefix(4096).contains(0) else {
      throw error(.malformed, "holds zero bytes where text should be: it is no text")
    }
    let separators =
      given.separator.map { [$0] } ?? saidSeparator.map { [$0] } ?? CSVLayout.Separator.allCases
    var best: (frame: LayoutFrame, score: Double)?
    for separator in separators {
      guard let found = frame(separator) else { continue }
      let score =
        Double(found.rank) * 1000 + found.steadiness * 100 + Double(min(found.fieldCount, 90))
      if score > best?.score ?? -1 { best = (found, score) }
    }
    guard var best = best?.frame else {
      throw error(
        .malformed,
        "there is no row with several fields; expected fields between commas, "
          + "semicolons, tabs or pipes: separator=")
    }
    best.fill(sample.rows(best.separator.byte, limit: Self.rowLimit))
    frame = best
    return try decide()
  }

  private mutating func decide() throws(DataError) -> BarLayout {
    result.separator = frame.separator.byte
    result.skippedLines = frame.skippedLines
    result.headerRows = frame.headerRows
    result.names = frame.names
    result.columns = Array(repeating: BarLayout.Column(), count: frame.names.count)
    try findColumns()
    try findTimes()
    try findNumbers()
    describe()
    result.notes = notes
    return result
  }

  /// `sep=;` in the first line, as spreadsheets write it.
  private var saidSeparator: CSVLayout.Separator? {
    let start = String(decoding: sample.head.prefix(7), as: UTF8.self).lowercased()
    guard start.hasPrefix("sep=") || start.hasPrefix("\"sep=") else { return nil }
    let rest = start.drop { $0 != "=" }.dropFirst()
    return CSVLayout.Separator.allCases.first { rest.utf8.first == $0.byte }
  }

  func error(_ kind: DataError.Kind, at location: String? = nil, _ problem: String) -> DataError {
    DataError(kind, in: sample.name, at: location, problem)
  }

  /// The line in which the header stands, for messages.
  var headerLocation: String? {
    sample.columns == nil ? "row \(frame.skippedLines + 1)" : nil
  }

  /// The texts of a column in the sample.
  func texts(_ column: Int) -> [String] { frame.data.map { $0.fields[column] } }

  /// The columns of the file for a message.
  var columnList: String {
    frame.names.prefix(30).map { quoted($0) }.joined(separator: ", ")
  }

  /// The column that a name or `#3` stands for.
  func place(of name: String, key: String) throws(DataError) -> Int {
    let names = frame.names
    if let found = names.firstIndex(of: name) { return found }
    if name.hasPrefix("#"), let number = Int(name.dropFirst()), names.indices.contains(number - 1) {
      return number - 1
    }
    let plain = ColumnNames.plain(name)
    if let found = names.firstIndex(where: { ColumnNames.plain($0) == plain }), !plain.isEmpty {
      return found
    }
    throw error(
      .missing, at: headerLocation,
      "\(key)=\(excerpt(name)): there is no such column among \(columnList)")
  }

  /// How a layout calls a column.
  func reference(_ column: Int) -> String {
    let name = frame.names[column]
    let isUnique =
      frame.names.firstIndex(of: name) == column && frame.names.lastIndex(of: name) == column
    return name.isEmpty || !isUnique ? "#\(column + 1)" : name
  }
}
