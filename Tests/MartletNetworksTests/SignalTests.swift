import Martlet
import TestSupport
import Testing

/// Windows put together by hand: the rows of a symbol's bars from the feature table, one sample a call.
struct SignalReference {
  let panel: Panel
  let table: ResultTable
  let model: Model
  let window: Int
  var clip = 10.0
  var masks = false

  init(_ model: Model, _ panel: Panel, _ features: FeatureSet, window: Int) throws {
    (self.panel, self.model, self.window) = (panel, model, window)
    table = try panel.compute(features)
  }

  /// The time indices at which a symbol has a bar.
  func bars(_ symbol: Int) -> [Int] {
    panel.time.indices.filter { panel.bar(symbol: symbol, time: $0) != nil }
  }

  /// The prediction at a symbol's bar number `bar` from `length` rows.
  func prediction(_ symbol: Int, bar: Int, length: Int) throws -> [Double] {
    let times = bars(symbol)
    var numbers: [Float] = []
    for k in (bar - length + 1)...bar {
      let values = table.arrays.map { $0[symbol, times[k]] }
      numbers += values.map { $0.isNaN ? 0 : max(-Float(clip), min(Float(clip), Float($0))) }
      if masks { numbers += values.map { $0.isNaN ? 0 : 1 } }
    }
    let width = table.arrays.count * (masks ? 2 : 1)
    let isRow = model.network.inputs[0].isRow
    let shape = isRow ? [1, width] : [1, length, width]
    return try model(NDArray(numbers, shape: shape)).doubles
  }
}

extension NetworkInput {
  fileprivate var isRow: Bool { self == .rows(name, width: width) }
  fileprivate var width: Int {
    var width = 1
    while self != .rows(name, width: width) && self != .steps(name, width: width) { width += 1 }
    return width
  }
}

@Suite("Signals")
struct SignalTests {
  private static func expectSame(
    _ found: [Double], _ expected: [Double], _ place: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      firstDifference(found, expected) == nil, "\(place): \(found) and \(expected)",
      sourceLocation: sourceLocation)
  }

  @Test(arguments: ElementType.reals)
  func lastBarsAreThoseOfWindowsMadeByHand(dtype: ElementType) throws {
    let panel = try SignalMarket.panel(Market.ragged(35, 50), dtype)
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    let reference = try SignalReference(model, panel, features, window: 6)
    let signals = try model.predict(panel, features: features)
    #expect(signals.values.shape == [35, 3])
    #expect(signals.values.dtype == .float32)
    #expect(signals.labels == ["0", "1", "2"])
    var predicted = 0
    for symbol in panel.symbols.indices {
      let bars = reference.bars(symbol)
      let row = signals.values.row(symbol).doubles
      #expect(signals.time[symbol] == (bars.last.map { panel.time[$0] } ?? .min))
      if bars.count < 6 {
        #expect(row.allSatisfy { $0.isNaN }, "symbol \(symbol)")
      } else {
        predicted += 1
        Self.expectSame(
          row, try reference.prediction(symbol, bar: bars.count - 1, length: 6), "symbol \(symbol)")
      }
    }
    #expect(signals.count == predicted)
    #expect(predicted > 20)
  }

  @Test func everyBarIsThatOfAWindowMadeByHand() throws {
    let panel = try SignalMarket.panel(Market.ragged(12, 40))
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    let reference = try SignalReference(model, panel, features, window: 6)
    let signals = try model.predict(panel, features: features, at: .all)
    #expect(signals.values.shape == [12, 40, 3])
    #expect(signals.time == panel.time)
    let part = try model.predict(panel, features: features, at: .range(17..<29))
    #expect(part.values.shape == [12, 12, 3])
    #expect(part.time == Array(panel.time[17..<29]))
    for symbol in panel.symbols.indices {
      let bars = reference.bars(symbol)
      for time in panel.time.indices {
        let found = signals.values[symbol, time, .all].doubles
        guard let bar = bars.firstIndex(of: time), bar >= 5 else {
          #expect(found.allSatisfy { $0.isNaN }, "symbol \(symbol), time \(time)")
          continue
        }
        Self.expectSame(
          found, try reference.prediction(symbol, bar: bar, length: 6),
          "symbol \(symbol), time \(time)")
      }
    }
    #expect(firstDifference(part.values, signals.values[.all, 17..<29].eval()) == nil)
  }

  @Test func aSymbolAloneAndAnyNumberOfThreadsHaveTheSameBits() throws {
    let panel = try SignalMarket.panel(Market.ragged(30, 60, seed: 5))
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    let whole = try model.predict(panel, features: features, at: .all)
    var options = SignalOptions()
    for threads in [1, 2, 5] {
      options.threads = threads
      let again = try model.predict(panel, features: features, at: .all, options: options)
      #expect(firstDifference(again.values, whole.values) == nil, "\(threads) threads")
    }
    let last = try model.predict(panel, features: features)
    for symbol in panel.symbols.indices {
      let alone = panel.symbols([symbol])
      let rows = try model.predict(alone, features: features, at: .all).values[0, .ellipsis].eval()
      #expect(
        firstDifference(rows, whole.values[symbol, .ellipsis].eval()) == nil, "symbol \(symbol)")
      let latest = try model.predict(alone, features: features).values.row(0)
      #expect(firstDifference(latest, last.values.row(symbol)) == nil, "symbol \(symbol), last")
    }
    // What comes later changes nothing.
    for end in [1, 6, 7, 33] {
      let begin = try model.predict(panel.times(0..<end), features: features, at: .all)
      #expect(
        firstDifference(begin.values, whole.values[.all, 0..<end].eval()) == nil, "\(end) times")
    }
  }

  /// More symbols than go together, more samples than wait at once, ends far apart.
  @Test func largeMarketsGoInParts() throws {
    let panel = try SignalMarket.panel(Market.ragged(600, 24, seed: 9))
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    let reference = try SignalReference(model, panel, features, window: 6)
    var parts: [Double] = []
    let last = try model.predict(panel, features: features) { parts.append($0) }
    #expect(parts == parts.sorted() && parts.last == 1)
    let all = try model.predict(panel, features: features, at: .all)
    for symbol in panel.symbols.indices {
      guard let bar = reference.bars(symbol).last else { continue }
      let row = last.values.row(symbol).doubles
      Self.expectSame(row, all.values[symbol, bar, .all].doubles, "symbol \(symbol)")
      if symbol % 97 == 0 {
        let number = reference.bars(symbol).count - 1
        Self.expectSame(
          row, try reference.prediction(symbol, bar: number, length: 6), "symbol \(symbol)")
      }
    }
  }

  @Test func shortHistoriesCanBePredictedFromWhatThereIs() throws {
    let panel = try SignalMarket.panel(Market.ragged(12, 9))
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    let reference = try SignalReference(model, panel, features, window: 6)
    var options = SignalOptions()
    options.shortHistory = .ragged(minimum: 2)
    let signals = try model.predict(panel, features: features, at: .all, options: options)
    for symbol in panel.symbols.indices {
      for (bar, time) in reference.bars(symbol).enumerated() {
        let found = signals.values[symbol, time, .all].doubles
        if bar < 1 {
          #expect(found.allSatisfy { $0.isNaN })
        } else {
          Self.expectSame(
            found, try reference.prediction(symbol, bar: bar, length: min(bar + 1, 6)),
            "symbol \(symbol), bar \(bar)")
        }
      }
    }
    options.window = 3
    let short = try model.predict(panel, features: features, options: options)
    let bars = reference.bars(0).count
    Self.expectSame(
      short.values.row(0).doubles, try reference.prediction(0, bar: bars - 1, length: 3), "window 3"
    )
  }

  @Test func masksStandBehindTheFeaturesAndTheClipIsAnOption() throws {
    let panel = try SignalMarket.panel(Market.ragged(14, 30))
    let (model, features) = (
      try SignalMarket.transformer(features: 10), try SignalMarket.features()
    )
    var reference = try SignalReference(model, panel, features, window: 6)
    reference.masks = true
    let bars = reference.bars(0).count
    let signals = try model.predict(panel, features: features)
    Self.expectSame(
      signals.values.row(0).doubles, try reference.prediction(0, bar: bars - 1, length: 6), "masks")
    // No volume at all: the masks of that column are 0.
    let silent = reference.bars(5).count
    Self.expectSame(
      signals.values.row(5).doubles, try reference.prediction(5, bar: silent - 1, length: 6),
      "no volume")
    reference.clip = 2.5
    var options = SignalOptions()
    options.clip = 2.5
    let clipped = try model.predict(panel, features: features, options: options).values.row(0)
    Self.expectSame(
      clipped.doubles, try reference.prediction(0, bar: bars - 1, length: 6), "clip")
    #expect(clipped.doubles != signals.values.row(0).doubles)
  }

  @Test func aModelOfOneRowSeesTheLastBar() throws {
    let panel = try SignalMarket.panel(Market.ragged(14, 30))
    let (model, features) = (try SignalMarket.mlp(), try SignalMarket.features())
    let reference = try SignalReference(model, panel, features, window: 1)
    let signals = try model.predict(panel, features: features, at: .all)
    for symbol in panel.symbols.indices {
      for (bar, time) in reference.bars(symbol).enumerated() {
        Self.expectSame(
          signals.values[symbol, time, .all].doubles,
          try reference.prediction(symbol, bar: bar, length: 1), "symbol \(symbol), bar \(bar)")
      }
    }
  }

  /// A token for every feature, and the same context for the whole market at a time.
  @Test func aModelOfTokensSeesTheLastBarAndTheContext() throws {
    let panel = try SignalMarket.panel(Market.ragged(14, 30))
    let features = try SignalMarket.features()
    let configuration = try SignalMarket.configuration(
      #""architecture":"indicator_transformer","tokens":5,"width":16,"heads":2,"layers":1,"#
        + #""feedForward":32,"context":3,"maxLength":8"#)
    let model = try Model(WeightFile(drawing: configuration, seed: 5))
    var random = SeededGenerator(4)
    let context = NDArray((0..<90).map { _ in random.unit() - 0.5 }, shape: [30, 3])
    var options = SignalOptions()
    options.context = context
    let signals = try model.predict(panel, features: features, at: .all, options: options)
    #expect(signals.labels.count == 15)
    #expect(signals.labels[7] == "probabilities.VOLUME")
    let reference = try SignalReference(model, panel, features, window: 1)
    var live = try LivePredictor(
      model, symbols: panel.symbols, features: features,
      options: {
        var without = options
        without.context = nil
        return without
      }())
    for time in panel.time.indices {
      try live.setContext(context[time].eval())
      let bars = panel.symbols.indices.map { panel.bar(symbol: $0, time: time) }
      let row = try live.update(bars)
      #expect(firstDifference(row.values, signals.values[.all, time].eval()) == nil, "time \(time)")
      for symbol in [0, 5, 8] where bars[symbol] != nil {
        let values = reference.table.arrays.map { array -> Float in
          let value = array[symbol, time]
          return value.isNaN ? 0 : max(-10, min(10, Float(value)))
        }
        let expected = try model([
          "values": NDArray(values, shape: [1, 5]), "context": context[time..<time + 1],
        ])
        for output in ["logits", "probabilities", "weights"] {
          let found = signals[output: output]![symbol, time].eval().doubles
          Self.expectSame(found, expected[output]!.doubles, "\(output), \(symbol), \(time)")
        }
      }
    }
    options.context = NDArray([1.0, 2])
    #expect(throws: DataError.self) {
      try model.predict(panel, features: features, options: options)
    }
    options.context = nil
    let plain = try model.predict(panel, features: features, options: options)
    options.context = NDArray([0.0, 0, 0])
    let zeros = try model.predict(panel, features: features, options: options)
    #expect(firstDifference(plain.values, zeros.values) == nil)
  }

  @Test func marketsWithNextToNothingInThem() throws {
    let (model, features) = (try SignalMarket.transformer(), try SignalMarket.features())
    let panel = try SignalMarket.panel(Market.dense(3, 8))
    for at in [SignalTimes.last, .all] {
      let one = try model.predict(panel.times(3..<4), features: features, at: at)
      #expect(one.values.count == 9 && one.values.doubles.allSatisfy { $0.isNaN } && one.count == 0)
      let none = try model.predict(panel.times(3..<3), features: features, at: at)
      #expect(none.values.shape == (at == .last ? [3, 3] : [3, 0, 3]))
      #expect(none.values.doubles.allSatisfy { $0.isNaN } && none.count == 0)
      let nobody = try model.predict(panel.symbols([]), features: features, at: at)
      #expect(nobody.values.count == 0 && nobody.symbols.isEmpty)
    }
    #expect(
      try model.predict(panel, features: features, at: .range(4..<4)).values.shape == [3, 0, 3])
    let nothing = NDArray.full([2, 9], Double.nan)
    let empty = try Panel(open: nothing, high: nothing, low: nothing, close: nothing)
    let signals = try model.predict(empty, features: features)
    #expect(signals.count == 0 && signals.time == [.min, .min])
    #expect(signals.ranking().isEmpty)
    var options = SignalOptions()
    options.shortHistory = .ragged(minimum: 1)
    let first = try model.predict(panel.times(0..<1), features: features, options: options)
    let reference = try SignalReference(model, panel, features, window: 6)
    Self.expectSame(
      first.values.row(2).doubles, try reference.prediction(2, bar: 0, length: 1), "one bar")
  }

  @Test func rankingIsFromTheHighest() throws {
    let panel = try SignalMarket.panel(Market.ragged(20, 40))
    let model = try SignalMarket.transformer(more: #","outputs":["down","flat","up"]"#)
    let signals = try model.predict(panel, features: SignalMarket.features())
    #expect(signals.labels == ["down", "flat", "up"])
    let values = signals.values[.all, 2].eval().doubles
    let expected = values.indices.filter { !values[$0].isNaN }.sorted { values[$0] > values[$1] }
    #expect(signals.ranking().map(\.symbol) == expected)
    #expect(signals.ranking(by: 2).map(\.value) == expected.map { values[$0] })
    #expect(signals.ranking(by: 0).map(\.symbol) != expected)
    #expect(firstDifference(signals[label: "up"]!.eval(), NDArray(values).asType(.float32)) == nil)
    #expect(signals[label: "sideways"] == nil)
    #expect(signals[output: "output"]?.shape == [20, 3])
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let panel = try SignalMarket.panel(Market.dense(3, 20))
    let features = try SignalMarket.features()
    let model = try SignalMarket.transformer()
    func error(
      _ model: Model, _ features: FeatureSet?, _ change: (inout SignalOptions) -> Void = { _ in }
    ) -> DataError? {
      var options = SignalOptions()
      change(&options)
      do throws(DataError) {
        _ = try model.predict(panel, features: features, options: options)
        return nil
      } catch { return error }
    }
    #expect(error(model, nil)?.kind == .missing)
    let two = try features.selecting(["RSI", "PRICE"])
    let mismatch = error(model, two)
    #expect(mismatch?.kind == .wrongShape)
    #expect(mismatch?.description.contains("2 columns, 4 with masks") == true)
    #expect(error(model, features) { $0.window = 7 }?.kind == .outOfRange)
    #expect(error(model, features) { $0.window = 0 }?.kind == .outOfRange)
    #expect(error(model, features) { $0.context = NDArray([1.0]) }?.kind == .unknownName)
    let wholeDays = FeatureSet.transformer111(profile: .original)
    let wide = try SignalMarket.transformer(features: 111)
    do {
      _ = try LivePredictor(wide, symbols: ["A"], features: wholeDays).labels
      Issue.record("nothing was thrown")
    } catch { #expect(error.kind == .incompatible) }
  }
}
