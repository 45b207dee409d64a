import MartletArrays
import MartletIO

/// What a file of weights is, by its first bytes; a name decides nothing but what errors say.
enum WeightFormat: Hashable {
  case npz
  case safetensors
  /// `model.safetensors.index.json`: which tensor is in which file.
  case shards
  /// What cannot be read here: its name, and what to do about it.
  case foreign(String, remedy: String)

  private static let convert =
    "Examples/Converters/convert_weights.py makes a model file of it, "
    + "or save_file(model.state_dict(), \"model.safetensors\") of safetensors.torch"
  private static let rewrite =
    "write its weights as .safetensors or .npz under PyTorch's names, with a config.json"

  private static let original = "take the .safetensors that it was made of"

  /// Files that begin with the same bytes always.
  private static let magics: [(magic: [UInt8], name: String, remedy: String)] = [
    ([0x89, 0x48, 0x44, 0x46], "an HDF5 file, as Keras writes them (.h5)", rewrite),
    (Array("GGUF".utf8), "a GGUF file of quantised weights", original),
    (Array("GGML".utf8), "a GGML file of quantised weights", original),
    ([0x1F, 0x8B], "gzip data", "unpack it"),
    ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard data", "unpack it"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz data", "unpack it"),
    ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "one npy array", "put the arrays into an .npz by name"),
  ]

  init(_ bytes: UnsafeRawBufferPointer) {
    // The header of a safetensors file is JSON behind its length, which may look like anything.
    if bytes.count > 8, bytes[8] == UInt8(ascii: "{"), bytes[4..<8].allSatisfy({ $0 == 0 }) {
      self = .safetensors
      return
    }
    if bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0x50, 0x4B, 5, 6]) {
      self = .npz
      return
    }
    if let found = Self.magics.first(where: { bytes.starts(with: $0.magic) }) {
      self = .foreign(found.name, remedy: found.remedy)
      return
    }
    if bytes.count >= 12, bytes[4..<8].elementsEqual("TFL3".utf8) {
      self = .foreign("a TensorFlow Lite model", remedy: Self.rewrite)
      return
    }
    if bytes.count > 262, bytes[257..<262].elementsEqual("ustar".utf8) {
      self = .foreign("a tar archive", remedy: "unpack it")
      return
    }
    self = Self.uncertain(bytes)
  }

  /// Formats that say less of themselves.
  private static func uncertain(_ bytes: UnsafeRawBufferPointer) -> WeightFormat {
    guard bytes.count > 2 else {
      return .foreign("too short for a model file", remedy: "it may be cut off")
    }
    let (first, second, third) = (bytes[0], bytes[1], bytes[2])
    // A pickle of protocol 2 to 5.
    if first == 0x80, (2...5).contains(second) {
      return .foreign(
        "a Python pickle, as PyTorch wrote until 1.5 (.pt, .pth, .bin)", remedy: convert)
    }
    // ONNX: the version of the format, then the producer's name or what may follow it.
    if first == 0x08, second < 0x40, [0x12, 0x1A, 0x22, 0x3A, 0x42].contains(third) {
      return .foreign(
        "an ONNX graph",
        remedy: "take the PyTorch model it was made of, or write its initializers as .safetensors")
    }
    // A map whose first key is a text.
    if (0x81...0x8F).contains(first) || first == 0xDE || first == 0xDF {
      let start = first == 0xDE ? 3 : first == 0xDF ? 5 : 1
      let key = bytes[min(start, bytes.count - 1)]
      if (0xA0...0xBF).contains(key) || key == 0xD9 {
        return .foreign("a msgpack file, as Flax writes them", remedy: rewrite)
      }
    }
    let start = bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
    if start == UInt8(ascii: "{") {
      let text = String(decoding: bytes.prefix(1 << 16), as: UTF8.self)
      if text.contains("\"weight_map\"") { return .shards }
      return .foreign(
        "JSON",
        remedy: "pass the file with the tensors, or the folder; its description is config.json")
    }
    return .foreign(
      "no model file", remedy: "expected .npz, .safetensors or a folder of Hugging Face's form")
  }

  /// What a zip file without arrays is.
  static func zip(_ names: [String]) -> WeightFormat? {
    if names.contains(where: { $0.hasSuffix("data.pkl") }) {
      return .foreign("a PyTorch checkpoint (.pt, .pth, .bin)", remedy: convert)
    }
    if names.contains(where: { $0.hasSuffix(".weights.h5") }) {
      return .foreign("a Keras model (.keras)", remedy: rewrite)
    }
    return nil
  }

  static func refusal(_ path: String, _ found: String, _ remedy: String) -> DataError {
    DataError(.incompatible, in: path, "is \(found); \(remedy)")
  }
}
