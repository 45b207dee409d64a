import MartletArrays
import MartletIO

/// The streaming driver of a plan of one or several clocks: a row of the market goes through stage by stage.
package struct LiveStages: Sendable {
  package let graph: StageGraph
  package var plans: [LivePlan]
  /// Stage → the fields that a bar needs for it, one bit each.
  package let masks: [UInt8]
  /// What links remember; their current values stand in `columns`.
  var periods: [PeriodState]
  var rowCount: Int64 = 0
  /// Link → the row at which a benchmark last had a value, and which that was.
  var benchmarks: [Benchmark]
  /// The values of a row, field after field, then link after link.
  package internal(set) var columns: Buffer
  package internal(set) var symbolCount: Int
  let fieldCount: Int
  let element: ElementType
  let instructionSet: InstructionSet
  /// Link → memory for rows of cross-sections.
  var sections: [CrossSectionMemory?]
  /// Stage of a period → the symbols whose bar of the period has just ended.
  var isEnding: [[Bool]]
  /// Link → the period's state that it goes by.
  let stateOf: [Int]

  struct Benchmark: Sendable {
    var symbol: Int
    var value = Double.nan
    var row = Int64.min / 2
  }

  /// - Throws: `DataError` where a benchmark is none of the symbols.
  package init(
    _ graph: StageGraph, symbols: [String], fields: Int, element: ElementType,
    instructionSet: InstructionSet
  ) throws(DataError) {
    self.graph = graph
    symbolCount = symbols.count
    fieldCount = fields
    self.element = element
    self.instructionSet = instructionSet
    plans = graph.stages.map {
      LivePlan(
        $0.schedule, symbols: symbols.count, element: element, instructionSet: instructionSet,
        linkColumn: fields)
    }
    masks = graph.stages.map { stage in
      stage.clock.keys.reduce(0) { $0 | 1 << UInt8($1.field) }
    }
    columns = Buffer(
      byteCount: (fields + graph.links.count) * symbols.count * MemoryLayout<Double>.stride)
    var found: [PeriodState.Key] = []
    benchmarks = []
    for link in graph.links {
      if case .resampled(_, let period) = link.edge {
        found.append(PeriodState.Key(period: period, clock: link.from))
      }
      var benchmark = Benchmark(symbol: -1)
      if case .ofSymbol(let name, _) = link.edge {
        guard let symbol = symbols.firstIndex(of: name) else {
          throw DataError(
            .unknownName, in: "stream",
            "of: no symbol \(excerpt(name))" + DataError.nearest(name, among: symbols))
        }
        benchmark.symbol = symbol
      }
      benchmarks.append(benchmark)
    }
    for stage in graph.stages {
      guard case .coarse(let period, _) = stage.clock else { continue }
      found += stage.clock.finerClocks.map { PeriodState.Key(period: period, clock: $0) }
    }
    var keys: [PeriodState.Key] = []
    for key in found where !keys.contains(key) { keys.append(key) }
    periods = keys.map { key in
      PeriodState(
        key: key, mask: key.clock.keys.reduce(0) { $0 | 1 << UInt8($1.field) },
        isTogether: graph.closesTogether(key.period), symbols: symbols.count)
    }
    stateOf = graph.links.map { link in
      guard case .resampled(_, let period) = link.edge else { return -1 }
      return keys.firstIndex(of: PeriodState.Key(period: period, clock: link.from))!
    }
    sections = CrossSectionMemory.all(graph, symbols: symbols.count)
    isEnding = graph.stages.map {
      Array(repeating: false, count: $0.clock.period == nil ? 0 : symbols.count)
    }
    let numbers = columns.pointer(to: Double.self)
    for (number, link) in graph.links.enumerated() {
      let column = numbers + (fields + number) * symbols.count
      for (symbol, name) in symbols.enumerated() {
        column[symbol] = .nan
        if case .perSymbol(let values, _) = link.edge { column[symbol] = values[name] ?? .nan }
      }
    }
  }

  /// Another one at the same bar that goes its own way.
  package func copy() -> LiveStages {
    var copy = self
    copy.plans = plans.map { $0.copy() }
    copy.columns = columns.copy()
    copy.sections = CrossSectionMemory.all(graph, symbols: symbolCount)
    return copy
  }

  func column(_ link: Int) -> UnsafeMutablePointer<Double> {
    columns.pointer(to: Double.self) + (fieldCount + link) * symbolCount
  }
}

/// Which bar of a period each symbol is in.
struct PeriodState: Sendable {
  struct Key: Hashable, Sendable {
    var period: PeriodID
    /// The finer bars that count.
    var clock: Clock
  }

  let key: Key
  let mask: UInt8
  /// Whether all symbols' bars of a period end at once.
  let isTogether: Bool
  /// The period that a symbol's newest bar is in.
  var openings: [Int64]
  /// Whether that bar has not been taken over yet.
  var isOpen: [Bool]
  /// The period that is over for a symbol though its end has not come.
  var ended: [Int64]
  /// What the row's bar is for each symbol.
  var parts: [Part]

  enum Part: UInt8 { case none, first, next }

  init(key: Key, mask: UInt8, isTogether: Bool, symbols: Int) {
    self.key = key
    self.mask = mask
    self.isTogether = isTogether
    openings = Array(repeating: .min, count: symbols)
    isOpen = Array(repeating: false, count: symbols)
    ended = openings
    parts = Array(repeating: .none, count: symbols)
  }

  /// Begins a row: which bars belong to a period, and to which.
  mutating func begin(_ fields: UnsafeBufferPointer<UInt8>, only: Int?, _ index: PeriodIndex) {
    for symbol in only.map({ $0..<$0 + 1 }) ?? fields.indices {
      guard index.counts, fields[symbol] != 0, fields[symbol] & mask == mask,
        ended[symbol] != index.opening
      else {
        parts[symbol] = .none
        continue
      }
      parts[symbol] = isOpen[symbol] ? .next : .first
      openings[symbol] = index.opening
      isOpen[symbol] = true
    }
  }
}

/// Memory for rows of one cross-section.
final class CrossSectionMemory: @unchecked Sendable {
  // A stream has one owner; whoever copies stages gives the copy memory of its own.
  private let rows: CrossSectionRows
  private let inputs: Buffer
  private let symbols: Int

  static func all(_ graph: StageGraph, symbols: Int) -> [CrossSectionMemory?] {
    graph.links.map { link in
      guard case .across(let section) = link.edge else { return nil }
      return CrossSectionMemory(section, symbols: symbols, inputs: link.inputs.count)
    }
  }

  private init(_ section: CrossSection, symbols: Int, inputs: Int) {
    self.symbols = symbols
    rows = CrossSectionRows(section, symbols: symbols)
    self.inputs = Buffer(byteCount: inputs * symbols * MemoryLayout<Double>.stride)
  }

  /// Where the values of an input go, one per symbol.
  func input(_ number: Int) -> UnsafeMutablePointer<Double> {
    inputs.pointer(to: Double.self) + number * symbols
  }

  func run(_ count: Int, to result: UnsafeMutablePointer<Double>, _ set: InstructionSet) {
    rows.run((0..<count).map { UnsafePointer(input($0)) }, to: result, set)
  }
}
