import MartletArrays
import MartletIO

/// The bars at which several fields, of one source or of several, all have a value.
package struct SharedBars: BarRuns {
  private let fields: [(source: any SeriesSource, field: Int)]
  private let symbols: [Symbol]
  private let sources: [ObjectIdentifier]
  private let element: ElementType
  package var presence: [Presence] { symbols.map(\.presence) }

  fileprivate struct Symbol: Sendable {
    var presence: Presence
    /// Source → the numbers of these bars among its own; nil where they are all of them.
    var numbers: [[Int32]?]
  }

  /// - Parameters:
  ///   - fields: What is read; each of them decides which bars there are.
  ///   - deciding: Fields that only decide.
  package init(
    _ fields: [(any SeriesSource, Int)], deciding: [(any SeriesSource, Int)] = [],
    threads: Int? = nil
  ) {
    let all = fields + deciding
    var sources: [any SeriesSource] = []
    for (source, _) in all where !sources.contains(where: { $0 === source }) {
      sources.append(source)
    }
    let (found, identities) = (sources, sources.map { ObjectIdentifier($0) })
    self.fields = fields.map { ($0.0, $0.1) }
    self.sources = identities
    element = all[0].0.element
    let decisive = all.filter { !$0.0.isComplete($0.1) }
    symbols = Workers.map(sources[0].symbolCount, threads: threads) { symbol in
      var shared = Symbol(found, symbol)
      for (source, field) in decisive {
        let number = identities.firstIndex(of: ObjectIdentifier(source)) ?? 0
        shared.keepDefined(source, number, field, symbol)
      }
      return shared
    }
  }

  package func run(_ field: Int, _ symbol: Int) -> UnsafeRawPointer? { nil }

  package func copy(
    _ field: Int, _ symbol: Int, bars: Range<Int>, to target: UnsafeMutableRawPointer
  ) {
    let (source, own) = fields[field]
    let index = sources.firstIndex(of: ObjectIdentifier(source)) ?? 0
    guard let numbers = symbols[symbol].numbers[index] else {
      return source.copy(field: own, symbol: symbol, bars: bars, to: target)
    }
    var bar = bars.lowerBound
    while bar < bars.upperBound {
      var end = bar + 1
      while end < bars.upperBound, numbers[end] == numbers[end - 1] + 1 { end += 1 }
      let first = Int(numbers[bar])
      source.copy(
        field: own, symbol: symbol, bars: first..<first + end - bar,
        to: target + (bar - bars.lowerBound) * element.size)
      bar = end
    }
  }
}

extension SharedBars.Symbol {
  /// The bars that all sources have.
  fileprivate init(_ sources: [any SeriesSource], _ symbol: Int) {
    let own = sources.map { $0.presence[symbol] }
    presence = own[0]
    numbers = own.map { _ in nil }
    guard own.contains(where: { $0 != own[0] }) else { return }
    var times: [Int32] = []
    var bars = [Int](repeating: 0, count: own.count)
    var found: [[Int32]] = own.map { _ in [] }
    while zip(own, bars).allSatisfy({ $0.count > $1 }) {
      let latest = zip(own, bars).map { $0.timeIndex($1) }.max() ?? 0
      for (number, one) in own.enumerated() {
        while bars[number] < one.count, one.timeIndex(bars[number]) < latest { bars[number] += 1 }
      }
      guard zip(own, bars).allSatisfy({ $0.count > $1 && $0.timeIndex($1) == latest }) else {
        continue
      }
      times.append(Int32(latest))
      for number in own.indices {
        found[number].append(Int32(bars[number]))
        bars[number] += 1
      }
    }
    presence = Presence(times)
    for (number, one) in own.enumerated() where one.count > times.count {
      numbers[number] = found[number]
    }
  }

  /// Leaves the bars at which a field of a source is not NaN.
  fileprivate mutating func keepDefined(
    _ source: any SeriesSource, _ number: Int, _ field: Int, _ symbol: Int
  ) {
    let all = source.presence[symbol].count
    guard presence.count > 0 else { return }
    let element = source.element
    let memory = Buffer(uninitializedByteCount: all * element.size)
    source.copy(field: field, symbol: symbol, bars: 0..<all, to: memory.base)
    func isDefined(_ bar: Int) -> Bool {
      element == .float64
        ? !memory.pointer(to: Double.self)[bar].isNaN : !memory.pointer(to: Float.self)[bar].isNaN
    }
    let bars = numbers[number]
    let kept = (0..<presence.count).filter { bar in isDefined(bars.map { Int($0[bar]) } ?? bar) }
    guard kept.count < presence.count else { return }
    numbers = numbers.map { own in kept.map { own?[$0] ?? Int32($0) } }
    let before = presence
    presence = Presence(kept.map { Int32(before.timeIndex($0)) })
  }
}

extension PackedLanes {
  /// Packs fields at the bars where all of them, and `deciding`, have a value.
  package convenience init(
    _ fields: [(any SeriesSource, Int)], present deciding: [(any SeriesSource, Int)] = [],
    threads: Int? = nil
  ) {
    let shared = SharedBars(fields, deciding: deciding, threads: threads)
    let source = (fields + deciding)[0].0
    self.init(
      presence: shared.presence, timeCount: source.timeCount, fields: fields.count,
      element: source.element, threads: threads, from: shared)
  }
}
