import Martlet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Nanoseconds of a clock that never goes back.
func now() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Whoever reads the other end waits for the line.
func flush() { fflush(nil) }

func quoted(_ text: String) -> String {
  var result = "\""
  for character in text.unicodeScalars {
    switch character {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    default: result.unicodeScalars.append(character)
    }
  }
  return result + "\""
}

/// Random walks, one bar of every symbol at a time.
struct Walk {
  private var prices: [Double]
  private var state: UInt64 = 1
  private var time: Int64 = 0

  init(symbols: Int) { prices = (0..<symbols).map { 50 + Double($0 % 100) } }

  private mutating func random() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53)
  }

  mutating func next() -> [Bar?] {
    time += 60_000_000_000
    return prices.indices.map { symbol in
      let open = prices[symbol]
      let close = open * (0.99 + 0.02 * random())
      prices[symbol] = close
      return Bar(
        time: time, open: open, high: max(open, close) * (1 + 0.005 * random()),
        low: min(open, close) * (1 - 0.005 * random()), close: close,
        volume: (1e6 * random()).rounded())
    }
  }
}
