import CMartletKernels
import MartletArrays
import MartletIO

/// Memory for rows of a group in which some symbols have no bar or stand at other bars.
final class MixedRows: Sendable {
  private let lanes: Buffer
  private let numbers = Buffer(byteCount: 64 * MemoryLayout<Int64>.stride)
  /// A row of results of one group.
  let row: Buffer
  /// What the lanes remember that a common run must leave alone.
  let columns: Buffer

  init(_ plan: LivePlan) {
    lanes = Buffer(byteCount: 2 * 64 * MemoryLayout<Int32>.stride)
    let width = plan.groups.map(\.width).max() ?? 1
    row = Buffer(byteCount: plan.schedule.lookbacks.count * width * plan.element.size)
    // Fewer than half of the lanes, eight bytes for each number of either size.
    columns = Buffer(uninitializedByteCount: plan.groups.map(\.state.byteCount).max() ?? 0)
  }

  /// Lanes whose bar has not been taken in yet.
  var waiting: UnsafeMutablePointer<Int32> { lanes.pointer(to: Int32.self) }
  /// The lanes that run by themselves, step by step in turns.
  var list: UnsafeMutablePointer<Int64> { numbers.pointer(to: Int64.self) }
  /// Lanes that a common run must not change.
  var others: UnsafeMutablePointer<Int32> { lanes.pointer(to: Int32.self) + 64 }
}

extension LivePlan {
  /// Advances a group some of whose lanes have no bar, or stand at other bars.
  ///
  /// Most lanes usually stand together. They get one run of the whole group, and what the others
  /// remember is put back after it: a run costs as much as six lanes by themselves, a lane's memory
  /// as much as one and a half.
  func updateMixed(
    _ group: borrowing LiveGroup, _ columns: UnsafePointer<Double>, _ isPresent: ((Int) -> Bool)?,
    _ values: UnsafeMutableRawPointer, _ mixed: MixedRows
  ) {
    let row = values + group.firstSlot * element.size
    for result in schedule.lookbacks.indices {
      let first = result * slotCount + group.firstSlot
      element.setUndefined(values, first..<first + group.width)
    }
    var count = 0
    for lane in 0..<group.lanes where isPresent?(group.symbols[lane]) ?? true {
      mixed.waiting[count] = Int32(lane)
      count += 1
    }
    let (bar, together) = commonBar(of: group, mixed.waiting, count)
    if 2 * together > 3 * (group.lanes - together) + 12 || together == group.lanes {
      runTogether(group, at: bar, count, columns, row, mixed)
      var left = 0
      for k in 0..<count where group.counts[Int(mixed.waiting[k])] == bar {
        group.counts[Int(mixed.waiting[k])] += 1
        mixed.waiting[k] = -1
      }
      for k in 0..<count where mixed.waiting[k] >= 0 {
        mixed.waiting[left] = mixed.waiting[k]
        left += 1
      }
      count = left
    }
    guard count > 0 else { return }
    for k in 0..<count {
      let lane = Int(mixed.waiting[k])
      write(columns, lane: lane, of: group)
      mixed.list[k] = Int64(lane)
    }
    let program = program(group.width)
    var memory = memory(program, group, row, stride: slotCount)
    program.run(&memory, lanes: mixed.list, at: group.counts, count: count)
    for k in 0..<count { group.counts[Int(mixed.waiting[k])] += 1 }
  }

  /// The bar at which most of some lanes stand, and how many do.
  private func commonBar(
    of group: borrowing LiveGroup, _ lanes: UnsafePointer<Int32>, _ count: Int
  ) -> (bar: Int64, lanes: Int) {
    var best: (bar: Int64, lanes: Int) = (0, 0)
    for k in 0..<count where best.lanes < count - k {
      let bar = group.counts[Int(lanes[k])]
      var same = 0
      for other in k..<count where group.counts[Int(lanes[other])] == bar { same += 1 }
      if same > best.lanes { best = (bar, same) }
    }
    return best
  }

  /// Runs those of `waiting` lanes that stand at a bar; their results go to `row`.
  private func runTogether(
    _ group: borrowing LiveGroup, at bar: Int64, _ waiting: Int, _ columns: UnsafePointer<Double>,
    _ row: UnsafeMutableRawPointer, _ mixed: MixedRows
  ) {
    var count = 0
    var next = 0
    for lane in 0..<group.lanes {
      // Waiting lanes are in order.
      let isWaiting = next < waiting && mixed.waiting[next] == lane
      if isWaiting { next += 1 }
      if isWaiting && group.counts[lane] == bar { continue }
      mixed.others[count] = Int32(lane)
      count += 1
    }
    let others = UnsafeBufferPointer(start: mixed.others, count: count)
    let program = program(group.width)
    group.moveColumns(
      of: others, program.regions, mixed.columns.pointer(to: UInt64.self), back: false)
    write(columns, row: Int(bar), of: group, program)
    var memory = memory(program, group, mixed.row.base, stride: group.width)
    program.run(&memory, from: Int(bar), rows: 1)
    group.moveColumns(
      of: others, program.regions, mixed.columns.pointer(to: UInt64.self), back: true)
    let size = element.size
    for lane in 0..<group.lanes where !others.contains(Int32(lane)) {
      for result in schedule.lookbacks.indices {
        (row + (result * slotCount + lane) * size).copyMemory(
          from: mixed.row.base + (result * group.width + lane) * size, byteCount: size)
      }
    }
  }
}

extension LiveGroup {
  /// Moves what some lanes remember to other memory, or back.
  func moveColumns(
    of lanes: UnsafeBufferPointer<Int32>, _ regions: [StateRegion],
    _ memory: UnsafeMutablePointer<UInt64>, back: Bool
  ) {
    var saved = memory
    for region in regions {
      func move<Element: FixedWidthInteger>(_ type: Element.Type) {
        let state = (self.state.base + region.offset).assumingMemoryBound(to: type)
        for row in 0..<region.rows {
          let start = state + row * width
          for lane in lanes {
            if back {
              start[Int(lane)] = Element(truncatingIfNeeded: saved.pointee)
            } else {
              saved.pointee = UInt64(truncatingIfNeeded: start[Int(lane)])
            }
            saved += 1
          }
        }
      }
      if region.elementSize == 8 { move(UInt64.self) } else { move(UInt32.self) }
    }
  }
}
