import Martlet
import ProgramSupport

Program(
  "demo",
  "Runs the whole catalog over a market: batch, live and scan, with times and a check.",
  options: [
    .values(
      "--data", "FILE...",
      "Bars to use, as --input of indicators; without it a market is made up, always the same."),
    BarInput.layoutOption,
    .value("--symbols", "N", "Symbols of the market that is made up; default 500."),
    .value("--bars", "N", "Bars of each of its symbols; default 5000."),
  ],
  notes: "Exit status 1 when a live value has not the bits that batch gives."
).run { arguments in
  let symbols = try arguments.integer("--symbols", in: 1...100_000)
  let bars = try arguments.integer("--bars", in: 100...10_000_000)
  let panel: Panel
  if let input = try BarInput(arguments, option: "--data") {
    guard symbols == nil, bars == nil else {
      throw Failure.badInput("--data: goes with neither --symbols nor --bars")
    }
    panel = try input.panel()
    print("\(input.name): \(panel.summary)")
  } else {
    let (symbols, bars) = (symbols ?? 500, bars ?? 5000)
    guard symbols * bars <= 20_000_000 else {
      throw Failure.badInput(
        "--symbols, --bars: \((symbols * bars).grouped) bars; expected at most 20,000,000")
    }
    panel = try RandomMarket(symbols: symbols, bars: bars).panel()
    print("A market made up: \(panel.summary)")
  }
  for line in panel.findings { print(line) }
  try Demonstration(panel).run()
}
