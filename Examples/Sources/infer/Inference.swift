import Martlet
import ProgramSupport

/// One run of the program: loading, reading, computing, writing, telling.
struct Inference {
  private let modelPath: String
  private let config: String?
  private let input: String
  private let output: String
  private let precision: Precision
  private let batch: Int
  private let threads: Int?

  init(_ arguments: Arguments) throws {
    precision = try arguments.precision()
    threads = try arguments.threads()
    batch = try arguments.integer("--batch", in: 1...1_000_000_000) ?? 1024
    modelPath = try arguments.required("--model")
    config = arguments["--config"]
    input = try arguments.required("--input")
    output = try arguments.required("--output")
    for (option, path) in [("--input", input), ("--output", output)] {
      _ = try MarketFile(path, option: option, allowed: [.npz])
    }
    for path in [input, modelPath] where MarketFile.areSame(path, output) {
      throw Failure.badInput("--output: \(output): is the file \(path)")
    }
  }

  func main() throws {
    let begin = Machine.now
    let model = try Model(modelPath, config: config, precision: precision)
    let loaded = Machine.now
    let (arrays, lengths) = try read(model)
    let read = Machine.now
    // Opened first: an error in it is better known before the work than after.
    var writer = try NPZWriter(path: output)
    let found = try compute(model, arrays, lengths)
    let computed = Machine.now
    do {
      for (name, array) in found { try writer.write(name, array) }
      try writer.finish()
    } catch {
      throw Failure.other(error.description)
    }
    let written = Machine.now

    let count = found.first?.array.shape.first ?? 0
    let seconds = Double(computed - read) / 1e9
    func shapes(_ list: [(name: String, array: NDArray)]) -> String {
      list.map { "\($0.name) \($0.array.shape)" }.joined(separator: ", ")
    }
    print(
      """
      \(modelPath): \(model.configuration.name), \(precision.rawValue), \
      \(model.network.weightBytes.asMegabytes) of weights
      \(model.configuration.notes.joined(separator: "; "))
      \(input): \(shapes(arrays))
      \(count.grouped) sample\(count == 1 ? "" : "s") in \((seconds * 1e9).asTime), \
      \((Double(count) / max(seconds, 1e-9)).fixed(0)) samples/s, \
      \(threads.map { "\($0) thread\($0 == 1 ? "" : "s")" } ?? "one thread per core")
      loading \(Double(loaded - begin).asTime), reading \(Double(read - loaded).asTime), \
      writing \(Double(written - computed).asTime), peak memory \(Machine.peakMemory.asMegabytes)
      \(output): \(shapes(found))
      """)
  }

  /// The arrays of the file that the model asks for.
  private func read(_ model: Model) throws -> ([(name: String, array: NDArray)], [Int]?) {
    let file = try NPZFile(path: input)
    let names = model.network.inputs.map(\.name)
    let present = names.filter(file.contains)
    guard !present.isEmpty else {
      throw Failure.badInput(
        "\(input): holds none of the model's inputs \(names.joined(separator: ", ")); "
          + "there are: \(file.names.prefix(20).joined(separator: ", "))")
    }
    let arrays = try present.map { (name: $0, array: try file.array($0)) }
    for (name, array) in arrays where array.shape.first != arrays[0].array.shape.first {
      throw Failure.badInput(
        "\(input): array \(name): shape \(array.shape); \(arrays[0].name) has "
          + "\(arrays[0].array.shape)")
    }
    guard file.contains("lengths"), !names.contains("lengths") else { return (arrays, nil) }
    let lengths = try file.array("lengths")
    guard lengths.dtype.isInteger, lengths.shape == Array(arrays[0].array.shape.prefix(1)) else {
      throw Failure.badInput(
        "\(input): array lengths: \(lengths.dtype) \(lengths.shape); expected a whole number for "
          + "each sample")
    }
    return (arrays, lengths.asType(.int64).eval().elements(as: Int.self))
  }

  /// The outputs, a batch after the other.
  private func compute(
    _ model: Model, _ arrays: [(name: String, array: NDArray)], _ lengths: [Int]?
  ) throws -> [(name: String, array: NDArray)] {
    let count = arrays[0].array.shape.first ?? 0
    var parts: [String: [NDArray]] = [:]
    var progress = ProgressBar("Computing")
    var first = 0
    repeat {
      let range = first..<min(count, first + batch)
      var given: [String: NDArray] = [:]
      for (name, array) in arrays {
        given[name] = range.count == count ? array : array[range, .ellipsis]
      }
      let found = try model(given, lengths: lengths.map { Array($0[range]) }, threads: threads)
      for (name, array) in found { parts[name, default: []].append(array) }
      first = range.upperBound
      progress.show(Double(first) / Double(max(count, 1)))
    } while first < count
    ProgressBar.clear()
    return model.network.outputNames.compactMap { name in
      parts[name].map { list in
        (name: name, array: list.count == 1 ? list[0] : NDArray.concatenated(list).eval())
      }
    }
  }
}

/// Prints what tensors there are.
func list(_ file: WeightFile) throws {
  var table = TextTable(["tensor", "shape", "type"])
  var count = 0
  for entry in try file.entries() {
    table.append([entry.name, "\(entry.shape)", entry.type])
    count += entry.shape.reduce(1, *)
  }
  print(table.fitted())
  print("\(file.names.count.grouped) tensors, \(count.grouped) numbers")
}
