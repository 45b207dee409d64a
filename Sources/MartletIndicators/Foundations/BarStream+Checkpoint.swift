public import MartletArrays

extension BarStream {
  /// The whole state as bytes, from which `BarStream(restoring:)` goes on with the same bits.
  public func checkpoint() -> [UInt8] {
    var writer = ByteWriter()
    writer.add(Checkpoint.magic)
    writer.add(Checkpoint.fingerprint(of: parts))
    writer.add(indicatorText)
    writer.add(UInt64(dtype.size))
    writer.add(UInt64(bitPattern: Int64(clock.standardOffset)))
    writer.add(UInt64(clock.summerTime.rawValue))
    writer.add(UInt64(symbols.count))
    for (symbol, time) in zip(symbols, lastTimes) {
      writer.add(symbol)
      writer.add(UInt64(bitPattern: time))
    }
    for part in parts {
      writer.add(UInt64(part.live.groups.count))
      for group in part.live.groups {
        writer.add(UInt64(group.width))
        writer.add(UInt64(group.state.byteCount))
        for lane in 0..<group.width {
          writer.add(UInt64(bitPattern: Int64(group.symbols[lane])))
          writer.add(UInt64(bitPattern: group.counts[lane]))
        }
        writer.add(
          UnsafeRawBufferPointer(start: group.state.base, count: group.state.byteCount))
      }
    }
    return writer.bytes
  }

  /// A stream of indicators as it was when `checkpoint()` was called.
  ///
  /// - Throws: `DataError` when the bytes are no checkpoint, are cut off, or belong to a stream of
  ///   other series; a stream made with a closure needs `init(restoring:_:)`.
  public init(restoring bytes: [UInt8]) throws(DataError) {
    let checkpoint = try Checkpoint(bytes)
    guard !checkpoint.indicatorText.isEmpty else {
      throw DataError(
        .incompatible, in: "checkpoint", "of a stream made with a closure; give the closure again")
    }
    let indicators = try Indicator.list(checkpoint.indicatorText)
    try self.init(
      symbols: checkpoint.symbols, series: Self.series(of: indicators), indicators: indicators,
      dtype: checkpoint.dtype, clock: checkpoint.clock, instructionSet: .current,
      restoring: checkpoint)
  }

  /// A stream made with a closure as it was when `checkpoint()` was called; the closure must build
  /// the same series again.
  public init<each Output: SeriesExpression>(
    restoring bytes: [UInt8], _ body: (Bars) -> (repeat each Output)
  ) throws(DataError) {
    try self.init(restoring: bytes, series: Self.series(body), names: nil)
  }

  package init(restoring bytes: [UInt8], series: [Series], names: [String]?) throws(DataError) {
    let checkpoint = try Checkpoint(bytes)
    try self.init(
      symbols: checkpoint.symbols, series: series, indicators: [], names: names,
      dtype: checkpoint.dtype, clock: checkpoint.clock, instructionSet: .current,
      restoring: checkpoint)
  }
}

/// A checkpoint that has been read as far as the states.
///
/// Magic, fingerprint of the plans, symbols, then every lane's bar count and every group's state.
/// Numbers are little-endian.
struct Checkpoint {
  static let magic: UInt64 = 0x3250_434C_5452_414D  // "MARTLCP2"

  let indicatorText: String
  let dtype: ElementType
  let clock: ExchangeClock
  private(set) var symbols: [String] = []
  private(set) var lastTimes: [Int64] = []
  private let fingerprint: UInt64
  private let states: ByteReader

  init(_ bytes: [UInt8]) throws(DataError) {
    var reader = ByteReader(bytes)
    guard try reader.number() == Checkpoint.magic else {
      throw DataError(.malformed, in: "checkpoint", "does not begin as a checkpoint does")
    }
    fingerprint = try reader.number()
    indicatorText = try reader.text()
    let size = try reader.number()
    guard let found = ElementType.allCases.first(where: { $0.size == size }) else {
      throw DataError(.malformed, in: "checkpoint", "elements of \(size) bytes")
    }
    dtype = found
    let offset = Int64(bitPattern: try reader.number())
    let rule = try reader.number()
    guard (-86_400...86_400).contains(offset),
      let summerTime = ExchangeClock.SummerTime(rawValue: Int(truncatingIfNeeded: rule))
    else { throw reader.damage }
    clock = ExchangeClock(standardOffset: Int(offset), summerTime: summerTime)
    let count = try reader.count(ofAtLeast: 16)
    for _ in 0..<count {
      symbols.append(try reader.text())
      lastTimes.append(Int64(bitPattern: try reader.number()))
    }
    states = reader
  }

  static func fingerprint(of parts: [StreamPart]) -> UInt64 {
    var print = Fingerprint()
    for part in parts {
      print.add(part.live.schedule.fingerprint)
      print.add(UInt64(part.mask))
      for result in part.results { print.add(UInt64(result)) }
    }
    return print.value
  }

  func restore(_ parts: inout [StreamPart]) throws(DataError) {
    guard fingerprint == Checkpoint.fingerprint(of: parts) else {
      throw DataError(
        .incompatible, in: "checkpoint", "of a stream of other series or parameters")
    }
    var reader = states
    for number in parts.indices {
      try parts[number].live.restore(&reader, symbols: symbols.count)
    }
    guard reader.isAtEnd else {
      throw DataError(.malformed, in: "checkpoint", "has bytes after its end")
    }
  }
}

extension LivePlan {
  fileprivate mutating func restore(_ reader: inout ByteReader, symbols: Int) throws(DataError) {
    let count = try reader.count(ofAtLeast: 16)
    var layout: [LaneGroup] = []
    var counts: [[Int64]] = []
    var states: [Range<Int>] = []
    var seen = Set<Int>()
    for _ in 0..<count {
      let width = Int(truncatingIfNeeded: try reader.number())
      let size = Int(try reader.number() & 0xFFFF_FFFF_FFFF)
      guard [1, 8, 64].contains(width) else { throw reader.damage }
      var lanes: [Int] = []
      var bars: [Int64] = []
      for lane in 0..<width {
        let symbol = Int(Int64(bitPattern: try reader.number()))
        let bar = Int64(bitPattern: try reader.number())
        let isEmpty = symbol == -1
        guard bar >= 0, bar < 1 << 48, isEmpty || (0..<symbols).contains(symbol),
          isEmpty || seen.insert(symbol).inserted, isEmpty || lanes.allSatisfy({ $0 >= 0 }),
          !isEmpty || lane > 0
        else { throw reader.damage }
        lanes.append(symbol)
        bars.append(bar)
      }
      layout.append(
        LaneGroup(
          width: width, symbols: lanes, counts: bars.map(Int.init),
          firsts: lanes.map { _ in 0 }, times: lanes.map { _ in nil }))
      counts.append(bars)
      states.append(try reader.skip(size))
    }
    guard seen.count == symbols else { throw reader.damage }
    regroup(layout)
    for number in layout.indices {
      guard stateByteCount(of: number) == states[number].count else { throw reader.damage }
      reader.withBytes(states[number]) { bytes in
        restore(group: number, counts: counts[number], state: bytes)
      }
    }
  }
}
