import MartletArrays

/// Where the header of a file is and what its columns are called, with one separator.
struct LayoutFrame {
  var separator = CSVLayout.Separator.comma
  /// Lines before the header, and rows of it.
  var skippedLines = 0
  var headerRows = 0
  var headerLines = 0
  var names: [String] = []
  var shape = CSVLayout.Shape.long
  /// Of wide files: the symbol and the field of each column.
  var cells: [(symbol: String, meaning: ColumnNames.Meaning)?] = []
  /// How much is known: 0 nothing, up to a header with a time and a close.
  var rank = 0
  /// The part of the rows with as many fields as most.
  var steadiness = 0.0
  var fieldCount = 0
  /// Rows of the sample that may hold bars, all of the same number of fields.
  var data: [SampleRow] = []

  /// Keeps the rows below the header, filled up or cut to the columns there are.
  mutating func fill(_ rows: [SampleRow]) {
    let count = names.count
    let first = skippedLines + headerLines
    data = rows.compactMap { row in
      guard row.line >= first, !row.isBlank, row.fields != names, row.fields.count * 2 >= count
      else { return nil }
      var row = row
      if row.fields.count > count { row.fields.removeLast(row.fields.count - count) }
      while row.fields.count < count { row.fields.append("") }
      return row
    }
  }
}

extension LayoutDetector {
  private static let frameRows = 60

  /// The frame that a separator gives; nil where it separates nothing.
  func frame(_ separator: CSVLayout.Separator) -> LayoutFrame? {
    let rows = sample.rows(separator.byte, limit: Self.frameRows)
    let counts = rows.filter { !$0.isBlank }.map(\.fields.count)
    guard let widest = counts.max(), widest > 1 || given.separator != nil else { return nil }
    var tally: [Int: Int] = [:]
    for count in counts { tally[count, default: 0] += 1 }
    let usual = tally.max { ($0.value, $0.key) < ($1.value, $1.key) } ?? (1, 0)
    var found = LayoutFrame()
    found.separator = separator
    found.fieldCount = usual.key
    found.steadiness = Double(usual.value) / Double(max(counts.count, 1))
    if usual.key < 2 { found.steadiness = 0 }
    if let skip = given.skip {
      place(header: rows.firstIndex { $0.line >= skip } ?? rows.count, of: rows, in: &found)
      found.skippedLines = skip
      return found
    }
    var last: Int?
    for index in rows.indices {
      let row = rows[index]
      guard !row.isBlank, row.fields.count > 1, !row.fields[0].hasPrefix("sep=") else { continue }
      if let last, given.columns == nil, given.header == nil, isBar(row) {
        // A header of names that are not known.
        let header = rows[last]
        if header.fields.count == row.fields.count, header.fields.allSatisfy({ number($0) == nil })
        {
          (found.names, found.skippedLines) = (header.fields, header.line)
          (found.headerRows, found.headerLines, found.rank) = (1, header.lines, 1)
          return found
        }
      }
      if place(header: index, of: rows, in: &found) { return found }
      last = index
    }
    // Nothing that looks like a header or like a bar: the first row with as many fields as most stands for it.
    let index = rows.firstIndex { $0.fields.count == usual.key && !$0.isBlank } ?? 0
    let isBare = rows[index].fields.allSatisfy { number($0) != nil }
    if isBare, placeBare(rows[index], in: &found) {
      (found.skippedLines, found.rank) = (rows[index].line, 0)
      return found
    }
    found.names = rows[index].fields
    found.skippedLines = rows[index].line
    (found.headerRows, found.headerLines) = (1, rows[index].lines)
    found.rank = 0
    return found
  }

  /// Tries a row as the header; true where it is one, or is a bar of a file without one.
  @discardableResult
  private func place(header index: Int, of rows: [SampleRow], in frame: inout LayoutFrame) -> Bool {
    guard index < rows.count else { return false }
    let row = rows[index]
    frame.skippedLines = row.line
    if given.columns != nil || given.header == 0 { return placeBare(row, in: &frame) }
    if given.header == nil, given.shape == nil || given.shape == .long, isBar(row) {
      return placeBare(row, in: &frame)
    }
    let data = rows[(index + 1)...].first { !$0.isBlank }
    if given.shape != .long, placeMany(index, of: rows, in: &frame) { return true }
    (frame.headerRows, frame.headerLines) = (given.header ?? 1, row.lines)
    frame.names = row.fields
    if let data, let time = timeBefore(row, data) { frame.names.insert(time, at: 0) }
    if placeNames(width: row.fields.count, above: data, in: &frame) { return true }
    if given.header != nil { frame.rank = 1 }
    return given.header != nil
  }

  /// Says whether the names are those of bars above a row of data: of a time and a close, or of several symbols.
  func placeNames(width: Int, above data: SampleRow?, in frame: inout LayoutFrame) -> Bool {
    let matches = frame.names.map { ColumnNames.match($0) }
    let hasClose =
      matches.contains { $0?.meaning == .close || $0?.meaning == .adjustedClose }
      || given.close != nil
    let hasTime =
      matches.contains { $0?.meaning == .time || $0?.meaning == .clock } || given.time != nil
    let isPair =
      hasTime && width == 2 && data?.fields.contains { number($0) != nil } == true
    if isPair || hasClose, hasTime || data.map({ hasTimeText($0, frame.names) }) == true {
      frame.rank = hasTime ? 5 : 4
      return true
    }
    return placeFlat(data, in: &frame)
  }

  /// The name of a first column that the header does not have, as where row names are written without one.
  private func timeBefore(_ header: SampleRow, _ data: SampleRow) -> String? {
    guard data.fields.count == header.fields.count + 1, Self.isTimeText(data.fields[0]) else {
      return nil
    }
    let time = header.fields.firstIndex { ColumnNames.match($0)?.meaning == .time }
    if let time, Self.isTimeText(data.fields[time]) { return nil }
    return ""
  }

  /// Whether a column without a name for it holds dates in words or digits with separators.
  private func hasTimeText(_ row: SampleRow, _ names: [String]) -> Bool {
    zip(row.fields, names).contains { text, name in
      Self.isDateText(text)
        || (ColumnNames.plain(name).isEmpty || ColumnNames.plain(name) == "index")
          && Self.isTimeText(text)
    }
  }

  static func isDateText(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard NumberedTime(bytes) == nil, let fields = TimeFields(bytes) else { return false }
      return fields.form != .clock
    }
  }

  /// Whether a text is a date, or a number that can be one.
  static func isTimeText(_ text: String) -> Bool {
    var copy = text
    return isDateText(text)
      || copy.withUTF8 { bytes in
        guard let number = NumberedTime(bytes) else { return false }
        return number.digits >= 8 && number.isCalendar || number.isSpreadsheet
          || number.digits >= 9 && TimeFormat.Unit(landing: number.value) != nil
      }
  }

  /// Whether a row is a bar rather than a header: a time near its beginning, and four numbers behind it.
  private func isBar(_ row: SampleRow) -> Bool {
    guard row.fields.count >= 5 else { return false }
    guard let time = row.fields.prefix(4).firstIndex(where: Self.isTimeText) else { return false }
    let numbers = row.fields[(time + 1)...].prefix(6).count { number($0) != nil }
    return numbers >= 4
  }

  func number(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { bytes in
      for decimal in CSVLayout.Decimal.allCases {
        if case .number(let value) = NumberText(bytes, decimal) { return value }
      }
      return nil
    }
  }

  /// A file without a header: its names come from the layout, or from the shape of its rows.
  private func placeBare(_ row: SampleRow, in frame: inout LayoutFrame) -> Bool {
    let headerRows = given.header ?? 0
    (frame.headerRows, frame.headerLines) = (headerRows, headerRows == 0 ? 0 : row.lines)
    if let columns = given.columns {
      frame.names = columns
      frame.rank = 5
    } else {
      frame.names = row.fields.indices.map { "#\($0 + 1)" }
      frame.rank = 3
    }
    return true
  }
}
