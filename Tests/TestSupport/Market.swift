public import MartletSeries

/// Bars for tests: five fields of [symbols, times], NaN where something is missing.
public struct Market: Sendable {
  /// Rows of every field.
  public let symbols: Int
  /// Bars of a row.
  public let times: Int
  /// Open, high, low, close, volume, in row-major order.
  public var fields: [[Double]]

  /// Random walks without a hole.
  public static func dense(_ symbols: Int, _ times: Int, seed: UInt64 = 1) -> Market {
    Market(symbols, times, seed)
  }

  /// Random walks with everything that real data have.
  ///
  /// Late listings, early ends, holes, symbols without any bar or with one, fields that are missing
  /// alone, infinities, zero volumes, stretches in which nothing moves.
  public static func ragged(_ symbols: Int, _ times: Int, seed: UInt64 = 2) -> Market {
    var market = Market(symbols, times, seed)
    market.spoil(seed)
    return market
  }

  private init(_ symbols: Int, _ times: Int, _ seed: UInt64) {
    self.symbols = symbols
    self.times = times
    var random = SeededGenerator(seed)
    var columns = (0..<5).map { _ in [Double](repeating: 0, count: symbols * times) }
    for symbol in 0..<symbols {
      var price = 5 + 200 * random.unit()
      for k in (symbol * times)..<((symbol + 1) * times) {
        let open = price * (1 + 0.01 * (random.unit() - 0.5))
        price = open * (1 + 0.05 * (random.unit() - 0.5))
        columns[0][k] = open
        columns[1][k] = max(open, price) * (1 + 0.01 * random.unit())
        columns[2][k] = min(open, price) * (1 - 0.01 * random.unit())
        columns[3][k] = price
        columns[4][k] = (1000 * random.unit()).rounded()
      }
    }
    fields = columns
  }

  private mutating func spoil(_ seed: UInt64) {
    var random = SeededGenerator(seed &* 31 &+ 7)
    for symbol in 0..<symbols {
      let start = symbol * times
      switch symbol {
      case 0: continue
      case 1: remove(start..<start + times)
      case 2: remove(start..<start + times / 3)
      case 3: remove(start + times / 2..<start + times)
      case 4: remove(start + 1..<start + times)
      case 5: for k in start..<start + times { fields[4][k] = .nan }
      case 6: for k in start..<start + times { fields[4][k] = 0 }
      case 7: remove(start..<start + times - 3)
      default:
        let holes = [0, 0.02, 0.3][symbol % 3]
        if symbol % 5 == 0 { remove(start..<start + random.below(times)) }
        if symbol % 7 == 0 { remove(start + random.below(times)..<start + times) }
        for k in start..<start + times {
          if random.unit() < holes { remove(k..<k + 1) }
          let dice = random.unit()
          if dice < 0.01 { fields[random.below(5)][k] = .nan }
          if dice > 0.995 { fields[random.below(5)][k] = dice > 0.997 ? .infinity : -.infinity }
        }
        if symbol % 4 == 0 { flatten(start + times / 2..<start + times / 2 + times / 4) }
      }
    }
  }

  private mutating func remove(_ range: Range<Int>) {
    for field in 0..<5 { for k in range { fields[field][k] = .nan } }
  }

  private mutating func flatten(_ range: Range<Int>) {
    for k in range where !fields[3][k].isNaN {
      for field in 0..<4 { fields[field][k] = 42 }
      fields[4][k] = k % 2 == 0 ? 0 : 10
    }
  }

  /// One field as an array.
  public func array(_ field: Int, _ dtype: ElementType = .float64) -> NDArray {
    NDArray(fields[field], shape: [symbols, times]).asType(dtype)
  }

  /// One symbol's row of a field.
  public func row(_ field: Int, _ symbol: Int) -> [Double] {
    Array(fields[field][symbol * times..<(symbol + 1) * times])
  }
}

extension ElementType {
  /// What series and panels can hold.
  public static var reals: [ElementType] { [.float32, .float64] }
}
