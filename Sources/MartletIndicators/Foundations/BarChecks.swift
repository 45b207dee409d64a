/// What to do about bars that cannot be right.
public struct BarChecks: Sendable {
  /// What happens when a check finds something.
  public enum Policy: String, Hashable, Sendable, CaseIterable {
    /// Nothing is made; an error names the symbol and the bar.
    case reject
    /// It is put right: order restored, the last of several kept, an impossible bar left out.
    case repair
    /// It stays as it is and is counted.
    case flag
  }

  /// What can be wrong with bars.
  public enum Check: String, Hashable, Sendable, CaseIterable {
    /// A bar earlier than the one before it. Repair: sorted.
    case unordered = "rows out of time order"
    /// Two bars of a symbol at one time. Repair: the last one counts.
    case duplicate = "duplicate times"
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
  }

  /// What happens for each check.
  public var policies: [Check: Policy]

  /// Order and duplicates repaired, everything else counted.
  public static let standard = BarChecks()

  /// `policies` over the standard ones.
  public init(_ policies: [Check: Policy] = [:]) {
    var all: [Check: Policy] = [:]
    for check in Check.allCases { all[check] = .flag }
    all[.unordered] = .repair
    all[.duplicate] = .repair
    all[.infinite] = .repair
    self.policies = all.merging(policies) { $1 }
  }

  func policy(_ check: Check) -> Policy { policies[check] ?? .flag }
}

/// What the checks found while a panel was made.
public struct BarReport: Sendable, CustomStringConvertible {
  /// How often each check found something; checks that found nothing are left out.
  public internal(set) var counts: [BarChecks.Check: Int] = [:]
  /// Where each check found something first: a symbol and a time index or row.
  public internal(set) var firstFound: [BarChecks.Check: String] = [:]
  /// What was done about each finding.
  public internal(set) var policies: [BarChecks.Check: BarChecks.Policy] = [:]

  mutating func note(
    _ check: BarChecks.Check, _ count: Int = 1, policy: BarChecks.Policy, at place: String
  ) {
    guard count > 0 else { return }
    counts[check, default: 0] += count
    policies[check] = policy
    if firstFound[check] == nil { firstFound[check] = place }
  }

  /// One line per finding; empty when there is none.
  public var description: String {
    BarChecks.Check.allCases.compactMap { check in
      guard let count = counts[check] else { return nil }
      let done = policies[check] == .repair ? "repaired" : "kept"
      return "\(count) \(check.rawValue) (\(done); first: \(firstFound[check] ?? "?"))"
    }.joined(separator: "\n")
  }
}
