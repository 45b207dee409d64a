import CMartletKernels
import MartletArrays
import MartletIO

/// Bars in memory from which lanes are packed.
package protocol BarRuns: Sendable {
  /// Where all bars of a symbol lie one after the other as elements of the lanes, in memory that lasts as long as
  /// these; nil where they do not.
  func run(_ field: Int, _ symbol: Int) -> UnsafeRawPointer?
  /// Writes some of a symbol's bars as elements of the lanes, NaN for what is not finite there.
  func copy(_ field: Int, _ symbol: Int, bars: Range<Int>, to: UnsafeMutableRawPointer)
}

/// Fields packed for the kernels: `[group][time][lane]`, each lane without missing bars.
package final class PackedLanes: Sendable {
  package let groups: [LaneGroup]
  package let element: ElementType
  package let symbolCount: Int
  package let timeCount: Int
  package let presence: [Presence]
  /// Group → field → where its rows begin.
  private let memory: [[Index]]

  private struct Index: Sendable {
    let buffer: Buffer
    let offset: Int
  }

  /// Lays out groups: lanes sorted so that those with the same bars sit together.
  ///
  /// - Parameter isBatch: Few long series get a group each, which is cut into segments; a stream has none.
  package static func groups(for presence: [Presence], isBatch: Bool = false) -> [LaneGroup] {
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
      let isCut =
        isBatch && left <= Segmentation.fewSeries
        && presence[order[next]].count >= Segmentation().fewestBars
      let width = left == 1 || isCut ? 1 : left <= 8 ? 8 : 64
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

  /// Packs the first fields of `runs`, groups over threads.
  package init(
    presence: [Presence], timeCount: Int, fields: Int, element: ElementType,
    groups given: [LaneGroup]? = nil, threads: Int? = nil, from runs: some BarRuns
  ) {
    self.presence = presence
    self.timeCount = timeCount
    self.element = element
    symbolCount = presence.count
    let groups = given ?? PackedLanes.groups(for: presence, isBatch: true)
    self.groups = groups
    // All in one piece: huge pages spare what a page per run of rows would cost.
    var offsets: [Int] = []
    var size = 0
    for group in groups {
      for _ in 0..<fields {
        offsets.append(size)
        size += (group.rows * group.width * element.size + 63) / 64 * 64
      }
    }
    let whole = Buffer(uninitializedByteCount: size)
    let indices = offsets
    let used = groups.reduce(0) { $0 + $1.rows * $1.width } * fields
    Workers.run(items: indices.count, threads: used < Self.fewestForThreads ? 1 : threads) { next in
      var packer = Packer(element)
      while let item = next() {
        let (group, field) = item.quotientAndRemainder(dividingBy: fields)
        packer.pack(field, groups[group], runs, to: whole.base + indices[item])
      }
    }
    memory = groups.indices.map { group in
      (0..<fields).map { Index(buffer: whole, offset: indices[group * fields + $0]) }
    }
  }

  /// Elements below which threads cost more than they bring.
  private static let fewestForThreads = 1 << 16

  /// One contiguous series, read where it is.
  package init(series fields: [Buffer], count: Int, element: ElementType) {
    presence = [Presence(count: count, first: 0, times: nil)]
    timeCount = count
    symbolCount = 1
    self.element = element
    groups = PackedLanes.groups(for: presence, isBatch: true)
    memory = [fields.map { Index(buffer: $0, offset: 0) }]
  }

  private init(_ other: PackedLanes, groups: [LaneGroup], memory: [[Index]]) {
    self.groups = groups
    self.memory = memory
    element = other.element
    symbolCount = other.symbolCount
    timeCount = other.timeCount
    presence = other.presence
  }

  /// The same lanes in groups that say something else about where results go.
  package func replacingGroups(_ groups: [LaneGroup]) -> PackedLanes {
    PackedLanes(self, groups: groups, memory: memory)
  }

  /// The same bars with some of the fields, in another order; nothing is copied.
  package func selecting(_ fields: [Int]) -> PackedLanes {
    PackedLanes(self, groups: groups, memory: memory.map { group in fields.map { group[$0] } })
  }

  /// The same bars with the fields of other lanes of the same groups behind their own; nothing is copied.
  package func joined(with other: PackedLanes) -> PackedLanes {
    PackedLanes(self, groups: groups, memory: zip(memory, other.memory).map { $0 + $1 })
  }

  /// The same bars with further fields, each of one value per time for all lanes.
  package func adding(_ columns: [[Double]]) -> PackedLanes {
    joined(
      with: PackedLanes(
        presence: presence, timeCount: timeCount, fields: columns.count, element: element,
        groups: groups, from: TimeColumns(columns, presence, element)))
  }

  package var fieldCount: Int { memory.first?.count ?? 0 }

  package func field(_ field: Int, of group: Int) -> UnsafeMutableRawPointer {
    memory[group][field].buffer.base + memory[group][field].offset
  }

  /// One symbol's value at one of its bars.
  package func value(field: Int, group: Int, lane: Int, bar: Int) -> Double {
    element.number(self.field(field, of: group), bar * groups[group].width + lane)
  }

  /// Some bars of one lane, one after the other.
  package func copy(
    field: Int, group: Int, lane: Int, bars: Range<Int>, to target: UnsafeMutableRawPointer
  ) {
    let width = groups[group].width
    let base = self.field(field, of: group)
    func copy<Element: BitwiseCopyable>(_ type: Element.Type) {
      let from = base.assumingMemoryBound(to: type) + bars.lowerBound * width + lane
      let to = target.assumingMemoryBound(to: type)
      for k in 0..<bars.count { to[k] = from[k * width] }
    }
    switch element {
    case .float64: copy(Double.self)
    case .float32: copy(Float.self)
    default: element.notInLanes()
    }
  }
}

/// Packs one group's rows of one field after the other; one per thread.
private struct Packer {
  /// Rows that are staged at once: a tile of 64 lanes stays in the second cache.
  private static let rows = 256
  /// Lanes apart in the stage, not a power of two, so that they do not share places of a cache.
  private static let stride = rows + 8

  private let element: ElementType
  private let stage: Buffer
  private let offsets = Buffer(byteCount: 64 * MemoryLayout<Int64>.stride)
  private var tables: [Int: KernelTable] = [:]
  private var runs = [UnsafeRawPointer?](repeating: nil, count: 64)

  init(_ element: ElementType) {
    self.element = element
    stage = Buffer(uninitializedByteCount: 64 * Self.stride * element.size)
  }

  mutating func pack(
    _ field: Int, _ group: LaneGroup, _ bars: some BarRuns, to target: UnsafeMutableRawPointer
  ) {
    let (width, size) = (group.width, element.size)
    let table = tables[width] ?? KernelTable(.current, width: width, elementSize: size)
    tables[width] = table
    for lane in 0..<width {
      let symbol = group.symbols[lane]
      let run = symbol < 0 ? nil : bars.run(field, symbol)
      runs[lane] = run.flatMap { UInt(bitPattern: $0) % UInt(size) == 0 ? $0 : nil }
    }
    let offsets = offsets.pointer(to: Int64.self)
    for start in Swift.stride(from: 0, to: group.rows, by: Self.rows) {
      let rows = min(Self.rows, group.rows - start)
      // Where each lane's rows are: where they lie if they are all there, otherwise in the stage.
      var base = UInt.max
      for lane in 0..<width where group.symbols[lane] >= 0 {
        let there = max(0, min(rows, group.counts[lane] - start))
        var from: UnsafeRawPointer
        if there == rows, let run = runs[lane] {
          from = run + start * size
        } else {
          let row = stage.base + lane * Self.stride * size
          if there > 0, let run = runs[lane] {
            row.copyMemory(from: run + start * size, byteCount: there * size)
          } else if there > 0 {
            bars.copy(field, group.symbols[lane], bars: start..<start + there, to: row)
          }
          if there < rows { element.setUndefined(row, there..<rows) }
          from = UnsafeRawPointer(row)
        }
        base = min(base, UInt(bitPattern: from))
        offsets[lane] = Int64(UInt(bitPattern: from) / UInt(size))
      }
      for lane in 0..<width {
        offsets[lane] = group.symbols[lane] < 0 ? -1 : offsets[lane] - Int64(base / UInt(size))
      }
      table.raw.pack(
        UnsafeRawPointer(bitPattern: base), 1, offsets, Int64(rows),
        target + start * width * size)
    }
  }
}

/// Fields of one value per time, the same for every symbol.
private struct TimeColumns: BarRuns {
  private let columns: [[Double]]
  private let presence: [Presence]
  private let element: ElementType

  init(_ columns: [[Double]], _ presence: [Presence], _ element: ElementType) {
    (self.columns, self.presence, self.element) = (columns, presence, element)
  }

  func run(_ field: Int, _ symbol: Int) -> UnsafeRawPointer? { nil }

  func copy(_ field: Int, _ symbol: Int, bars: Range<Int>, to target: UnsafeMutableRawPointer) {
    let presence = presence[symbol]
    element.store(bars.count, to: target) {
      columns[field][presence.timeIndex(bars.lowerBound + $0)]
    }
  }
}

extension ElementType {
  /// An element of lanes as a number.
  @inline(__always)
  package func number(_ base: UnsafeRawPointer, _ index: Int) -> Double {
    switch self {
    case .float64: base.assumingMemoryBound(to: Double.self)[index]
    case .float32: Double(base.assumingMemoryBound(to: Float.self)[index])
    default: notInLanes()
    }
  }

  /// Writes a number as an element of lanes.
  @inline(__always)
  package func set(_ base: UnsafeMutableRawPointer, _ index: Int, _ number: Double) {
    switch self {
    case .float64: base.assumingMemoryBound(to: Double.self)[index] = number
    case .float32: base.assumingMemoryBound(to: Float.self)[index] = Float(number)
    default: notInLanes()
    }
  }

  /// Writes numbers as elements of lanes.
  @inline(__always)
  package func store(_ count: Int, to target: UnsafeMutableRawPointer, _ value: (Int) -> Double) {
    switch self {
    case .float64:
      let to = target.assumingMemoryBound(to: Double.self)
      for k in 0..<count { to[k] = value(k) }
    case .float32:
      let to = target.assumingMemoryBound(to: Float.self)
      for k in 0..<count { to[k] = Float(value(k)) }
    default: notInLanes()
    }
  }
}
