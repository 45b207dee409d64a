import Martlet

/// Bars made up for files: prices of two decimals around their open, and volumes of seven digits.
struct MadeUpBars {
  struct Bar {
    var symbol: String
    /// Seconds since 1970 UTC.
    var time: Int
    /// Open, high, low and close in hundredths.
    var prices: [Int]
    var volume: Int
  }

  private(set) var bars: [Bar] = []
  private var state: UInt64

  init(symbols: [String], count: Int, start: Int, step: Int, seed: UInt64 = 1) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    for symbol in symbols {
      var price = 5000 + draw(20_000)
      for index in 0..<count {
        let open = price + draw(100) - 50
        price = max(300, price + draw(200) - 100)
        let (high, low) = (max(open, price) + draw(50), min(open, price) - draw(50))
        bars.append(
          Bar(
            symbol: symbol, time: start + index * step, prices: [open, high, low, price],
            volume: 1_000_000 + draw(8_000_000)))
      }
    }
  }

  /// Below a limit; xorshift.
  mutating func draw(_ limit: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(max(limit, 1)))
  }

  /// A price as text.
  static func text(_ hundredths: Int, decimal: String = ".", group: String = "") -> String {
    let rest = hundredths % 100
    return grouped(hundredths / 100, group) + decimal + (rest < 10 ? "0\(rest)" : "\(rest)")
  }

  static func grouped(_ number: Int, _ group: String) -> String {
    if group.isEmpty || number < 1000 { return "\(number)" }
    let rest = number % 1000
    return grouped(number / 1000, group) + group
      + String(repeating: "0", count: 3 - "\(rest)".count) + "\(rest)"
  }

  /// A date by the proleptic calendar, counted day by day.
  static func date(_ seconds: Int) -> (
    year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int
  ) {
    var day = seconds / 86_400
    let clock = seconds % 86_400
    var year = 1970
    func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
    while day >= (isLeap(year) ? 366 : 365) {
      day -= isLeap(year) ? 366 : 365
      year += 1
    }
    var month = 1
    for length in [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
      if day < length { break }
      day -= length
      month += 1
    }
    return (year, month, day + 1, clock / 3600, clock / 60 % 60, clock % 60)
  }

  static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `YMD hms` with letters for the parts: Y year, y its last two digits, M month, B its name, D day, h m s, and
  /// d and n for day and month without zeros.
  static func time(_ seconds: Int, _ form: String) -> String {
    let date = date(seconds)
    return form.map { letter in
      switch letter {
      case "Y": "\(date.year)"
      case "y": two(date.year % 100)
      case "M": two(date.month)
      case "n": "\(date.month)"
      case "B": months[date.month - 1]
      case "D": two(date.day)
      case "d": "\(date.day)"
      case "h": two(date.hour)
      case "m": two(date.minute)
      case "s": two(date.second)
      default: String(letter)
      }
    }.joined()
  }

  /// Says whether a table holds exactly these bars, in any order; nil where it does.
  func difference(from table: BarTable, hasVolume: Bool = true) -> String? {
    guard table.count == bars.count else { return "\(table.count) rows, not \(bars.count)" }
    var found: [String: Int] = [:]
    for row in 0..<table.count {
      found["\(table.symbols[Int(table.symbolIndex[row])]) \(table.time[row])"] = row
    }
    for bar in bars {
      let key = "\(bar.symbol) \(Int64(bar.time) * 1_000_000_000)"
      guard let row = found[key] else { return "no row \(key)" }
      let prices = [table.open[row], table.high[row], table.low[row], table.close[row]]
      guard prices == bar.prices.map({ Double($0) / 100 }) else {
        return "\(key): \(prices), not \(bar.prices)"
      }
      let volume = table.volume[row]
      guard hasVolume ? volume == Double(bar.volume) : volume.isNaN else {
        return "\(key): volume \(volume)"
      }
    }
    return nil
  }
}
