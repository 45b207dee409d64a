import CMachinePeak
import Martlet

/// Times a model on a batch and prints one JSON object.
///
///     bench-inference --model FILE --kind KIND --precision P --threads N --batch B --repeats R --input FILE
///     bench-inference --peak
@main
struct Main {
  static func main() throws {
    let words = CommandLine.arguments.dropFirst()
    if words.first == "--peak" {
      print(
        "{\"float32\":\(machine_peak_float32() / 1e9),\"int8\":\(machine_peak_int8() / 1e9),"
          + "\"bfloat16\":\(machine_peak_bfloat16() / 1e9)}")
      return
    }
    func value(_ name: String) -> String {
      guard let place = words.firstIndex(of: name), place + 1 < words.endIndex else {
        fatalError("bench-inference: no \(name)")
      }
      return words[place + 1]
    }
    func number(_ name: String) -> Int { Int(value(name)) ?? 1 }
    guard let precision = Precision(rawValue: value("--precision")) else {
      fatalError("bench-inference: no such precision")
    }
    let model = try Model(value("--model"), precision: precision)
    let file = try NPZFile(path: value("--input"))
    var inputs: [String: NDArray] = [:]
    var lengths: [Int]?
    for name in file.names {
      if name == "lengths" {
        lengths = try file.array(name).elements(as: Int64.self).map(Int.init)
      } else {
        inputs[name] = try file.array(name)
      }
    }
    inputs = inputs.filter { input in model.network.inputs.contains { $0.name == input.key } }
    let threads = number("--threads")
    var output = try model.network(inputs, lengths: lengths, threads: threads)
    var seconds: [Double] = []
    let clock = ContinuousClock()
    if number("--batch") == 1, inputs.count == 1, let input = inputs["input"] {
      // What a program that predicts one sample at a time would call.
      let numbers = input.elements(as: Float.self)
      let first = model.network.outputNames[0]
      var result = [Float](repeating: 0, count: output[first]!.count)
      for _ in 0..<number("--repeats") {
        let start = clock.now
        numbers.withUnsafeBufferPointer { numbers in
          result.withUnsafeMutableBufferPointer {
            model.network.predict(
              numbers, count: 1, steps: input.ndim == 3 ? input.shape[1] : 1, into: $0,
              threads: threads)
          }
        }
        seconds.append((clock.now - start) / .seconds(1))
      }
      output = [first: NDArray(result, shape: output[first]!.shape)]
    } else {
      for _ in 0..<number("--repeats") {
        let start = clock.now
        output = try model.network(inputs, lengths: lengths, threads: threads)
        seconds.append((clock.now - start) / .seconds(1))
      }
    }
    try NDArray.write(
      npz: "martlet-output.npz", model.network.outputNames.prefix(1).map { ("output", output[$0]!) }
    )
    print("{\"seconds\":\(seconds),\"output\":\"martlet-output.npz\"}")
  }
}
