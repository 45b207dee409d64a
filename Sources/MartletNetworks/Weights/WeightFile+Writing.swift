public import MartletArrays
import MartletIO

extension WeightFile {
  /// Weights drawn from a seed, as PyTorch draws them before training, with the description.
  public init(
    drawing configuration: ModelConfiguration, seed: UInt64
  ) {
    let drawn = configuration.architecture.initialized(seed: seed)
    var tensors: [String: NDArray] = [:]
    for (name, parameter) in drawn.parameters { tensors[name] = parameter.value }
    self.init(tensors, config: configuration.json().text, name: configuration.name)
  }

  /// Writes a model file, an `.npz` with the tensors and a description, whole or not at all.
  ///
  /// - Parameter configuration: What describes the model: its features with their statistics, its window
  ///   and the names of its outputs travel with it.
  /// - Throws: `DataError` for tensors that are not those of the architecture, and where the disk refuses.
  public func write(
    to path: String, configuration: ModelConfiguration
  ) throws(DataError) {
    let text = configuration.json().text
    var tensors: [String: NDArray] = [:]
    for name in names { tensors[name] = try tensor(name) }
    // What will be read must be what is there.
    let written = WeightFile(tensors, config: text, name: self.path)
    _ = try ModelConfiguration(of: written).architecture.loading(written)
    var arrays = [(name: Self.configName, array: NDArray(Array(text.utf8)))]
    if let tokenizer { arrays.append((Self.tokenizerName, NDArray(Array(tokenizer.utf8)))) }
    try NDArray.write(npz: path, arrays + names.map { (name: $0, array: tensors[$0]!) })
  }
}
