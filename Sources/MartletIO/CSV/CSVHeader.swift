import MartletArrays

/// The header row of a file of bars: which column holds what.
struct CSVHeader {
  /// What a column is for; the raw values of the numbers are their places among the columns read.
  enum Role: UInt8 {
    case open, high, low, close, volume
    case symbol, time, ignored

    init(_ name: String) {
      switch name {
      case "open": self = .open
      case "high": self = .high
      case "low": self = .low
      case "close": self = .close
      case "volume": self = .volume
      case "symbol", "ticker": self = .symbol
      case "time", "date", "timestamp", "datetime": self = .time
      default: self = .ignored
      }
    }
  }

  /// The names as they are spelled in the file.
  let names: [String]
  let roles: [Role]

  var hasSymbols: Bool { roles.contains(.symbol) }
  var hasVolume: Bool { roles.contains(.volume) }

  init(names: [String], file: String) throws(DataError) {
    self.names = names
    roles = names.map { Role($0.lowercased()) }
    var seen: [String: Int] = [:]
    for (index, name) in names.enumerated() where !name.isEmpty {
      if seen.updateValue(index, forKey: name.lowercased()) != nil {
        throw DataError(
          .duplicate, in: file, at: "row 1, column \(excerpt(name))", "the column is there twice")
      }
    }
    for role in [Role.symbol, .time] {
      let columns = names.indices.filter { roles[$0] == role }.map { names[$0] }
      if columns.count > 1 {
        throw DataError(
          .duplicate, in: file, at: "row 1, column \(columns[1])",
          "columns \(columns.joined(separator: " and ")) mean the same thing; keep one of them")
      }
    }
    let needed: [(Role, String)] = [
      (.time, "time (or date, timestamp, datetime)"), (.open, "open"), (.high, "high"),
      (.low, "low"), (.close, "close"),
    ]
    for (role, name) in needed where !roles.contains(role) {
      let found = names.prefix(30).map { quoted($0) }.joined(separator: ", ")
      throw DataError(
        .missing, in: file, at: "row 1", "there is no column \(name) among the columns \(found)")
    }
  }
}
