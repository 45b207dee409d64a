import Martlet
import TestSupport
import Testing

/// The indicator transformer against PyTorch, and what goes around it.
@Suite("Indicator transformer")
struct IndicatorTransformerTests {
  static let cases = ModelReference.cases("indicator A") + ModelReference.cases("indicator B")

  private static func inputs(_ reference: ModelReference) -> [String: NDArray] {
    reference.arrays.filter { ["values", "context", "ids"].contains($0.key) }
  }

  /// A description with other sizes than the usual ones.
  private static func configuration(
    tokens: Int = 5, maximumLength: Int = 8, variant: IndicatorTransformer.Variant = .b
  ) -> ModelConfiguration {
    var shape = IndicatorTransformer.Shape()
    (shape.tokens, shape.width, shape.heads, shape.layers) = (tokens, 8, 2, 2)
    (shape.feedForward, shape.context, shape.maximumLength) = (16, 3, maximumLength)
    shape.variant = variant
    return ModelConfiguration("small", .indicatorTransformer(IndicatorTransformer(shape)))
  }

  @Test func allCasesAreThere() {
    #expect(Self.cases.count == 7)
  }

  @Test(arguments: cases, InstructionSet.available)
  func valuesAreThoseOfPyTorch(_ reference: ModelReference, _ set: InstructionSet) throws {
    let model = try Model(reference.weights, precision: .float32, traces: true, on: set)
    let found = try model(Self.inputs(reference))
    for name in ["logits", "probabilities", "weights", "attention"] {
      expectNear(found[name], reference[name], name)
    }
    #expect(reference.traces.count >= 2)
    for (name, ours) in reference.traces { expectNear(found[ours], reference[name], ours) }
  }

  @Test func widerSetsHaveTheSameBits() throws {
    let sets = InstructionSet.available.filter { $0 != .baseline }
    for reference in Self.cases {
      let all = try sets.map {
        try Model(reference.weights, precision: .float32, traces: true, on: $0)(
          Self.inputs(reference))
      }
      for found in all.dropFirst() {
        for (name, array) in found {
          #expect(firstDifference(array, all[0][name]!) == nil, "\(reference.name) \(name)")
        }
      }
    }
  }

  @Test(arguments: cases)
  func scoresAreTheOutputs(_ reference: ModelReference) throws {
    let inputs = Self.inputs(reference)
    let model = try IndicatorModel(reference.weights, reportsAttention: true)
    let scores = try model(inputs["values"]!, context: inputs["context"]!, ids: inputs["ids"])
    let found = try Model(reference.weights, traces: true)(inputs)
    #expect(firstDifference(scores.logits, found["logits"]!) == nil)
    #expect(firstDifference(scores.probabilities, found["probabilities"]!) == nil)
    #expect(firstDifference(scores.weights, found["weights"]!) == nil)
    #expect(firstDifference(scores.attention!, found["attention"]!) == nil)
    #expect(firstDifference(scores.values, inputs["values"]!) == nil)
    #expect(model.names == (0..<model.names.count).map(String.init))
    let plain = try IndicatorModel(reference.weights)
    let other = try plain(inputs["values"]!, context: inputs["context"]!, ids: inputs["ids"])
    #expect(other.attention == nil)
    #expect(firstDifference(other.weights, scores.weights) == nil)
  }

  @Test(arguments: cases)
  func samplesDoNotSeeEachOther(_ reference: ModelReference) throws {
    let inputs = Self.inputs(reference)
    let model = try Model(reference.weights)
    let alone = try model(inputs, threads: 1)
    let many = inputs.mapValues { NDArray.concatenated(Array(repeating: $0, count: 30)) }
    let count = inputs["values"]!.shape[0]
    for threads in [1, 3] {
      let found = try model(many, threads: threads)
      for (name, array) in found {
        for copy in [0, 7, 29] {
          let rows = array[copy * count..<(copy + 1) * count]
          #expect(firstDifference(rows, alone[name]!) == nil, "\(name) \(copy) \(threads)")
        }
      }
    }
  }

  @Test func nothingSelectedHasNoWeights() throws {
    let reference = try #require(ModelReference.cases("nothing selected").first)
    let found = try Model(reference.weights)(Self.inputs(reference))
    expectNear(found["logits"], reference["logits"], "logits")
    expectNear(found["probabilities"], reference["probabilities"], "probabilities")
    #expect(found["weights"]!.doubles == [Double](repeating: 0, count: 10))
  }

  @Test func idsSayWhichIndicatorsThereAre() throws {
    for variant in IndicatorTransformer.Variant.allCases {
      let model = try IndicatorModel(
        Self.configuration(variant: variant), seed: 3, reportsAttention: true)
      let context = NDArray([0.5, -1, 2] as [Float], shape: [1, 3])
      let values = NDArray([1, 2, -3, 4, 5] as [Float], shape: [1, 5])
      let all = try model(values, context: context)
      let told = try model(
        values, context: context, ids: NDArray([0, 1, 2, 3, 4] as [Int32], shape: [1, 5]))
      #expect(firstDifference(all.logits, told.logits) == nil)
      // Fewer tokens: attention has as many columns.
      let few = try model(
        values[.all, 1..<3], context: context, ids: NDArray([3, 1] as [Int64], shape: [1, 2]))
      #expect(few.logits.shape == [1, 2])
      #expect(few.attention?.shape == [1, 2, 2])
      let sums = few.attention!.sum(axis: 2).doubles
      #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 })
      #expect(few.select(threshold: 0)[0].map(\.name).sorted() == ["1", "3"])
      // Without places tokens may come in any order; with places not.
      let turned = try model(
        NDArray([5, 4, -3, 2, 1] as [Float], shape: [1, 5]), context: context,
        ids: NDArray([4, 3, 2, 1, 0] as [Int32], shape: [1, 5]))
      let gap = zip(turned.logits.doubles.reversed(), all.logits.doubles).reduce(0) {
        max($0, abs($1.0 - $1.1))
      }
      #expect(variant == .a ? gap < 1e-5 : gap > 1e-3, "\(variant) \(gap)")
    }
  }

  @Test func seedsDecide() throws {
    let values = NDArray((0..<15).map { Float($0) / 7 }, shape: [3, 5])
    let context = NDArray((0..<9).map { Float($0) / 5 }, shape: [3, 3])
    func weights(_ seed: UInt64) throws -> NDArray {
      try IndicatorModel(Self.configuration(), seed: seed)(values, context: context).weights
    }
    #expect(firstDifference(try weights(1), try weights(1)) == nil)
    #expect(firstDifference(try weights(1), try weights(2)) != nil)
    #expect(try weights(1).sum(axis: 1).doubles.allSatisfy { abs($0 - 1) < 1e-6 })
  }

  @Test func namesAreThoseOfTheColumns() throws {
    var configuration = Self.configuration(tokens: 111, maximumLength: 111)
    let usual = try IndicatorModel(configuration, seed: 1)
    #expect(usual.names == FeatureSet.transformer111.columns.map(\.name))
    #expect(usual.thresholds[33] == 0.15)
    #expect(usual.thresholds[0] == 0.1)
    configuration = Self.configuration(tokens: 2)
    let set = try FeatureSet(
      "two",
      [
        FeatureColumn("fast", "sma(5)", threshold: 0.25), FeatureColumn("slow", "sma(50)"),
      ])
    configuration.features = try set.json()
    let named = try IndicatorModel(configuration, seed: 1)
    #expect(named.names == ["fast", "slow"])
    #expect(named.thresholds == [0.25, 0.3])
    var wrong = Self.configuration(tokens: 3)
    wrong.features = configuration.features
    expectError(.wrongShape, "2 columns for 3 indicators") {
      _ = try IndicatorModel(wrong, seed: 1)
    }
  }

  @Test func preparedValuesAreFinite() {
    let nan = Double.nan
    let (values, isMissing) = IndicatorModel.prepared(
      NDArray([1.5, nan, 12, -40, .infinity, -.infinity, 10, -10], shape: [2, 4]))
    #expect(values.doubles == [1.5, 0, 10, -10, 0, 0, 10, -10])
    #expect(values.shape == [2, 4])
    #expect(
      isMissing.elements(as: Bool.self) == [false, true, false, false, true, true, false, false])
    #expect(IndicatorModel.prepared(NDArray([3.0, -3]), limit: 2).values.doubles == [2, -2])
  }

  // MARK: Bad input

  @Test func wrongInputsAreErrors() throws {
    let model = try IndicatorModel(Self.configuration(), seed: 1)
    let values = NDArray.zeros([2, 5], dtype: .float32)
    let context = NDArray.zeros([2, 3], dtype: .float32)
    func ids(_ rows: [Int32]) -> NDArray { NDArray(rows, shape: [2, rows.count / 2]) }
    expectError(.wrongShape, "input values", "[2, 4]") {
      _ = try model(values[.all, 0..<4], context: context)
    }
    expectError(.wrongShape, "input values", "[5]") {
      _ = try model(values.row(0), context: context)
    }
    expectError(.wrongShape, "input values", "[2, 5, 1]") {
      _ = try model(values.expandedDims(axis: 2), context: context)
    }
    expectError(.wrongShape, "input context", "[2, 2]") {
      _ = try model(values, context: context[.all, 0..<2])
    }
    expectError(.wrongShape, "input context", "[1, 3]") {
      _ = try model(values, context: context[0..<1])
    }
    expectError(.wrongShape, "input ids", "[2, 4]") {
      _ = try model(values, context: context, ids: ids([0, 1, 2, 3, 0, 1, 2, 3]))
    }
    expectError(.outOfRange, "index 5") {
      _ = try model(values, context: context, ids: ids([0, 1, 2, 3, 5, 0, 1, 2, 3, 4]))
    }
    expectError(.outOfRange, "index -1") {
      _ = try model(values, context: context, ids: ids([0, 1, 2, 3, 4, 0, 1, 2, 3, -1]))
    }
    expectError(.wrongType, "input ids") {
      _ = try model(values, context: context, ids: values)
    }
    for odd in [Float.nan, .infinity] {
      var broken = values
      broken[1, 2] = Double(odd)
      expectError(.outOfRange, "input values", "1 of 10", "prepared") {
        _ = try model(broken, context: context)
      }
      var other = context
      other[0, 0] = Double(odd)
      expectError(.outOfRange, "input context", "1 of 6") {
        _ = try model(values, context: other)
      }
    }
    // More tokens than variant B has places.
    expectError(.outOfRange, "9 steps", "end at") {
      _ = try model(
        NDArray.zeros([2, 9], dtype: .float32), context: context,
        ids: NDArray.zeros([2, 9], dtype: .int32))
    }
    expectError(.empty) {
      _ = try model(
        NDArray.zeros([2, 0], dtype: .float32), context: context,
        ids: NDArray.zeros([2, 0], dtype: .int32))
    }
    let none = try model(
      NDArray.zeros([0, 5], dtype: .float32), context: NDArray.zeros([0, 3], dtype: .float32))
    #expect(none.weights.shape == [0, 5])
    #expect(none.select() == [])
  }

  @Test func namesOfInputsAreChecked() throws {
    let reference = Self.cases[0]
    let model = try Model(reference.weights)
    var inputs = Self.inputs(reference)
    inputs["extra"] = inputs["context"]
    expectError(.unknownName, "input extra") { _ = try model(inputs) }
    inputs["extra"] = nil
    inputs["context"] = nil
    expectError(.missing, "input context") { _ = try model(inputs) }
    inputs = Self.inputs(reference)
    inputs["values"] = nil
    expectError(.missing, "input values") { _ = try model(inputs) }
  }

  @Test func badTensorsAreAllListed() throws {
    let reference = Self.cases[3]
    var tensors = reference.tensors
    tensors["weight_head.2.bias"] = nil
    tensors["surplus"] = NDArray.zeros([1])
    tensors["selection_head.0.weight"] = NDArray.zeros([3, 3])
    tensors["layers.0.attention.key.bias"] = NDArray(Array(repeating: Float.nan, count: 16))
    expectError(
      .outOfRange, "4 tensors", "weight_head.2.bias is missing", "surplus is not asked for",
      "selection_head.0.weight is [3, 3]", "layers.0.attention.key.bias holds 16 values"
    ) {
      _ = try Model(WeightFile(tensors, config: reference.config))
    }
    // A variant A has other tensors.
    expectError(
      .wrongShape, "context_encoder.2.weight is missing", "layers.0.feed_forward.4.bias is missing",
      "position_embedding.weight is not asked for"
    ) {
      _ = try Model(
        WeightFile(
          reference.tensors,
          config: reference.changing("\"variant\": \"B\"", to: "\"variant\": \"A\"")))
    }
    expectError(.incompatible, "no indicator transformer") {
      _ = try IndicatorModel(ModelReference.cases("residual")[0].weights)
    }
  }

  @Test(arguments: [
    ("\"variant\": \"B\"", "\"variant\": \"C\"", DataError.Kind.unknownName),
    ("\"variant\": \"B\"", "\"variant\": 2", .wrongType),
    ("\"heads\": 2", "\"heads\": 3", .outOfRange), ("\"heads\": 2", "\"heads\": 0", .outOfRange),
    ("\"heads\": 2", "\"heads\": 2.5", .outOfRange),
    ("\"width\": 16", "\"width\": 1", .outOfRange),
    ("\"layers\": 2", "\"layers\": 0", .outOfRange),
    ("\"layers\": 2", "\"layers\": 1000000", .outOfRange),
    ("\"context\": 10", "\"context\": 1e300", .outOfRange),
    ("\"context\": 10", "\"contxt\": 10", .unknownName),
    ("\"tokens\": 9", "\"tokens\": 10", .wrongShape),
    ("\"tokens\": 9", "\"tokens\": null, \"epsilon\": 1", .outOfRange),
    ("\"indicator_transformer\"", "\"indicator_transformers\"", .unknownName),
  ])
  func badConfigsAreErrors(_ old: String, _ new: String, _ kind: DataError.Kind) throws {
    let reference = Self.cases[3]
    expectError(kind) {
      _ = try Model(WeightFile(reference.tensors, config: reference.changing(old, to: new)))
    }
  }
}
