import MartletArrays
import MartletIO

/// The bars that a value sees: the one place where this is decided, for batches, chunks and live rows.
package indirect enum Clock: Hashable, Sendable {
  /// A symbol's own bars that have all of some fields; without any, all bars that the source has.
  case own(Set<InputKey>)
  /// Coarser bars: those in which each of some finer clocks has one.
  case coarse(PeriodID, Set<Clock>)

  /// All bars of a source, or all coarser ones.
  package static func all(_ period: PeriodID?) -> Clock {
    period.map { .coarse($0, []) } ?? .own([])
  }

  /// The bars that are in both.
  package func merged(_ other: Clock) -> Clock {
    switch (self, other) {
    case (.own(let a), .own(let b)): return .own(a.union(b))
    case (.coarse(let period, let a), .coarse(let same, let b)) where period == same:
      return .coarse(period, a.union(b))
    default: fatalError("planner: two clocks in one stage")
    }
  }

  /// The finer bars that coarser ones are made of.
  package var finer: Clock {
    guard case .coarse(_, let clocks) = self else { return self }
    return clocks.reduce(.own([])) { $0.merged($1) }
  }

  /// The clocks that must all have a bar in a coarser one.
  package var finerClocks: [Clock] {
    guard case .coarse(_, let clocks) = self, !clocks.isEmpty else { return [.own([])] }
    return Array(clocks)
  }

  package var period: PeriodID? {
    if case .coarse(let period, _) = self { period } else { nil }
  }

  /// The fields that an own bar needs.
  package var keys: Set<InputKey> {
    if case .own(let keys) = finer { keys } else { [] }
  }
}
