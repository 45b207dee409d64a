import MartletArrays
import MartletIO

/// Rows of a symbol that share their time and hold other numbers: where they are many, a column that tells them apart
/// was not used.
struct RepeatedTimes {
  private let table: BarTable
  private let name: String
  private let count: Int
  private let place: String

  init(_ report: BarReport, table: BarTable, name: String) {
    (self.table, self.name) = (table, name)
    count = report.counts[.conflict] ?? 0
    place = report.firstFound[.conflict] ?? ""
  }

  /// A few can be mistakes of whoever made the file.
  private static func areMany(_ count: Int, of rows: Int) -> Bool {
    count > 3 && count * 1000 > rows
  }

  /// - Throws: `DataError` that names a column with which no time repeats, where the file has one.
  func check(_ paths: [String], _ given: CSVLayout) throws(DataError) {
    guard count > 0, given.repeats != .last else { return }
    if let error = changeOfClocks(given) { throw error }
    guard Self.areMany(count, of: table.count) else { return }
    let found = paths.count == 1 ? table.columnTellingApart(paths[0], given) : nil
    let remedy: String
    if let found {
      remedy =
        "with the column \(quoted(found.column)) (\(found.values) values) none has: symbol=\(found.symbol)"
    } else if !table.hasTimeOfDay {
      remedy =
        "the times have no time of day: a column of it, or of the symbol, is missing (time=, symbol=); repeats=last keeps the last of each"
    } else {
      remedy = "no column tells them apart (symbol=, time=); repeats=last keeps the last of each"
    }
    throw DataError(
      .duplicate, in: name, at: place,
      "\(count) rows have the time of another and other numbers; \(remedy)")
  }

  /// An hour that clocks show twice, in a file without a zone: which rows are the second tells only the zone.
  private func changeOfClocks(_ given: CSVLayout) -> DataError? {
    guard given.zone == nil, table.hasTimeOfDay, let layout = table.layout, layout.zone == nil,
      let repeated = table.repeatedTime
    else {
      return nil
    }
    let zones = table.zonesShowingTwice(repeated)
    guard !zones.isEmpty else { return nil }
    let examples = zones.prefix(4).map { "zone=\($0)" }.joined(separator: ", ")
    return DataError(
      .duplicate, in: name, at: place,
      "\(Timestamp(nanoseconds: repeated)) is there twice, and clocks show it twice in some places; say whose clock it is: "
        + "\(examples)\(zones.count > 4 ? ", …" : "") (zone=utc for none)")
  }
}
