import MartletArrays
import MartletIO

/// What to do about bars that cannot be right.
public struct BarChecks: Sendable {
  /// What happens when a check finds something.
  public enum Policy: String, Hashable, Sendable, CaseIterable {
    /// Nothing is made; an error names the symbol and the bar.
    case reject
    /// It is put right: order restored, the last sound one of several kept, an impossible bar left out.
    case repair
    /// It stays as it is and is counted.
    case flag
  }

  /// What can be wrong with bars.
  public enum Check: String, Hashable, Sendable, CaseIterable {
    /// A bar earlier than the one before it. Repair: sorted.
    case unordered = "rows out of time order"
    /// Two bars of a symbol at one time. Repair: of the soundest ones the last counts: prices above zero before
    /// others, others before prices that are missing or contradict each other, all before zeros alone.
    case duplicate = "duplicate times"
    /// Two bars of a symbol at one time with different numbers. Repair: as for duplicates.
    case conflict = "rows of one time that differ"
    /// A bar of zeros alone, which stands for none. Repair: left out.
    case placeholder = "bars of zeros"
    /// high below open, low or close, or low above open or close. Repair: left out.
    case inconsistent = "high or low inside the bar"
    /// A price of zero or less. Repair: left out.
    case nonPositive = "prices not above zero"
    /// A volume below zero. Repair: the volume is missing.
    case negativeVolume = "volumes below zero"
    /// An infinite number; always repaired: it is missing.
    case infinite = "infinite numbers"
    /// A time between a symbol's first and last bar at which others have a bar and it has none.
    /// There is nothing to repair.
    case gap = "missing bars"
    /// Ten or more equal closes in a row without volume. Repair: left out from the tenth
    /// on.
    case stale = "stale bars"
    /// A jump of more than 12 robust standard deviations that the next bar takes back by 80 % or
    /// more. Never repaired: only the next bar tells.
    case spike = "single-bar spikes"
    /// A jump of the close to about n:1, or 1:n, that stays: a split that the prices are not adjusted for, perhaps.
    /// Never repaired: prices alone do not tell.
    case split = "jumps to about n:1 that stay"
    /// Times in the first weeks of 1970: seconds, milliseconds or microseconds that were taken for nanoseconds.
    /// There is nothing to repair.
    case timeUnit = "times that are not nanoseconds"
  }

  /// What happens for each check.
  public var policies: [Check: Policy]

  /// Order, duplicates, placeholders and infinities repaired, everything else counted.
  public static let standard = BarChecks()

  /// `policies` over the standard ones.
  public init(_ policies: [Check: Policy] = [:]) {
    var all: [Check: Policy] = [:]
    for check in Check.allCases { all[check] = .flag }
    all[.unordered] = .repair
    all[.duplicate] = .repair
    all[.conflict] = .repair
    all[.placeholder] = .repair
    all[.infinite] = .repair
    self.policies = all.merging(policies) { $1 }
  }

  func policy(_ check: Check) -> Policy { policies[check] ?? .flag }

  /// Policies by the names of the checks, for files.
  var text: String {
    // Files from before `split` was a check say the same without it.
    Check.allCases.filter { $0 != .split || policy($0) != .flag }
      .map { "\($0)=\(policy($0).rawValue)" }.joined(separator: ",")
  }

  /// The policies that `text` wrote; nil for anything else.
  init?(text: String) {
    var policies: [Check: Policy] = [:]
    for part in text.split(separator: ",") {
      let pair = part.split(separator: "=")
      guard pair.count == 2, let check = Check.allCases.first(where: { "\($0)" == pair[0] }),
        let policy = Policy(rawValue: "\(pair[1])")
      else { return nil }
      policies[check] = policy
    }
    self.init(policies)
  }
}

/// What is wrong with one bar, seen by itself.
struct BarFindings: OptionSet {
  let rawValue: UInt8

  static let infinite = BarFindings(rawValue: 1)
  static let placeholder = BarFindings(rawValue: 2)
  static let inconsistent = BarFindings(rawValue: 4)
  static let nonPositive = BarFindings(rawValue: 8)
  static let negativeVolume = BarFindings(rawValue: 16)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Judges a bar; what is not known (NaN or infinite) is not wrong by itself.
  @inline(__always)
  init(
    open: Double, high: Double, low: Double, close: Double, volume: Double, as element: ElementType
  ) {
    var found: BarFindings = []
    var (open, high, low, close, volume) = (open, high, low, close, volume)
    if !element.isFinite(open + high + low + close + volume) {
      func drop(_ value: inout Double) {
        guard !value.isNaN, !element.isFinite(value) else { return }
        value = .nan
        found.insert(.infinite)
      }
      drop(&open)
      drop(&high)
      drop(&low)
      drop(&close)
      drop(&volume)
    }
    if open <= 0 || high <= 0 || low <= 0 || close <= 0 {
      found.insert(
        open == 0 && high == 0 && low == 0 && close == 0 ? .placeholder : .nonPositive)
    }
    if high < low || high < open || high < close || low > open || low > close {
      found.insert(.inconsistent)
    }
    if volume < 0 { found.insert(.negativeVolume) }
    self = found
  }

  init(_ bar: Bar, as element: ElementType) {
    self.init(
      open: bar.open, high: bar.high, low: bar.low, close: bar.close, volume: bar.volume,
      as: element)
  }

  /// What a bar can be found to be by itself.
  static let checks: [BarChecks.Check] = BarFindings(rawValue: .max).checks + [.timeUnit]

  /// The checks behind the findings.
  var checks: [BarChecks.Check] {
    let all: [(BarFindings, BarChecks.Check)] = [
      (.infinite, .infinite), (.placeholder, .placeholder), (.inconsistent, .inconsistent),
      (.nonPositive, .nonPositive), (.negativeVolume, .negativeVolume),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}

extension BarChecks {
  /// How sound a row is beside others of its time.
  static func soundness(open: Double, high: Double, low: Double, close: Double) -> Int {
    guard (open + high + low + close).isFinite else { return 1 }
    let found = BarFindings(
      open: open, high: high, low: low, close: close, volume: 0, as: .float64)
    if found.contains(.placeholder) { return 0 }
    if found.contains(.inconsistent) { return 1 }
    return found.contains(.nonPositive) ? 2 : 3
  }

  /// Nanoseconds that are rather seconds, milliseconds or microseconds of 1973 to 2100: in the first seven weeks
  /// of 1970, and not at a whole second.
  static func isOfOtherUnit(_ time: Int64) -> Bool {
    time >= 100_000_000 && time <= 4_200_000_000_000_000 && time % 1_000_000_000 != 0
  }
}

/// What the checks found while a panel was made.
public struct BarReport: Sendable, CustomStringConvertible {
  /// How the file was read: what was found out about its layout, what was assumed and left out, a line each; empty
  /// for bars that come from no text.
  public internal(set) var reading: [String] = []
  /// How often each check found something; checks that found nothing are left out.
  public internal(set) var counts: [BarChecks.Check: Int] = [:]
  /// Where each check found something first: a symbol and a time index or row.
  public internal(set) var firstFound: [BarChecks.Check: String] = [:]
  /// What was done about each finding.
  public internal(set) var policies: [BarChecks.Check: BarChecks.Policy] = [:]

  mutating func note(
    _ check: BarChecks.Check, _ count: Int = 1, policy: BarChecks.Policy,
    at place: @autoclosure () -> String
  ) {
    guard count > 0 else { return }
    counts[check, default: 0] += count
    policies[check] = policy
    if firstFound[check] == nil { firstFound[check] = place() }
  }

  /// Takes what was found in later symbols.
  mutating func add(_ other: BarReport) {
    for (check, count) in other.counts {
      note(
        check, count, policy: other.policies[check] ?? .flag, at: other.firstFound[check] ?? "")
    }
  }

  /// Notes what cannot be repaired.
  mutating func note(
    _ check: BarChecks.Check, _ count: Int = 1, by checks: BarChecks, in name: String,
    at place: String
  ) throws(DataError) {
    if checks.policy(check) == .reject {
      throw DataError(.outOfRange, in: name, at: place, check.rawValue)
    }
    note(check, count, policy: .flag, at: place)
  }

  /// How it was read, then one line per finding; empty when there is nothing to tell.
  public var description: String {
    let findings = BarChecks.Check.allCases.compactMap { check -> String? in
      guard let count = counts[check] else { return nil }
      let done = policies[check] == .repair ? "repaired" : "kept"
      return "\(count) \(check.rawValue) (\(done); first: \(firstFound[check] ?? "?"))"
    }
    return (reading + findings).joined(separator: "\n")
  }
}
