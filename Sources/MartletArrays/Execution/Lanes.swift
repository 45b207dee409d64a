package import CMartletKernels

/// Some series side by side: which symbol sits in which lane and which bars it has.
package struct LaneGroup: Sendable {
  package let width: Int
  /// Lane → symbol, −1 for an empty lane.
  package let symbols: [Int]
  /// Lane → bars.
  package let counts: [Int]
  /// Lane → time index of its first bar; later ones follow without a hole unless `times` says more.
  package let firsts: [Int]
  /// Lane → bar → time index, for lanes with holes.
  package let times: [[Int32]?]

  package init(
    width: Int, symbols: [Int], counts: [Int], firsts: [Int], times: [[Int32]?]
  ) {
    self.width = width
    self.symbols = symbols
    self.counts = counts
    self.firsts = firsts
    self.times = times
  }

  /// Rows of the group: the bars of its longest lane.
  package var rows: Int { counts.max() ?? 0 }

  /// Rows at which every lane has its bar, at the time index of the same number.
  package var denseRows: Int {
    var rows = Int.max
    for lane in 0..<width where symbols[lane] >= 0 {
      if firsts[lane] != 0 || times[lane] != nil { return 0 }
      rows = min(rows, counts[lane])
    }
    return rows == Int.max ? 0 : rows
  }

  package func timeIndex(lane: Int, bar: Int) -> Int {
    if let times = times[lane] { return Int(times[bar]) }
    return firsts[lane] + bar
  }
}

/// The bars of one symbol among the times of a panel.
package struct Presence: Sendable {
  package var count: Int
  package var first: Int
  /// Bar → time index; nil without holes.
  package var times: [Int32]?

  package init(count: Int, first: Int, times: [Int32]?) {
    self.count = count
    self.first = first
    self.times = times
  }

  /// From which of `times` are there.
  package init(timeCount: Int, _ isPresent: (Int) -> Bool) {
    var found: [Int32] = []
    for time in 0..<timeCount where isPresent(time) { found.append(Int32(time)) }
    self.init(found)
  }

  package init(_ times: [Int32]) {
    count = times.count
    first = Int(times.first ?? 0)
    let hasHoles = count > 0 && Int(times[count - 1]) - first + 1 != count
    self.times = hasHoles ? times : nil
  }

  package func timeIndex(_ bar: Int) -> Int { times.map { Int($0[bar]) } ?? first + bar }

  /// The time index of the last bar; nil without bars.
  package var last: Int? { count > 0 ? timeIndex(count - 1) : nil }

  /// The first bar at a time index or after it; `count` if there is none.
  package func firstBar(from time: Int) -> Int {
    guard let times else { return min(max(time - first, 0), count) }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if Int(times[middle]) < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The number of the bar at a time index, nil if there is none.
  package func bar(at time: Int) -> Int? {
    let bar = firstBar(from: time)
    return bar < count && timeIndex(bar) == time ? bar : nil
  }
}

/// Fields packed for the kernels: `[group][time][lane]`, each lane without missing bars.
package final class PackedLanes: Sendable {
  package let groups: [LaneGroup]
  package let element: ElementType
  package let symbolCount: Int
  package let timeCount: Int
  package let presence: [Presence]
  /// Group → field → where its rows begin.
  private let memory: [[Place]]

  private struct Place: Sendable {
    let buffer: Buffer
    let offset: Int
  }

  /// Lays out groups: lanes sorted so that those with the same bars sit together.
  package static func groups(for presence: [Presence]) -> [LaneGroup] {
    let order = presence.indices.sorted { a, b in
      let (x, y) = (presence[a], presence[b])
      if x.count != y.count { return x.count > y.count }
      let irregular = (x.first != 0 || x.times != nil, y.first != 0 || y.times != nil)
      if irregular.0 != irregular.1 { return !irregular.0 }
      return a < b
    }
    var groups: [LaneGroup] = []
    var next = 0
    while next < order.count {
      let left = order.count - next
      let width = left == 1 ? 1 : left <= 8 ? 8 : 64
      let used = order[next..<min(next + width, order.count)]
      let lanes = Array(used) + [Int](repeating: -1, count: width - used.count)
      groups.append(
        LaneGroup(
          width: width, symbols: lanes, counts: lanes.map { $0 < 0 ? 0 : presence[$0].count },
          firsts: lanes.map { $0 < 0 ? 0 : presence[$0].first },
          times: lanes.map { $0 < 0 ? nil : presence[$0].times }))
      next += width
    }
    return groups
  }

  /// Packs fields; `read` gives a symbol's values of a field at all times of the panel.
  package init(
    presence: [Presence], timeCount: Int, fields: Int, element: ElementType,
    groups given: [LaneGroup]? = nil,
    read: (_ field: Int, _ symbol: Int, _ values: UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    self.presence = presence
    self.timeCount = timeCount
    self.element = element
    symbolCount = presence.count
    groups = given ?? PackedLanes.groups(for: presence)
    let values = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(timeCount, 1))
    defer { values.deallocate() }
    let row = UnsafeMutableBufferPointer(rebasing: values[..<timeCount])
    // All in one piece: huge pages spare what a page per run of rows would cost.
    func size(_ group: LaneGroup) -> Int {
      (group.rows * group.width * element.size + 63) / 64 * 64
    }
    let whole = Buffer(
      uninitializedByteCount: groups.reduce(0) { $0 + size($1) * fields })
    var next = 0
    memory = groups.map { group in
      let stage = Buffer(uninitializedByteCount: group.width * group.rows * element.size)
      let table = KernelTable(.current, width: group.width, elementSize: element.size)
      let lanes = Buffer((0..<group.width).map { Int64(group.symbols[$0] < 0 ? -1 : $0) })
      return (0..<fields).map { field in
        for lane in 0..<group.width where group.symbols[lane] >= 0 {
          read(field, group.symbols[lane], row)
          stage.store(group.rows, at: lane * group.rows, as: element) { bar in
            bar < group.counts[lane] ? row[group.timeIndex(lane: lane, bar: bar)] : .nan
          }
        }
        table.raw.pack(
          stage.base, Int64(group.rows), lanes.pointer(to: Int64.self), Int64(group.rows),
          whole.base + next)
        defer { next += size(group) }
        return Place(buffer: whole, offset: next)
      }
    }
  }

  /// One contiguous series, read where it is.
  package init(series fields: [Buffer], count: Int, element: ElementType) {
    presence = [Presence(count: count, first: 0, times: nil)]
    timeCount = count
    symbolCount = 1
    self.element = element
    groups = PackedLanes.groups(for: presence)
    memory = [fields.map { Place(buffer: $0, offset: 0) }]
  }

  private init(_ other: PackedLanes, fields: [Int]) {
    groups = other.groups
    element = other.element
    symbolCount = other.symbolCount
    timeCount = other.timeCount
    presence = other.presence
    memory = other.memory.map { group in fields.map { group[$0] } }
  }

  /// The same lanes in groups that say something else about where results go.
  package func replacingGroups(_ groups: [LaneGroup]) -> PackedLanes {
    PackedLanes(self, groups: groups)
  }

  private init(_ other: PackedLanes, groups: [LaneGroup]) {
    self.groups = groups
    element = other.element
    symbolCount = other.symbolCount
    timeCount = other.timeCount
    presence = other.presence
    memory = other.memory
  }

  /// The same bars with some of the fields, in another order; nothing is copied.
  package func selecting(_ fields: [Int]) -> PackedLanes { PackedLanes(self, fields: fields) }

  /// The same bars with further fields, each of one value per time for all lanes.
  package func adding(_ columns: [[Double]]) -> PackedLanes { PackedLanes(self, adding: columns) }

  private init(_ other: PackedLanes, adding columns: [[Double]]) {
    let element = other.element
    groups = other.groups
    self.element = element
    symbolCount = other.symbolCount
    timeCount = other.timeCount
    presence = other.presence
    memory = zip(other.memory, other.groups).map { fields, group in
      let size = group.rows * group.width
      return fields
        + columns.map { column in
          let buffer = Buffer(uninitializedByteCount: size * element.size)
          buffer.store(size, at: 0, as: element) { index in
            let (bar, lane) = index.quotientAndRemainder(dividingBy: group.width)
            return bar < group.counts[lane] ? column[group.timeIndex(lane: lane, bar: bar)] : .nan
          }
          return Place(buffer: buffer, offset: 0)
        }
    }
  }

  package var fieldCount: Int { memory.first?.count ?? 0 }

  package func field(_ field: Int, of group: Int) -> UnsafeMutableRawPointer {
    memory[group][field].buffer.base + memory[group][field].offset
  }

  /// One symbol's value at one of its bars.
  package func value(field: Int, group: Int, lane: Int, bar: Int) -> Double {
    let index = bar * groups[group].width + lane
    switch element {
    case .float64:
      return self.field(field, of: group).assumingMemoryBound(to: Double.self)[index]
    case .float32:
      return Double(self.field(field, of: group).assumingMemoryBound(to: Float.self)[index])
    default: element.notInLanes()
    }
  }
}

extension Buffer {
  /// NaN in some elements.
  package func setUndefined(_ range: Range<Int>, _ element: ElementType) {
    element.setUndefined(base, range)
  }

  /// Writes numbers as elements of a type.
  fileprivate func store(
    _ count: Int, at offset: Int, as element: ElementType, _ value: (Int) -> Double
  ) {
    switch element {
    case .float64:
      let to = pointer(to: Double.self) + offset
      for k in 0..<count { to[k] = value(k) }
    case .float32:
      let to = pointer(to: Float.self) + offset
      for k in 0..<count { to[k] = Float(value(k)) }
    default: element.notInLanes()
    }
  }
}

/// A lane group in the form that the kernels' output reads.
package struct SinkMap: Sendable {
  private let symbols: Buffer
  private let counts: Buffer
  private let firsts: Buffer
  private let times: Buffer?
  private let owners: [Buffer]
  private let denseRows: Int
  private let shortest: Int
  private let start: Int

  /// - Parameter start: The bar at which the lanes stand; the group's own bars follow it.
  package init(_ group: LaneGroup, from start: Int = 0) {
    self.start = start
    symbols = Buffer(group.symbols.map(Int64.init))
    counts = Buffer(group.counts.map { Int64($0 + start) })
    firsts = Buffer(group.firsts.map(Int64.init))
    denseRows = group.denseRows > 0 ? group.denseRows + start : 0
    let ends = (0..<group.width).filter { group.symbols[$0] >= 0 && group.counts[$0] > 0 }
    shortest = ends.map { group.counts[$0] }.min() ?? 0
    guard group.times.contains(where: { $0 != nil }) else {
      times = nil
      owners = []
      return
    }
    let maps = group.times.map { times in times.map { Buffer($0.map { Int32($0) + Int32(start) }) }
    }
    owners = maps.compactMap { $0 }
    let pointers = Buffer(byteCount: group.width * MemoryLayout<UnsafePointer<Int32>?>.stride)
    let table = pointers.pointer(to: UnsafePointer<Int32>?.self)
    for (lane, map) in maps.enumerated() {
      table[lane] = map.map { UnsafePointer($0.pointer(to: Int32.self) - start) }
    }
    times = pointers
  }

  package func sink(
    base: UnsafeMutableRawPointer, symbolStride: Int, element: ElementType, latest: Bool = false,
    bypass: Bool = false
  ) -> mk_sink {
    mk_sink(
      base: latest ? base : base - start * element.size, symbol_stride: Int64(symbolStride),
      symbols: symbols.pointer(to: Int64.self), counts: counts.pointer(to: Int64.self),
      firsts: firsts.pointer(to: Int64.self),
      times: times.map { UnsafePointer($0.pointer(to: UnsafePointer<Int32>?.self)) },
      dense_rows: Int64(latest ? shortest : denseRows), latest: latest ? 1 : 0,
      bypass_cache: bypass ? 1 : 0)
  }
}
