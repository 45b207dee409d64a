import MartletArrays

extension LayoutDetector {
  /// Two or three header rows: fields in one of them, symbols in another.
  func placeMany(_ index: Int, of rows: [SampleRow], in frame: inout LayoutFrame) -> Bool {
    for count in [3, 2] where given.header == nil || given.header == count {
      let block = rows[index...].prefix(count)
      guard block.count == count, let data = rows[(index + count)...].first(where: { !$0.isBlank }),
        let width = block.map(\.fields.count).max(), width > 1, data.fields.count == width,
        block.allSatisfy({ $0.fields.count == width }),
        Self.isTimeText(data.fields[0]), block.allSatisfy({ !Self.isTimeText($0.fields[0]) })
      else { continue }
      let cells = block.map { row in
        row.fields + Array(repeating: "", count: width - row.fields.count)
      }
      guard let fields = cells.firstIndex(where: Self.areFields) else { continue }
      let others = cells.indices.filter { $0 != fields && cells[$0][1...].contains { !$0.isEmpty } }
      guard others.count == 1 else { continue }
      let symbols = Self.filled(cells[others[0]])
      let all = Set(symbols[1...])
      // A row of units below a whole header is none of symbols.
      let isWhole = cells[fields].contains { ColumnNames.match($0)?.meaning == .time }
      if isWhole, fields == 0, all.count > 1 {
        let distinct = Set(cells[fields])
        if distinct.count == width { continue }
      }
      var seen = Set<String>()
      frame.names = cells[fields].indices.map { column in
        column == 0
          ? cells.map { $0[0] }.last { !$0.isEmpty } ?? ""
          : "\(symbols[column]) \(cells[fields][column])"
      }
      frame.cells = cells[fields].indices.map { column in
        guard column > 0, let match = ColumnNames.match(cells[fields][column]),
          !symbols[column].isEmpty,
          match.meaning.rawValue <= ColumnNames.Meaning.adjustedClose.rawValue,
          seen.insert("\(symbols[column])\u{0}\(match.meaning)").inserted
        else { return nil }
        return (symbols[column], match.meaning)
      }
      guard frame.cells.contains(where: { $0?.meaning == .close || $0?.meaning == .adjustedClose })
      else {
        continue
      }
      frame.shape = .fields
      frame.headerRows = count
      frame.headerLines = block.reduce(0) { $0 + $1.lines }
      frame.rank = 6
      return true
    }
    return false
  }

  /// Whether the cells of a row are fields of bars, but for the first.
  private static func areFields(_ cells: [String]) -> Bool {
    let named = cells[1...].filter { !$0.isEmpty }
    let matched = named.count { name in
      guard let match = ColumnNames.match(name) else { return false }
      return match.meaning.rawValue <= ColumnNames.Meaning.split.rawValue
    }
    return matched > 0 && matched * 10 >= named.count * 7
  }

  /// Empty cells take what stands to their left, as in merged cells.
  private static func filled(_ cells: [String]) -> [String] {
    var last = ""
    return cells.enumerated().map { column, cell in
      if column == 0 { return cell }
      if !cell.isEmpty { last = cell }
      return last
    }
  }

  /// One header row that names symbol and field of each column, or the symbols of closes.
  func placeFlat(_ data: SampleRow?, in frame: inout LayoutFrame) -> Bool {
    guard given.shape != .long, let data, data.fields.count == frame.names.count else {
      return false
    }
    let names = frame.names
    let times = names.indices.filter { column in
      let plain = ColumnNames.plain(names[column])
      let meaning = ColumnNames.match(plain: plain)?.meaning
      return
        (meaning == .time || plain.isEmpty || plain == "index" || given.time == [names[column]])
        && Self.isTimeText(data.fields[column])
    }
    guard let time = times.first else { return false }
    let others = names.indices.filter { $0 != time }
    let cells = names.map(Self.cell)
    let split = others.filter { cells[$0] != nil }
    if given.shape != .closes, split.count * 10 >= others.count * 6,
      split.contains(where: { cells[$0]?.meaning == .close || cells[$0]?.meaning == .adjustedClose }
      )
    {
      var seen = Set<String>()
      frame.cells = names.indices.map { column in
        guard column != time, let cell = cells[column],
          seen.insert("\(cell.symbol)\u{0}\(cell.meaning)").inserted
        else { return nil }
        return cell
      }
      (frame.shape, frame.rank) = (.fields, 4)
      return true
    }
    let numbers = others.filter { column in
      let text = data.fields[column]
      return text.isEmpty || number(text) != nil || NumberText.isMissing(text)
    }
    guard given.shape == .closes, numbers.count == others.count, !others.isEmpty,
      others.allSatisfy({ !names[$0].isEmpty })
    else { return false }
    frame.cells = names.indices.map { $0 == time ? nil : (names[$0], .close) }
    (frame.shape, frame.rank) = (.closes, 4)
    return true
  }

  /// `AAA_Close`, `Close AAA`, `('Close', 'AAA')`: a symbol and a field.
  static func cell(_ name: String) -> (symbol: String, meaning: ColumnNames.Meaning)? {
    func meaning(_ text: Substring) -> ColumnNames.Meaning? {
      guard text.count > 2, let match = ColumnNames.match(String(text)), match.rank < 1000,
        match.meaning.rawValue <= ColumnNames.Meaning.adjustedClose.rawValue
      else { return nil }
      return match.meaning
    }
    var name = Substring(name)
    if name.hasPrefix("('") || name.hasPrefix("(\"") {
      let parts = name.split(separator: ",", maxSplits: 1).map { part in
        String(part.filter { !"()'\" ".contains($0) })
      }
      guard parts.count == 2 else { return nil }
      if let found = meaning(Substring(parts[0])) { return (parts[1], found) }
      return meaning(Substring(parts[1])).map { (parts[0], $0) }
    }
    name = name.prefix(200)
    let cuts = name.indices.filter { "_ .-:|/".contains(name[$0]) }
    for cut in cuts where cut > name.startIndex {
      let (head, rest) = (name[..<cut], name[name.index(after: cut)...])
      if !rest.isEmpty, let found = meaning(rest) { return (String(head), found) }
    }
    for cut in cuts.reversed() where cut > name.startIndex {
      let (head, rest) = (name[..<cut], name[name.index(after: cut)...])
      if !rest.isEmpty, let found = meaning(head) { return (String(rest), found) }
    }
    return nil
  }
}
