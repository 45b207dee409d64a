import CMartletKernels
import Testing

/// Rows of numbers against Swift's own sort, on every instruction set.
struct SortTests {
  /// Short rows of every length, and those around every limit of the kernels.
  private static let lengths =
    Array(0...70) + [
      127, 128, 129, 255, 256, 257, 300, 513, 1000, 1023, 1024, 1025, 2048, 2049, 4097,
    ]

  private static var tables: [(String, mk_sort_table)] {
    instructionSets.compactMap { isa in
      mk_sort_table_get(isa).map { (String(cString: mk_isa_name(isa)), $0.pointee) }
    }
  }

  @Test(arguments: RowKind.allCases)
  func rowsOfEveryKind(kind: RowKind) {
    for length in Self.lengths {
      check(RowCase<Double>(kind, length))
      check(RowCase<Float>(kind, length))
      check(RowCase<Int64>(kind, length))
      check(RowCase<Int32>(kind, length))
      check(RowCase<UInt8>(kind, length))
    }
  }

  @Test(arguments: [RowKind.random, .few, .close])
  func longRows(kind: RowKind) {
    check(RowCase<Double>(kind, 100_000))
    check(RowCase<Float>(kind, 20_000))
    check(RowCase<Int64>(kind, 20_000))
    check(RowCase<Int32>(kind, 20_000))
  }

  @Test func boolsAreBytes() throws {
    let table = try #require(mk_sort_table_get(0)).pointee
    let row: [UInt8] = (0..<1_000).map { $0 % 3 == 0 ? 1 : 0 }
    var sorted = [UInt8](repeating: 9, count: row.count)
    table.sort(Int32(mk_bool), row, &sorted, Int64(row.count), 0)
    #expect(sorted == [UInt8](repeating: 0, count: 666) + [UInt8](repeating: 1, count: 334))
  }

  @Test func unknownInstructionSetsAreRefused() {
    #expect(mk_sort_table_get(-1) == nil)
    #expect(mk_sort_table_get(mk_isa_best() + 1) == nil)
  }

  private func check<Number: SortableNumber>(_ row: RowCase<Number>) {
    let order = row.order(descending: false)
    let expected = order.map { row.row[Int($0)] }
    check(row, order, expected, descending: false)
    let reversed = row.order(descending: true)
    check(row, reversed, reversed.map { row.row[Int($0)] }, descending: true)
    let values = row.searched
    let places = [false, true].map { isRight in
      values.map { value in
        expected.partitioningIndex {
          isRight ? value.comesBefore($0) : !$0.comesBefore(value)
        }
      }
    }
    for (isa, table) in Self.tables {
      for ranks in row.ranks where !row.isParted(row.select(table, ranks), at: ranks, expected) {
        Issue.record("select \(ranks) of \(row), \(isa)")
      }
      for (isRight, places) in zip([false, true], places)
      where row.search(table, expected, values, isRight) != places {
        Issue.record("search in \(row), right \(isRight), \(isa)")
      }
    }
  }

  private func check<Number: SortableNumber>(
    _ row: RowCase<Number>, _ order: [Int64], _ expected: [Number], descending: Bool
  ) {
    for (isa, table) in Self.tables {
      if row.argsort(table, descending) != order {
        Issue.record("argsort \(row), descending \(descending), \(isa)")
      }
      for isInPlace in [false, true]
      where !row.holds(row.sort(table, descending, inPlace: isInPlace), expected) {
        Issue.record("sort \(row), descending \(descending), in place \(isInPlace), \(isa)")
      }
    }
  }
}
