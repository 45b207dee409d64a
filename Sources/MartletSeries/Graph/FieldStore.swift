import MartletArrays
import MartletIO
import Synchronization

/// The stored fields of a source: packed, or a part of what is packed elsewhere.
final class FieldStore: Sendable {
  let presence: [Presence]
  let timeCount: Int
  let element: ElementType
  let fieldCount: Int
  /// Symbol → the fields that lack a value at one of its bars; in parts, at one of the whole's.
  private let incomplete: [UInt64]
  /// The fields that lack a value somewhere, as far as it is known.
  private let missing: UInt64
  private let origin: Origin
  /// Fields of a part that were asked for: what they lack, and their lanes.
  private let known = Mutex(Known())

  private enum Origin: Sendable {
    case packed(Packed)
    /// Symbol → symbol of the whole, and the number of its first bar there.
    case part(of: Packed, symbols: [Int], firsts: [Int])
  }

  private struct Known {
    var isComplete: [Int: Bool] = [:]
    var groups: [LaneGroup]?
    var lanes: [Int: PackedLanes] = [:]
  }

  /// Lanes, and where each symbol is in them.
  private final class Packed: Sendable {
    let lanes: PackedLanes
    let indices: [(group: Int, lane: Int)]

    init(_ lanes: PackedLanes) {
      self.lanes = lanes
      var indices = [(group: Int, lane: Int)](repeating: (0, 0), count: lanes.symbolCount)
      for (number, group) in lanes.groups.enumerated() {
        for lane in 0..<group.width where group.symbols[lane] >= 0 {
          indices[group.symbols[lane]] = (number, lane)
        }
      }
      self.indices = indices
    }
  }

  init(_ lanes: PackedLanes, incomplete: [UInt64]) {
    presence = lanes.presence
    timeCount = lanes.timeCount
    element = lanes.element
    fieldCount = lanes.fieldCount
    self.incomplete = incomplete
    missing = incomplete.reduce(0, |)
    origin = .packed(Packed(lanes))
  }

  private init(
    of whole: Packed, _ symbols: [Int], _ firsts: [Int], _ presence: [Presence], timeCount: Int,
    _ incomplete: [UInt64], fieldCount: Int
  ) {
    self.presence = presence
    self.timeCount = timeCount
    self.fieldCount = fieldCount
    element = whole.lanes.element
    self.incomplete = incomplete
    missing = zip(incomplete, presence).reduce(0) { $1.1.count > 0 ? $0 | $1.0 : $0 }
    origin = .part(of: whole, symbols: symbols, firsts: firsts)
  }

  /// Some symbols at some times; nothing is copied before it is asked for.
  func part(_ symbols: [Int], _ times: Range<Int>) -> FieldStore {
    let isWhole = times == 0..<timeCount
    let presence = symbols.map { isWhole ? self.presence[$0] : self.presence[$0].part(times) }
    let incomplete = symbols.map { self.incomplete[$0] }
    let skipped = symbols.map { isWhole ? 0 : self.presence[$0].firstBar(from: times.lowerBound) }
    switch origin {
    case .packed(let whole):
      return FieldStore(
        of: whole, symbols, skipped, presence, timeCount: times.count, incomplete,
        fieldCount: fieldCount)
    case .part(let whole, let own, let firsts):
      return FieldStore(
        of: whole, symbols.map { own[$0] }, zip(symbols, skipped).map { firsts[$0] + $1 }, presence,
        timeCount: times.count, incomplete, fieldCount: fieldCount)
    }
  }

  /// Whether a field has a value at every bar.
  func isComplete(_ field: Int) -> Bool {
    if missing & 1 << UInt64(field) == 0 { return true }
    guard case .part = origin else { return false }
    return known.withLock { known in
      if let found = known.isComplete[field] { return found }
      // The bars that lack it may lie outside of the part.
      let found = presence.indices.allSatisfy { symbol in
        incomplete[symbol] & 1 << UInt64(field) == 0
          || (0..<presence[symbol].count).allSatisfy { !value(field, symbol, bar: $0).isNaN }
      }
      known.isComplete[field] = found
      return found
    }
  }

  func lanes(_ fields: [Int]) -> PackedLanes {
    guard case .part = origin else { return whole.lanes.selecting(fields) }
    return known.withLock { known in
      let groups = known.groups ?? PackedLanes.groups(for: presence, isBatch: true)
      known.groups = groups
      let parts = fields.map { field -> PackedLanes in
        if let lanes = known.lanes[field] { return lanes }
        let lanes = PackedLanes(
          presence: presence, timeCount: timeCount, fields: 1, element: element, groups: groups,
          from: Part(store: self, field: field))
        known.lanes[field] = lanes
        return lanes
      }
      guard let first = parts.first else {
        return PackedLanes(
          presence: presence, timeCount: timeCount, fields: 0, element: element, groups: groups,
          from: Part(store: self, field: 0))
      }
      return parts.dropFirst().reduce(first) { $0.joined(with: $1) }
    }
  }

  private var whole: Packed {
    switch origin {
    case .packed(let whole), .part(let whole, _, _): whole
    }
  }

  private func index(_ symbol: Int) -> (group: Int, lane: Int, firstBar: Int) {
    switch origin {
    case .packed(let whole):
      let index = whole.indices[symbol]
      return (index.group, index.lane, 0)
    case .part(let whole, let symbols, let firsts):
      let index = whole.indices[symbols[symbol]]
      return (index.group, index.lane, firsts[symbol])
    }
  }

  func copy(_ field: Int, _ symbol: Int, bars: Range<Int>, to target: UnsafeMutableRawPointer) {
    let index = index(symbol)
    whole.lanes.copy(
      field: field, group: index.group, lane: index.lane,
      bars: bars.lowerBound + index.firstBar..<bars.upperBound + index.firstBar, to: target)
  }

  func value(_ field: Int, _ symbol: Int, bar: Int) -> Double {
    let index = index(symbol)
    return whole.lanes.value(
      field: field, group: index.group, lane: index.lane, bar: index.firstBar + bar)
  }

  /// One field of a part, read from the whole.
  private struct Part: BarRuns {
    let store: FieldStore
    let field: Int

    func run(_ field: Int, _ symbol: Int) -> UnsafeRawPointer? { nil }

    func copy(_ field: Int, _ symbol: Int, bars: Range<Int>, to target: UnsafeMutableRawPointer) {
      store.copy(self.field, symbol, bars: bars, to: target)
    }
  }
}
