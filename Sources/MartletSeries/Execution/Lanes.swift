package import CMartletKernels
import MartletArrays
import MartletIO

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
package struct Presence: Hashable, Sendable {
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

  /// The bars of a range of times, counted from its beginning.
  package func part(_ times: Range<Int>) -> Presence {
    let start = firstBar(from: times.lowerBound)
    let end = max(start, firstBar(from: times.upperBound))
    guard let own = self.times else {
      return Presence(
        count: end - start, first: end > start ? first + start - times.lowerBound : 0, times: nil)
    }
    return Presence(own[start..<end].map { $0 - Int32(times.lowerBound) })
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

extension Buffer {
  /// NaN in some elements.
  package func setUndefined(_ range: Range<Int>, _ element: ElementType) {
    element.setUndefined(base, range)
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
      bypass_cache: bypass ? 1 : 0, parts: nil, reduction: 0)
  }
}
