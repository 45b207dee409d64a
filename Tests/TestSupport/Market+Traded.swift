/// Markets as they are: prices in whole ticks, and what happens to them.
extension Market {
  /// What a symbol of a traded market goes through; symbols take turns.
  public enum Story: Int, CaseIterable, Sendable {
    /// Some dollars, moves of few ticks: ties everywhere.
    case cheap
    case usual
    case dear
    /// A few ticks a share.
    case penny
    /// 2 for 1 and 10 for 1, one the other way.
    case splits
    /// Long stretches without a trade.
    case halts
    /// Down by 70 % within a bar.
    case crash
    /// One bar below zero, as oil in April 2020.
    case oil
    /// Volumes of 10¹⁵.
    case coin
    /// Missing bars, and fields that are missing alone.
    case holes
    /// Highs and lows are the open or the close.
    case noShadows
  }

  /// Bars in ticks: every price is a whole number, whose hundredth is a price in dollars.
  ///
  /// Low ≤ open, close ≤ high.
  public static func ticks(_ symbols: Int, _ times: Int, seed: UInt64 = 1) -> Market {
    var market = Market.dense(symbols, times)
    var random = SeededGenerator(seed &* 77 &+ 5)
    for symbol in 0..<symbols {
      market.trade(symbol, Story(rawValue: symbol % Story.allCases.count) ?? .usual, &random)
    }
    return market
  }

  /// With other prices for the same ticks.
  public func priced(_ price: (Double) -> Double) -> Market {
    var market = self
    for field in 0..<4 { market.fields[field] = fields[field].map(price) }
    return market
  }

  /// Positive prices that jump by up to a factor of a million either way, stretches in which nothing
  /// moves, and volumes from 0 to 10¹⁵.
  public static func wild(_ symbols: Int, _ times: Int, seed: UInt64 = 1) -> Market {
    var market = Market.dense(symbols, times)
    var random = SeededGenerator(seed &* 91 &+ 3)
    let jumps = [1e-6, 1e-3, 0.3, 0.99, 1, 1, 1, 1.01, 3, 1e3, 1e6]
    for symbol in 0..<symbols {
      var price = 100.0
      var flat = 0
      for k in symbol * times..<(symbol + 1) * times {
        flat = flat > 0 ? flat - 1 : random.unit() < 0.02 ? 60 : 0
        // Some symbols jump rarely.
        let jumpy = symbol % 3 == 0 ? 1.0 : 0.05
        let factor =
          flat > 0 ? 1 : random.unit() < jumpy ? jumps[random.below(jumps.count)] : 1.001
        let open = price
        price = min(max(price * factor, 1e-8), 1e10)
        let spread = flat > 0 ? 1 : 1 + 0.01 * random.unit()
        market.fields[0][k] = open
        market.fields[1][k] = max(open, price) * spread
        market.fields[2][k] = min(open, price) / spread
        market.fields[3][k] = price
        market.fields[4][k] = flat > 0 ? 0 : [0, 1, 1000, 1e15][random.below(4)]
      }
    }
    return market
  }

  private mutating func trade(_ symbol: Int, _ story: Story, _ random: inout SeededGenerator) {
    var price: Int
    var step: Int
    switch story {
    case .penny: (price, step) = (40, 1)
    case .cheap, .coin: (price, step) = (300, 3)
    case .dear: (price, step) = (100_000, 200)
    case .splits: (price, step) = (20_000, 100)
    default: (price, step) = (3000, 15)
    }
    price += random.below(price)
    func size(_ width: Int) -> Int { random.below(2 * width + 1) - width }
    var halted = 0
    for time in 0..<times {
      let k = symbol * times + time
      if story == .splits, time % 50 == 49 { price = time % 150 == 149 ? price * 4 : price / 4 }
      if story == .crash, time == times / 2 { price = price * 3 / 10 }
      if story == .halts { halted = halted > 0 ? halted - 1 : random.below(25) == 0 ? 45 : 0 }
      var open = max(price + (story == .cheap ? 0 : size(step) / 3), 2)
      var close = max(open + size(step), 2)
      var high = max(open, close) + (story == .noShadows ? 0 : random.below(step + 1))
      var low = max(min(open, close) - (story == .noShadows ? 0 : random.below(step + 1)), 1)
      var volume = Double(random.below(1000)) * (story == .coin ? 1e12 : 100)
      if halted > 0 { (open, high, low, close, volume) = (price, price, price, price, 0) }
      price = close
      if story == .oil, time == times * 2 / 3 {
        (open, high, low, close) = (900, 1000, -4000, -3763)
      }
      let values = [Double(open), Double(high), Double(low), Double(close), volume]
      for field in 0..<5 { fields[field][k] = values[field] }
      guard story == .holes else { continue }
      let dice = random.unit()
      if dice < 0.1 { for field in 0..<5 { fields[field][k] = .nan } }
      if dice > 0.97 { fields[random.below(5)][k] = .nan }
    }
  }
}
