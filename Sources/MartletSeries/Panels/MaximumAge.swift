public import MartletArrays
import MartletIO

/// How old a symbol's last bar may be, and still count as current.
///
/// It is measured back from the time that is asked about, as a rule the newest one of a panel.
public struct MaximumAge: Hashable, Sendable, CustomStringConvertible {
  private enum Unit: String { case days, bars, seconds }

  private let count: Int
  private let unit: Unit

  private init(_ count: Int, _ unit: Unit) {
    require(
      count >= 0 && count <= 1 << 32, "MaximumAge: \(count) \(unit); expected 0…\(1 << 32)")
    self.count = count
    self.unit = unit
  }

  /// Days of the calendar on the panel's clock: 0 is the same day, 3 on a Monday reaches to Friday.
  public static func days(_ count: Int) -> MaximumAge { MaximumAge(count, .days) }
  /// Times at which anyone has a bar: 0 is the very time that is asked about.
  public static func bars(_ count: Int) -> MaximumAge { MaximumAge(count, .bars) }
  /// Hours of 3,600 seconds.
  public static func hours(_ count: Int) -> MaximumAge { seconds(scaled(count, 3600)) }
  /// Minutes of 60 seconds.
  public static func minutes(_ count: Int) -> MaximumAge { seconds(scaled(count, 60)) }
  private static func scaled(_ count: Int, _ factor: Int) -> Int {
    let (product, isBeyond) = count.multipliedReportingOverflow(by: factor)
    return isBeyond ? count : product
  }

  /// Seconds.
  public static func seconds(_ count: Int) -> MaximumAge { MaximumAge(count, .seconds) }

  /// From a text: `3d` or `3 days`, `12h`, `30m`, `45s`, `5 bars`.
  ///
  /// - Throws: `DataError` for anything else.
  public init(_ text: String) throws(DataError) {
    let number = text.prefix { $0.isASCII && $0.isNumber }
    let word = text.dropFirst(number.count).drop { $0 == " " }
    guard let count = Int(number), count <= 1_000_000 else { throw Self.unreadable(text) }
    switch word {
    case "d", "day", "days": self = .days(count)
    case "h", "hour", "hours": self = .hours(count)
    case "m", "minute", "minutes": self = .minutes(count)
    case "s", "second", "seconds": self = .seconds(count)
    case "bar", "bars": self = .bars(count)
    default: throw Self.unreadable(text)
    }
  }

  private static func unreadable(_ text: String) -> DataError {
    DataError(
      .malformed, in: "age",
      "\(excerpt(text)); expected a number of at most a million and d, h, m, s or bars, as in 3d")
  }

  /// As people write it: `3 days`.
  public var description: String {
    "\(count) \(count == 1 ? String(unit.rawValue.dropLast()) : unit.rawValue)"
  }

  /// The first time index whose bars are current at the last of some times.
  func firstCurrent(in times: ArraySlice<Int64>, _ clock: ExchangeClock) -> Int {
    guard let last = times.last else { return times.startIndex }
    switch unit {
    case .bars: return max(times.startIndex, times.endIndex - 1 - count)
    case .seconds:
      let (limit, isBeyond) = last.subtractingReportingOverflow(Int64(count) * 1_000_000_000)
      return isBeyond ? times.startIndex : times.partition { $0 >= limit }
    case .days:
      let day = clock.reading(of: last).day - count
      return times.partition { clock.reading(of: $0).day >= day }
    }
  }
}

extension ArraySlice<Int64> {
  /// The index of the first of increasing times for which something holds that holds for all later ones.
  func partition(_ holds: (Int64) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Panel {
  /// The part of the panel with the symbols that have a current bar: at the panel's last time, or a little
  /// before.
  ///
  /// What stopped trading, or has not been updated, is left out.
  public func symbols(within age: MaximumAge) -> Panel {
    let first = age.firstCurrent(in: time[...], clock)
    let current = symbols.indices.filter { (source.presence[$0].last ?? -1) >= first }
    return current.count == symbols.count ? self : symbols(current)
  }

  /// The part of the panel up to a time, that time included.
  public func times(through last: Int64) -> Panel {
    let end = time[...].partition { $0 > last }
    return end == time.count ? self : times(0..<end)
  }

  /// What tables of last bars are computed over.
  package func current(asOf time: Int64?, within age: MaximumAge?) -> Panel {
    var part = self
    if let time { part = part.times(through: time) }
    if let age { part = part.symbols(within: age) }
    return part
  }
}
