import MartletArrays
import MartletIO

/// What leads from one clock to another: all of a graph that is not computed within a lane.
///
/// A plan is cut at its edges into stages, each on one clock.
package enum Edge: Hashable, Sendable {
  /// A value beside those of all other symbols at its time. Inputs: the value, then what `CrossSection` names.
  case across(CrossSection)
  /// A value of coarser bars, made of those of the finer bars in each.
  case resampled(Aggregation, PeriodID)
  /// From coarser bars to finer ones: the newest value of a complete period, never of the forming one.
  case asOf(PeriodID)
  /// What the value of one symbol is at the time, or was at most `stale` times of the market ago.
  case ofSymbol(String, stale: Int)
  /// A number that a symbol has at every bar; without inputs. The period is that of the bars.
  case perSymbol([String: Double], PeriodID?)
}

extension Edge {
  /// Whether it needs the bars of other symbols.
  package var comparesSymbols: Bool {
    switch self {
    case .across, .ofSymbol: true
    case .resampled, .asOf, .perSymbol: false
    }
  }

  /// What it does, for people.
  package var summary: String {
    switch self {
    case .across(let section):
      "\(section.function) across the market\(section.isGrouped ? ", by group" : "")\(section.isWeighted ? ", weighted" : "")"
    case .resampled(let aggregation, let period): "\(aggregation) of each period \(period.rule)"
    case .asOf(let period): "newest complete period \(period.rule)"
    case .ofSymbol(let name, let stale):
      "of \(excerpt(name))\(stale > 0 ? ", at most \(stale) times old" : "")"
    case .perSymbol(let numbers, _): "numbers of \(numbers.count) symbols"
    }
  }
}

/// How a coarser bar is made of finer ones; undefined values count nowhere.
package enum Aggregation: Hashable, Sendable {
  case first, maximum, minimum, last, sum

  /// For files.
  package var code: Int {
    switch self {
    case .first: 0
    case .maximum: 1
    case .minimum: 2
    case .last: 3
    case .sum: 4
    }
  }

  /// The value after one more bar, NaN where there was none before.
  @inline(__always)
  package func combined(_ old: Double, _ new: Double) -> Double {
    if old.isNaN { return new }
    if new.isNaN { return old }
    return switch self {
    case .first: old
    case .maximum: new > old ? new : old
    case .minimum: new < old ? new : old
    case .last: new
    case .sum: old + new
    }
  }
}

/// How time is cut into periods; known to those who know the market's clock.
package protocol PeriodRule: Hashable, Sendable, CustomStringConvertible {
  /// All that makes it differ from others, for files.
  var text: String { get }
}

/// A period as part of a graph.
package struct PeriodID: Hashable, Sendable {
  package let rule: any PeriodRule

  package init(_ rule: any PeriodRule) { self.rule = rule }

  package static func == (a: PeriodID, b: PeriodID) -> Bool {
    AnyHashable(a.rule) == AnyHashable(b.rule)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(rule)) }
}

/// Where a moment lies among periods: a function of the time alone.
package struct PeriodIndex: Hashable, Sendable {
  /// When the newest period that has begun began, in nanoseconds since 1970 UTC; it is the period's name.
  package var opening: Int64
  /// When its values are known.
  package var availableAt: Int64
  /// Whether a bar of that time belongs to it.
  package var counts: Bool
  /// Whether it is over when a bar of that time closes.
  package var completes: Bool

  package init(opening: Int64, availableAt: Int64, counts: Bool, completes: Bool) {
    self.opening = opening
    self.availableAt = availableAt
    self.counts = counts
    self.completes = completes
  }
}

/// Periods over the times of a source.
package struct Timeline: Sendable {
  /// Time index → the number of its period.
  package private(set) var periods: [Int32] = []
  package private(set) var counts: [Bool] = []
  package private(set) var completes: [Bool] = []
  /// Period → when it began and when its values are known.
  package private(set) var openings: [Int64] = []
  package private(set) var closings: [Int64] = []

  package init(_ indices: some Sequence<PeriodIndex>) {
    for index in indices {
      if openings.last != index.opening {
        openings.append(index.opening)
        closings.append(index.availableAt)
      }
      periods.append(Int32(openings.count - 1))
      counts.append(index.counts)
      completes.append(index.completes)
    }
  }

  package var count: Int { openings.count }
}
