import MartletArrays

extension LayoutDetector {
  /// Decides which column holds what.
  mutating func findColumns() throws(DataError) {
    result.layout.shape = frame.shape
    guard frame.shape == .long else { return try findWideColumns() }
    if given.columns == nil, result.headerRows == 0 { try nameBareColumns() }
    try findNumberColumns()
    try findSymbolColumns()
  }

  // MARK: Wide files

  private mutating func findWideColumns() throws(DataError) {
    var numbers: [String: Int] = [:]
    var hasClose = Set<String>()
    for case (let symbol, .close)? in frame.cells { hasClose.insert(symbol) }
    for (column, cell) in frame.cells.enumerated() {
      guard let cell else { continue }
      var meaning = cell.meaning
      if meaning == .adjustedClose {
        guard !hasClose.contains(cell.symbol) else { continue }
        meaning = .close
      }
      let group = numbers[cell.symbol] ?? numbers.count
      if group == numbers.count {
        numbers[cell.symbol] = group
        result.groups.append(cell.symbol)
      }
      result.columns[column] = .init(kind: .number, slot: group * 5 + meaning.rawValue)
    }
    guard !result.groups.isEmpty else {
      throw error(
        .missing, at: headerLocation, "no column is the close of a symbol among \(columnList)")
    }
    let times = frame.names.indices.filter { column in
      frame.cells[column] == nil
        && (frame.names[column].isEmpty || ColumnNames.match(frame.names[column])?.meaning == .time)
    }
    timePlaces = times.first.map { [$0] } ?? [0]
  }

  // MARK: Files without a header

  /// Names the columns of a known shape: a symbol or not, a date and a time of day or one time, then prices.
  private mutating func nameBareColumns() throws(DataError) {
    let count = frame.names.count
    var names = Array(repeating: "-", count: count)
    let rows = frame.data.prefix(200)
    func all(_ column: Int, _ test: (String) -> Bool) -> Bool {
      column < count && !rows.isEmpty && rows.allSatisfy { test($0.fields[column]) }
    }
    let refusal = error(
      .malformed, at: headerLocation,
      "this row is no header, and its \(count) columns are none of the known shapes; name them: "
        + "columns=time+open+high+low+close+volume, with - for what is not needed")
    guard let time = (0..<min(count, 4)).first(where: { all($0, Self.isTimeText) }) else {
      throw refusal
    }
    if time > 0 {
      guard time <= 2, all(0, { number($0) == nil && !$0.isEmpty }) else { throw refusal }
      names[0] = "symbol"
    }
    names[time] = "time"
    var next = time + 1
    if all(next, Self.isClockText),
      !all(next, { ($0.contains(".")) }) || all(next, { $0.contains(":") })
    {
      (names[time], names[next]) = ("date", "time")
      next += 1
    }
    guard count >= next + 4, let order = priceOrder(rows, next) else { throw refusal }
    for (offset, name) in order.enumerated() { names[next + offset] = name }
    next += 4
    let rest = count - next
    let isEpoch =
      names[time] == "time"
      && all(time) { $0.utf8.allSatisfy { $0 &- 0x30 <= 9 } && $0.utf8.count >= 10 }
    switch rest {
    case 0: break
    case 1: names[next] = "volume"
    // Kraken: trades behind the volume; with an average price before it.
    case 2 where isEpoch: names[next] = "volume"
    case 3 where isEpoch: names[next + 1] = "volume"
    // Binance: closing time, turnover, trades and what takers bought.
    case 7 where isEpoch && all(next + 1, Self.isTimeText): names[next] = "volume"
    default: throw refusal
    }
    // Lean: prices in ten thousandths, days with a midnight.
    let prices = next - 4..<next
    let isLean =
      rest == 1
      && all(
        time,
        { $0.utf8.count == 14 && $0.dropFirst(8).first == " " && $0.dropFirst(11).first == ":" })
      && result.separator == 0x2C
      && prices.allSatisfy { column in all(column) { Int($0).map { $0 >= 1000 } ?? false } }
    if isLean, given.scale == nil {
      result.scale = 10_000
      result.layout.scale = 10_000
      notes.append(
        "prices are taken for ten thousandths, as Lean writes them (scale=1 for whole ones)")
    }
    frame.names = names
    result.names = names
    result.layout.columns = names
  }

  private static func isClockText(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      if let number = NumberedTime(bytes) {
        return (number.digits == 4 && number.clock(.hhmm) != nil)
          || (number.digits == 6 && number.clock(.hhmmss) != nil)
      }
      return TimeFields(bytes)?.form == .clock
    }
  }

  /// The names of four columns of prices: which are the highest and the lowest tells open and close apart from them.
  private func priceOrder(_ rows: ArraySlice<SampleRow>, _ first: Int) -> [String]? {
    var prices: [[Double]] = []
    for row in rows {
      let values = (first..<first + 4).map { number(row.fields[$0]) }
      let known = values.compactMap { $0 }
      if known.count == 4 { prices.append(known) }
    }
    guard !prices.isEmpty else { return nil }
    func isOrder(_ high: Int, _ low: Int) -> Bool {
      prices.count { row in row.max() == row[high] && row.min() == row[low] } * 100 >= prices.count
        * 98
    }
    if isOrder(1, 2) { return ["open", "high", "low", "close"] }
    // Coinbase.
    if isOrder(1, 0) { return ["low", "high", "open", "close"] }
    return nil
  }

  // MARK: Numbers

  private mutating func findNumberColumns() throws(DataError) {
    var candidates: [ColumnNames.Meaning: [(column: Int, rank: Int)]] = [:]
    let letters = Set(frame.names.map { $0.lowercased() }.filter { $0.utf8.count == 1 })
    let hasLetters = letters.isSuperset(of: ["o", "h", "l", "c"])
    for (column, name) in frame.names.enumerated() {
      guard name.utf8.count > 1 || hasLetters || name.utf8.count > 2,
        let match = ColumnNames.match(name)
      else {
        continue
      }
      candidates[match.meaning, default: []].append((column, match.rank))
    }
    let keys: [(ColumnNames.Meaning, String, String?)] = [
      (.open, "open", given.open), (.high, "high", given.high), (.low, "low", given.low),
      (.close, "close", given.close), (.volume, "volume", given.volume),
      (.adjustedClose, "adjustedClose", given.adjustedClose), (.split, "split", given.split),
    ]
    for (meaning, key, said) in keys {
      if let said {
        if !said.isEmpty { places[meaning] = try place(of: said, key: key) }
        continue
      }
      let found = (candidates[meaning] ?? []).sorted { ($0.rank, $0.column) < ($1.rank, $1.column) }
      guard let first = found.first else { continue }
      places[meaning] = first.column
      for other in found.dropFirst() where other.rank == first.rank {
        let texts = texts(first.column)
        if texts == self.texts(other.column), !texts.isEmpty { continue }
        let names =
          "\(excerpt(frame.names[first.column])) and \(excerpt(frame.names[other.column]))"
        guard first.rank >= 1000 else {
          throw error(
            .duplicate, at: headerLocation,
            "columns \(names) both mean \(key) and differ; say \(key)=#\(first.column + 1) or \(key)=#\(other.column + 1)"
          )
        }
      }
    }
    if places[.close] == nil, let adjusted = places[.adjustedClose] {
      places[.close] = adjusted
      places[.adjustedClose] = nil
      notes.append("the adjusted close stands for the close, which is not there")
    }
    if places[.close] == nil, frame.names.count == 2,
      let only = frame.names.indices.first(where: { ColumnNames.match(frame.names[$0]) == nil }),
      texts(only).contains(where: { number($0) != nil })
    {
      places[.close] = only
      notes.append(
        "\(excerpt(frame.names[only])), the only column of numbers, is taken for the close")
    }
    guard places[.close] != nil else {
      throw error(
        .missing, at: headerLocation,
        "there is no column close among the columns \(columnList); name it: close=NAME"
          + (areCloses
            ? ", or say shape=closes where each column holds the closes of a symbol" : ""))
    }
    replaceWildClose()
    for (meaning, column) in places {
      switch meaning {
      case .open, .high, .low, .close, .volume:
        result.columns[column] = .init(kind: .number, slot: meaning.rawValue)
      case .adjustedClose:
        result.columns[column] = .init(kind: .number, slot: BarLayout.Slot.adjustedClose)
      case .split: result.columns[column] = .init(kind: .number, slot: BarLayout.Slot.split)
      case .symbol, .time, .clock: break
      }
    }
    result.hasAdjustedClose = places[.adjustedClose] != nil
    result.hasSplit = places[.split] != nil
  }

  /// Whether all columns but one are numbers without a name that is known.
  private var areCloses: Bool {
    guard let row = frame.data.first else { return false }
    let numbers = frame.names.indices.filter {
      number(row.fields[$0]) != nil && ColumnNames.match(frame.names[$0]) == nil
    }
    return numbers.count + 1 >= frame.names.count && !numbers.isEmpty
  }

  /// Where the close lies outside of high and low and the adjusted close inside, the others are adjusted too.
  private mutating func replaceWildClose() {
    guard given.close == nil, given.adjustedClose == nil, given.adjusted == nil,
      let close = places[.close],
      let adjusted = places[.adjustedClose], let high = places[.high], let low = places[.low]
    else { return }
    var (outside, inside, count) = (0, 0, 0)
    for row in frame.data.prefix(60) {
      guard let c = number(row.fields[close]), let a = number(row.fields[adjusted]),
        let h = number(row.fields[high]), let l = number(row.fields[low])
      else { continue }
      let slack = 1e-4 * h.magnitude
      count += 1
      if c > h + slack || c < l - slack { outside += 1 }
      if a <= h + slack, a >= l - slack { inside += 1 }
    }
    guard count > 0, outside * 10 > count * 9, inside * 10 > count * 9 else { return }
    places[.close] = adjusted
    places[.adjustedClose] = nil
    notes.append(
      "\(excerpt(frame.names[close])) lies outside of high and low, \(excerpt(frame.names[adjusted])) inside: "
        + "that is the close (close=\(reference(close)) for the other)")
  }

  // MARK: Symbols

  private mutating func findSymbolColumns() throws(DataError) {
    if let said = given.symbol {
      for name in said where !name.isEmpty {
        symbolPlaces.append(try place(of: name, key: "symbol"))
      }
    } else {
      var used = Set(places.values)
      for name in given.time ?? [] { used.insert(try place(of: name, key: "time")) }
      let found = frame.names.indices.compactMap { column -> (column: Int, rank: Int)? in
        guard !used.contains(column), frame.names[column].utf8.count > 1,
          let match = ColumnNames.match(frame.names[column]), match.meaning == .symbol
        else { return nil }
        return (column, match.rank)
      }
      let best = found.sorted { ($0.rank, $0.column) < ($1.rank, $1.column) }.first {
        isSymbols(texts($0.column))
      }
      if let best { symbolPlaces = [best.column] }
    }
    for (part, column) in symbolPlaces.enumerated() {
      result.columns[column] = .init(kind: .symbol, slot: part)
    }
    result.symbolParts = symbolPlaces.count
    result.layout.symbol = symbolPlaces.map(reference)
  }

  /// Whether texts can be symbols: there, and no numbers of rows.
  private func isSymbols(_ texts: [String]) -> Bool {
    guard !texts.isEmpty else { return true }
    if texts.prefix(20).allSatisfy(Self.isDateText) { return false }
    guard texts.count(where: \.isEmpty) * 2 <= texts.count else { return false }
    let numbers = texts.compactMap { Int($0) }
    guard numbers.count == texts.count, numbers.count > 1 else {
      // Prices and the like are no symbols.
      return texts.count(where: { $0.contains(".") && Double($0) != nil }) * 2 < texts.count
    }
    return !zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }
  }
}
