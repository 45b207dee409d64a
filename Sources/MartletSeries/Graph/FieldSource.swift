import MartletArrays
import MartletIO
import Synchronization

/// Fields at the bars of symbols, packed: what panels and arrays are made of.
package final class FieldSource: SeriesSource {
  /// Made of one plain array: results have one axis.
  package let isFlat: Bool
  /// Fields that follow from the time alone stand after the stored ones; one value per time.
  package typealias TimeField = @Sendable (_ number: Int) -> [Double]
  private let timeField: TimeField?
  package typealias PeriodCutter = @Sendable (PeriodID) -> Timeline
  private let periods: PeriodCutter?
  package let axes: SourceAxes?
  /// Those that have been asked for: they are the same for every symbol.
  private let timeFields = Mutex<[Int: [Double]]>([:])
  private let store: FieldStore

  package var symbolCount: Int { store.presence.count }
  package var timeCount: Int { store.timeCount }
  package var element: ElementType { store.element }
  package var presence: [Presence] { store.presence }
  private var fieldCount: Int { store.fieldCount }

  /// Packs the rows of symbols, each with at least one finite field.
  ///
  /// One symbol that has all of its values in the type of the lanes is read where it is.
  package init(_ rows: BarRows, isFlat: Bool = false, threads: Int? = nil) {
    let packed: PackedLanes
    if let series = rows.wholeSeries {
      packed = PackedLanes(series: series, count: rows.timeCount, element: rows.element)
    } else {
      packed = PackedLanes(
        presence: rows.symbols.map(\.times), timeCount: rows.timeCount,
        fields: rows.columns.count, element: rows.element, threads: threads, from: rows)
    }
    store = FieldStore(packed, incomplete: rows.symbols.map(\.incomplete))
    self.isFlat = isFlat
    timeField = nil
    periods = nil
    axes = nil
  }

  private init(_ store: FieldStore, isFlat: Bool) {
    self.store = store
    self.isFlat = isFlat
    timeField = nil
    periods = nil
    axes = nil
  }

  /// The same bars of a panel, with fields that follow from their times.
  package init(
    _ other: FieldSource, axes: SourceAxes, periods: @escaping PeriodCutter,
    timeField: @escaping TimeField
  ) {
    store = other.store
    isFlat = other.isFlat
    self.axes = axes
    self.timeField = timeField
    self.periods = periods
  }

  /// Some symbols at some times; its lanes are made when they are first asked for.
  package func part(symbols: [Int], times: Range<Int>) -> FieldSource {
    FieldSource(store.part(symbols, times), isFlat: isFlat)
  }

  package func timeline(of period: PeriodID) -> Timeline? { periods?(period) }

  package func isComplete(_ field: Int) -> Bool { field >= fieldCount || store.isComplete(field) }

  package func lanes(fields: [Int]) -> PackedLanes {
    let stored = fieldCount
    let late = Set(fields.filter { $0 >= stored }).sorted()
    let own = Set(fields.filter { $0 < stored }).sorted()
    var all = store.lanes(own)
    if !late.isEmpty { all = all.adding(late.map { timeValues($0) }) }
    let order = own + late
    return all.selecting(fields.map { field in order.firstIndex(of: field)! })
  }

  private func timeValues(_ field: Int) -> [Double] {
    timeFields.withLock { known in
      if let values = known[field] { return values }
      let values = timeField?(field - fieldCount) ?? [Double](repeating: 0, count: timeCount)
      known[field] = values
      return values
    }
  }

  package func copy(field: Int, symbol: Int, bars: Range<Int>, to target: UnsafeMutableRawPointer) {
    guard field >= fieldCount else { return store.copy(field, symbol, bars: bars, to: target) }
    let (all, presence) = (timeValues(field), presence[symbol])
    element.store(bars.count, to: target) { all[presence.timeIndex(bars.lowerBound + $0)] }
  }

  package func read(field: Int, symbol: Int, into values: UnsafeMutableBufferPointer<Double>) {
    let presence = presence[symbol]
    if presence.count < values.count { values.update(repeating: .nan) }
    guard presence.count > 0, let base = values.baseAddress else { return }
    // Bars come to the front, then each goes to its time, the last one first.
    switch element {
    case .float64: copy(field: field, symbol: symbol, bars: 0..<presence.count, to: base)
    case .float32:
      let single = UnsafeMutablePointer<Float>.allocate(capacity: presence.count)
      defer { single.deallocate() }
      copy(field: field, symbol: symbol, bars: 0..<presence.count, to: single)
      for bar in 0..<presence.count { base[bar] = Double(single[bar]) }
    default: element.notInLanes()
    }
    if presence.count == values.count { return }
    for bar in (0..<presence.count).reversed() {
      let (value, time) = (base[bar], presence.timeIndex(bar))
      if time != bar { base[bar] = .nan }
      base[time] = value
    }
  }

  /// A field at one of a symbol's own bars.
  package func value(field: Int, symbol: Int, bar: Int) -> Double {
    store.value(field, symbol, bar: bar)
  }
}
