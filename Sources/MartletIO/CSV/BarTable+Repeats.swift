import MartletArrays

extension BarTable {
  /// A time at which a symbol has two rows with different closes; the first one found.
  package var repeatedTime: Int64? {
    struct Key: Hashable {
      let symbol: Int32
      let time: Int64
    }
    var closes: [Key: Double] = [:]
    closes.reserveCapacity(count)
    for row in time.indices {
      let key = Key(symbol: symbolIndex[row], time: time[row])
      if let before = closes.updateValue(close[row], forKey: key), before != close[row] {
        return time[row]
      }
    }
    return nil
  }

  /// The zones whose clocks show a time twice, on the day that summer ends there.
  package func zonesShowingTwice(_ time: Int64) -> [String] {
    let local = Int(time).flooredQuotient(1_000_000_000)
    return NamedZone.changing.filter { zone in
      let (before, after) = (zone.offset(at: local - 86_400), zone.offset(at: local + 86_400))
      return before != after && zone.offset(at: local - before) == before
        && zone.offset(at: local - after) == after
    }.map(\.name)
  }

  /// A column that is not used and with which, as a part of the symbol, no two rows share symbol and time; nil where
  /// there is none, or the file cannot be read again.
  package func columnTellingApart(
    _ path: String, _ given: CSVLayout
  ) -> (column: String, values: Int, symbol: String)? {
    guard layout?.shape == .long, let file = try? InputFile.files([path]), file.count == 1,
      file[0].canBeReadAgain,
      let detector = try? file[0].layout(given)
    else { return nil }
    for column in detector.columns.indices where detector.columns[column].kind == .ignored {
      let name = detector.names[column]
      guard !name.isEmpty, name != "-", detector.names.count(where: { $0 == name }) == 1 else {
        continue
      }
      var other = given
      other.symbol = (detector.layout.symbol ?? []) + [name]
      other.adjusted = .no
      guard let read = try? file[0].table(other, nil),
        // A column that differs in every row, as a price does, tells nothing.
        read.symbols.count * 3 <= read.count || read.symbols.count <= symbols.count * 64,
        read.isKeyed
      else { continue }
      var key = CSVLayout()
      key.symbol = other.symbol
      let text = key.description.drop { $0 != "=" }.dropFirst()
      let before = symbols.map { $0 + " " }.sorted { $0.utf8.count > $1.utf8.count }
      let values = Set(
        read.symbols.map { symbol in
          before.first { symbol.hasPrefix($0) }.map { String(symbol.dropFirst($0.count)) } ?? symbol
        })
      return (name, values.count, String(text))
    }
    return nil
  }

  /// Whether no two rows share symbol and time, but for equal ones.
  private var isKeyed: Bool { repeatedTime == nil }
}
