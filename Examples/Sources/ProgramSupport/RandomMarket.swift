public import Martlet

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Daily bars of a market that is made up.
///
/// Returns have a common factor with clustered volatility and a fat-tailed part of each symbol's
/// own; prices are in cents. Some symbols are listed late, some leave, some halt now and then.
public struct RandomMarket {
  private let symbols: Int
  private let bars: Int

  /// Names are S0, S1, …; the same numbers give the same bars.
  public init(symbols: Int, bars: Int) {
    self.symbols = symbols
    self.bars = bars
  }

  /// The bars.
  public func panel() throws(DataError) -> Panel {
    var fields = (0..<5).map { _ in [Double](repeating: .nan, count: symbols * bars) }
    let market = commonReturns()
    for symbol in 0..<symbols {
      var random = RandomNumbers(seed: 1_000_003 &* UInt64(symbol) &+ 17)
      let life = Life(bars: bars, &random)
      fill(&fields, symbol, life, market, &random)
    }
    let arrays = fields.map { NDArray($0, shape: [symbols, bars]) }
    let width = "\(symbols - 1)".count
    return try Panel(
      symbols: (0..<symbols).map {
        let digits = "\($0)"
        return "S" + String(repeating: "0", count: width - digits.count) + digits
      }, time: weekdays(), open: arrays[0], high: arrays[1], low: arrays[2], close: arrays[3],
      volume: arrays[4], name: "market")
  }

  /// Mondays to Fridays from 2005-01-03, a Monday.
  private func weekdays() -> [Int64] {
    (0..<bars).map { bar in
      let day = 12_786 + bar / 5 * 7 + bar % 5
      return Int64(day) * 86_400_000_000_000
    }
  }

  /// The market's own returns; large ones make the next ones larger (GARCH(1,1)).
  private func commonReturns() -> [Double] {
    var random = RandomNumbers(seed: 2005)
    let usual = 0.009 * 0.009
    var variance = usual
    return (0..<bars).map { _ in
      let change = variance.squareRoot() * random.fatTailed()
      variance = min(0.03 * usual + 0.89 * variance + 0.08 * change * change, 40 * usual)
      return change + 0.0002
    }
  }

  private func fill(
    _ fields: inout [[Double]], _ symbol: Int, _ life: Life, _ market: [Double],
    _ random: inout RandomNumbers
  ) {
    let beta = 0.5 + random.uniform()
    let sigma = 0.008 + 0.014 * random.uniform()
    let usualVolume = exp(11 + 2 * random.normal())
    var price = exp(3.5 + random.normal())
    for bar in 0..<bars {
      let change = beta * market[bar] + sigma * random.fatTailed()
      let overnight = 0.3 * change + 0.2 * sigma * random.normal()
      let (up, down) = (random.normal().magnitude, random.normal().magnitude)
      let volume = usualVolume * exp(0.35 * random.normal() + 6 * change.magnitude)
      guard life.has(bar) else { continue }
      let open = price * exp(overnight)
      price = max(0.5, price * exp(change))
      let place = symbol * bars + bar
      fields[0][place] = cents(open)
      fields[1][place] = cents(max(open, price) * exp(0.4 * sigma * up))
      fields[2][place] = cents(min(open, price) * exp(-0.4 * sigma * down))
      fields[3][place] = cents(price)
      fields[4][place] = volume.rounded()
    }
  }

  private func cents(_ price: Double) -> Double { max(0.01, (price * 100).rounded() / 100) }
}

/// The bars that a symbol has.
private struct Life {
  private var first = 0
  private var last: Int
  private var halts: [Range<Int>] = []

  init(bars: Int, _ random: inout RandomNumbers) {
    last = bars - 1
    if random.uniform() < 0.15 { first = Int(0.6 * Double(bars) * random.uniform()) }
    if random.uniform() < 0.03 { last = Int(Double(bars) * (0.8 + 0.2 * random.uniform())) - 1 }
    guard random.uniform() < 0.1 else { return }
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let start = Int(Double(bars) * random.uniform())
      halts.append(start..<start + Int.random(in: 1...5, using: &random))
    }
  }

  func has(_ bar: Int) -> Bool {
    bar >= first && bar <= last && !halts.contains { $0.contains(bar) }
  }
}
