public import MartletArrays
import MartletIO

extension BarStream {
  /// The whole state as bytes, from which `BarStream(restoring:)` goes on with the same bits.
  ///
  /// The form has a number of its own and no name of a Swift type in it. Every kernel of the plans stands with its
  /// version, so that a library in which one of them remembers something else refuses the bytes by its name.
  public func checkpoint() -> [UInt8] {
    let size = stages.plans.reduce(0) { sum, plan in
      plan.groups.reduce(sum) { $0 + $1.state.byteCount }
    }
    var writer = CheckpointWriter(kind: "stream", capacity: size + 64 * symbols.count)
    writer.section("stream") { writer in
      writer.add(recipe)
      writer.add("\(dtype)")
      writer.add(clock.text)
      writer.add(checks.text)
      writer.add(UInt64(symbols.count))
      for (symbol, time) in zip(symbols, lastTimes) {
        writer.add(symbol)
        writer.add(UInt64(bitPattern: time))
      }
    }
    writer.section("kernels") { writer in
      let kernels = stages.plans.reduce(into: Set()) { $0.formUnion($1.schedule.kernels) }
      writer.add(UInt64(kernels.count))
      for kernel in kernels.sorted(by: { $0.rawValue < $1.rawValue }) {
        writer.add(kernel.name)
        writer.add(UInt64(kernel.version))
      }
    }
    for number in stages.plans.indices {
      let plan = stages.plans[number]
      writer.section("plan") { writer in
        writer.add(Checkpoint.fingerprint(of: number, stages))
        let regions = plan.stateRegions
        writer.add(UInt64(regions.count))
        for region in regions {
          writer.add(UInt64(region.rows))
          writer.add(UInt64(region.elementSize))
        }
      }
      writer.section("states") { writer in
        // Blocks of symbols, in their order.
        plan.forEachState { symbols, bars, regions in
          writer.add(UInt64(symbols.count))
          for bar in bars { writer.add(UInt64(bitPattern: bar)) }
          for region in regions { writer.add(region) }
        }
      }
    }
    if stages.graph.hasLinks {
      writer.section("links") { writer in
        stages.forEachLinkState { writer.add($0) }
        writer.add(UInt64(bitPattern: waiting.time ?? .min))
        for bar in waiting.bars {
          writer.add(UInt64(bar == nil ? 0 : 1))
          guard let bar else { continue }
          for field in [bar.open, bar.high, bar.low, bar.close, bar.volume] {
            writer.add(field.bitPattern)
          }
        }
      }
    }
    return writer.finish()
  }

  /// A stream made with a closure as it was when `checkpoint()` was called; the closure must build
  /// the same series again.
  public init<each Output: SeriesExpression>(
    restoring bytes: [UInt8], _ body: (Bars) -> (repeat each Output)
  ) throws(DataError) {
    try self.init(restoring: bytes, series: Self.series(body), names: nil)
  }

  /// A stream of series by name as it was when `checkpoint()` was called; the closure must build the same series again.
  public init(restoring bytes: [UInt8], _ body: (Bars) -> KeyValuePairs<String, Series>)
    throws(DataError)
  {
    let series = body(.unconnected)
    try series.checkNames(in: "stream")
    try self.init(restoring: bytes, series: series.map(\.value), names: series.map(\.key))
  }

  package init(restoring bytes: [UInt8], series: [Series], names: [String]?) throws(DataError) {
    try self.init(try Checkpoint(bytes), series: series, names: names)
  }

  package init(
    _ checkpoint: Checkpoint, series: [Series], names: [String]? = nil, recipe: String = ""
  ) throws(DataError) {
    try self.init(
      symbols: checkpoint.symbols, series: series, names: names, recipe: recipe,
      dtype: checkpoint.dtype, clock: checkpoint.clock, checks: checkpoint.checks,
      instructionSet: .current, restoring: checkpoint)
  }
}

/// A checkpoint that has been read as far as the plans.
package struct Checkpoint {
  package let recipe: String
  let dtype: ElementType
  let clock: ExchangeClock
  let checks: BarChecks
  private(set) var symbols: [String] = []
  private(set) var lastTimes: [Int64] = []
  private let plans: CheckpointReader

  package init(_ bytes: [UInt8]) throws(DataError) {
    var checkpoint = try CheckpointReader(bytes, kind: "stream")
    var reader = try checkpoint.section("stream")
    recipe = try reader.text()
    let type = try reader.text()
    guard let dtype = [ElementType.float64, .float32].first(where: { "\($0)" == type }) else {
      throw reader.damage
    }
    self.dtype = dtype
    guard let clock = ExchangeClock(text: try reader.text()) else { throw reader.damage }
    self.clock = clock
    guard let checks = BarChecks(text: try reader.text()) else { throw reader.damage }
    self.checks = checks
    let count = try reader.count(ofAtLeast: 16)
    for _ in 0..<count {
      symbols.append(try reader.text())
      lastTimes.append(Int64(bitPattern: try reader.number()))
    }
    try reader.finish()
    reader = try checkpoint.section("kernels")
    let names = Dictionary(uniqueKeysWithValues: Kernel.allCases.map { ($0.name, $0) })
    for _ in 0..<(try reader.count(ofAtLeast: 16)) {
      let name = try reader.text()
      let version = try reader.number()
      guard let kernel = names[name] else {
        throw DataError(
          .incompatible, in: "checkpoint", "of a kernel \(name), which this version does not have")
      }
      guard version == UInt64(kernel.version) else {
        throw DataError(
          .incompatible, in: "checkpoint",
          "of version \(version) of the kernel \(name); this version has \(kernel.version)")
      }
    }
    try reader.finish()
    plans = checkpoint
  }

  static func fingerprint(of stage: Int, _ stages: LiveStages) -> UInt64 {
    var print = Fingerprint()
    print.add(stages.plans[stage].schedule.fingerprint)
    print.add(UInt64(stages.masks[stage]))
    for (result, output) in stages.graph.results.enumerated() where output.stage == stage {
      print.add(UInt64(result))
    }
    if stages.graph.hasLinks { print.add(stages.graph.text) }
    return print.value
  }

  func restore(_ stages: inout LiveStages, _ waiting: inout WaitingRow) throws(DataError) {
    var checkpoint = plans
    for number in stages.plans.indices {
      var plan = try checkpoint.section("plan")
      let regions = stages.plans[number].stateRegions
      guard try plan.number() == Checkpoint.fingerprint(of: number, stages) else {
        throw DataError(
          .incompatible, in: "checkpoint", "of a stream of other series or parameters")
      }
      guard try plan.count(ofAtLeast: 16) == regions.count else { throw Checkpoint.otherLayout }
      for region in regions {
        guard try plan.number() == UInt64(region.rows),
          try plan.number() == UInt64(region.elementSize)
        else { throw Checkpoint.otherLayout }
      }
      try plan.finish()
      var states = try checkpoint.section("states")
      try stages.plans[number].restore(&states, symbols: symbols.count)
      try states.finish()
    }
    if stages.graph.hasLinks {
      var links = try checkpoint.section("links")
      let count = stages.linkStateCount
      var numbers: [UInt64] = []
      for _ in 0..<count { numbers.append(try links.number()) }
      guard stages.setLinkStates(numbers) else { throw links.damage }
      let time = Int64(bitPattern: try links.number())
      waiting.time = time == .min ? nil : time
      for symbol in symbols.indices {
        guard try links.number() != 0 else { continue }
        guard let time = waiting.time else { throw links.damage }
        var fields: [Double] = []
        for _ in 0..<5 { fields.append(try links.double()) }
        waiting.bars[symbol] = Bar(
          time: time, open: fields[0], high: fields[1], low: fields[2], close: fields[3],
          volume: fields[4])
      }
      try links.finish()
    }
    try checkpoint.finish()
  }

  private static var otherLayout: DataError {
    DataError(
      .incompatible, in: "checkpoint",
      "of a version that lays out the states of its plans otherwise")
  }
}

extension LivePlan {
  fileprivate mutating func restore(_ reader: inout ByteReader, symbols: Int) throws(DataError) {
    let regions = stateRegions
    let column = regions.reduce(0) { $0 + $1.rows * $1.elementSize }
    var blocks: [(symbols: Range<Int>, regions: [Range<Int>])] = []
    var bars: [Int64] = []
    while bars.count < symbols {
      let count = try reader.count(ofAtLeast: 8 + column)
      guard count > 0, count <= symbols - bars.count else { throw reader.damage }
      let first = bars.count
      for _ in 0..<count {
        let bar = Int64(bitPattern: try reader.number())
        guard bar >= 0, bar < 1 << 48 else { throw reader.damage }
        bars.append(bar)
      }
      var ranges: [Range<Int>] = []
      for region in regions {
        ranges.append(try reader.skip(region.rows * region.elementSize * count))
      }
      blocks.append((first..<first + count, ranges))
    }
    prepareStates(bars: bars)
    for block in blocks {
      guard let first = block.regions.first, let last = block.regions.last else { continue }
      reader.withBytes(first.lowerBound..<last.upperBound) { bytes in
        let parts = block.regions.map { range in
          let index = range.lowerBound - first.lowerBound
          return UnsafeRawBufferPointer(rebasing: bytes[index..<index + range.count])
        }
        setState(of: block.symbols, bars: Array(bars[block.symbols]), regions: parts)
      }
    }
    finishStates()
  }
}
