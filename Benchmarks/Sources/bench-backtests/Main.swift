import Martlet

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One workload of the backtester, as `peers/backtests.py` asks for it.
@main
struct Main {
  static func main() throws {
    let request = try Request(Array(CommandLine.arguments.dropFirst()))
    let market = try Market(request)
    var seconds: [Double] = []
    var figures = Figures()
    let clock = ContinuousClock()
    for _ in 0..<request.repetitions {
      let begin = clock.now
      figures = try request.fast == nil ? market.single(request) : market.grid(request)
      let parts = (clock.now - begin).components
      seconds.append(Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
    }
    seconds.sort()
    var fields = [
      "\"seconds\": \(seconds[seconds.count / 2])", "\"total_return\": \(figures.totalReturn)",
      "\"trades\": \(figures.trades)", "\"fees\": \(figures.fees)",
      "\"max_drawdown\": \(figures.maxDrawdown)",
      "\"peak_mb\": \(peakMegabytes())",
    ]
    if request.hasMetrics {
      fields += [
        "\"sharpe\": \(figures.sharpe)", "\"sortino\": \(figures.sortino)",
        "\"volatility\": \(figures.volatility)",
      ]
    }
    print("{\(fields.joined(separator: ", "))}")
  }
}

/// The most memory that the process has had.
private func peakMegabytes() -> Double {
  #if canImport(Darwin)
    var usage = rusage()
    getrusage(RUSAGE_SELF, &usage)
    return Double(usage.ru_maxrss) / 1e6
  #else
    // The maximum of getrusage is that of whoever started the process, where it was larger.
    guard let file = fopen("/proc/self/status", "r") else { return .nan }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("VmHWM:") else { continue }
      let kilobytes = Double(text.split(whereSeparator: \.isWhitespace)[1]) ?? .nan
      return kilobytes * 1024 / 1e6
    }
    return .nan
  #endif
}

/// What is compared.
struct Figures {
  var totalReturn = 0.0
  var trades = 0
  var fees = 0.0
  var maxDrawdown = 0.0
  var sharpe = 0.0
  var sortino = 0.0
  var volatility = 0.0
}

/// The command line.
struct Request {
  var market = ""
  var signals: String?
  var isGiven = false
  var threads = 1
  var repetitions = 3
  var assets = 1
  var capital = 100_000.0
  var fee = 0.0
  var slippage = 0.0
  var cash: Double?
  var stop: Double?
  var target: Double?
  var isEqual = false
  var hasMetrics = false
  var fast: ClosedRange<Int>?
  var slow: ClosedRange<Int>?
  var isEMA = false

  init(_ words: [String]) throws {
    guard let name = words.first else { throw Problem("no workload") }
    isEMA = name == "emaRsi"
    var rest = words.dropFirst().flatMap { word -> [String] in
      word.hasPrefix("--") ? word.split(separator: "=", maxSplits: 1).map(String.init) : [word]
    }[...]
    while let option = rest.popFirst() {
      func value() throws -> String {
        guard let value = rest.popFirst() else { throw Problem("\(option): no value") }
        return value
      }
      func number() throws -> Double {
        let text = try value()
        guard let number = Double(text) else { throw Problem("\(option): \(text)") }
        return number
      }
      func range() throws -> ClosedRange<Int> {
        let ends = try value().split(separator: ":").compactMap { Int($0) }
        guard ends.count == 2, ends[0] <= ends[1] else { throw Problem("\(option): no range") }
        return ends[0]...ends[1]
      }
      switch option {
      case "--market": market = try value()
      case "--signals": signals = try value()
      case "--mode": isGiven = try value() == "given"
      case "--threads": threads = Int(try number())
      case "--repetitions": repetitions = Int(try number())
      case "--assets": assets = Int(try number())
      case "--capital": capital = try number()
      case "--fee": fee = try number()
      case "--slippage": slippage = try number()
      case "--cash": cash = try number()
      case "--stop": stop = try number()
      case "--target": target = try number()
      case "--equal": isEqual = true
      case "--metrics": hasMetrics = true
      case "--fast": fast = try range()
      case "--slow": slow = try range()
      default: throw Problem("\(option): unknown")
      }
    }
  }
}

struct Problem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Bars, and signals where they are given.
struct Market {
  let panel: Panel
  private let entries: NDArray?
  private let exits: NDArray?

  init(_ request: Request) throws {
    let array = try NDArray(npy: request.market)
    let bars = array.shape[1]
    let fields = array.reshaped([request.assets, 4, bars])
    func field(_ number: Int) -> NDArray {
      NDArray.concatenated(
        (0..<request.assets).map { fields[$0, number].reshaped([1, bars]) }, axis: 0)
    }
    let start: Int64 = 1_767_225_600_000_000_000
    panel = try Panel(
      time: (0..<bars).map { start + 60_000_000_000 * Int64($0) }, open: field(0), high: field(1),
      low: field(2), close: field(3))
    guard request.isGiven, let path = request.signals else {
      (entries, exits) = (nil, nil)
      return
    }
    let signals = try NDArray(npy: path).asType(.float64).reshaped([request.assets, 2, bars])
    func rows(_ number: Int) -> NDArray {
      let rows = NDArray.concatenated(
        (0..<request.assets).map { signals[$0, number].reshaped([1, bars]) }, axis: 0)
      rows.eval()
      return rows
    }
    (entries, exits) = (rows(0), rows(1))
  }

  private func template(_ request: Request) -> Backtest {
    var rules = ExecutionRules()
    rules.sizedAt = .fill
    rules.closesAtEnd = false
    rules.limitFill = .touch
    var sizing = Sizing.weight(1)
    // What a peer's entry costs contains its fee and slippage, as reserved sizes do.
    if let cash = request.cash { sizing = .cash(cash) }
    if request.isEqual { sizing = .freeCash(1) }
    return Backtest(
      Strategy("") { _ in StrategySignals() }, initialCapital: request.capital,
      capital: request.isEqual ? .shared : .independent, sizing: sizing,
      costs: TradingCosts(fee: .rate(request.fee), slippage: request.slippage), rules: rules,
      sampling: .bars(perYear: 525_600))
  }

  private func signals(_ bars: Bars, _ request: Request) -> StrategySignals {
    var signals: StrategySignals
    if let entries, let exits {
      signals = .longs(entry: Series(entries), exit: Series(exits))
    } else if request.isEMA {
      let (fast, slow) = (bars.close.ema(12), bars.close.ema(26))
      let strength = bars.close.rsi(14)
      signals = .longs(
        entry: (fast .> slow) .& (strength .< 70), exit: (fast .< slow) .| (strength .> 80))
    } else {
      signals = Self.crossing(bars, 30, 150)
    }
    Self.bracket(&signals, request)
    return signals
  }

  private static func crossing(_ bars: Bars, _ fast: Int, _ slow: Int) -> StrategySignals {
    let (fast, slow) = (bars.close.sma(fast), bars.close.sma(slow))
    // The peers' signals leave where the fast one is not above any more.
    return .longs(
      entry: fast.crosses(above: slow), exit: (fast .<= slow) .& (fast.shift(1) .> slow.shift(1)))
  }

  private static func bracket(_ signals: inout StrategySignals, _ request: Request) {
    if let stop = request.stop { signals.stopLoss = .percent(100 * stop) }
    if let target = request.target { signals.takeProfit = .percent(100 * target) }
  }

  /// One backtest, of totals only: what peers return as well.
  func single(_ request: Request) throws -> Figures {
    let family = StrategyFamily("single") { bars, _ in signals(bars, request) }
    let grid = try ParameterGrid([.values("x", [0])])
    return try search(family, grid, request)
  }

  func grid(_ request: Request) throws -> Figures {
    guard let fast = request.fast, let slow = request.slow else { throw Problem("no grid") }
    let family = StrategyFamily("crossover") { bars, set in
      var signals = Self.crossing(bars, set.integer("fast"), set.integer("slow"))
      Self.bracket(&signals, request)
      return signals
    }
    let grid = try ParameterGrid([
      .values("fast", fast.map(Double.init)), .values("slow", slow.map(Double.init)),
    ])
    return try search(family, grid, request)
  }

  private func search(
    _ family: StrategyFamily, _ grid: ParameterGrid, _ request: Request
  ) throws -> Figures {
    let search = GridSearch(
      family, grid: grid, template: template(request),
      objective: .maximum(request.assets > 1 ? "maxDrawdown" : "totalReturn"), minimumTrades: 0)
    let result = try search.run(panel, threads: request.threads)
    var figures = Figures()
    for metrics in result.metrics {
      figures.totalReturn += metrics.totalReturn / Double(grid.count)
      figures.trades += metrics.trades
      figures.fees += metrics.fees
      figures.maxDrawdown = min(figures.maxDrawdown, metrics.maxDrawdown)
    }
    if request.assets > 1, !request.isEqual {
      // The deepest of any symbol with capital of its own.
      figures.maxDrawdown = result.bySymbol.doubles.min() ?? 0
    }
    if grid.count == 1 {
      figures.sharpe = result.metrics[0].sharpe
      figures.sortino = result.metrics[0].sortino
      figures.volatility = result.metrics[0].volatility
    }
    return figures
  }
}
