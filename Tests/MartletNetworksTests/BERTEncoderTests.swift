import Martlet
import TestSupport
import Testing

/// BERT encoders against PyTorch, every sequence there alone.
@Suite("BERT")
struct BERTEncoderTests {
  static let cases = ModelReference.cases("bert")

  /// Rows within the lengths; zeros behind them.
  private static func expectRows(_ found: NDArray, _ expected: NDArray, _ lengths: [Int]) {
    guard found.shape == expected.shape else {
      Issue.record("\(found.shape), expected \(expected.shape)")
      return
    }
    for (sample, length) in lengths.enumerated() {
      expectNear(found[sample, 0..<length], expected[sample, 0..<length], "sample \(sample)")
      let behind = found[sample, length..<found.shape[1]].doubles
      #expect(behind.allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: cases, InstructionSet.available)
  func valuesAreThoseOfPyTorch(_ reference: ModelReference, _ set: InstructionSet) throws {
    let model = try Model(reference.weights, precision: .float32, traces: true, on: set)
    let lengths = try #require(reference.lengths)
    let found = try model(["ids": reference["ids"]], lengths: lengths)
    expectNear(found["embeddings"], reference["embeddings"], "embeddings")
    let last = try #require(found.keys.filter { $0.hasSuffix(".out") }.max())
    Self.expectRows(found[last]!, reference["hidden"], lengths)
  }

  @Test(arguments: cases)
  func sequencesDoNotSeeEachOther(_ reference: ModelReference) throws {
    let model = try Model(reference.weights)
    let lengths = try #require(reference.lengths)
    let ids = reference["ids"]
    let all = try model(ids, lengths: lengths, threads: 1)
    for (sample, length) in lengths.enumerated() {
      let alone = try model(ids[sample..<sample + 1, 0..<length])
      #expect(firstDifference(alone, all[sample..<sample + 1]) == nil, "sample \(sample)")
    }
    let many = NDArray.concatenated(Array(repeating: ids, count: 25))
    let manyLengths = Array(repeating: lengths, count: 25).flatMap { $0 }
    for threads in [1, 2, 5] {
      let found = try model(many, lengths: manyLengths, threads: threads)
      for copy in 0..<25 {
        let rows = found[copy * lengths.count..<(copy + 1) * lengths.count]
        #expect(firstDifference(rows, all) == nil, "copy \(copy), \(threads) threads")
      }
    }
  }

  @Test func poolingIsOfTheRows() throws {
    let reference = Self.cases[1]
    let lengths = try #require(reference.lengths)
    let hidden = reference["hidden"]
    for (kind, row) in [
      ("max", { (rows: NDArray) in rows.max(axis: 0) }), ("last", { $0.row($0.shape[0] - 1) }),
      ("mean", { $0.mean(axis: 0) }),
    ] {
      let config = reference.changing("\"pooling\": \"first\"", to: "\"pooling\": \"\(kind)\"")
      let found = try Model(WeightFile(reference.tensors, config: config))(
        reference["ids"], lengths: lengths)
      for (sample, length) in lengths.enumerated() {
        expectNear(found.row(sample), row(hidden[sample, 0..<length]), "\(kind) \(sample)")
      }
    }
  }

  @Test func otherTensorsOfTheFileAreLeft() throws {
    let reference = Self.cases[0]
    let lengths = try #require(reference.lengths)
    let expected = try Model(reference.weights)(reference["ids"], lengths: lengths)
    var tensors = reference.tensors
    tensors["pooler.dense.weight"] = NDArray.zeros([32, 32])
    tensors["pooler.dense.bias"] = NDArray.zeros([32])
    tensors["embeddings.position_ids"] = NDArray.zeros([1, 16], dtype: .int64)
    let prefixed = Dictionary(uniqueKeysWithValues: tensors.map { ("bert." + $0, $1) })
    for tensors in [tensors, prefixed] {
      let found = try Model(WeightFile(tensors, config: reference.config))(
        reference["ids"], lengths: lengths)
      #expect(firstDifference(found, expected) == nil)
    }
    tensors["classifier.weight"] = NDArray.zeros([2, 32])
    expectError(.unknownName, "classifier.weight is not asked for") {
      _ = try Model(WeightFile(tensors, config: reference.config))
    }
    var both = prefixed
    both["embeddings.LayerNorm.bias"] = NDArray.zeros([32])
    expectError(.duplicate, "embeddings.LayerNorm.bias") {
      _ = try Model(WeightFile(both, config: reference.config))
    }
  }

  @Test func sizesAreThoseOfTheTensors() throws {
    let reference = Self.cases[1]
    let lengths = try #require(reference.lengths)
    let prefixed = Dictionary(
      uniqueKeysWithValues: reference.tensors.map { ("bert." + $0, $1) })
    let short = """
      {"format": "martlet model", "version": 1, "architecture": "bert", "heads": 1,
       "activation": "gelu", "pooling": "first", "normalised": false, "epsilon": 1e-12}
      """
    for tensors in [reference.tensors, prefixed] {
      let found = try Model(WeightFile(tensors, config: short))(
        reference["ids"], lengths: lengths)
      expectNear(found, reference["embeddings"], "embeddings")
    }
    #expect(BERTEncoder(BERTEncoder.Shape()).parameterCount == 22_565_376)
  }

  @Test func wrongInputsAreErrors() throws {
    let model = try Model(Self.cases[0].weights)
    let ids = NDArray.zeros([2, 4], dtype: .int32)
    expectError(.outOfRange, "index 50") { _ = try model(ids + 50) }
    expectError(.outOfRange, "index -1") { _ = try model(ids - 1) }
    expectError(.wrongType, "integers") { _ = try model(ids.asType(.float32)) }
    expectError(.wrongShape, "[2, 4, 1]") { _ = try model(ids.expandedDims(axis: 2)) }
    expectError(.wrongShape, "[4]") { _ = try model(ids.row(0)) }
    expectError(.outOfRange, "17 steps", "positions end at 16") {
      _ = try model(NDArray.zeros([1, 17], dtype: .int32))
    }
    expectError(.wrongShape, "3 for 2 samples") { _ = try model(ids, lengths: [4, 4, 4]) }
    expectError(.outOfRange, "sample 1", "0") { _ = try model(ids, lengths: [4, 0]) }
    expectError(.outOfRange, "sample 0", "5") { _ = try model(ids, lengths: [5, 4]) }
    expectError(.empty) { _ = try model(NDArray.zeros([2, 0], dtype: .int32)) }
    // Long arrays are taken where the sequences in them are short.
    let long = try model(NDArray.zeros([2, 30], dtype: .int32), lengths: [4, 16])
    #expect(long.shape == [2, 32])
    #expect(try model(NDArray.zeros([0, 4], dtype: .int32)).shape == [0, 32])
  }

  @Test(arguments: [
    ("\"pooling\": \"mean\"", "\"pooling\": \"sum\"", DataError.Kind.unknownName),
    ("\"activation\": \"gelu\"", "\"activation\": \"gelo\"", .unknownName),
    ("\"normalised\": true", "\"normalised\": 1", .wrongType),
    ("\"heads\": 4", "\"heads\": 5", .outOfRange),
    ("\"vocabulary\": 50", "\"vocabulary\": 51", .wrongShape),
    ("\"vocabulary\": 50", "\"vocabulary\": 1e18", .outOfRange),
    ("\"maxLength\": 16", "\"maxLength\": 0", .outOfRange),
    ("\"layers\": 2", "\"layers\": 3", .missing),
    ("\"layers\": 2", "\"layers\": 1", .unknownName),
    ("\"types\": 2", "\"tipes\": 2", .unknownName),
  ])
  func badConfigsAreErrors(_ old: String, _ new: String, _ kind: DataError.Kind) throws {
    let reference = Self.cases[0]
    expectError(kind) {
      _ = try Model(WeightFile(reference.tensors, config: reference.changing(old, to: new)))
    }
  }
}
