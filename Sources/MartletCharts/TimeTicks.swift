import MartletIndicators

/// Where an axis of bars is labelled.
struct AxisTick: Equatable {
  let x: Int
  let text: String
  /// The middle of the text, which may not leave the drawing.
  let textX: Int

  init(x: Int, text: String, font: Int) {
    (self.x, self.text) = (x, text)
    let half = SVGDrawing.width(of: text, font: font) / 2
    textX = max(min(x, SVGDrawing.width - half), half)
  }
}

extension AxisTick {
  /// Whether there is less than a letter between a label and the one before it.
  fileprivate func touches(_ last: AxisTick, font: Int) -> Bool {
    let widths =
      SVGDrawing.width(of: text, font: font) + SVGDrawing.width(of: last.text, font: font)
    return textX - last.textX < widths / 2 + font
  }
}

/// Labels at the first bars of years, months, weeks, days, hours and so on: the finest that have room.
struct TimeTicks {
  private let axis: BarAxis
  /// The first bars of columns with what the clock says then.
  private let indices: [(x: Int, time: LocalTime)]
  /// What the clock says before the first bar.
  private let before: LocalTime?

  init(_ times: ArraySlice<Int64>, _ clock: ExchangeClock, _ axis: BarAxis) {
    self.axis = axis
    let start = times.startIndex
    indices = axis.columns(atLeast: 2).compactMap { column in
      // Bars to come have no times.
      guard start + column.bars.lowerBound < times.endIndex else { return nil }
      return (
        column.bars.count == 1 ? column.x : axis.x(column.bars.lowerBound),
        LocalTime(times[start + column.bars.lowerBound], clock)
      )
    }
    guard times.count > 1, let first = times.first else {
      before = nil
      return
    }
    // The first bar begins a period where the market's last one before it would have been in another: weekends and
    // holidays pass over days without bars.
    let step = times[start + 1].subtractingReportingOverflow(first).partialValue
    let day: Int64 = 86_400_000_000_000
    let back = step >= day && step < 7 * day ? 4 * day : step
    let (earlier, overflow) = first.subtractingReportingOverflow(back)
    before = overflow ? nil : LocalTime(earlier, clock)
  }

  private enum Level {
    case seconds(Int)
    case days
    case weeks
    case months(Int)

    static let all: [Level] =
      [1, 5, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200].map(seconds)
      + [.days, .weeks] + [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12_000].map(months)

    func number(of time: LocalTime) -> Int {
      func quotient(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }
      return switch self {
      case .seconds(let count): quotient(time.seconds, count)
      case .days: time.day
      case .weeks: quotient(time.day + 3, 7)
      case .months(let count): quotient(time.month, count)
      }
    }

    /// The label of a tick; larger periods that begin with it come first.
    func text(_ time: LocalTime, after last: LocalTime?) -> String {
      switch self {
      case .months(let count):
        return count >= 12 || last.map { $0.year != time.year } ?? (time.month % 12 == 0)
          ? "\(time.year)" : time.monthName
      case .days, .weeks:
        guard let last else { return time.dayAndMonth }
        return last.year != time.year
          ? "\(time.year)" : last.month != time.month ? time.dayAndMonth : time.dayOfMonth
      case .seconds:
        guard last.map({ $0.day == time.day }) ?? false else { return time.dayAndMonth }
        return time.timeOfDay(seconds: time.second % 60 != 0)
      }
    }
  }

  /// Labels that do not touch each other at a size of text.
  func ticks(font: Int) -> [AxisTick] {
    for level in Level.all {
      let found = ticks(level, font: font)
      if let found, found.count > 1 { return found }
    }
    return ends(font: font)
  }

  /// Labels of a level; nil where there are too many of them, or too many that would touch the one before.
  private func ticks(_ level: Level, font: Int) -> [AxisTick]? {
    // Clocks that are set back show no time twice.
    var highest = before.map(level.number)
    var kept: [(tick: AxisTick, time: LocalTime)] = []
    var (found, removed) = (0, 0)
    for (x, time) in indices {
      let number = level.number(of: time)
      defer { highest = max(highest ?? number, number) }
      guard let highest, number > highest else { continue }
      found += 1
      if found > axis.width / font { return nil }
      func tick() -> AxisTick {
        AxisTick(x: x, text: level.text(time, after: kept.last?.time), font: font)
      }
      var next = tick()
      if let last = kept.last, next.touches(last.tick, font: font) {
        removed += 1
        // A year outranks what stands before it.
        guard kept.count > 1, last.time.year != time.year, last.tick.text != "\(last.time.year)"
        else {
          continue
        }
        kept.removeLast()
        next = tick()
      }
      kept.append((next, time))
    }
    return removed * 4 > found ? nil : kept.map(\.tick)
  }

  /// The first and the last bar, where nothing begins between them.
  private func ends(font: Int) -> [AxisTick] {
    guard let first = indices.first, let last = indices.last else { return [] }
    func text(_ time: LocalTime) -> String {
      time.second == 0 ? time.isoDate : time.timeOfDay(seconds: true)
    }
    func tick(_ position: (x: Int, time: LocalTime)) -> AxisTick {
      AxisTick(x: position.x, text: text(position.time), font: font)
    }
    let (begin, end) = (tick(first), tick(last))
    return end.touches(begin, font: font) ? [begin] : [begin, end]
  }
}

/// Round numbers of bars, for axes without times.
func numberTicks(_ axis: BarAxis, font: Int) -> [AxisTick] {
  guard axis.count > 1 else { return [AxisTick(x: axis.x(0), text: "0", font: font)] }
  let room = SVGDrawing.width(of: "\(axis.count)", font: font) + font
  let step = max(
    1, ValueScale.step(for: Double(axis.count) / Double(max(1, axis.width / room))).rounded(.up))
  return stride(from: 0, to: axis.count, by: Int(step)).map { bar in
    AxisTick(x: axis.x(bar), text: Double(bar).tick(step: step), font: font)
  }
}
