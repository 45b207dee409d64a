import Martlet
import TestSupport
import Testing

extension Market {
  /// The fields as a source; a bar is there when one of them is finite.
  func source(_ element: ElementType) -> FieldSource {
    var rows = BarRows(
      arrays: fields.map { BarRows.Column(Buffer($0), .float64) }, symbols: symbols, times: times,
      element: element)
    rows.keepFinite()
    return FieldSource(rows)
  }
}

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
    let source = market.source(element)
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
    let whole = clean.source(element)
    #expect((0..<5).allSatisfy { whole.isComplete($0) })
  }

  /// Parts of symbols and times hold what the whole holds there, parts of parts as well.
  @Test(arguments: [ElementType.float32, .float64])
  func partsComeBack(element: ElementType) {
    let market = Market.ragged(70, 37, seed: 3)
    let source = market.source(element)
    let symbols = [69, 3, 0, 1, 2, 40] + Array(41..<69)
    let part = source.part(symbols: symbols, times: 5..<30)
    let places = Array((0..<symbols.count).reversed().dropFirst(2))
    let inner = part.part(symbols: places, times: 3..<11)
    func expect(_ part: FieldSource, _ symbols: [Int], _ times: Range<Int>) {
      let lanes = part.lanes(fields: [4, 1])
      for (number, symbol) in symbols.enumerated() {
        let present = times.filter { source.presence[symbol].bar(at: $0) != nil }
        #expect(
          (0..<part.presence[number].count).map {
            part.presence[number].timeIndex($0) + times.lowerBound
          } == present)
        for (place, field) in [4, 1].enumerated() {
          var row = [Double](repeating: 0, count: 37)
          row.withUnsafeMutableBufferPointer { source.read(field: field, symbol: symbol, into: $0) }
          var own = [Double](repeating: 0, count: times.count)
          own.withUnsafeMutableBufferPointer { part.read(field: field, symbol: number, into: $0) }
          #expect(sameBits(own, Array(row[times])))
          let group = lanes.groups.firstIndex { $0.symbols.contains(number) }!
          let lane = lanes.groups[group].symbols.firstIndex(of: number)!
          for (bar, time) in present.enumerated() {
            #expect(
              sameBits(lanes.value(field: place, group: group, lane: lane, bar: bar), row[time]))
            #expect(sameBits(part.value(field: field, symbol: number, bar: bar), row[time]))
          }
        }
      }
      for field in 0..<5 {
        let isComplete = symbols.allSatisfy { symbol in
          times.allSatisfy { time in
            source.presence[symbol].bar(at: time).map {
              !source.value(field: field, symbol: symbol, bar: $0).isNaN
            } ?? true
          }
        }
        #expect(part.isComplete(field) == isComplete, "field \(field)")
      }
    }
    expect(part, symbols, 5..<30)
    expect(inner, places.map { symbols[$0] }, 8..<16)
    // Of a symbol whose only gap in the volume lies elsewhere nothing is missing.
    var late = Market.dense(2, 20)
    late.fields[4][3] = .nan
    #expect(!late.source(element).isComplete(4))
    #expect(late.source(element).part(symbols: [1], times: 0..<20).isComplete(4))
    #expect(late.source(element).part(symbols: [0, 1], times: 4..<20).isComplete(4))
  }

  /// What several fields share, of one source and of two whose bars differ.
  @Test(arguments: [ElementType.float32, .float64])
  func sharedBars(element: ElementType) {
    let (one, other) = (Market.ragged(30, 41, seed: 5), Market.ragged(30, 41, seed: 6))
    let (a, b) = (one.source(element), other.source(element))
    let cases: [([(Market, FieldSource, Int)], Int)] = [
      ([(one, a, 4), (one, a, 3)], 1), ([(one, a, 4), (other, b, 3), (one, a, 0)], 3),
      ([(other, b, 1), (one, a, 2)], 2),
    ]
    for (fields, count) in cases {
      let sources = fields.map { ($0.1 as any SeriesSource, $0.2) }
      let lanes = PackedLanes(Array(sources[..<count]), present: Array(sources[count...]))
      #expect(lanes.fieldCount == count)
      for symbol in 0..<30 {
        let rows = fields.map { $0.0.row($0.2, symbol) }
        let times = (0..<41).filter { time in rows.allSatisfy { $0[time].isFinite } }
        let presence = lanes.presence[symbol]
        #expect((0..<presence.count).map { presence.timeIndex($0) } == times)
        let group = lanes.groups.firstIndex { $0.symbols.contains(symbol) }!
        let lane = lanes.groups[group].symbols.firstIndex(of: symbol)!
        for field in 0..<count {
          for (bar, time) in times.enumerated() {
            let value = rows[field][time]
            #expect(
              lanes.value(field: field, group: group, lane: lane, bar: bar)
                == (element == .float64 ? value : Double(Float(value))))
          }
        }
      }
    }
  }
}
