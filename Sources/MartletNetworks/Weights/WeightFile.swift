public import MartletArrays
import MartletIO

/// Tensors by name from a file, and the model's description where the file has one.
///
/// An `.npz` holds the description as the UTF-8 bytes of the array `config`, a `.safetensors` as the text
/// `config` of its metadata; so it is with the `tokenizer` of an encoder of texts.
public struct WeightFile: Sendable {
  /// The file, as it was given.
  public let path: String
  /// The names of the tensors.
  public let names: [String]
  /// The description, JSON.
  public let config: String?
  /// The text of a `tokenizer.json`.
  public let tokenizer: String?
  private let read: @Sendable (String) throws(DataError) -> NDArray

  static let configName = "config"
  package static let tokenizerName = "tokenizer"

  /// Opens a file, told by its name: `.npz` or `.safetensors`.
  public init(path: String) throws(DataError) {
    self.path = path
    if path.lowercased().hasSuffix(".safetensors") {
      let file = try SafetensorsFile(path: path)
      names = file.names
      config = file.metadata[Self.configName]
      tokenizer = file.metadata[Self.tokenizerName]
      read = { name throws(DataError) in try file.array(name) }
    } else {
      let file = try NPZFile(path: path)
      names = file.names.filter { $0 != Self.configName && $0 != Self.tokenizerName }
      config = try Self.text(file, Self.configName)
      tokenizer = try Self.text(file, Self.tokenizerName)
      read = { name throws(DataError) in try file.array(name) }
    }
    guard !names.isEmpty else { throw DataError(.empty, in: path, "holds no tensors") }
  }

  /// Tensors that are in memory, for tests and models made by hand.
  public init(
    _ tensors: [String: NDArray], config: String? = nil, tokenizer: String? = nil,
    name: String = "weights"
  ) {
    path = name
    names = tensors.keys.sorted()
    self.config = config
    self.tokenizer = tokenizer
    read = { key throws(DataError) in
      guard let tensor = tensors[key] else {
        throw DataError(.missing, in: name, at: "tensor \(excerpt(key))", "is not there")
      }
      return tensor
    }
  }

  /// The bytes of an array as a text; nil where there is none of the name.
  private static func text(_ file: NPZFile, _ name: String) throws(DataError) -> String? {
    guard file.contains(name) else { return nil }
    let array = try file.array(name)
    guard array.dtype == .uint8, array.ndim == 1 else {
      throw DataError(
        .wrongType, in: file.path, at: "array \(name)",
        "\(array.dtype) \(array.shape); expected the bytes of a text, uint8 with one axis")
    }
    guard let text = String(validating: array.elements(as: UInt8.self), as: UTF8.self) else {
      throw DataError(.malformed, in: file.path, at: "array \(name)", "is not UTF-8")
    }
    return text
  }

  /// The same tensors, the prefix taken off the names that have it.
  func removing(prefix: String) throws(DataError) -> WeightFile {
    var original: [String: String] = [:]
    for name in names {
      let short = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
      guard original.updateValue(name, forKey: short) == nil else {
        throw DataError(
          .duplicate, in: path, at: "tensor \(excerpt(short))",
          "is there with and without \(prefix)")
      }
    }
    return WeightFile(self, original: original)
  }

  private init(_ file: WeightFile, original: [String: String]) {
    path = file.path
    names = original.keys.sorted()
    config = file.config
    tokenizer = file.tokenizer
    read = { name throws(DataError) in try file.tensor(original[name] ?? name) }
  }

  /// A tensor.
  public func tensor(_ name: String) throws(DataError) -> NDArray { try read(name) }
}

extension Layer {
  /// The layer with the tensors of a file under the names of its parameters.
  ///
  /// - Parameter ignored: Whether a tensor that no parameter asks for may be there.
  /// - Throws: One `DataError` that lists the tensors that are missing, are not asked for, have another
  ///   shape or type, or hold values that are not finite; of many the first 50.
  public func loading(
    _ file: WeightFile, ignoring ignored: (String) -> Bool = { _ in false }
  ) throws(DataError) -> Self {
    var result = self
    var problems: [(kind: DataError.Kind, text: String)] = []
    var known: Set<String> = []
    let present = Set(file.names)
    // Looking for names that are near takes time, and the first few say what is wrong.
    func hint(_ name: String, among names: [String]) -> String {
      problems.count < 10 ? DataError.nearest(name, among: names) : ""
    }
    withoutActuallyEscaping({ (name: String, parameter: inout LayerParameter) in
      known.insert(name)
      guard present.contains(name) else {
        let hint = hint(name, among: file.names)
        problems.append(
          (.missing, "\(excerpt(name)) is missing, expected \(parameter.shape)\(hint)"))
        return
      }
      do throws(DataError) {
        let tensor = try file.tensor(name)
        guard tensor.shape == parameter.shape else {
          problems.append(
            (.wrongShape, "\(excerpt(name)) is \(tensor.shape), expected \(parameter.shape)"))
          return
        }
        guard tensor.dtype.isReal else {
          problems.append(
            (.wrongType, "\(excerpt(name)) holds \(tensor.dtype), expected real numbers"))
          return
        }
        let values = tensor.asType(.float32).eval()
        let odd = values.count - values.isFinite().countNonzero().item(as: Int.self)
        guard odd == 0 else {
          problems.append(
            (
              .outOfRange,
              "\(excerpt(name)) holds \(odd) value\(odd == 1 ? "" : "s") that are not finite"
            ))
          return
        }
        parameter.value = values
      } catch {
        problems.append((error.kind, error.description))
      }
    }) { body in
      var visitor = ParameterVisitor(body)
      result.visit(&visitor)
    }
    let names = known.sorted()
    for name in file.names where !known.contains(name) && !ignored(name) {
      problems.append(
        (.unknownName, "\(excerpt(name)) is not asked for\(hint(name, among: names))"))
    }
    guard let first = problems.first else { return result }
    let listed = problems.prefix(50).map(\.text).joined(separator: "; ")
    let rest = problems.count > 50 ? "; and \(problems.count - 50) more" : ""
    throw DataError(
      first.kind, in: file.path,
      problems.count == 1
        ? "tensor \(first.text)" : "\(problems.count) tensors: " + listed + rest)
  }
}
