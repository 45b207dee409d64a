import MartletArrays

extension LayoutDetector {
  /// Decides how numbers are written, what they count in and what they are adjusted for.
  mutating func findNumbers() throws(DataError) {
    if let said = given.decimal { result.decimal = said } else { result.decimal = try decimal() }
    result.layout.decimal = result.decimal
    if result.decimal == .comma {
      for column in result.columns.indices where result.columns[column].kind == .number {
        result.columns[column].kind = .formatted
      }
    }
    if let said = given.scale {
      result.scale = Double(said)
    } else if hasFixedPoint {
      result.scale = 1e9
      result.layout.scale = 1_000_000_000
      notes.append(
        "prices are taken for billionths, as Databento writes them (scale=1 for whole ones)")
    }
    if given.adjusted == .all, !result.hasAdjustedClose {
      throw error(
        .missing, at: headerLocation,
        "adjusted=all needs a column of adjusted closes among \(columnList); name it: adjustedClose=NAME"
      )
    }
    result.layout.adjusted =
      given.adjusted ?? (result.hasAdjustedClose || result.hasSplit ? .splits : nil)
  }

  /// Databento's prices in billionths: told by the columns beside them and by their size.
  private var hasFixedPoint: Bool {
    let names = Set(frame.names.map { ColumnNames.plain($0) })
    guard names.contains("rtype"), names.contains("publisherid"), let close = places[.close] else {
      return false
    }
    let texts = texts(close).filter { !$0.isEmpty }
    return !texts.isEmpty && texts.allSatisfy { Int($0).map { $0 >= 1_000_000 } ?? false }
  }

  /// What stands before the decimals, by the texts of all columns of numbers.
  private func decimal() throws(DataError) -> CSVLayout.Decimal {
    var (points, commas, undecided) = (0, 0, 0)
    var example = ""
    for column in result.columns.indices where result.columns[column].kind == .number {
      let isVolume =
        result.columns[column].slot % 5 == BarLayout.Slot.volume && frame.shape != .long
        || places[.volume] == column
      for row in frame.data {
        let text = row.fields[column]
        guard text.utf8.count <= 40 else { continue }
        switch NumberText.decimalShown(by: text) {
        case .point: points += 1
        case .comma: commas += 1
        case .some(.either):
          // Volumes are whole: a comma before three digits is for thousands.
          if isVolume { continue }
          undecided += 1
          if example.isEmpty { example = text }
        case nil: break
        }
      }
    }
    if commas > 0 || points > 0 { return commas > points ? .comma : .point }
    if undecided > 0, result.separator != 0x2C {
      throw error(
        .malformed,
        "\(quoted(example)): nothing tells whether the comma stands before decimals or thousands; "
          + "say decimal=comma or decimal=point")
    }
    return .point
  }

  // MARK: What is told

  /// The first line of the report, and what the layout says of everything that was found.
  mutating func describe() {
    var layout = result.layout
    if sample.columns == nil {
      layout.separator = frame.separator
      layout.encoding = encoding
      layout.skip = frame.skippedLines
      layout.header = frame.headerRows
    }
    for (meaning, path) in Self.paths {
      layout[keyPath: path] = frame.shape == .long ? places[meaning].map(reference) ?? "" : nil
    }
    result.layout = layout

    var parts = containerWords
    if !symbolPlaces.isEmpty { parts.append("symbol = \(list(symbolPlaces))") }
    parts.append("time = \(list(timePlaces)) (\(timeWords))")
    switch frame.shape {
    case .long:
      for (meaning, _) in Self.paths {
        guard let column = places[meaning],
          ColumnNames.plain(frame.names[column]) != "\(meaning)".lowercased()
        else { continue }
        parts.append("\(meaning) = \(excerpt(frame.names[column]))")
      }
    case .fields: parts.append("fields of \(result.groups.count) symbols in columns")
    case .closes: parts.append("closes of \(result.groups.count) symbols in columns")
    }
    if result.decimal == .comma { parts.append("decimal comma") }
    if result.scale != 1 { parts.append("prices divided by \(Int(result.scale))") }
    let missing = [ColumnNames.Meaning.open, .high, .low, .volume].filter { places[$0] == nil }
    if frame.shape == .long, !missing.isEmpty {
      parts.append("no " + missing.map { "\($0)" }.joined(separator: ", "))
    }
    if isNewestFirst { parts.append("newest first") }
    let used = Set(places.values).union(symbolPlaces).union(timePlaces)
    let unused = frame.names.indices.filter { column in
      !used.contains(column) && !frame.names[column].isEmpty && frame.names[column] != "-"
        && result.columns[column].kind == .ignored
    }
    result.reading = "read as: " + parts.joined(separator: ", ")
    if !unused.isEmpty {
      result.reading +=
        "; not used: " + unused.prefix(12).map(unusedWords).joined(separator: ", ")
      if unused.count > 12 { result.reading += " and \(unused.count - 12) more" }
    }
    result.reading += "."
    if encoding == .latin1 {
      notes.append("the text is not UTF-8 and is taken for Latin-1 (encoding= says another)")
    }
    for column in unused where isConstantInRuns(column) {
      notes.append(
        "column \(excerpt(frame.names[column])) holds text that stays for many rows (symbol=\(reference(column)) where it names the symbol)"
      )
    }
  }

  /// A column that is not used; of one that could not be, its type.
  private func unusedWords(_ column: Int) -> String {
    let name = excerpt(frame.names[column])
    guard let columns = sample.columns, columns.unread.contains(column) else { return name }
    return "\(name) (\(columns.types[column]))"
  }

  private var containerWords: [String] {
    if let columns = sample.columns { return [columns.kind] }
    var parts = [frame.separator.rawValue]
    if encoding != .utf8 { parts.append("text in \(encoding.rawValue)") }
    switch frame.headerRows {
    case 0: parts.append("no header")
    case 1: parts.append("header in line \(frame.skippedLines + 1)")
    default: parts.append("header of \(frame.headerRows) rows from line \(frame.skippedLines + 1)")
    }
    if frame.skippedLines > 0 {
      parts.append("\(frame.skippedLines) line\(frame.skippedLines == 1 ? "" : "s") skipped")
    }
    return parts
  }

  private static let paths:
    [(ColumnNames.Meaning, any WritableKeyPath<CSVLayout, String?> & Sendable)] = [
      (.open, \.open), (.high, \.high), (.low, \.low), (.close, \.close), (.volume, \.volume),
      (.adjustedClose, \.adjustedClose), (.split, \.split),
    ]

  private func list(_ columns: [Int]) -> String {
    columns.map { frame.names[$0].isEmpty ? "#\($0 + 1)" : excerpt(frame.names[$0]) }.joined(
      separator: " + ")
  }

  private var timeWords: String {
    guard let format = result.times.first else { return "" }
    var words: String
    if let known = timePlaces.first.flatMap({ sample.columns?.times[$0] }) {
      if format.isMidnight { return known + ", local midnights" }
      return result.zone.map { "\(known), \($0.name)" } ?? known
    }
    switch format.kind {
    case .epoch: words = "unix \(format.unit.rawValue)"
    case .excel: words = "days of a spreadsheet"
    case .number: words = "numbers of the calendar"
    case .name: words = "month by name"
    case .clock: words = "times of day"
    case .ymd, .mdy, .dmy: words = format.kind.rawValue
    }
    if let zone = result.midnightZone { return words + ", midnights in \(zone.name)" }
    if format.isMidnight { return words + ", local midnights" }
    if let zone = result.zone { return words + ", \(zone.name)" }
    if format.kind == .epoch || format.hasOffset { return words + " UTC" }
    return words
  }

  private var isNewestFirst: Bool {
    guard let column = timePlaces.first, let format = result.times.first else { return false }
    return TimeReading(format, column, symbols: symbolPlaces, [Array(frame.data.prefix(60))])
      .isBackward
  }

  /// Texts of few values that change seldom, as names of symbols do.
  private func isConstantInRuns(_ column: Int) -> Bool {
    let texts = texts(column)
    guard texts.count >= 10 else { return false }
    var changes = 0
    for (a, b) in zip(texts, texts.dropFirst()) where a != b { changes += 1 }
    return changes > 0 && changes * 8 < texts.count && texts.allSatisfy { Double($0) == nil }
  }
}
