import MartletArrays
import TestSupport
import Testing

/// Which lane a symbol sits in, and that its bars come back from there.
struct PackingTests {
  @Test(arguments: [
    (0, [] as [Int]), (1, [1]), (2, [8]), (8, [8]), (9, [64]), (64, [64]), (65, [64, 1]),
    (66, [64, 8]), (72, [64, 8]), (73, [64, 64]), (128, [64, 64]),
  ])
  func groupWidths(symbols: Int, widths: [Int]) {
    let presence = (0..<symbols).map { _ in Presence(count: 5, first: 0, times: nil) }
    let groups = PackedLanes.groups(for: presence)
    #expect(groups.map(\.width) == widths)
    let found = groups.flatMap(\.symbols).filter { $0 >= 0 }
    #expect(found.sorted() == Array(0..<symbols))
    for group in groups {
      #expect(group.symbols.count == group.width)
      #expect(group.rows == 5 && group.denseRows == 5)
      // Empty lanes come last.
      let lanes = group.symbols.prefix { $0 >= 0 }.count
      #expect(group.symbols[lanes...].allSatisfy { $0 == -1 })
    }
  }

  @Test func presence() {
    let none = Presence(timeCount: 5) { _ in false }
    #expect(none.count == 0)
    let late = Presence(timeCount: 5) { $0 >= 2 }
    #expect(late.count == 3 && late.first == 2 && late.times == nil)
    #expect((0..<3).map { late.timeIndex($0) } == [2, 3, 4])
    let holes = Presence(timeCount: 6) { $0 % 2 == 1 }
    #expect(holes.count == 3 && holes.times == [1, 3, 5])
    #expect(holes.timeIndex(2) == 5)
    #expect(Presence([7]).times == nil)
  }

  @Test(arguments: [ElementType.float32, .float64])
  func fieldsComeBack(element: ElementType) {
    let market = Market.ragged(70, 37, seed: 3)
    let source = FieldSource(symbols: 70, times: 37, fields: 5, element: element) {
      field, symbol, values in
      for (time, value) in market.row(field, symbol).enumerated() { values[time] = value }
    }
    var row = [Double](repeating: 0, count: 37)
    for symbol in 0..<70 {
      for field in 0..<5 {
        row.withUnsafeMutableBufferPointer { source.read(field: field, symbol: symbol, into: $0) }
        let expected = market.row(field, symbol).map { value in
          value.isInfinite ? .nan : element == .float64 ? value : Double(Float(value))
        }
        #expect(sameBits(row, expected), "symbol \(symbol), field \(field)")
      }
    }
    #expect(!source.isComplete(4))
    let clean = Market.dense(3, 10)
    let whole = FieldSource(symbols: 3, times: 10, fields: 5, element: element) {
      field, symbol, values in
      for (time, value) in clean.row(field, symbol).enumerated() { values[time] = value }
    }
    #expect((0..<5).allSatisfy { whole.isComplete($0) })
  }
}
