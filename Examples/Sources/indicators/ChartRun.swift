import Martlet
import ProgramSupport

/// One run of the program that draws a symbol.
struct ChartRun {
  private let input: BarInput
  private let symbol: String
  private let output: String
  private let indicators: [Indicator]
  private let bars: Int?
  private let dtype: ElementType
  private let clock: ExchangeClock

  init(_ arguments: Arguments) throws {
    symbol = try arguments.required("--chart")
    for option in ["--mode", "--last", "--within", "--threads"] where arguments.has(option) {
      throw Failure.badInput("\(option): does not go with --chart")
    }
    guard case .indicators(let indicators) = try arguments.request() else {
      throw Failure.badInput(
        "--chart: draws indicators and patterns, not the columns of a feature set")
    }
    self.indicators = indicators
    bars = try arguments.integer("--bars", in: 1...1_000_000_000)
    dtype = try arguments.dtype()
    clock = try arguments.clock()
    guard let input = try BarInput(arguments) else { throw Failure.badInput("--input: missing") }
    self.input = input
    output = arguments["--output"] ?? ChartRun.fileName(for: symbol)
    _ = try MarketFile(output, option: "--output", allowed: [.svg, .html])
    if input.contains(output) {
      throw Failure.badInput("--output: \(output): is an input file")
    }
  }

  /// A symbol as the name of a file in the present folder.
  private static func fileName(for symbol: String) -> String {
    let name = String(
      symbol.map { $0.isLetter || $0.isNumber || "-_^=+".contains($0) ? $0 : "_" }.prefix(80))
    return (name.hasPrefix("-") ? "_" : "") + name + ".svg"
  }

  func main() throws {
    let panel = try input.panel(dtype: dtype, clock: clock)
    guard panel.index(of: symbol) != nil else {
      throw Failure.badInput(
        "--chart: \(symbol): not in \(input.name)" + DataError.nearest(symbol, among: panel.symbols)
      )
    }
    let chart = try TimeChart(panel, symbol: symbol, last: bars).adding(indicators)
    try chart.write(to: output)
    print("\(input.name): \(panel.summary)")
    for line in panel.findings { print(line) }
    print(
      "\(output): \(symbol) with \(indicators.count) indicator\(indicators.count == 1 ? "" : "s")")
  }
}
