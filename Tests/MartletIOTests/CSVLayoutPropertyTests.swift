import Martlet
import Testing

private typealias Made = MadeUpBars

/// A table written in a layout that is drawn: the reader must give it back or refuse it.
private struct RandomFile {
  let made: MadeUpBars
  let bytes: [UInt8]
  let hasVolume: Bool
  let layout: String
  /// What was drawn, for messages.
  let story: String

  init(seed: UInt64) {
    var dice = MadeUpBars(symbols: [], count: 0, start: 0, step: 1, seed: seed &+ 77)
    func pick<Value>(_ values: [Value]) -> Value { values[dice.draw(values.count)] }
    let isDaily = dice.draw(2) == 0
    let symbols = pick([["prices"], ["AAA", "BRK.B"], ["600000.SH", "000001.SZ", "X"]])
    let start = (15_000 + dice.draw(5000)) * 86_400
    let count = 2 + dice.draw(40)
    var made = MadeUpBars(
      symbols: symbols, count: count, start: start, step: isDaily ? 86_400 : pick([60, 300, 3600]),
      seed: seed)
    let separator = pick([",", ";", "\t", "|"])
    let hasComma = separator != "," && dice.draw(3) == 0
    let decimal = hasComma ? "," : "."
    let group = pick(["", "", hasComma ? "." : (separator == "," ? "'" : ",")])
    hasVolume = dice.draw(5) > 0
    var zone = ""
    var ahead = 0
    let forms =
      isDaily
      ? ["Y-M-D", "YMD", "Y/M/D", "D.M.Y", "M/D/Y", "D/M/Y", "D-B-Y", "D-M-y", "excel", "s", "ms"]
      : [
        "Y-M-D h:m", "Y-M-Dth:m:sZ", "Y-M-D h:m:s+02:00", "YMDhm", "YMD hms", "D/M/Y h:m",
        "M/D/Y h:m:s", "s", "ms", "us", "ns",
      ]
    let form = pick(forms)
    if form.hasSuffix("+02:00") { ahead = 7200 }
    if !isDaily, form == "Y-M-D h:m", dice.draw(2) == 0 {
      (zone, ahead) = pick([
        ("zone=tokyo", 32_400), ("zone=mumbai", 19_800), ("zone=+05:30", 19_800),
      ])
    }
    layout = zone
    func time(_ seconds: Int) -> String {
      switch form {
      case "excel": "\(seconds / 86_400 + 25_569)"
      case "s": "\(seconds)"
      case "ms": "\(seconds)000"
      case "us": "\(seconds)000000"
      case "ns": "\(seconds)000000000"
      default: Made.time(seconds + ahead, form).replacing("t", with: "T")
      }
    }
    let names: [(field: Int, names: [String])] = [
      (0, ["Open", "OPEN_PRICE", "o", "<OPEN>"]), (1, ["High", "HIGH_PRICE", "h", "<HIGH>"]),
      (2, ["Low", "LOW_PRICE", "l", "<LOW>"]), (3, ["Close", "CLOSE_PRICE", "c", "<CLOSE>"]),
    ]
    let style = dice.draw(4)
    var columns: [(name: String, text: (MadeUpBars.Bar) -> String)] = [
      (pick(["Date", "time", "Timestamp", "<DATE>", "trade_date", ""]), { time($0.time) })
    ]
    for (field, names) in names {
      columns.append((names[style], { Made.text($0.prices[field], decimal: decimal) }))
    }
    if hasVolume {
      columns.append((pick(["Volume", "Vol.", "<VOL>"]), { Made.grouped($0.volume, group) }))
    }
    if symbols.count > 1 {
      columns.append((pick(["symbol", "Ticker", "Name", "ts_code", "<TICKER>"]), { $0.symbol }))
    }
    if dice.draw(3) == 0 { columns.append(("Sector", { _ in "tech" })) }
    if dice.draw(3) == 0 { columns.append(("Change %", { _ in "0.5%" })) }
    for index in columns.indices.reversed() where dice.draw(2) == 0 {
      columns.swapAt(index, dice.draw(index + 1))
    }
    var bars = made.bars
    switch dice.draw(3) {
    case 0: bars.reverse()
    case 1: bars.sort { ($0.time, $0.symbol) < ($1.time, $1.symbol) }
    default: break
    }
    let end = pick(["\n", "\r\n"])
    let isQuoted = dice.draw(4) == 0
    func line(_ cells: [String]) -> String {
      cells.map { cell in isQuoted || cell.contains(separator) ? "\"\(cell)\"" : cell }.joined(
        separator: separator) + end
    }
    var text = dice.draw(5) == 0 ? "# made up\(end)" : ""
    text += line(columns.map(\.name))
    for bar in bars { text += line(columns.map { $0.text(bar) }) }
    if dice.draw(6) == 0 { text += end }
    if dice.draw(6) == 0 { text += "Downloaded from a source of data\(end)" }
    bytes = Array(text.utf8)
    _ = made.draw(2)
    self.made = made
    story = "seed \(seed): \(form) \(zone)\n" + text.prefix(300)
  }
}

@Suite("What is written in any layout is read back, or refused")
struct CSVLayoutPropertyTests {
  @Test func neverWrong() throws {
    var refused = 0
    let count = 1500
    for seed in 1...UInt64(count) {
      let file = RandomFile(seed: seed)
      let result = Result {
        try file.bytes.withUnsafeBytes {
          try BarTable(csv: $0, name: "prices.csv", layout: CSVLayout(parsing: file.layout))
        }
      }
      switch result {
      case .success(let table):
        let difference = file.made.difference(from: table, hasVolume: file.hasVolume)
        #expect(difference == nil, "\(file.story)\n\(table.notes)")
      case .failure(let error):
        refused += 1
        #expect("\(error)".contains("="), "\(file.story)\n\(error)")
      }
    }
    // Short files of days up to the twelfth are rightly refused, others are not.
    #expect(refused * 10 < count, "\(refused) of \(count) refused")
  }

  /// Whatever happens to the bytes: a table or an error, and what both ways of storing them say is the same.
  @Test func damageNeverTraps() throws {
    for seed in 1...UInt64(150) {
      let file = RandomFile(seed: seed)
      var dice = MadeUpBars(symbols: [], count: 0, start: 0, step: 1, seed: seed)
      for _ in 0..<12 {
        var bytes = file.bytes
        for _ in 0...dice.draw(6) {
          let place = dice.draw(bytes.count)
          switch dice.draw(5) {
          case 0: bytes[place] = UInt8(dice.draw(256))
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(UInt8(dice.draw(128)), at: place)
          case 3: bytes.removeLast(dice.draw(bytes.count))
          default: bytes.insert(contentsOf: bytes[place...].prefix(dice.draw(40)), at: place)
          }
          if bytes.isEmpty { bytes = [0x2C] }
        }
        let plain = Result { try table(bytes) }
        let packed = Result { try table(gzipMember(bytes)) }
        switch (plain, packed) {
        case (.success(let a), .success(let b)):
          #expect(a.time == b.time && bits(a.close) == bits(b.close))
        case (.failure(let a), .failure(let b)): #expect("\(a)" == "\(b)")
        default: Issue.record("gzip changes the outcome, seed \(seed)")
        }
      }
    }
  }

  static let strange: [FileBytes] = {
    var files: [[UInt8]] = [
      [], [0], [0x2C], [0x22], [0x0A], [0xFF], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF],
      [0x50, 0x4B, 3, 4],
      [0x1F, 0x8B],
    ]
    let repeated: [UInt8] = [0x2C, 0x22, 0x0A, 0x30, 0x00, 0x5B, 0x0D, 0x09]
    for byte in repeated { files.append([UInt8](repeating: byte, count: 300_000)) }
    let long = [UInt8](repeating: 0x41, count: 400_000)
    files.append(Array("a,b\n".utf8) + long)
    files.append(Array("date,close\n".utf8) + long)
    let nines = [UInt8](repeating: 0x39, count: 3000)
    files.append(Array("time,close\n".utf8) + nines + Array(",1\n".utf8))
    return files.map { FileBytes(all: $0) }
  }()

  @Test(arguments: strange)
  func strangeFilesAreRefused(_ file: FileBytes) {
    #expect(throws: DataError.self) { try table(file.all) }
  }

  /// A small archive of a great many rows: memory follows the rows, and the ratio of deflate bounds them.
  @Test func smallArchivesCostLittle() throws {
    let line = Array("date,close\n".utf8) + Array(repeating: UInt8(0x2C), count: 1 << 20)
    #expect(throws: DataError.self) { try table(gzipMember(line)) }
  }
}
