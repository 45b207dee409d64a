import Foundation
import Martlet
import TestSupport
import Testing

@testable import MartletNetworks

/// A small model of layers, and ways to spoil it.
private enum Small {
  static let layers = """
    [{"type": "linear", "inputs": 3, "outputs": 4, "name": "first"},
     {"type": "layer_norm", "width": 4, "name": "norm"}, {"type": "relu"},
     {"type": "linear", "inputs": 4, "outputs": 2, "name": "last"}]
    """

  static func config(
    _ layers: String = layers, input: String = #"{"features": 3}"#
  ) -> String {
    """
    {"format": "martlet model", "version": 1, "architecture": "layers",
     "input": \(input), "layers": \(layers)}
    """
  }

  static var tensors: [String: NDArray] {
    [
      "first.weight": NDArray.ones([4, 3], dtype: .float32),
      "first.bias": NDArray.zeros([4], dtype: .float32),
      "norm.weight": NDArray.ones([4], dtype: .float32),
      "norm.bias": NDArray.zeros([4], dtype: .float32),
      "last.weight": NDArray.ones([2, 4], dtype: .float32),
      "last.bias": NDArray.zeros([2], dtype: .float32),
    ]
  }

  static func model(_ changes: [String: NDArray?]) throws -> Model {
    var tensors = tensors
    for (name, tensor) in changes { tensors[name] = tensor }
    return try Model(WeightFile(tensors, config: config()))
  }

  /// A model of drawn weights.
  static func drawn(_ layers: String, input: String) throws -> Model {
    let root = JSONNode(try JSONValue(parsing: config(layers, input: input)), in: "config")
    return try Model(try ModelConfiguration(root), seed: 1)
  }
}

/// Weights that do not belong to their model, and files that are none.
@Suite("Bad weights")
struct BadWeightTests {
  @Test func theSmallModelIsRight() throws {
    #expect(try Small.model([:])(NDArray.ones([5, 3], dtype: .float32)).shape == [5, 2])
  }

  @Test func aMissingTensor() {
    expectError(.missing, "first.bias is missing, expected [4]") {
      _ = try Small.model(["first.bias": nil])
    }
  }

  @Test func aMissingTensorUnderANearName() {
    expectError(.missing, "norm.weight is missing", "did you mean norm.wieght") {
      _ = try Small.model([
        "norm.weight": nil, "norm.wieght": NDArray.ones([4], dtype: .float32),
      ])
    }
  }

  @Test func aTensorThatNobodyAsksFor() {
    expectError(.unknownName, "tensor second.bias is not asked for") {
      _ = try Small.model(["second.bias": NDArray.zeros([4], dtype: .float32)])
    }
  }

  @Test(arguments: [[4], [3, 4], [4, 3, 1], [], [0, 3], [4, 4], [12]])
  func aTensorOfAnotherShape(_ shape: [Int]) {
    expectError(.wrongShape, "first.weight is \(shape), expected [4, 3]") {
      _ = try Small.model(["first.weight": NDArray.ones(shape, dtype: .float32)])
    }
  }

  @Test(arguments: [ElementType.int32, .int64, .uint8, .bool, .complex64, .complex128])
  func aTensorOfAnotherType(_ type: ElementType) {
    expectError(.wrongType, "last.bias holds \(type), expected real numbers") {
      _ = try Small.model(["last.bias": NDArray.ones([2], dtype: type)])
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e39, -1e300])
  func valuesThatAreNotFiniteInFloat32(_ value: Double) {
    expectError(.outOfRange, "norm.bias holds 1 value that are not finite") {
      _ = try Small.model(["norm.bias": NDArray([0, value, 0, 0])])
    }
    expectError(.outOfRange, "first.weight holds 12 values that are not finite") {
      _ = try Small.model(["first.weight": NDArray.full([4, 3], value, dtype: .float64)])
    }
  }

  @Test func allThatIsWrongIsListed() {
    expectError(
      .wrongShape, "5 tensors: ", "first.bias is missing", "first.weight is [4], expected [4, 3]",
      "norm.weight holds 4 values that are not finite", "last.bias holds int64",
      "more is not asked for"
    ) {
      _ = try Small.model([
        "first.bias": nil, "first.weight": NDArray.ones([4]),
        "norm.weight": NDArray.full([4], Double.nan), "last.bias": NDArray.ones([2], dtype: .int64),
        "more": NDArray.ones([1]),
      ])
    }
  }

  @Test func float64Works() throws {
    let usual = try Small.model([:])
    let wide = try Small.model(Small.tensors.mapValues { $0.asType(.float64) })
    let x = NDArray([0.5, -2, 3], shape: [1, 3])
    #expect(firstDifference(try usual(x), try wide(x)) == nil)
  }

  @Test func theCounterOfANormIsLeft() throws {
    let layers = #"[{"type": "batch_norm", "width": 3, "name": "norm"}]"#
    var tensors: [String: NDArray] = [:]
    for name in ["weight", "bias", "running_mean", "running_var"] {
      tensors["norm." + name] = NDArray.ones([3], dtype: .float32)
    }
    tensors["norm.num_batches_tracked"] = NDArray(7)
    _ = try Model(WeightFile(tensors, config: Small.config(layers)))
    tensors["norm.num_batches_tracked"] = nil
    tensors["other.num_batches_tracked"] = NDArray(7)
    expectError(.unknownName, "other.num_batches_tracked is not asked for") {
      _ = try Model(WeightFile(tensors, config: Small.config(layers)))
    }
  }

  /// Every beginning of a file, and every file with a byte changed, is an error or a model.
  @Test func filesThatAreCutOrDamaged() throws {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "martlet-\(UUID().uuidString).npz"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var arrays = Small.tensors
    arrays["config"] = NDArray(Array(Small.config().utf8))
    try NDArray.write(npz: path, arrays.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    let whole = try Data(contentsOf: URL(filePath: path))
    let x = NDArray.ones([1, 3], dtype: .float32)
    let expected = try Model(path)(x)
    for length in stride(from: 0, to: whole.count, by: 13) {
      try whole[..<length].write(to: URL(filePath: path))
      #expect(throws: DataError.self, "\(length) bytes") { _ = try Model(path) }
    }
    for place in stride(from: 3, to: whole.count, by: 11) {
      var damaged = whole
      damaged[place] ^= 0x41
      try damaged.write(to: URL(filePath: path))
      // What nobody reads, such as a time, may change.
      guard let model = try? Model(path) else { continue }
      #expect(firstDifference(try model(x), expected) == nil, "byte \(place)")
    }
  }

  @Test func configurationsThatAreNoText() throws {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "martlet-\(UUID().uuidString).npz"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (config, kind, problem) in [
      (NDArray([1.0, 2.0]), DataError.Kind.wrongType, "expected a text, or its bytes"),
      (NDArray([UInt8(123)], shape: [1, 1]), .wrongType, "expected a text, or its bytes"),
      (NDArray([UInt8(0xff), 0xfe]), .malformed, "is not UTF-8"),
      (NDArray([UInt8]()), .truncated, "expected a value"),
    ] {
      try NDArray.write(npz: path, [("config", config), ("a", NDArray([1.0]))])
      expectError(kind, problem) { _ = try Model(path) }
    }
    try NDArray.write(npz: path, [("config", NDArray(Array(Small.config().utf8)))])
    expectError(.empty, "holds no tensors") { _ = try Model(path) }
    try NDArray.write(npz: path, [("a", NDArray([1.0]))])
    expectError(.missing, "no description of the model") { _ = try Model(path) }
    expectError(.unreadable) { _ = try Model(path + ".nothing") }
  }
}

/// Descriptions that say nonsense; nothing is allocated for what they say.
@Suite("Bad descriptions")
struct BadDescriptionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let layers: String
    let kind: DataError.Kind
    let problem: String
    var input = #"{"features": 3, "length": "any"}"#
    var testDescription: String { problem }

    init(
      _ layers: String, _ kind: DataError.Kind, _ problem: String,
      input: String = #"{"features": 3, "length": "any"}"#
    ) {
      (self.layers, self.kind, self.problem, self.input) = (layers, kind, problem, input)
    }
  }

  static let one = #"{"features": 3}"#
  static let linear = #"{"type": "linear", "inputs": 3, "outputs": 4}"#

  static let cases: [Case] = [
    // What is no list of layers.
    Case("3", .wrongType, "layers: a number; expected an array"),
    Case("[3]", .wrongType, "layers[0]: a number; expected an object"),
    Case("[{}]", .missing, "layers[0]: no member type"),
    Case(#"[{"type": 3}]"#, .wrongType, "layers[0].type: a number; expected a text"),
    Case(#"[{"type": "linaer"}]"#, .unknownName, "did you mean linear?"),
    Case(
      #"[{"type": "sequential", "layers": [{"type": "residual", "layers": [{"type": "x"}]}]}]"#,
      .unknownName, "layers[0].layers[0].layers[0].type: x"),
    Case(#"[{"type": "relu", "name": ""}]"#, .outOfRange, "layers[0]: an empty name"),
    Case(#"[{"type": "relu", "slope": 1}]"#, .unknownName, "no member slope is known"),
    Case(#"[{"type": "dropout", "p": 0.5}]"#, .unknownName, "no member p is known"),
    Case(#"[{"type": "relu", "type": "relu"}]"#, .duplicate, "type"),
    // Sizes.
    Case(
      #"[{"type": "linear", "inputs": 3, "outputs": 0}]"#, .outOfRange, "layers[0].outputs"),
    Case(
      #"[{"type": "linear", "inputs": 3, "outputs": -5}]"#, .outOfRange, "layers[0].outputs"),
    Case(
      #"[{"type": "linear", "inputs": 3, "outputs": 2.5}]"#, .outOfRange, "layers[0].outputs"),
    Case(
      #"[{"type": "linear", "inputs": 3, "outputs": 1e308}]"#, .outOfRange, "layers[0].outputs"),
    Case(
      #"[{"type": "linear", "inputs": 3, "outputs": 9223372036854775808}]"#, .outOfRange,
      "layers[0].outputs"),
    Case(#"[{"type": "linear", "inputs": 3, "outputs": "4"}]"#, .wrongType, "layers[0].outputs"),
    Case(#"[{"type": "linear", "inputs": 3}]"#, .missing, "layers[0]: no member outputs"),
    Case(
      #"[{"type": "linear", "inputs": 3, "outputs": 4, "bias": 1}]"#, .wrongType,
      "layers[0].bias: a number; expected true or false"),
    // Widths.
    Case(
      "[\(linear), \(linear)]", .wrongShape,
      "layers[1].inputs: 3; the rows that come in have 4 numbers"),
    Case(#"[{"type": "layer_norm", "width": 5}]"#, .wrongShape, "rows that come in have 3"),
    Case(
      #"[{"type": "layer_norm", "width": 3, "epsilon": -1}]"#, .outOfRange, "layers[0].epsilon"),
    Case(#"[{"type": "rms_norm", "width": 3, "epsilon": 1e9}]"#, .outOfRange, "layers[0].epsilon"),
    Case(
      #"[{"type": "residual", "layers": [\#(linear)]}]"#, .wrongShape,
      "rows of 4 numbers cannot be added to rows of 3"),
    Case(
      #"[{"type": "residual", "layers": [{"type": "pool", "kind": "mean"}]}]"#, .wrongShape,
      "has other time steps"),
    Case(
      #"""
      [{"type": "residual", "layers":
        [{"type": "conv1d", "inputs": 3, "outputs": 3, "kernel": 3}]}]
      """#, .wrongShape, "has other time steps"),
    Case(
      #"[{"type": "attention", "width": 3, "heads": 2}]"#, .outOfRange,
      "2 heads do not divide the width 3"),
    Case(#"[{"type": "attention", "width": 3, "heads": 0}]"#, .outOfRange, "layers[0].heads"),
    Case(
      #"""
      [{"type": "encoder", "width": 3, "heads": 1, "feedForward": 8, "layers": 1,
        "activation": "swish"}]
      """#, .unknownName, "layers[0].activation: swish"),
    Case(
      #"[{"type": "encoder", "width": 3, "heads": 1, "feedForward": 8, "layers": 1e6}]"#,
      .outOfRange, "layers[0].layers"),
    Case(#"[{"type": "gelu", "approximate": "erf"}]"#, .unknownName, "erf; expected none, tanh"),
    Case(#"[{"type": "pool", "kind": "median"}]"#, .unknownName, "layers[0].kind: median"),
    // Time steps.
    Case(
      #"[{"type": "pool", "kind": "mean"}, {"type": "pool", "kind": "mean"}]"#, .wrongShape,
      "layers[1]: pool needs time steps"),
    Case(
      #"[{"type": "gru", "inputs": 3, "width": 4}]"#, .wrongShape, "gru needs time steps",
      input: one),
    Case(
      #"[{"type": "attention", "width": 3, "heads": 3}]"#, .wrongShape,
      "attention needs time steps", input: one),
    Case(
      #"[{"type": "conv1d", "inputs": 3, "outputs": 4, "kernel": 1}]"#, .wrongShape,
      "conv1d needs time steps", input: one),
    Case(
      #"[{"type": "learned_positions", "length": 9, "width": 3}]"#, .wrongShape,
      "9 positions for samples of 10 steps", input: #"{"features": 3, "length": 10}"#),
    Case(
      #"[{"type": "sinusoidal_positions", "length": 9, "width": 3}]"#, .outOfRange,
      "an even width, not 3"),
    Case(
      #"[{"type": "sinusoidal_positions", "length": 1000000, "width": 1000000}]"#, .outOfRange,
      "are too large to compute", input: #"{"features": 1000000, "length": 99}"#),
    Case(
      #"[{"type": "conv1d", "inputs": 3, "outputs": 4, "kernel": 3, "groups": 3}]"#,
      .outOfRange, "3 groups do not divide 3 inputs and 4 outputs"),
    Case(
      #"[{"type": "conv1d", "inputs": 3, "outputs": 4, "kernel": 3, "stride": 0}]"#,
      .outOfRange, "layers[0].stride"),
    Case(
      #"[{"type": "conv1d", "inputs": 3, "outputs": 4, "kernel": 3, "padding": 1e9}]"#,
      .outOfRange, "layers[0].padding"),
    Case(
      #"[{"type": "conv1d", "inputs": 3, "outputs": 4, "kernel": 5, "dilation": 3}]"#,
      .wrongShape, "nothing is left of samples of 12 steps",
      input: #"{"features": 3, "length": 12}"#),
    // Indices.
    Case(
      #"[\#(linear), {"type": "embedding", "count": 3, "width": 4}]"#, .wrongShape,
      "an embedding takes indices"),
    Case(
      #"[{"type": "embedding", "count": 3, "width": 4}]"#, .incompatible,
      "input.features: an embedding takes indices"),
    Case(
      #"[{"type": "embedding", "count": 3, "width": 4}]"#, .wrongShape,
      "an embedding needs time steps", input: "{}"),
    Case(
      #"[{"type": "embedding", "count": 1e10, "width": 4}]"#, .outOfRange, "layers[0].count",
      input: #"{"length": "any"}"#),
    Case(
      #"[{"type": "dropout"}, {"type": "embedding", "count": 3, "width": 4}]"#, .missing,
      "input: no member features", input: #"{"length": "any"}"#),
    // The input.
    Case("[]", .wrongType, "input: a number; expected an object", input: "3"),
    Case("[]", .missing, "input: no member features", input: #"{"length": 3}"#),
    Case(
      "[]", .unknownName, "input.length: some; expected a number, \"any\" or null",
      input: #"{"features": 3, "length": "some"}"#),
    Case("[]", .outOfRange, "input.length", input: #"{"features": 3, "length": -1}"#),
    Case("[]", .outOfRange, "input.features", input: #"{"features": 0}"#),
    Case("[]", .unknownName, "did you mean length?", input: #"{"features": 3, "lenght": 4}"#),
    // Names.
    Case(
      #"""
      [{"type": "layer_norm", "width": 3, "name": "a"},
       {"type": "rms_norm", "width": 3, "name": "a"}]
      """#, .duplicate, "two layers have the tensor a.weight"),
    Case(
      #"""
      [{"type": "sequential", "name": "a", "layers": [{"type": "rms_norm", "width": 3}]},
       {"type": "rms_norm", "width": 3, "name": "a.0"}]
      """#, .duplicate, "two layers have the tensor a.0.weight"),
  ]

  @Test(arguments: cases)
  func isAnErrorWithItsPlace(_ one: Case) {
    expectError(one.kind, one.problem) {
      _ = try Model(
        WeightFile(["a": NDArray([1.0])], config: Small.config(one.layers, input: one.input)))
    }
  }

  /// Shapes of terabytes that no tensor has.
  @Test func absurdShapesAreComparedOnly() {
    let million = 1_000_000
    for layers in [
      #"{"type": "linear", "inputs": \#(million), "outputs": \#(million)}"#,
      #"{"type": "lstm", "inputs": \#(million), "width": \#(million), "layers": 1000}"#,
      #"{"type": "attention", "width": \#(million), "heads": 1}"#,
      #"""
      {"type": "encoder", "width": \#(million), "heads": 1, "feedForward": \#(million),
       "layers": 1000}
      """#,
      #"{"type": "conv1d", "inputs": \#(million), "outputs": \#(million), "kernel": 9}"#,
      #"{"type": "learned_positions", "length": \#(million), "width": \#(million)}"#,
    ] {
      expectError(.missing, "expected [", "\(million)") {
        _ = try Model(
          WeightFile(
            ["a": NDArray([1.0])],
            config: Small.config(
              "[\(layers)]", input: #"{"features": \#(million), "length": 9}"#)))
      }
    }
    let many = Array(
      repeating: #"""
        {"type": "encoder", "width": 8, "heads": 1, "feedForward": 8, "layers": 1000}
        """#, count: 11
    ).joined(separator: ", ")
    expectError(.outOfRange, "layers[9]: more than 10000 layers in all") {
      _ = try Model(
        WeightFile(
          ["a": NDArray([1.0])],
          config: Small.config("[\(many)]", input: #"{"features": 8, "length": 9}"#)))
    }
  }

  @Test func nestingHasAnEnd() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: #"[{"type": "residual", "layers": "#, count: depth) + "[]"
        + String(repeating: "}]", count: depth)
    }
    let model = try Small.drawn(nested(50), input: Self.one)
    // Every layer adds x.
    let found = try model(NDArray([1.0, -2, 3], shape: [1, 3]))
    #expect(found.doubles == [1.0, -2, 3].map { $0 * 51 })
    expectError(.outOfRange, "levels of arrays and objects") {
      _ = try Small.drawn(nested(70), input: Self.one)
    }
    expectError(.outOfRange, "levels of arrays and objects") {
      _ = try Small.drawn(String(repeating: "[", count: 100_000), input: Self.one)
    }
  }

  @Test(arguments: [
    (#""format": "martlet model""#, #""format": "other""#, DataError.Kind.incompatible),
    (#""format": "martlet model","#, "", .missing),
    (#""version": 1"#, #""version": 2"#, .incompatible),
    (#""version": 1,"#, "", .missing),
    (#""architecture": "layers""#, #""architecture": "layer""#, .unknownName),
    (#""architecture": "layers","#, "", .missing),
    (#""input": {"features": 3},"#, "", .missing),
    (#""version": 1"#, #""version": 1, "optimizer": "adam""#, .unknownName),
    ("}", "", .malformed),
  ])
  func theRestOfTheDescription(_ old: String, _ new: String, _ kind: DataError.Kind) {
    let config = Small.config().replacingOccurrences(of: old, with: new)
    #expect(config != Small.config())
    expectError(kind, "config") {
      _ = try Model(WeightFile(Small.tensors, config: config))
    }
  }
}
