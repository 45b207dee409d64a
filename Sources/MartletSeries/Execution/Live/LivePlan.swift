import CMartletKernels
import MartletArrays
import MartletIO

/// The streaming and chunked driver: one plan whose lanes wait for their next bars.
///
/// Lanes that stand at the same bar and all get one run together, as in a batch; others run one by
/// one, through the same kernels.
package struct LivePlan: Sendable {
  package let schedule: Schedule
  package let element: ElementType
  /// Lane sets; symbols of a group's lanes and how far each has come.
  package internal(set) var groups: [LiveGroup] = []
  /// Symbol → group and lane.
  package internal(set) var laneSlots: [LaneSlot] = []
  /// Lanes of all groups together; results of a row have this many places.
  package internal(set) var slotCount = 0
  private let wide: Program
  private let narrow: Program
  private let single: Program
  private let fields: [Int]
  var registers: Buffer
  /// For rows in which lanes of a group do not go together; made when there is one.
  var mixedRows: MixedRows?
  var mixedGroups: Buffer

  /// Rows of one run: the length of the state's rings depends on it.
  private static let rows = 8

  /// - Parameter linkColumn: Where the columns of what other stages bring begin, behind those of the fields.
  package init(
    _ schedule: Schedule, symbols: Int, element: ElementType, instructionSet: InstructionSet,
    linkColumn: Int = 0
  ) {
    self.schedule = schedule
    self.element = element
    func program(_ width: Int) -> Program {
      let shape = ProgramShape(
        width: width, rows: LivePlan.rows, element: element, instructionSet: instructionSet,
        readsInputsInPlace: false)
      return Program(schedule, shape)
    }
    Plan.trace(schedule, "stream of \(symbols) symbols")
    wide = program(64)
    narrow = program(8)
    single = program(1)
    fields = schedule.inputs.map { $0.edge.map { linkColumn + $0 } ?? $0.field }
    registers = Buffer(byteCount: wide.registerBytes)
    mixedGroups = Buffer(byteCount: 0)
    let even = (0..<symbols).map { _ in Presence(count: 0, first: 0, times: nil) }
    regroup(PackedLanes.groups(for: even))
  }

  func program(_ width: Int) -> Program {
    width == 64 ? wide : width == 8 ? narrow : single
  }

  /// Whether no symbol has had a bar yet.
  package var isFresh: Bool { groups.allSatisfy { $0.isUniform && $0.bars == 0 } }

  /// Where a symbol's results of a row are.
  package func slot(of symbol: Int) -> Int {
    let position = laneSlots[symbol]
    return groups[position.group].firstSlot + position.lane
  }

  /// One result of a row, a number per symbol.
  func copy(
    _ result: Int, of row: UnsafeRawPointer, to values: UnsafeMutablePointer<Double>
  ) {
    for group in groups {
      let first = result * slotCount + group.firstSlot
      for lane in 0..<group.lanes {
        values[group.symbols[lane]] = element.number(row, first + lane)
      }
    }
  }

  package mutating func regroup(_ layout: [LaneGroup]) {
    groups = []
    mixedRows = nil
    mixedGroups = Buffer(byteCount: layout.count * MemoryLayout<Int32>.stride)
    slotCount = 0
    laneSlots = [LaneSlot](
      repeating: LaneSlot(group: 0, lane: 0),
      count: layout.reduce(0) { $0 + $1.symbols.count { $0 >= 0 } })
    // In one piece: a row of the market touches a few places of every group, and huge pages spare
    // a look-up for each.
    let sizes = layout.map { program($0.width).stateBytes }
    let states = LivePlan.states(sizes)
    for (group, state) in zip(layout, states) {
      for (lane, symbol) in group.symbols.enumerated() where symbol >= 0 {
        laneSlots[symbol] = LaneSlot(group: groups.count, lane: lane)
      }
      groups.append(
        LiveGroup(symbols: group.symbols, firstSlot: slotCount, state: state))
      slotCount += group.width
    }
  }

  /// Zeroed memory for each of some states.
  private static func states(_ sizes: [Int]) -> [Buffer] {
    let whole = Buffer(byteCount: sizes.reduce(0, +))
    var next = 0
    return sizes.map { size in
      defer { next += size }
      return Buffer(part: next..<next + size, of: whole)
    }
  }

  /// Another plan at the same bar that goes its own way.
  package func copy() -> LivePlan {
    var copy = self
    copy.registers = registers.copy()
    copy.mixedRows = nil
    copy.mixedGroups = mixedGroups.copy()
    let states = LivePlan.states(groups.map(\.state.byteCount))
    copy.groups = zip(groups, states).map { $0.copy(into: $1) }
    return copy
  }
}

package struct LaneSlot: Sendable {
  package var group: Int
  package var lane: Int
}

/// Some lanes of a live plan.
package struct LiveGroup: Sendable {
  /// Lane → symbol, −1 for an empty lane; those with one come first.
  package private(set) var symbols: [Int]
  package internal(set) var firstSlot: Int
  package private(set) var lanes: Int
  package private(set) var state: Buffer
  private var countBuffer: Buffer
  /// All lanes stand at the same bar.
  package fileprivate(set) var isUniform = true
  /// The symbols of the lanes follow each other.
  package private(set) var isContiguous: Bool

  init(symbols: [Int], firstSlot: Int, state: Buffer) {
    self.symbols = symbols
    self.firstSlot = firstSlot
    lanes = 0
    isContiguous = true
    self.state = state
    countBuffer = Buffer([Int64](repeating: 0, count: symbols.count))
    setSymbols(symbols)
  }

  mutating func setSymbols(_ symbols: [Int]) {
    self.symbols = symbols
    lanes = symbols.prefix { $0 >= 0 }.count
    isContiguous = (0..<lanes).allSatisfy { symbols[$0] == symbols[0] + $0 }
  }

  package var width: Int { symbols.count }
  package var counts: UnsafeMutablePointer<Int64> { countBuffer.pointer(to: Int64.self) }
  /// The bar at which the first lane stands, and the others if they are uniform.
  package var bars: Int { Int(counts[0]) }

  /// One bar more on every lane, empty ones too.
  fileprivate func countBar() {
    let counts = counts
    for lane in 0..<width { counts[lane] &+= 1 }
  }

  fileprivate func copy(into memory: Buffer) -> LiveGroup {
    var copy = self
    memory.base.copyMemory(from: state.base, byteCount: state.byteCount)
    copy.state = memory
    copy.countBuffer = countBuffer.copy()
    return copy
  }

  mutating func checkUniform() {
    isUniform = (0..<lanes).allSatisfy { counts[$0] == counts[0] }
    // Empty lanes go along.
    if isUniform { for lane in lanes..<width { counts[lane] = counts[0] } }
  }
}

// MARK: - Single bars

extension LivePlan {
  /// Advances by one row of the market.
  ///
  /// - Parameters:
  ///   - columns: The values of all symbols, field after field.
  ///   - isPresent: Symbol → whether it has this bar; nil when all have.
  ///   - values: Result → slot, in the plan's element type; NaN where there is no bar.
  package mutating func update(
    _ columns: UnsafePointer<Double>, isPresent: ((Int) -> Bool)?,
    into values: UnsafeMutableRawPointer
  ) {
    let others = mixedGroups.pointer(to: Int32.self)
    let count = updateRows(columns, isPresent, values, others: others)
    guard count > 0 else { return }
    let mixed = mixedRows ?? MixedRows(self)
    mixedRows = mixed
    for k in 0..<count {
      let number = Int(others[k])
      updateMixed(groups[number], columns, isPresent, values, mixed)
      groups[number].checkUniform()
    }
  }

  /// Advances the groups whose lanes stand at the same bar and all have the next one.
  ///
  /// - Returns: How many others there are; their numbers are in `others`.
  private func updateRows(
    _ columns: UnsafePointer<Double>, _ isPresent: ((Int) -> Bool)?,
    _ values: UnsafeMutableRawPointer, others: UnsafeMutablePointer<Int32>
  ) -> Int {
    groups.withUnsafeBufferPointer { groups in
      var count = 0
      for number in groups.indices
      where !updateRow(groups[number], columns, isPresent, values) {
        others[count] = Int32(number)
        count += 1
      }
      return count
    }
  }

  private func updateRow(
    _ group: borrowing LiveGroup, _ columns: UnsafePointer<Double>, _ isPresent: ((Int) -> Bool)?,
    _ values: UnsafeMutableRawPointer
  ) -> Bool {
    guard group.isUniform else { return false }
    if let isPresent {
      for lane in 0..<group.lanes where !isPresent(group.symbols[lane]) { return false }
    }
    let bar = group.bars
    let program = program(group.width)
    write(columns, row: bar, of: group, program)
    var memory = memory(program, group, values + group.firstSlot * element.size, stride: slotCount)
    program.run(&memory, from: bar, rows: 1)
    group.countBar()
    return true
  }

  /// Advances one symbol by the bar in `columns`; `values` gets one number per result.
  package mutating func update(
    symbol: Int, _ columns: UnsafePointer<Double>, into values: UnsafeMutableRawPointer
  ) {
    let position = laneSlots[symbol]
    let group = groups[position.group]
    write(columns, lane: position.lane, of: group)
    runLane(position.lane, of: group, values - position.lane * element.size, stride: 1)
    group.counts[position.lane] += 1
    groups[position.group].checkUniform()
  }

  /// What one symbol remembers, and how far it has come.
  package struct LaneMemory: Sendable {
    fileprivate let bars: Int64
    fileprivate let column: [UInt64]
  }

  package func memory(of symbol: Int) -> LaneMemory {
    let position = laneSlots[symbol]
    let group = groups[position.group]
    return LaneMemory(
      bars: group.counts[position.lane],
      column: group.column(position.lane, program(group.width).regions))
  }

  /// Puts a symbol back to where it was.
  package mutating func restore(_ memory: LaneMemory, of symbol: Int) {
    let position = laneSlots[symbol]
    let group = groups[position.group]
    group.setColumn(position.lane, program(group.width).regions, memory.column)
    group.counts[position.lane] = memory.bars
    groups[position.group].checkUniform()
  }

  /// What `update` would give, leaving the state as it is.
  package mutating func preview(
    symbol: Int, _ columns: UnsafePointer<Double>, into values: UnsafeMutableRawPointer
  ) {
    let position = laneSlots[symbol]
    let group = groups[position.group]
    let program = program(group.width)
    let saved = group.column(position.lane, program.regions)
    write(columns, lane: position.lane, of: group)
    runLane(position.lane, of: group, values - position.lane * element.size, stride: 1)
    group.setColumn(position.lane, program.regions, saved)
  }

  /// One symbol's bar to its place in the inputs' rings.
  func write(_ columns: UnsafePointer<Double>, lane: Int, of group: borrowing LiveGroup) {
    let symbol = group.symbols[lane]
    let rings = program(group.width).inputRings
    for input in rings.indices {
      let row = Int(group.counts[lane]) & rings[input].mask
      element.set(
        group.state.base + rings[input].offset, row * group.width + lane,
        columns[fields[input] * laneSlots.count + symbol])
    }
  }

  /// A row of bars to its place in the inputs' rings.
  func write(
    _ columns: UnsafePointer<Double>, row: Int, of group: borrowing LiveGroup, _ program: Program
  ) {
    let rings = program.inputRings
    for input in rings.indices {
      let column = columns + fields[input] * laneSlots.count
      let start = (row & rings[input].mask) * group.width
      let base = group.state.base + rings[input].offset
      if group.isContiguous, element == .float64 {
        (base + start * 8).copyMemory(
          from: column + group.symbols[0], byteCount: group.lanes * 8)
      } else {
        for lane in 0..<group.lanes {
          element.set(base, start + lane, column[group.symbols[lane]])
        }
      }
    }
  }

  /// - Parameter row: Where the results of the group's first lane go, `stride` elements apart.
  func memory(
    _ program: Program, _ group: borrowing LiveGroup, _ row: UnsafeMutableRawPointer, stride: Int
  ) -> mk_memory {
    mk_memory(
      registers: registers.base, state: group.state.base, constants: program.constants.base,
      inputs: nil, sinks: nil, row: row, row_stride: Int64(stride))
  }

  /// - Parameter row: Where the results of the group's first lane go, `stride` elements apart.
  func runLane(
    _ lane: Int, of group: borrowing LiveGroup, _ row: UnsafeMutableRawPointer, stride: Int
  ) {
    let program = program(group.width)
    var memory = memory(program, group, row, stride: stride)
    var index = Int64(lane)
    program.run(&memory, lanes: &index, at: group.counts, count: 1)
  }
}

// MARK: - Columns of state

extension LiveGroup {
  /// Everything one lane remembers.
  func column(_ lane: Int, _ regions: [StateRegion]) -> [UInt64] {
    var saved: [UInt64] = []
    saved.reserveCapacity(regions.reduce(0) { $0 + $1.rows })
    forEachElement(of: lane, regions) { address, size in
      saved.append(
        size == 8
          ? address.load(as: UInt64.self) : UInt64(address.load(as: UInt32.self)))
    }
    return saved
  }

  func setColumn(_ lane: Int, _ regions: [StateRegion], _ saved: [UInt64]) {
    var next = 0
    forEachElement(of: lane, regions) { address, size in
      if size == 8 {
        address.storeBytes(of: saved[next], as: UInt64.self)
      } else {
        address.storeBytes(of: UInt32(saved[next]), as: UInt32.self)
      }
      next += 1
    }
  }

  private func forEachElement(
    of lane: Int, _ regions: [StateRegion], _ body: (UnsafeMutableRawPointer, Int) -> Void
  ) {
    for region in regions {
      for row in 0..<region.rows {
        body(
          state.base + region.offset + (row * width + lane) * region.elementSize,
          region.elementSize)
      }
    }
  }
}
