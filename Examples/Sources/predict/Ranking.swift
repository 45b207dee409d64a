import Martlet
import ProgramSupport

/// The order of the symbols, and the table that shows it.
struct Ranking {
  private let labels: [String]
  /// The number that ranks; nil where it is the largest probability.
  private let number: Int?
  /// Where the probabilities of features stand, of a model that selects some.
  private let probabilities: [Int]

  init(_ labels: [String], by name: String?) throws(Failure) {
    self.labels = labels
    probabilities = labels.indices.filter { labels[$0].hasPrefix(Self.prefix) }
    if let name {
      guard let found = labels.firstIndex(of: name) else {
        let known = labels.count <= 12 ? "; expected \(labels.joined(separator: ", "))" : ""
        throw .badInput(
          "--by: \(name): no such output\(known)\(DataError.nearest(name, among: labels))")
      }
      number = found
    } else {
      number = probabilities.isEmpty ? labels.count - 1 : nil
    }
  }

  private static let prefix = "probabilities."

  /// The symbols that have a prediction, highest first.
  func order(of signals: Signals) -> [Int] {
    if let number { return signals.ranking(by: number).map(\.symbol) }
    let highest = signals.symbols.indices.map { selected(signals, $0).first?.value ?? .nan }
    return signals.symbols.indices.filter { !highest[$0].isNaN }.sorted {
      highest[$0] == highest[$1] ? $0 < $1 : highest[$0] > highest[$1]
    }
  }

  /// The most probable features of a symbol.
  private func selected(_ signals: Signals, _ symbol: Int) -> [(name: Substring, value: Double)] {
    let row = signals.values.row(symbol).doubles
    let order = probabilities.filter { !row[$0].isNaN }.sorted {
      row[$0] == row[$1] ? $0 < $1 : row[$0] > row[$1]
    }
    return order.prefix(4).map { (labels[$0].dropFirst(Self.prefix.count), row[$0]) }
  }

  func table(_ signals: Signals, _ order: [Int]) -> TextTable {
    let shown = probabilities.isEmpty ? Array(labels.indices.prefix(8)) : number.map { [$0] } ?? []
    let last = probabilities.isEmpty ? [] : ["most probable features"]
    var table = TextTable([" rank", "symbol", "last bar"] + shown.map { " \(labels[$0])" } + last)
    let time = signals.time
    for (rank, symbol) in order.enumerated() {
      let row = signals.values.row(symbol).doubles
      let features = selected(signals, symbol).map { "\($0.name) \($0.value.fixed(3))" }
      table.append(
        ["\(rank + 1)", signals.symbols[symbol], time[symbol].asDate]
          + shown.map { row[$0].fixed(4) }
          + (probabilities.isEmpty ? [] : [features.joined(separator: "  ")]))
    }
    return table
  }
}

extension Int64 {
  /// The day of nanoseconds since 1970 (civil from days: Hinnant 2013).
  fileprivate var asDate: String {
    let days = Int(self / 86_400_000_000_000) - (self % 86_400_000_000_000 < 0 ? 1 : 0) + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let day = days - era * 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let ofYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let number = month < 10 ? month + 3 : month - 9
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let date = ofYear - (153 * month + 2) / 5 + 1
    return "\(year + era * 400 + (number <= 2 ? 1 : 0))-\(two(number))-\(two(date))"
  }
}
