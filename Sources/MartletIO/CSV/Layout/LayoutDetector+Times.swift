import MartletArrays

extension LayoutDetector {
  /// Decides which columns are the time, and how they are written.
  mutating func findTimes() throws(DataError) {
    var guesses = try timeGuesses()
    if guesses.count == 1, guesses[0].isClock {
      guard let day = given.day.flatMap(CSVLayout.day) else {
        throw error(
          .missing, at: headerLocation,
          "column \(excerpt(frame.names[guesses[0].column])) holds times of day without a date; say whose they are: day=2024-01-05"
        )
      }
      result.day = Int64(day) * Calendar.nanosecondsPerDay
    }
    for index in guesses.indices where guesses[index].isNumeric {
      guesses[index].format.kind = try order(guesses[index])
    }
    timePlaces = guesses.map(\.column)
    let plain = Set(frame.names.map { ColumnNames.plain($0) })
    if given.time == nil, plain.isSuperset(of: ["year", "month"]),
      timePlaces.contains(where: {
        ["year", "month", "day"].contains(ColumnNames.plain(frame.names[$0]))
      })
    {
      throw error(
        .malformed, at: headerLocation,
        "year, month and day stand in columns of their own, which are not joined; write them as one date, or name "
          + "another column (time=)")
    }
    var others = frame.shape == .long ? Set(places.values).union(symbolPlaces) : []
    for (slot, guess) in guesses.enumerated() {
      guard !others.contains(guess.column) else {
        throw error(
          .duplicate, at: headerLocation,
          "column \(excerpt(frame.names[guess.column])) cannot be the time and something else; say time=NAME"
        )
      }
      others.insert(guess.column)
      let isAdded = slot > 0
      result.columns[guess.column] = .init(kind: isAdded ? .clock : .time, slot: slot)
    }
    result.times = guesses.map(\.format)
    result.layout.time = timePlaces.map(reference)
    guard let first = guesses.first else { return }
    result.layout.dates = first.format.kind
    if first.format.kind == .epoch {
      result.layout.unit = first.format.unit
    }
    try findZone(guesses)
  }

  // MARK: Columns

  private func timeGuesses() throws(DataError) -> [TimeGuess] {
    if let said = given.time ?? (frame.shape == .long ? nil : timePlaces.map(reference)) {
      var guesses: [TimeGuess] = []
      for (number, name) in said.enumerated() {
        let column = try place(of: name, key: "time")
        if number > 0, let clock = clockGuess(column) {
          guesses.append(clock)
        } else {
          guesses.append(try guess(column, isSaid: true))
        }
      }
      guard !guesses.isEmpty else {
        throw error(.missing, at: headerLocation, "time=: no column is named")
      }
      return guesses
    }
    let used = Set(places.values).union(symbolPlaces)
    var named: [(column: Int, rank: Int, isClock: Bool)] = []
    for (column, name) in frame.names.enumerated() where !used.contains(column) {
      guard let match = ColumnNames.match(name) else { continue }
      if match.meaning == .time || match.meaning == .clock {
        named.append((column, match.rank, match.meaning == .clock))
      }
    }
    named.sort { ($0.rank, $0.column) < ($1.rank, $1.column) }
    if frame.data.isEmpty {
      guard let first = named.first(where: { !$0.isClock }) else { throw noTime() }
      return [try guess(first.column, isSaid: true)]
    }
    var full: [TimeGuess] = []
    for candidate in named where !candidate.isClock {
      if let guess = TimeGuess(texts(candidate.column), column: candidate.column, given: given) {
        full.append(guess)
      }
    }
    if full.allSatisfy(\.isClock) {
      // Columns without a telling name whose contents are dates.
      for (column, name) in frame.names.enumerated()
      where !used.contains(column) && !named.contains(where: { $0.column == column }) {
        let texts = texts(column)
        let isNameless =
          ColumnNames.plain(name).isEmpty
          || ["index", "unnamed0", "level0", "level1", "indexlevel0", "indexlevel1"].contains(
            ColumnNames.plain(name))
        guard isNameless || texts.contains(where: Self.isDateText),
          let guess = TimeGuess(texts, column: column, given: given), !guess.isClock
        else { continue }
        full.append(guess)
        break
      }
    }
    let dates = full.filter { !$0.isClock }
    if let moment = dates.first(where: \.isMoment) { return [moment] }
    if let whole = dates.first(where: \.hasClock) { return [whole] }
    if let date = dates.first {
      var guesses = [date]
      for candidate in named where candidate.column != date.column {
        if dates.contains(where: { $0.column == candidate.column }), !isHours(candidate.column) {
          continue
        }
        if let clock = clockGuess(candidate.column) { guesses.append(clock) }
        if guesses.count > 1, guesses[1].format.clockNumber != .hour { break }
      }
      return guesses
    }
    if let clock = full.first { return [clock] }
    guard let first = named.first(where: { !$0.isClock }) else { throw noTime() }
    return [try guess(first.column, isSaid: false)]
  }

  private func noTime() -> DataError {
    error(
      .missing, at: headerLocation,
      "there is no column time (or date, timestamp, datetime) among the columns \(columnList); name it: time=NAME"
    )
  }

  private func isHours(_ column: Int) -> Bool {
    ["hour", "hr", "hours", "minute", "minutes"].contains(ColumnNames.plain(frame.names[column]))
  }

  /// How a column of times is written; where nothing of it can be read, so that its first row is named.
  private func guess(_ column: Int, isSaid: Bool) throws(DataError) -> TimeGuess {
    let texts = texts(column)
    if let guess = TimeGuess(texts, column: column, given: given) { return guess }
    let known = texts.filter { !$0.isEmpty }
    let name = excerpt(frame.names[column])
    if let first = known.first(where: { Double($0) != nil }) {
      if first.contains(where: { $0 == "e" || $0 == "E" }) {
        throw error(
          .malformed, at: "row \(frame.data[0].line + 1), column \(name)",
          "\(quoted(first)) has lost its last digits, as spreadsheets write long numbers; export the times as text"
        )
      }
      throw error(
        .malformed, at: "row \(frame.data[0].line + 1), column \(name)",
        "\(quoted(first)) and the others are no times of 1900 to 2100 in any unit; name another column (time=) "
          + "or say what they count (dates=, unit=)")
    }
    var guess = TimeGuess(["2000-01-01"], column: column, given: CSVLayout())
    if let kind = given.dates {
      guess?.format.kind = kind
    }
    guard let guess else { throw noTime() }
    return guess
  }

  /// A column that is added to a date: `09:30`, `0930`, `93000`, or hours by their name.
  private func clockGuess(_ column: Int) -> TimeGuess? {
    let texts = texts(column).filter { !$0.isEmpty }
    guard !texts.isEmpty, var guess = TimeGuess(["00:00"], column: column, given: CSVLayout())
    else { return nil }
    var longest = 0
    var numbers = 0
    for text in texts {
      var copy = text
      let isClock = copy.withUTF8 { bytes -> Bool in
        if let number = NumberedTime(bytes) {
          numbers += 1
          longest = max(longest, number.digits)
          return !number.isSigned && number.value < 250_000
        }
        return TimeFields(bytes)?.form == .clock
      }
      if !isClock { return nil }
    }
    if numbers > 0 {
      let plain = ColumnNames.plain(frame.names[column])
      if plain.hasPrefix("min") {
        guess.format.clockNumber = .minute
      } else if isHours(column) {
        guard longest <= 2 else { return nil }
        guess.format.clockNumber = .hour
      } else {
        guess.format.clockNumber = longest > 4 ? .hhmmss : .hhmm
        if longest <= 2, texts.contains(where: { ($0 as String) != "0" && $0 != "00" }) {
          return nil
        }
      }
      let form = guess.format
      let isAll = texts.allSatisfy { text in
        var copy = text
        return copy.withUTF8 { bytes in
          if case .time = form.read(bytes) { return true }
          return false
        }
      }
      if !isAll { return nil }
    }
    guess.hasClock = true
    return guess
  }

  // MARK: Day and month

  /// Which of two short numbers is the month: a number above 12 decides, else the reading that increases steadily.
  private func order(_ guess: TimeGuess) throws(DataError) -> TimeFormat.Kind {
    let kinds: [TimeFormat.Kind] = guess.isShortYear ? [.mdy, .dmy, .ymd] : [.mdy, .dmy]
    let parts = [frame.data, lastRows].filter { !$0.isEmpty }
    var readings: [TimeReading] = []
    for kind in kinds {
      var format = guess.format
      format.kind = kind
      readings.append(TimeReading(format, guess.column, symbols: symbolPlaces, parts))
    }
    let fewest = readings.map(\.failures).min() ?? 0
    readings = readings.filter { $0.failures == fewest }
    guard let first = readings.first else { return .mdy }
    if readings.count == 1 || readings.allSatisfy({ $0.times == first.times }) { return first.kind }
    var steady = readings.filter(\.isMonotone)
    // Bars of years are written by their year: days in its place would make such of days.
    let short = steady.filter { $0.middleStep < 300 * Calendar.nanosecondsPerDay }
    if guess.isShortYear, !short.isEmpty { steady = short }
    if steady.count == 1 { return steady[0].kind }
    let ordered = steady.sorted { $0.unsteadiness < $1.unsteadiness }
    if ordered.count > 1, ordered[0].unsteadiness * 5 <= ordered[1].unsteadiness {
      return ordered[0].kind
    }
    let example = texts(guess.column).first { !$0.isEmpty } ?? ""
    throw error(
      .malformed,
      at: "row \((frame.data.first?.line ?? 0) + 1), column \(excerpt(frame.names[guess.column]))",
      "\(quoted(example)): nothing tells whether day or month comes first; say dates=dmy or dates=mdy"
    )
  }

  /// The rows at the end of a file that is longer than the sample.
  var lastRows: [SampleRow] {
    if let columns = sample.columns { return columns.last }
    var end = frame
    end.skippedLines = 0
    end.headerLines = 0
    end.fill(sample.lastRows(result.separator))
    return end.data
  }

  // MARK: Zones

  private mutating func findZone(_ guesses: [TimeGuess]) throws(DataError) {
    guard let first = guesses.first else { return }
    let name = frame.names[first.column]
    let hasClock = guesses.contains { $0.hasClock }
    if let suffix = first.format.suffix {
      guard let zone = given.zone.flatMap({ NamedZone($0) }) ?? NamedZone(suffix) else {
        throw error(
          .unknownName, at: headerLocation,
          "the zone \(quoted(suffix)) of the times is not known, or means several; say zone=, one of \(NamedZone.examples)"
        )
      }
      take(zone)
    } else if first.isMoment {
      if first.format.kind == .epoch, given.midnight != .moment { try findMidnights(first) }
      if first.format.isMidnight { result.layout.midnight = .date }
    } else if let said = given.zone.flatMap({ NamedZone($0) }) {
      if hasClock { take(said) }
    } else if hasClock {
      let plain = name.lowercased()
      if plain.contains("utc") || plain.contains("gmt") {
        result.layout.zone = "utc"
      } else {
        notes.append("times have no zone and are taken for UTC (zone= says another)")
      }
    }
  }

  private mutating func take(_ zone: NamedZone) {
    result.layout.zone = zone.name
    if zone != .utc { result.zone = zone }
  }

  /// Epochs a day apart that are all midnight on the clock of an exchange are dates there.
  private mutating func findMidnights(_ guess: TimeGuess) throws(DataError) {
    let reading = TimeReading(guess.format, guess.column, symbols: symbolPlaces, [frame.data])
    let seconds = reading.times.map { Int($0 / 1_000_000_000) }
    guard reading.smallestStep >= 20 * 3_600_000_000_000, seconds.count > 2,
      reading.times.allSatisfy({ $0 % Calendar.nanosecondsPerDay != 0 })
    else { return }
    let zones = given.zone.flatMap { NamedZone($0) }.map { [$0] } ?? NamedZone.changing
    let found = zones.first { zone in
      seconds.allSatisfy { ($0 + zone.offset(at: $0)) % 86_400 == 0 }
    }
    guard let found else { return }
    result.midnightZone = found
    result.layout.zone = found.name
    result.layout.midnight = .date
    notes.append(
      "all times are midnight in \(found.name) and are taken for dates (midnight=moment keeps them)"
    )
  }
}

/// The times of a sample as one format reads them.
struct TimeReading {
  let kind: TimeFormat.Kind
  private(set) var times: [Int64] = []
  /// Texts that are no times in this format.
  private(set) var failures = 0
  private var forward = 0
  private var backward = 0
  private var steps: [Int64] = []

  init(_ format: TimeFormat, _ column: Int, symbols: [Int], _ parts: [[SampleRow]]) {
    kind = format.kind
    for rows in parts {
      var last: (time: Int64, fields: [String])?
      for row in rows {
        var text = row.fields[column]
        if text.isEmpty { continue }
        guard case .time(let time, _) = text.withUTF8({ format.read($0) }) else {
          failures += 1
          continue
        }
        if let last, symbols.allSatisfy({ last.fields[$0] == row.fields[$0] }) {
          let (step, overflow) = time.subtractingReportingOverflow(last.time)
          if !overflow, step != 0 {
            if step > 0 { forward += 1 } else { backward += 1 }
            steps.append(Int64(clamping: step.magnitude))
          }
        }
        last = (time, row.fields)
        times.append(time)
      }
    }
  }

  /// Whether times go one way, but for a few.
  var isMonotone: Bool { min(forward, backward) * 50 <= forward + backward }

  var isBackward: Bool { backward > forward }

  var smallestStep: Int64 { steps.min() ?? 0 }

  var middleStep: Int64 { steps.isEmpty ? 0 : steps.sorted()[(steps.count - 1) / 2] }

  /// The largest step over the middle one.
  var unsteadiness: Double {
    let sorted = steps.sorted()
    guard let last = sorted.last, let middle = sorted.dropFirst(sorted.count / 2).first else {
      return 1
    }
    return Double(last) / Double(max(middle, 1))
  }
}
