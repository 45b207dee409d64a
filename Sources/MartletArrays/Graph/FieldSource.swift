import Synchronization

/// Fields of [symbols, time] in memory: what panels and arrays are made of.
package final class FieldSource: SeriesSource {
  package let packed: PackedLanes
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
  private let complete: [Bool]
  /// Symbol → group and lane.
  private let places: [(group: Int, lane: Int)]

  package var symbolCount: Int { packed.symbolCount }
  package var timeCount: Int { packed.timeCount }
  package var element: ElementType { packed.element }
  package var presence: [Presence] { packed.presence }

  /// Packs fields; a bar is there when at least one of them is finite.
  ///
  /// Infinities count as missing, and so do numbers that are infinite as elements.
  package init(
    symbols: Int, times: Int, fields: Int, element: ElementType, isFlat: Bool = false,
    read: (_ field: Int, _ symbol: Int, _ values: UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    let values = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(times, 1))
    defer { values.deallocate() }
    var complete = [Bool](repeating: true, count: fields)
    var counts = [Int](repeating: 0, count: fields)
    let presence = (0..<symbols).map { symbol in
      var isPresent = [Bool](repeating: false, count: times)
      for field in 0..<fields {
        read(field, symbol, UnsafeMutableBufferPointer(rebasing: values[..<times]))
        counts[field] = 0
        for time in 0..<times where element.isFinite(values[time]) {
          isPresent[time] = true
          counts[field] += 1
        }
      }
      let found = Presence(timeCount: times) { isPresent[$0] }
      for field in 0..<fields where counts[field] != found.count { complete[field] = false }
      return found
    }
    self.complete = complete
    self.isFlat = isFlat
    timeField = nil
    periods = nil
    axes = nil
    packed = PackedLanes(
      presence: presence, timeCount: times, fields: fields, element: element
    ) { field, symbol, values in
      read(field, symbol, values)
      for time in values.indices where !element.isFinite(values[time]) { values[time] = .nan }
    }
    places = FieldSource.places(in: packed)
  }

  /// Contiguous fields of one symbol, all finite, read where they are.
  package init(series fields: [Buffer], count: Int, element: ElementType, isFlat: Bool) {
    packed = PackedLanes(series: fields, count: count, element: element)
    complete = fields.map { _ in true }
    self.isFlat = isFlat
    timeField = nil
    periods = nil
    axes = nil
    places = [(0, 0)]
  }

  /// The same bars of a panel, with fields that follow from their times.
  package init(
    _ other: FieldSource, axes: SourceAxes, periods: @escaping PeriodCutter,
    timeField: @escaping TimeField
  ) {
    packed = other.packed
    isFlat = other.isFlat
    complete = other.complete
    places = other.places
    self.axes = axes
    self.timeField = timeField
    self.periods = periods
  }

  private static func places(in packed: PackedLanes) -> [(group: Int, lane: Int)] {
    var places = [(group: Int, lane: Int)](repeating: (0, 0), count: packed.symbolCount)
    for (number, group) in packed.groups.enumerated() {
      for lane in 0..<group.width where group.symbols[lane] >= 0 {
        places[group.symbols[lane]] = (number, lane)
      }
    }
    return places
  }

  package func timeline(of period: PeriodID) -> Timeline? { periods?(period) }

  package func isComplete(_ field: Int) -> Bool { field >= complete.count || complete[field] }

  package func lanes(fields: [Int]) -> PackedLanes {
    let stored = complete.count
    let late = Set(fields.filter { $0 >= stored }).sorted()
    if late.isEmpty { return packed.selecting(fields) }
    let all = packed.adding(late.map { timeValues($0) })
    return all.selecting(fields.map { $0 < stored ? $0 : stored + late.firstIndex(of: $0)! })
  }

  private func timeValues(_ field: Int) -> [Double] {
    timeFields.withLock { known in
      if let values = known[field] { return values }
      let values = timeField?(field - complete.count) ?? [Double](repeating: 0, count: timeCount)
      known[field] = values
      return values
    }
  }

  package func read(field: Int, symbol: Int, into values: UnsafeMutableBufferPointer<Double>) {
    read(field: field, symbol: symbol, times: 0..<timeCount, into: values)
  }

  /// One symbol's values of a field at some times, NaN where there is none.
  package func read(
    field: Int, symbol: Int, times: Range<Int>, into values: UnsafeMutableBufferPointer<Double>
  ) {
    let presence = presence[symbol]
    let first = presence.firstBar(from: times.lowerBound)
    let end = presence.firstBar(from: times.upperBound)
    if end - first < times.count {
      for k in 0..<times.count { values[k] = .nan }
    }
    if field >= complete.count {
      let all = timeValues(field)
      for bar in first..<max(first, end) {
        let time = presence.timeIndex(bar)
        values[time - times.lowerBound] = all[time]
      }
      return
    }
    let place = places[symbol]
    let width = packed.groups[place.group].width
    let base = packed.field(field, of: place.group)
    func copy<Element: BitwiseCopyable>(_ type: Element.Type, _ convert: (Element) -> Double) {
      let column = base.assumingMemoryBound(to: type) + place.lane
      for bar in first..<max(first, end) {
        values[presence.timeIndex(bar) - times.lowerBound] = convert(column[bar * width])
      }
    }
    switch element {
    case .float64: copy(Double.self) { $0 }
    case .float32: copy(Float.self) { Double($0) }
    default: element.notInLanes()
    }
  }

  /// A field at one of a symbol's own bars.
  package func value(field: Int, symbol: Int, bar: Int) -> Double {
    let place = places[symbol]
    return packed.value(field: field, group: place.group, lane: place.lane, bar: bar)
  }
}
