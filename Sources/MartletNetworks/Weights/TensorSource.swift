import MartletArrays
import MartletIO

/// Where tensors come from.
protocol TensorSource: Sendable {
  var names: [String] { get }
  func entry(_ name: String) throws(DataError) -> WeightFile.Entry
  func tensor(_ name: String) throws(DataError) -> NDArray
}

struct TensorsInMemory: TensorSource {
  let tensors: [String: NDArray]
  let path: String

  var names: [String] { tensors.keys.sorted() }

  func tensor(_ name: String) throws(DataError) -> NDArray {
    guard let tensor = tensors[name] else {
      throw DataError(.missing, in: path, at: "tensor \(excerpt(name))", "is not there")
    }
    return tensor
  }

  func entry(_ name: String) throws(DataError) -> WeightFile.Entry {
    let tensor = try tensor(name)
    return WeightFile.Entry(name: name, shape: tensor.shape, type: tensor.dtype.rawValue)
  }
}

/// The arrays of an npz file but for those that are no tensors.
struct TensorsOfNPZ: TensorSource {
  let file: NPZFile
  let names: [String]

  init(_ file: NPZFile) {
    self.file = file
    names = file.names.filter {
      $0 != WeightFile.configName && $0 != WeightFile.tokenizerName
    }
  }

  func tensor(_ name: String) throws(DataError) -> NDArray { try file.array(name) }

  func entry(_ name: String) throws(DataError) -> WeightFile.Entry {
    let (shape, type) = try file.description(of: name)
    return WeightFile.Entry(name: name, shape: shape, type: type)
  }
}

extension SafetensorsFile: TensorSource {
  func tensor(_ name: String) throws(DataError) -> NDArray { try array(name) }

  func entry(_ name: String) throws(DataError) -> WeightFile.Entry {
    guard let shape = shape(of: name), let type = type(of: name) else {
      // Throws, and says which there are.
      let tensor = try array(name)
      return WeightFile.Entry(name: name, shape: tensor.shape, type: tensor.dtype.rawValue)
    }
    return WeightFile.Entry(name: name, shape: shape, type: type)
  }
}

/// Tensors of several files.
struct ShardedTensors: TensorSource {
  let names: [String]
  let files: [SafetensorsFile]
  /// The file of each name.
  let numbers: [String: Int]
  let path: String

  private func file(_ name: String) throws(DataError) -> SafetensorsFile {
    guard let number = numbers[name] else {
      throw DataError(.missing, in: path, at: "tensor \(excerpt(name))", "is not there")
    }
    return files[number]
  }

  func tensor(_ name: String) throws(DataError) -> NDArray { try file(name).array(name) }

  func entry(_ name: String) throws(DataError) -> WeightFile.Entry { try file(name).entry(name) }
}

/// Tensors under other names.
struct RenamedTensors: TensorSource {
  let source: any TensorSource
  /// The name there of each name here.
  let original: [String: String]

  var names: [String] { original.keys.sorted() }

  func tensor(_ name: String) throws(DataError) -> NDArray {
    try source.tensor(original[name] ?? name)
  }

  func entry(_ name: String) throws(DataError) -> WeightFile.Entry {
    let entry = try source.entry(original[name] ?? name)
    return WeightFile.Entry(name: name, shape: entry.shape, type: entry.type)
  }
}
