import Foundation
import Martlet
import TestSupport
import Testing

/// Panels whose bars are few beside symbols × times: the same numbers and reports as those made of dense rows.
struct SparsePanelTests {
  enum Shape: CaseIterable, Sendable {
    /// Every symbol has times of its own.
    case ownTimes
    /// Few symbols, many holes.
    case holes
    /// One bar each.
    case single
    /// The same times for all.
    case common
    /// One symbol.
    case alone
  }
  enum Order: CaseIterable, Sendable { case grouped, reversed, byTime, shuffled }

  /// Rows with everything that can be wrong with them.
  static func rows(_ shape: Shape, _ order: Order, seed: UInt64) -> (
    rows: [DenseReference.Row], symbols: Int
  ) {
    var random = SeededGenerator(seed)
    let (symbols, bars) =
      switch shape {
      case .ownTimes: (12, 40)
      case .holes: (4, 90)
      case .single: (70, 1)
      case .common: (9, 50)
      case .alone: (1, 120)
      }
    var rows: [DenseReference.Row] = []
    for symbol in 0..<symbols {
      var price = 20 + 50 * random.unit()
      var flat = 0
      // One symbol without a row, one with rows of NaN only.
      if symbols > 3, symbol == 2 { continue }
      for bar in 0..<bars {
        if shape == .holes, random.unit() < 0.6 { continue }
        let time =
          switch shape {
          case .ownTimes: bar * symbols + symbol
          case .single: symbol
          default: bar
          }
        flat = flat > 0 ? flat - 1 : random.below(40) == 0 ? 12 : 0
        let open = price
        if flat == 0 { price *= 1 + 0.01 * (random.unit() - 0.5) }
        var fields = [
          open, max(open, price) * 1.001, min(open, price) * 0.999, price,
          flat > 0 ? 0 : Double(random.below(1000)),
        ]
        switch random.below(60) {
        case 0: fields = [0, 0, 0, 0, 0]
        case 1: fields[random.below(5)] = .nan
        case 2: fields = [Double](repeating: .nan, count: 5)
        case 3: fields[random.below(5)] = .infinity
        case 4: fields[1] = fields[2] * 0.9
        case 5: fields[random.below(4)] = -1
        case 6: fields[4] = -5
        case 7: fields[random.below(5)] = 1e300
        case 8: fields = fields.map { $0 * 3 }
        case 9: fields = [.nan, .nan, .nan, .nan, -7]
        default: break
        }
        if symbols > 3, symbol == 3 { fields = [Double](repeating: .nan, count: 5) }
        let row = DenseReference.Row(
          symbol: symbol, time: 1_600_000_000_000_000_000 + Int64(time) * 1_000_000_000,
          fields: fields)
        rows.append(row)
        if random.below(30) == 0 {
          var second = row
          if random.below(2) == 0 { second.fields[3] *= 1.0001 }
          rows.append(second)
        }
      }
    }
    switch order {
    case .grouped: break
    case .reversed: rows.reverse()
    case .byTime: rows.sort { ($0.time, $0.symbol) < ($1.time, $1.symbol) }
    case .shuffled: for k in rows.indices { rows.swapAt(k, random.below(rows.count)) }
    }
    return (rows, symbols)
  }

  static func table(_ rows: [DenseReference.Row], _ symbols: [String]) throws -> BarTable {
    func column(_ field: Int) -> [Double] { rows.map { $0.fields[field] } }
    return try BarTable(
      symbols: symbols, symbolIndex: rows.map { Int32($0.symbol) }, time: rows.map(\.time),
      open: column(0), high: column(1), low: column(2), close: column(3), volume: column(4))
  }

  static let policies: [BarChecks] = [
    .standard,
    BarChecks(.init(uniqueKeysWithValues: BarChecks.Check.allCases.map { ($0, .repair) })),
    BarChecks([.placeholder: .flag, .negativeVolume: .repair, .stale: .repair]),
  ]

  @Test(arguments: Shape.allCases, Order.allCases)
  func panelsAreThoseOfDenseRows(shape: Shape, order: Order) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let (rows, count) = Self.rows(shape, order, seed: seed)
      let symbols = (0..<count).map { "S\($0)" }
      let table = try Self.table(rows, symbols)
      for (element, checks) in Self.policies.flatMap({ one in ElementType.reals.map { ($0, one) } })
      {
        let expected = try DenseReference(rows, symbols: symbols, element: element, checks: checks)
        let panel = try Panel(table, dtype: element, checks: checks)
        #expect(panel.time == expected.time)
        #expect(panel.report.counts == expected.counts)
        #expect(panel.report.firstFound == expected.firstFound)
        for (number, field) in BarField.stored.enumerated() {
          let values = panel.values(of: field)
          for symbol in symbols.indices {
            let row = expected.fields[number][symbol].map {
              element == .float64 ? $0 : Double(Float($0))
            }
            let own = panel.source.presence[symbol]
            let present = expected.time.indices.filter { time in
              (0..<5).contains { !expected.fields[$0][symbol][time].isNaN }
            }
            #expect((0..<own.count).map { own.timeIndex($0) } == present)
            if let difference = firstDifference(values.row(symbol).doubles, row) {
              Issue.record("\(field), symbol \(symbol): \(difference)")
            }
          }
        }
      }
    }
  }

  /// Whatever a check rejects is named as a dense row names it.
  @Test(arguments: BarChecks.Check.allCases)
  func rejectionsNameTheSamePlace(check: BarChecks.Check) throws {
    let checks = BarChecks([check: .reject])
    for order in Order.allCases {
      let (rows, count) = Self.rows(.holes, order, seed: 3)
      let symbols = (0..<count).map { "S\($0)" }
      let table = try Self.table(rows, symbols)
      do {
        _ = try DenseReference(rows, symbols: symbols, element: .float64, checks: checks)
        _ = try Panel(table, checks: checks)
      } catch let rejected as DenseReference.Rejected {
        let error = #expect(throws: DataError.self) { _ = try Panel(table, checks: checks) }
        // Rows of a table are named `symbol S1, data row 3`, with the symbol as it is quoted.
        let parts = rejected.place.split(separator: ",")
        #expect(parts.allSatisfy { error?.location?.contains($0) == true }, "\(rejected.place)")
      }
    }
  }

  /// Every indicator has the bits that it has over arrays [symbols, time] of the same bars.
  @Test(arguments: ElementType.reals)
  func indicatorsAreThoseOfDenseArrays(element: ElementType) throws {
    for shape in [Shape.holes] {
      let (rows, count) = Self.rows(shape, .shuffled, seed: 8)
      let symbols = (0..<count).map { "S\($0)" }
      let sparse = try Panel(try Self.table(rows, symbols), dtype: element)
      let fields = BarField.stored.map { sparse.values(of: $0) }
      let dense = try Panel(
        symbols: symbols, time: sparse.time, open: fields[0], high: fields[1], low: fields[2],
        close: fields[3], volume: fields[4])
      #expect(dense.barCounts == sparse.barCounts)
      let (a, b) = (try sparse.compute(Indicator.all), try dense.compute(Indicator.all))
      for name in a.names {
        if let difference = firstDifference(a[name]!, b[name]!) {
          Issue.record("\(shape) \(name): \(difference)")
        }
      }
      let (x, y) = (try sparse.latest(Indicator.all), try dense.latest(Indicator.all))
      for name in x.names { #expect(firstDifference(x[name]!, y[name]!) == nil, "\(name)") }
    }
  }

  /// Parts have the bits of panels made of the rows of that part.
  @Test(arguments: [Shape.ownTimes, .holes, .common])
  func partsAreThoseOfTheirRows(shape: Shape) throws {
    let (rows, count) = Self.rows(shape, .grouped, seed: 5)
    let symbols = (0..<count).map { "S\($0)" }
    let whole = try Panel(try Self.table(rows, symbols))
    let range = whole.time.count / 4..<whole.time.count * 3 / 4
    let order = Array((0..<count).reversed().dropFirst())
    let part = whole.times(range).symbols(order)
    func values(_ field: BarField) -> NDArray {
      let all = whole.values(of: field)
      return NDArray(
        order.flatMap { Array(all.row($0).doubles[range]) }, shape: [order.count, range.count])
    }
    let fields = BarField.stored.map { values($0) }
    let plain = try Panel(
      symbols: order.map { symbols[$0] }, time: Array(whole.time[range]), open: fields[0],
      high: fields[1], low: fields[2], close: fields[3], volume: fields[4])
    #expect(part.symbols == plain.symbols && part.time == plain.time)
    #expect(part.barCounts == plain.barCounts)
    let indicators: [Indicator] = [.sma(3), .obv(), .mfi(4), .atr(3), .macd()]
    let (a, b) = (try part.compute(indicators), try plain.compute(indicators))
    for name in a.names { #expect(firstDifference(a[name]!, b[name]!) == nil, "\(name)") }
    let latest = try whole.latest(
      indicators, asOf: whole.time[range.upperBound - 1], within: .bars(5))
    let expected = try whole.times(0..<range.upperBound).symbols(within: .bars(5)).latest(
      indicators)
    for name in latest.names {
      #expect(firstDifference(latest[name]!, expected[name]!) == nil, "\(name)")
    }
  }

  /// Results of a sparse panel take as many bytes as it has bars, with the bits of dense results.
  @Test(arguments: ElementType.reals)
  func resultsFollowTheBars(element: ElementType) throws {
    for shape in element == .float64 ? [Shape.ownTimes, .single] : [.holes] {
      let (rows, count) = Self.rows(shape, .grouped, seed: 8)
      let panel = try Panel(try Self.table(rows, (0..<count).map { "S\($0)" }), dtype: element)
      let bars = panel.barCounts.reduce(0, +)
      let table = try panel.compute(Indicator.all)
      let series = Indicator.all.flatMap { $0.series(of: panel.bars) }
      let dense = Evaluation(threads: 2).values(of: series.map(\.value)).map {
        NDArray($0, shape: [count, panel.time.count], dtype: element)
      }
      for (array, expected) in zip(table.arrays, dense) {
        let (columns, column) = try #require(array.raggedColumn)
        #expect(columns.columns[column].byteCount == bars * element.size)
        for symbol in 0..<count {
          let own = panel.source.presence[symbol]
          let row = expected.row(symbol).doubles
          #expect(
            sameBits(
              panel.values(of: array, atBarsOf: symbol),
              (0..<own.count).map { row[own.timeIndex($0)] }))
        }
        #expect(array.node.memory == nil)
        #expect(firstDifference(array, expected) == nil)
      }
    }
  }

  /// Files are the same, and nothing becomes dense for them.
  @Test func filesAreThoseOfDenseArrays() throws {
    let (rows, count) = Self.rows(.ownTimes, .byTime, seed: 2)
    let panel = try Panel(try Self.table(rows, (0..<count).map { "S\($0)" }))
    let table = try panel.compute([.sma(3), .macd(), .obv()])
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func path(_ name: String) -> String { folder.appending(path: name).path() }
    for kind in ["csv", "npz"] { try table.write(to: path("sparse.\(kind)")) }
    #expect(table.arrays.allSatisfy { $0.raggedColumn != nil && $0.node.memory == nil })
    let dense = table.arrays.map { NDArray($0.doubles, shape: $0.shape) }
    for kind in ["csv", "npz"] {
      let file = try ResultFile(path: path("dense.\(kind)"), columns: table.names, over: panel)
      try file.write(dense)
      let (a, b) = (
        FileManager.default.contents(atPath: path("dense.\(kind)")),
        FileManager.default.contents(atPath: path("sparse.\(kind)"))
      )
      #expect(a != nil && a == b, "\(kind)")
    }
  }

  /// Where most places have a bar, results are written dense at once.
  @Test func denseResultsStayDense() throws {
    let panel = try Market.dense(6, 30).panel()
    #expect(try panel.compute([.sma(3)]).arrays[0].raggedColumn == nil)
    let (rows, count) = Self.rows(.ownTimes, .grouped, seed: 2)
    let sparse = try Panel(try Self.table(rows, (0..<count).map { "S\($0)" }))
    var arrays: [NDArray] = []
    Series.compute([sparse.bars.close.sma(2)], into: &arrays)
    #expect(arrays[0].raggedColumn == nil)
    #expect(firstDifference(arrays[0], sparse.bars.close.sma(2).values()) == nil)
  }

  /// A panel of symbols with a bar each has memory for its bars, not for symbols × times.
  @Test func memoryFollowsTheBars() throws {
    let count = 3000
    let bars = Dictionary(
      uniqueKeysWithValues: (0..<count).map { number in
        (
          "S\(number)",
          [
            Bar(
              time: Int64(number) * 1_000_000_000, open: 1, high: 2, low: 1, close: 1.5, volume: 3)
          ]
        )
      })
    let panel = try Panel(bars)
    let lanes = panel.source.lanes(fields: [0, 1, 2, 3, 4])
    #expect(lanes.groups.reduce(0) { $0 + $1.rows * $1.width } < count + 64)
    let table = try panel.compute([.sma(1), .obv()])
    #expect(table.arrays.allSatisfy { $0.raggedColumn?.columns.columns[0].byteCount == count * 8 })
    #expect(panel.bars(of: 7).first == bars[panel.symbols[7]]?.first)
    let current = panel.symbols(within: .bars(10))
    #expect(current.symbols.count == 11)
  }
}
