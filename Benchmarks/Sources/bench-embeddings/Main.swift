import Martlet

/// Embeds the texts of a JSON file and prints the seconds of every run.
///
///     bench-embeddings --model FILE --tokenizer FILE --texts FILE.json --output FILE.npz
///       [--precision P] [--longest N] [--threads N] [--repeats N]
@main
struct Main {
  static func main() throws {
    var options: [String: String] = [:]
    var words = CommandLine.arguments.dropFirst()
    while let name = words.popFirst() { options[name] = words.popFirst() }
    func value(_ name: String) -> String {
      guard let value = options[name] else { fatalError("bench-embeddings: no \(name)") }
      return value
    }
    func number(_ name: String) -> Int? { options[name].flatMap { Int($0) } }
    guard let precision = Precision(rawValue: options["--precision"] ?? "float32") else {
      fatalError("bench-embeddings: no such precision")
    }
    let encoder = try SentenceEncoder(
      value("--model"), tokenizer: options["--tokenizer"], maximumLength: number("--longest"),
      precision: precision)
    let file = value("--texts")
    let texts = try JSONNode(try JSONValue(path: file), in: file).elements().map { try $0.text() }
    var embeddings = try encoder(texts, threads: number("--threads"))
    let clock = ContinuousClock()
    var seconds: [Double] = []
    for _ in 0..<(number("--repeats") ?? 1) {
      let start = clock.now
      embeddings = try encoder(texts, threads: number("--threads"))
      seconds.append((clock.now - start) / .seconds(1))
    }
    try NDArray.write(npz: value("--output"), [("embeddings", embeddings)])
    print("{\"seconds\":\(seconds)}")
  }
}
