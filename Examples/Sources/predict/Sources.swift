import Martlet
import ProgramSupport

/// Where the model comes from.
struct ModelSource {
  /// The file, nil for weights that are drawn.
  let path: String?
  private let config: String?
  private let architecture: String?
  private let seed: UInt64

  init(_ arguments: Arguments) throws(Failure) {
    path = arguments["--model"]
    config = arguments["--config"]
    architecture = arguments["--architecture"]
    guard (path == nil) != (architecture == nil) else {
      throw .badInput("--model: one of --model FILE and --architecture NAME is needed")
    }
    guard path == nil || !arguments.has("--seed") else {
      throw .badInput("--seed: goes with --architecture only")
    }
    seed = UInt64(try arguments.integer("--seed", in: 0 ... .max) ?? 0)
  }

  var name: String { path ?? "\(architecture ?? "") with weights of seed \(seed)" }

  func weights() throws(DataError) -> WeightFile {
    guard let architecture else { return try WeightFile(path: path ?? "", config: config) }
    let json: JSONValue =
      architecture.hasSuffix(".json")
      ? try JSONValue(path: architecture)
      : [
        "format": "martlet model", "version": 1, "name": .text(architecture),
        "architecture": .text(architecture),
      ]
    let name = architecture.hasSuffix(".json") ? architecture : "--architecture"
    return try WeightFile(drawing: ModelConfiguration(json: json, name: name), seed: seed)
  }
}

/// Where the bars come from.
struct BarSource {
  /// The files, nil for a market that is made up.
  let input: BarInput?
  private let symbols: Int
  private let bars: Int
  private let clock: ExchangeClock

  init(_ arguments: Arguments) throws {
    input = try BarInput(arguments)
    let count = try arguments.integer("--symbols", in: 1...100_000)
    let length = try arguments.integer("--bars", in: 1...10_000_000)
    guard (input == nil) != (count == nil) else {
      throw Failure.badInput("--input: one of --input FILE and --symbols N is needed")
    }
    guard input == nil || length == nil else {
      throw Failure.badInput("--bars: goes with --symbols only")
    }
    (symbols, bars) = (count ?? 0, length ?? 1500)
    guard symbols * bars <= 20_000_000 else {
      throw Failure.badInput(
        "--symbols, --bars: \((symbols * bars).grouped) bars; expected at most 20,000,000")
    }
    clock = try arguments.clock()
  }

  var name: String { input?.name ?? "A market made up" }

  func panel() throws -> Panel {
    if let input { return try input.panel(clock: clock) }
    var panel = try RandomMarket(symbols: symbols, bars: bars).panel()
    panel.clock = clock
    return panel
  }
}
