import MartletArrays

extension BarTable {
  /// Makes moments or dates of times on a clock, as the layout says.
  mutating func followClock(of layout: BarLayout, name: String) throws(DataError) {
    if let zone = layout.midnightZone { try takeDates(zone, name) }
    if let zone = layout.zone { try takeMoments(zone, name) }
  }

  private mutating func takeDates(_ zone: NamedZone, _ name: String) throws(DataError) {
    for row in time.indices {
      let seconds = Int(time[row]).flooredQuotient(1_000_000_000)
      let local = seconds + zone.offset(at: seconds)
      let day = local.flooredQuotient(86_400)
      guard local == day * 86_400, Int(time[row]) == seconds * 1_000_000_000 else {
        throw DataError(
          .malformed, in: name, at: "data row \(row + 1), column time",
          "is no midnight in \(zone.name), as those before it are; say midnight=moment")
      }
      time[row] = Int64(day) * Calendar.nanosecondsPerDay
    }
    hasTimeOfDay = false
  }

  private mutating func takeMoments(_ zone: NamedZone, _ name: String) throws(DataError) {
    var clock = LocalClock(zone)
    var twice: [Int] = []
    var skipped = 0
    for row in time.indices {
      let local = Int(time[row]).flooredQuotient(1_000_000_000)
      let fraction = Int(time[row]) - local * 1_000_000_000
      let offset: Int
      switch clock.offset(at: local) {
      case .one(let only): offset = only
      case .two(let first, _):
        offset = first
        twice.append(row)
      case .none(let before):
        offset = before
        skipped += 1
      }
      let (nanoseconds, overflow) = (local - offset).multipliedReportingOverflow(by: 1_000_000_000)
      let (moment, tooLarge) = nanoseconds.addingReportingOverflow(fraction)
      guard !overflow, !tooLarge else {
        throw DataError(
          .outOfRange, in: name, at: "data row \(row + 1), column time",
          "is outside of the years 1678 to 2261")
      }
      time[row] = Int64(moment)
    }
    if skipped > 0 {
      notes.append(
        "\(skipped) times are skipped by the clocks of \(zone.name) and are taken for as much later"
      )
    }
    resolve(twice, &clock)
  }

  /// Of times that clocks show twice the later ones follow the earlier: where a symbol's rows come to one that is not
  /// behind the one before, the second hour begins.
  private mutating func resolve(_ rows: [Int], _ clock: inout LocalClock) {
    guard !rows.isEmpty else { return }
    var ends: [Int32: (first: Int64, last: Int64)] = [:]
    for (row, symbol) in symbolIndex.enumerated() {
      ends[symbol] = (ends[symbol]?.first ?? time[row], time[row])
    }
    var last: [Int32: (local: Int, isSecond: Bool, day: Int)] = [:]
    var found = Set<Int32>()
    for row in rows {
      let symbol = symbolIndex[row]
      let isBackward = (ends[symbol]?.last ?? 0) < (ends[symbol]?.first ?? 0)
      let moment = Int(time[row]).flooredQuotient(1_000_000_000)
      let local = moment + clock.zone.offset(at: moment)
      let day = local.flooredQuotient(86_400)
      guard case .two(let first, let second) = clock.offset(at: local) else { continue }
      var isSecond = isBackward
      if let before = last[symbol], before.day == day {
        let isNew = isBackward ? local >= before.local : local <= before.local
        isSecond = isNew ? !isBackward : before.isSecond
        if isNew { found.insert(symbol) }
      }
      last[symbol] = (local, isSecond, day)
      if isSecond { time[row] += Int64(first - second) * 1_000_000_000 }
    }
    // Without a repetition nothing tells which of the two hours it is.
    notes.append(
      "\(rows.count) times are shown twice by the clocks of \(clock.zone.name) when summer ends; "
        + (found.isEmpty
          ? "none is repeated, and they are taken for the first"
          : "where they repeat, the second hour is the later one"))
  }
}

/// Offsets of a clock by what it shows, a day remembered.
private struct LocalClock {
  /// How far a clock is ahead where it shows a second.
  enum Offset {
    case one(Int)
    /// Before and after it is set back.
    case two(Int, Int)
    /// Where it is set forward over the second: as before.
    case none(Int)
  }

  let zone: NamedZone
  private var day = Int.min
  private var offsets = (0, 0)

  init(_ zone: NamedZone) { self.zone = zone }

  mutating func offset(at local: Int) -> Offset {
    let day = local.flooredQuotient(86_400)
    if day != self.day {
      self.day = day
      offsets = (zone.offset(at: day * 86_400 - 86_400), zone.offset(at: day * 86_400 + 2 * 86_400))
    }
    let (before, after) = offsets
    if before == after { return .one(before) }
    let isBefore = zone.offset(at: local - before) == before
    let isAfter = zone.offset(at: local - after) == after
    if isBefore, isAfter { return .two(before, after) }
    if isBefore { return .one(before) }
    return isAfter ? .one(after) : .none(before)
  }
}
