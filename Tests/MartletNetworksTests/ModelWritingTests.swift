import Martlet
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Model files")
struct ModelWritingTests {
  /// A path that no other test has.
  private static func path(_ name: String) -> String {
    "/tmp/martlet-\(getpid())-\(UInt64.random(in: 0 ... .max)).\(name)"
  }

  @Test func aModelComesBackWithItsFeaturesAndStatistics() throws {
    let panel = try SignalMarket.panel(Market.ragged(12, 60))
    let features = try SignalMarket.features().fitted(on: panel.times(0..<40))
    var configuration = try SignalMarket.configuration(
      #""name":"small","architecture":"transformer","features":5,"length":9,"width":16,"heads":4,"#
        + #""layers":2,"feedForward":32,"headWidth":8"#)
    let weights = WeightFile(drawing: configuration, seed: 11)
    configuration.features = try features.json()
    configuration.window = 7
    configuration.outputLabels = ["down", "flat", "up"]
    let path = Self.path("npz")
    defer { unlink(path) }
    try weights.write(to: path, configuration: configuration)
    let model = try Model(path)
    #expect(model.configuration.name == "small")
    #expect(model.configuration.window == 7)
    #expect(model.configuration.outputLabels == ["down", "flat", "up"])
    let read = try #require(try model.configuration.featureSet())
    // Statistics that are not known are NaN, which equals nothing.
    #expect(try read.json() == features.json())
    #expect(read.columns.map(\.formula) == features.columns.map(\.formula))
    var options = SignalOptions()
    options.window = 7
    let expected = try Model(weights).predict(panel, features: features, options: options)
    let found = try model.predict(panel)
    #expect(firstDifference(found.values, expected.values) == nil)
    #expect(found.count > 5)
    #expect(found.labels == ["down", "flat", "up"])
    // And once more, from the file.
    let again = Self.path("npz")
    defer { unlink(again) }
    try WeightFile(path: path).write(to: again, configuration: model.configuration)
    #expect(firstDifference(try Model(again).predict(panel).values, expected.values) == nil)
  }

  @Test func masksTravelWithTheModel() throws {
    let panel = try SignalMarket.panel(Market.ragged(6, 30))
    let features = try SignalMarket.features()
    var configuration = try SignalMarket.configuration(
      #""architecture":"residual_mlp","features":10,"width":16,"blocks":1"#)
    let weights = WeightFile(drawing: configuration, seed: 2)
    configuration.features = try features.json()
    let path = Self.path("npz")
    defer { unlink(path) }
    // Ten numbers are not five columns.
    #expect(throws: DataError.self) {
      try weights.write(to: path, configuration: configuration)
    }
    #expect(access(path, F_OK) != 0)
    configuration.hasMasks = true
    try weights.write(to: path, configuration: configuration)
    let expected = try Model(weights).predict(panel, features: features)
    #expect(firstDifference(try Model(path).predict(panel).values, expected.values) == nil)
  }

  /// A file whose tensors say the sizes gets features and a whole description.
  @Test func describedModelsCanBeWritten() throws {
    let configuration = try SignalMarket.configuration(
      #""architecture":"residual_mlp","features":5,"width":16,"blocks":2,"outputs":2"#)
    let drawn = WeightFile(drawing: configuration, seed: 2)
    var tensors: [String: NDArray] = [:]
    for name in drawn.names { tensors[name] = try drawn.tensor(name) }
    let weights = WeightFile(
      tensors,
      config: #"{"format":"martlet model","version":1,"architecture":"residual_mlp"}"#)
    var found = try Model(weights).configuration
    found.features = try SignalMarket.features().json()
    let path = Self.path("npz")
    defer { unlink(path) }
    try weights.write(to: path, configuration: found)
    let panel = try SignalMarket.panel(Market.dense(4, 30))
    let expected = try Model(drawn).predict(panel, features: SignalMarket.features())
    #expect(firstDifference(try Model(path).predict(panel).values, expected.values) == nil)
  }

  @Test func whatCannotBeWrittenLeavesNoFile() throws {
    let configuration = try SignalMarket.configuration(
      #""architecture":"residual_mlp","features":5,"width":16"#)
    let weights = WeightFile(drawing: configuration, seed: 2)
    #expect(throws: DataError.self) {
      try weights.write(to: "/nonexistent/model.npz", configuration: configuration)
    }
    let path = Self.path("npz")
    defer { unlink(path) }
    let other = try SignalMarket.configuration(
      #""architecture":"residual_mlp","features":6,"width":16"#)
    #expect(throws: DataError.self) { try weights.write(to: path, configuration: other) }
    #expect(access(path, F_OK) != 0)
    // What was made in code describes itself.
    let inCode = ModelConfiguration("code", configuration.architecture)
    try weights.write(to: path, configuration: inCode)
    #expect(try Model(path).configuration.name == "code")
  }
}
