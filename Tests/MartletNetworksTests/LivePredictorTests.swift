import Martlet
import TestSupport
import Testing

@Suite("Live predictions")
struct LivePredictorTests {
  private static func bars(_ panel: Panel, _ time: Int) -> [Bar?] {
    panel.symbols.indices.map { panel.bar(symbol: $0, time: time) }
  }

  /// What a batch over the whole panel says about one time.
  private static func expectSame(
    _ row: PredictionRow, _ batch: Signals, _ time: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let expected = batch.values[.all, time].eval()
    let difference = firstDifference(row.values, expected)
    #expect(difference == nil, "time \(time): \(difference ?? "")", sourceLocation: sourceLocation)
    let count = (0..<batch.symbols.count).count { !expected[$0, 0].isNaN }
    #expect(row.predicted == count, sourceLocation: sourceLocation)
  }

  @Test(arguments: ElementType.reals)
  func everyRowHasTheBitsOfTheBatch(dtype: ElementType) throws {
    let panel = try SignalMarket.panel(Market.ragged(40, 50, seed: 3), dtype)
    let features = try SignalMarket.features()
    for model in [try SignalMarket.transformer(), try SignalMarket.mlp()] {
      let batch = try model.predict(panel, features: features, at: .all)
      for start in [0, 1, 5, 20, 49] {
        var live = try LivePredictor(
          model, symbols: panel.symbols, features: features, dtype: dtype)
        if start > 0 { try live.warmUp(with: panel.times(0..<start)) }
        for time in start..<50 {
          Self.expectSame(try live.update(Self.bars(panel, time)), batch, time)
        }
      }
    }
  }

  @Test func columnsAndSingleSymbolsHaveTheBitsOfTheBatch() throws {
    let market = Market.ragged(25, 40, seed: 8)
    let panel = try SignalMarket.panel(market)
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    let batch = try model.predict(panel, features: features, at: .all)
    var columns = try LivePredictor(model, symbols: panel.symbols, features: features)
    var single = columns.fork()
    for time in panel.time.indices {
      let fields = (0..<5).map { field in
        (0..<25).map { market.fields[field][$0 * 40 + time] }
      }
      let row = try columns.update(
        time: panel.time[time], open: fields[0], high: fields[1], low: fields[2],
        close: fields[3], volume: fields[4])
      Self.expectSame(row, batch, time)
      for (symbol, name) in panel.symbols.enumerated().reversed() {
        guard let bar = panel.bar(symbol: symbol, time: time) else { continue }
        let forming = try single.preview(bar, for: name)
        let wrong = Bar(
          time: bar.time, open: 1, high: 900, low: 1, close: 700, volume: 1e6)
        _ = try single.preview(wrong, for: name)
        let one = try single.update(bar, for: name)
        let expected = batch.values[symbol, time, .all].doubles
        #expect(sameBits((0..<3).map { Double(one[$0]) }, expected), "\(name), time \(time)")
        #expect(sameBits((0..<3).map { Double(forming[$0]) }, expected), "\(name), preview")
        #expect(one[0, symbol: (symbol + 1) % 25].isNaN)
        #expect(firstDifference(one.values.row(symbol), batch.values[symbol, time].eval()) == nil)
      }
    }
  }

  @Test func shortHistoriesAndMasksAreThoseOfTheBatch() throws {
    let panel = try SignalMarket.panel(Market.ragged(20, 20, seed: 4))
    let (model, features) = (
      try SignalMarket.transformer(features: 10), try SignalMarket.features()
    )
    var options = SignalOptions()
    options.shortHistory = .ragged(minimum: 1)
    options.clip = 3
    options.threads = 2
    let batch = try model.predict(panel, features: features, at: .all, options: options)
    var live = try LivePredictor(
      model, symbols: panel.symbols, features: features, options: options)
    for time in panel.time.indices {
      Self.expectSame(try live.update(Self.bars(panel, time)), batch, time)
    }
  }

  @Test func checkpointsAndForksGoOnWithTheSameBits() throws {
    let panel = try SignalMarket.panel(Market.ragged(30, 40, seed: 6))
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    let batch = try model.predict(panel, features: features, at: .all)
    var live = try LivePredictor(model, symbols: panel.symbols, features: features)
    // The second goes on where the first one ends.
    try live.warmUp(with: panel.times(0..<9))
    try live.warmUp(with: panel.times(9..<17))
    _ = try live.update(Self.bars(panel, 17))
    let saved = live.checkpoint()
    var fork = live.fork()
    for time in 18..<25 { _ = try live.update(Self.bars(panel, time)) }
    var restored = try LivePredictor(restoring: saved, model: model, features: features)
    #expect(restored.symbols == panel.symbols)
    for time in 18..<40 {
      Self.expectSame(try restored.update(Self.bars(panel, time)), batch, time)
      Self.expectSame(try fork.update(Self.bars(panel, time)), batch, time)
      if time >= 25 { Self.expectSame(try live.update(Self.bars(panel, time)), batch, time) }
    }
    #expect(restored.checkpoint() == fork.checkpoint())
  }

  @Test func badCheckpointsAreRefused() throws {
    let panel = try SignalMarket.panel(Market.ragged(9, 20, seed: 6))
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    var live = try LivePredictor(model, symbols: panel.symbols, features: features)
    try live.warmUp(with: panel)
    let saved = live.checkpoint()
    func refused(_ bytes: [UInt8], _ model: Model, _ features: FeatureSet) -> DataError.Kind? {
      do throws(DataError) {
        let restored = try LivePredictor(restoring: bytes, model: model, features: features)
        _ = restored.symbols
        return nil
      } catch { return error.kind }
    }
    #expect(refused(saved, model, features) == nil)
    for end in stride(from: 0, to: saved.count, by: 61) {
      #expect(refused(Array(saved[..<end]), model, features) != nil, "\(end) bytes")
    }
    #expect(refused(saved + [0], model, features) == .malformed)
    #expect(refused([1] + saved.dropFirst(), model, features) == .malformed)
    #expect(refused(Array(saved.dropLast(4)) + [0, 0, 0xC0, 0x7F], model, features) == .malformed)
    #expect(refused(saved, try SignalMarket.transformer(length: 5), features) == .incompatible)
    #expect(refused(saved, try SignalMarket.mlp(), features) == .incompatible)
    let other = try FeatureSet("other", features.columns.reversed())
    #expect(refused(saved, model, other) == .incompatible)
    var random = SeededGenerator(5)
    for _ in 0..<200 {
      var damaged = saved
      damaged[random.below(saved.count)] ^= UInt8(1 + random.below(255))
      _ = refused(damaged, model, features)
    }
  }

  @Test func aRejectedCallChangesNothing() throws {
    let panel = try SignalMarket.panel(Market.dense(5, 30, seed: 6))
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    let batch = try model.predict(panel, features: features, at: .all)
    var live = try LivePredictor(model, symbols: panel.symbols, features: features)
    try live.warmUp(with: panel.times(0..<10))
    let late = Self.bars(panel, 9)
    let next = Self.bars(panel, 10)
    do { _ = try live.update(late); Issue.record("late") } catch { #expect(error.kind == .order) }
    do { _ = try live.update(Array(next.dropLast())); Issue.record("few") } catch {
      #expect(error.kind == .wrongShape)
    }
    do { _ = try live.update(next[0]!, for: "X"); Issue.record("who") } catch {
      #expect(error.kind == .unknownName)
    }
    do { try live.warmUp(with: panel.times(8..<20)); Issue.record("again") } catch {
      #expect(error.kind == .order)
    }
    let missing = Bar(time: next[0]!.time, open: .nan, high: .nan, low: .nan, close: .nan)
    #expect(try live.update(missing, for: panel.symbols[0])[0].isNaN)
    for time in 10..<30 { Self.expectSame(try live.update(Self.bars(panel, time)), batch, time) }
  }

  @Test func symbolsJoinAndLeaveWithoutDisturbingTheOthers() throws {
    let panel = try SignalMarket.panel(Market.ragged(12, 40, seed: 21))
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    let batch = try model.predict(panel, features: features, at: .all)
    let names = panel.symbols
    var live = try LivePredictor(model, symbols: Array(names[0..<8]), features: features)
    func step(_ time: Int) throws {
      let row = try live.update(
        live.symbols.map { panel.bar(symbol: names.firstIndex(of: $0)!, time: time) })
      for (place, name) in live.symbols.enumerated() {
        let symbol = names.firstIndex(of: name)!
        let found = batch.labels.indices.map { Double(row[$0, symbol: place]) }
        #expect(sameBits(found, batch.values[symbol, time, .all].doubles), "\(name), time \(time)")
      }
    }
    for time in 0..<10 { try step(time) }
    try live.add(Array(names[8..<11]), history: panel.times(0..<10))
    for time in 10..<18 { try step(time) }
    try live.remove([names[0], names[9], names[5]])
    for time in 18..<25 { try step(time) }
    let saved = live.checkpoint()
    live = try LivePredictor(restoring: saved, model: model, features: features)
    // A symbol may come back with what it missed.
    try live.add([names[5], names[11]], history: panel.times(0..<25))
    for time in 25..<40 { try step(time) }
    #expect(live.symbols.count == 10)

    let before = live.checkpoint()
    for (joining, history, kind) in [
      ([names[1]], nil, DataError.Kind.duplicate), (["X", "X"], nil, .duplicate),
      (["X"], panel, .unknownName),
    ] as [([String], Panel?, DataError.Kind)] {
      do { try live.add(joining, history: history); Issue.record("\(joining)") } catch {
        #expect(error.kind == kind)
      }
    }
    for (leaving, kind) in [(["X"], DataError.Kind.unknownName), (live.symbols, .empty)] {
      do { try live.remove(leaving); Issue.record("\(leaving)") } catch {
        #expect(error.kind == kind)
      }
    }
    #expect(live.checkpoint() == before)
  }

  @Test func aStreamOfTheFeaturesCanBeTakenOver() throws {
    let panel = try SignalMarket.panel(Market.dense(5, 30, seed: 6))
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    let batch = try model.predict(panel, features: features, at: .all)
    var stream = try BarStream(symbols: panel.symbols, features: features)
    try stream.warmUp(with: panel.times(0..<10))
    var live = try model.attach(to: stream, features: features)
    for time in 10..<15 {
      #expect(try live.update(Self.bars(panel, time)).predicted == 0)
    }
    for time in 15..<30 { Self.expectSame(try live.update(Self.bars(panel, time)), batch, time) }
    let other = try BarStream(symbols: panel.symbols) { bars in bars.close.rsi(14) }
    do {
      _ = try model.attach(to: other, features: features).labels
      Issue.record("nothing was thrown")
    } catch { #expect(error.kind == .incompatible) }
  }

  /// In a process of its own, where next to nobody else allocates.
  @Test(.enabled(if: heapBytesInUse() != nil))
  func updatesKeepTheHeapAsItIs() async {
    await #expect(processExitsWith: .success) {
      let panel = try SignalMarket.panel(Market.dense(70, 60, seed: 98))
      let model = try SignalMarket.transformer()
      var options = SignalOptions()
      options.threads = 1
      var live = try LivePredictor(
        model, symbols: panel.symbols, features: SignalMarket.features(), options: options)
      let rows = panel.time.indices.map { Self.bars(panel, $0) }
      var time: Int64 = 0
      func step(_ live: inout LivePredictor, _ k: Int) throws {
        time += 1
        let row =
          k % 2 == 0
          ? try live.update(
            rows[k % 60].enumerated().map { symbol, bar in
              guard var bar, (symbol + k) % 9 > 0 else { return nil }
              bar.time = time
              return bar
            }) : try live.update(Bar(time: time, open: 1, high: 2, low: 1, close: 2), for: "S7")
        _ = row[0, symbol: 7]
        _ = try live.preview(
          Bar(time: time + 1, open: 5, high: 6, low: 4, close: 5, volume: 9), for: "S12")[2]
      }
      for k in 0..<120 { try step(&live, k) }
      var growth: [Int] = []
      for _ in 0..<5 {
        let before = heapBytesInUse() ?? 0
        for k in 0..<100 { try step(&live, k) }
        growth.append((heapBytesInUse() ?? 0) - before)
      }
      precondition(growth.contains { $0 <= 0 }, "bytes in 100 updates: \(growth)")
    }
  }
}
