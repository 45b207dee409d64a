public import MartletArrays
import MartletIO

/// Which times, and symbols, two panels have together.
public enum PanelJoin: String, Hashable, Sendable, CaseIterable {
  /// Those of both.
  case inner
  /// Those of either.
  case outer
  /// Those of the first.
  case left
}

extension Panel {
  /// One panel with the symbols of two, bars brought together by their times, never by their places.
  ///
  /// - Parameter join: Which times it has.
  /// - Throws: `DataError` for a symbol that both have, and for panels of different dtypes or clocks.
  public func joined(with other: Panel, _ join: PanelJoin = .outer) throws(DataError) -> Panel {
    try checkJoin(other)
    let own = Set(symbols)
    for symbol in other.symbols where own.contains(symbol) {
      throw DataError(
        .duplicate, in: "join", at: "symbol \(excerpt(symbol))", "is in both panels")
    }
    return Panel.gathered(
      (symbols + other.symbols).enumerated().map { place, name in
        place < symbols.count
          ? (name, self, place) : (name, other, place - symbols.count)
      }, times: times(with: other, join), clock: clock, dtype: dtype)
  }

  /// Two panels with the same times and the same symbols, so that their series can be combined.
  ///
  /// Where a panel lacks a symbol or a time that the other one brings, there is no bar.
  /// - Throws: `DataError` for panels of different dtypes or clocks, and where nothing is left.
  public func aligned(
    with other: Panel, _ join: PanelJoin = .outer
  ) throws(DataError) -> (Panel, Panel) {
    try checkJoin(other)
    let (own, others) = (Set(symbols), Set(other.symbols))
    let names =
      switch join {
      case .inner: symbols.filter(others.contains)
      case .outer: symbols + other.symbols.filter { !own.contains($0) }
      case .left: symbols
      }
    let times = times(with: other, join)
    guard !names.isEmpty, !times.isEmpty else {
      throw DataError(
        .empty, in: "join", "the panels have no \(names.isEmpty ? "symbol" : "time") in common")
    }
    func part(_ panel: Panel) -> Panel {
      let places = Dictionary(uniqueKeysWithValues: zip(panel.symbols, panel.symbols.indices))
      return Panel.gathered(
        names.map { ($0, panel, places[$0]) }, times: times, clock: clock, dtype: dtype)
    }
    return (part(self), part(other))
  }

  private func checkJoin(_ other: Panel) throws(DataError) {
    guard dtype == other.dtype else {
      throw DataError(.wrongType, in: "join", "panels of \(dtype) and of \(other.dtype)")
    }
    guard clock == other.clock else {
      throw DataError(
        .incompatible, in: "join", "panels on the clocks \(clock.text) and \(other.clock.text)")
    }
  }

  private func times(with other: Panel, _ join: PanelJoin) -> [Int64] {
    if join == .left || time == other.time { return time }
    var found: [Int64] = []
    var (a, b) = (0, 0)
    while a < time.count || b < other.time.count {
      let first = a < time.count ? time[a] : .max
      let second = b < other.time.count ? other.time[b] : .max
      if join == .outer || first == second { found.append(min(first, second)) }
      if first <= second { a += 1 }
      if second <= first { b += 1 }
    }
    return found
  }

  /// A panel of bars of others; bars at other times are left out.
  private static func gathered(
    _ members: [(name: String, panel: Panel, symbol: Int?)], times: [Int64], clock: ExchangeClock,
    dtype: ElementType
  ) -> Panel {
    let counts = members.map { member in
      member.symbol.map { member.panel.source.presence[$0].count } ?? 0
    }
    let total = counts.reduce(0, +)
    let columns = (0..<BarField.stored.count).map { _ in
      Buffer(uninitializedByteCount: total * dtype.size)
    }
    var rows: [BarRows.Symbol] = []
    var origin = 0
    for (member, count) in zip(members, counts) {
      var kept: [Int32] = []
      var places: [Int32] = []
      if let symbol = member.symbol {
        let source = member.panel.source
        for field in columns.indices {
          source.copy(
            field: field, symbol: symbol, bars: 0..<count,
            to: columns[field].base + origin * dtype.size)
        }
        var next = 0
        for bar in 0..<count {
          let time = member.panel.time[source.presence[symbol].timeIndex(bar)]
          while next < times.count, times[next] < time { next += 1 }
          guard next < times.count, times[next] == time else { continue }
          kept.append(Int32(bar))
          places.append(Int32(next))
        }
      }
      rows.append(
        BarRows.Symbol(
          origin: origin, rows: kept.count == count ? .run(first: 0) : .list(kept),
          times: Presence(places)))
      origin += count
    }
    var found = BarRows(
      columns: columns.map { BarRows.Column($0, dtype) }, symbols: rows, timeCount: times.count,
      element: dtype)
    found.keepFinite()
    return Panel(
      symbols: members.map(\.name), time: times, report: BarReport(), source: FieldSource(found),
      clock: clock)
  }
}

extension Panel {
  /// Coarser bars: the first open, highest high, lowest low, last close and sum of the volumes of each period.
  ///
  /// Bars are labelled with the beginning of their period on the panel's clock. A period without bars has none;
  /// the newest one is left out as long as it is not over.
  ///
  /// - Parameters:
  ///   - length: How long the panel's bars are; without it a period is over with the first bar after it.
  ///   - stub: What becomes of the rest of a session that is shorter than the period.
  public func resampled(
    to period: Period, from length: Period? = nil, stub: StubPolicy = .emit, threads: Int? = nil
  ) -> Panel {
    let cut = PeriodCut(period: period, stub: stub, bars: length)
    let coarse = bars.resampled(PeriodID(cut))
    let values = BarField.stored.map { coarse[$0].value }
    let fields = Evaluation(threads: threads).periodValues(of: values)
    let timeline = Timeline(time.lazy.map { clock.index(of: $0, cut) })
    let isOver = timeline.completes.last ?? true
    let count = max(0, timeline.count - (isOver ? 0 : 1))
    // Fields with gaps of their own may lack periods that others have.
    var columns: [[Double]] = fields.map { _ in [] }
    var rows: [BarRows.Symbol] = []
    for symbol in symbols.indices {
      let origin = columns[0].count
      let places = Set(
        fields.flatMap { field in
          let bars = field.layout.presence[symbol]
          return (0..<bars.count).map { Int32(bars.timeIndex($0)) }
        }
      ).filter { $0 < count }.sorted()
      for (number, field) in fields.enumerated() {
        let bars = field.layout.presence[symbol]
        columns[number] += places.map { place in
          bars.bar(at: Int(place)).map { field.value(0, symbol, bar: $0) } ?? .nan
        }
      }
      rows.append(
        BarRows.Symbol(origin: origin, rows: .run(first: 0), times: Presence(places)))
    }
    var found = BarRows(
      columns: columns.map { BarRows.Column(Buffer($0), .float64) }, symbols: rows,
      timeCount: count, element: dtype)
    found.keepFinite()
    return Panel(
      symbols: symbols, time: Array(timeline.openings.prefix(count)), report: BarReport(),
      source: FieldSource(found), clock: clock)
  }
}
