import Martlet
import TestSupport
import Testing

private typealias Made = MadeUpBars

/// 2024-01-02.
private let january = 1_704_153_600
private let day = 86_400

/// A file of the same bars as another, laid out in its own way.
struct LayoutCase: Sendable, CustomTestStringConvertible {
  let name: String
  var symbols = ["prices"]
  /// Seconds between bars.
  var step = 86_400
  var start = 1_704_153_600
  /// Seconds that the file's times are ahead of UTC.
  var ahead = 0
  var layout = ""
  var hasVolume = true
  /// The file's text.
  let text: @Sendable ([MadeUpBars.Bar]) -> String

  var testDescription: String { name }

  /// A header and a row for each bar.
  init(
    _ name: String, _ header: String, symbols: [String] = ["prices"], step: Int = 86_400,
    ahead: Int = 0,
    layout: String = "", hasVolume: Bool = true, end: String = "\n", newestFirst: Bool = false,
    _ row: @escaping @Sendable (MadeUpBars.Bar) -> String
  ) {
    (self.name, self.symbols, self.step, self.ahead) = (name, symbols, step, ahead)
    (self.layout, self.hasVolume) = (layout, hasVolume)
    text = { bars in
      let rows = (newestFirst ? bars.reversed() : bars).map { row($0) + end }
      return (header.isEmpty ? "" : header + end) + rows.joined()
    }
  }

  /// `open,high,low,close` with a separator.
  static func ohlc(_ bar: MadeUpBars.Bar, _ separator: String = ",", decimal: String = ".")
    -> String
  {
    bar.prices.map { Made.text($0, decimal: decimal) }.joined(separator: separator)
  }

  private static func row(
    _ bar: MadeUpBars.Bar, _ form: String, _ separator: String = ",", ahead: Int = 0
  ) -> String {
    [Made.time(bar.time + ahead, form), ohlc(bar, separator), "\(bar.volume)"].joined(
      separator: separator)
  }

  static let all: [LayoutCase] = [
    .init("plain", "Date,Open,High,Low,Close,Volume") { row($0, "Y-M-D") },
    .init("carriage returns", "Date,Open,High,Low,Close,Volume", end: "\r") { row($0, "Y-M-D") },
    .init("newest first", "timestamp,open,high,low,close,volume", newestFirst: true) {
      row($0, "Y-M-D")
    },
    .init("semicolons", "Date;Open;High;Low;Close;Volume") { row($0, "Y-M-D", ";") },
    .init("tabs", "Date\tOpen\tHigh\tLow\tClose\tVolume") { row($0, "Y-M-D", "\t") },
    .init("pipes", "Date|Open|High|Low|Close|Volume") { row($0, "Y-M-D", "|") },
    .init("sep=", "sep=;\nDate;Open;High;Low;Close;Volume") { row($0, "Y-M-D", ";") },
    .init("lines before", "https://example.org\n\n# adjusted: no\nDate,Open,High,Low,Close,Volume")
    { row($0, "Y-M-D") },
    .init(
      "about the file",
      "Symbol: AAA\nExchange: XNYS, Currency: USD\n\nDate,Open,High,Low,Close,Volume"
    ) {
      row($0, "Y-M-D")
    },
    .init("units below", "Date,Open,High,Low,Close,Volume\n,USD,USD,USD,USD,shares") {
      row($0, "Y-M-D")
    },
    .init("day first", "Date,Open,High,Low,Close,Volume") { row($0, "D/M/Y") },
    .init("month first", "Date,Open,High,Low,Close,Volume") { row($0, "n/d/Y") },
    .init("short years", "Date,Open,High,Low,Close,Volume") { row($0, "D.M.y") },
    .init("month names", "Date,Open,High,Low,Close,Volume") { row($0, "D-B-Y") },
    .init("American", "Date,Price,Open,High,Low,Vol.,Change %", newestFirst: true) { bar in
      let prices = bar.prices.map { "\"\(Made.text($0))\"" }
      return
        "\"\(Made.time(bar.time, "B D, Y"))\",\(prices[3]),\(prices[0]),\(prices[1]),\(prices[2]),"
        + "\"\(Made.grouped(bar.volume, ","))\",0.5%"
    },
    .init("German", "Datum;Eröffnung;Hoch;Tief;Schlusskurs;Stücke") { bar in
      [Made.time(bar.time, "D.M.Y"), ohlc(bar, ";", decimal: ","), Made.grouped(bar.volume, ".")]
        .joined(separator: ";")
    },
    .init("Chinese", "日期,开盘,收盘,最高,最低,成交量") { bar in
      let prices = bar.prices.map { Made.text($0) }
      return
        "\(Made.time(bar.time, "Y年n月d日")),\(prices[0]),\(prices[3]),\(prices[1]),\(prices[2]),\(bar.volume)"
    },
    .init("dollars", "Date,Close/Last,Volume,Open,High,Low") { bar in
      let prices = bar.prices.map { "$" + Made.text($0) }
      return
        "\(Made.time(bar.time, "M/D/Y")),\(prices[3]),\(bar.volume),\(prices[0]),\(prices[1]),\(prices[2])"
    },
    .init("apostrophes", "Date,Open,High,Low,Close,Volume") { bar in
      "\(Made.time(bar.time, "Y-M-D")),\(ohlc(bar)),\(Made.grouped(bar.volume, "'"))"
    },
    .init("numbers of the calendar", "DTYYYYMMDD,OPEN,HIGH,LOW,CLOSE,VOL") { row($0, "YMD") },
    .init("numbers with hours", "time,open,high,low,close,volume", step: 3600) { row($0, "YMDhm") },
    .init("date and time", "<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>", step: 3600) {
      row($0, "YMD,hms")
    },
    .init("date and hour", "Date,Hour,Open,High,Low,Close,Volume", step: 3600) {
      row($0, "Y-M-D,h")
    },
    .init("spreadsheet", "Date,Open,High,Low,Close,Volume") { bar in
      "\(bar.time / day + 25_569),\(ohlc(bar)),\(bar.volume)"
    },
    .init("seconds", "unix,open,high,low,close,volume", step: 60) {
      "\($0.time),\(ohlc($0)),\($0.volume)"
    },
    .init("milliseconds", "open_time,open,high,low,close,volume,close_time", step: 60) {
      "\($0.time)000,\(ohlc($0)),\($0.volume),\($0.time + 59)999"
    },
    .init("nanoseconds", "ts_event,open,high,low,close,volume", step: 60) {
      "\($0.time)000000000,\(ohlc($0)),\($0.volume)"
    },
    .init("offsets", "time,open,high,low,close,volume", step: 3600, ahead: -18_000) {
      row($0, "Y-M-DTh:m:s-05:00", ahead: -18_000)
    },
    .init("zone names", "time,open,high,low,close,volume", step: 3600, ahead: -18_000) {
      "\(Made.time($0.time - 18_000, "YMD h:m:s")) US/Eastern,\(ohlc($0)),\($0.volume)"
    },
    .init(
      "a zone said", "time,open,high,low,close,volume", step: 3600, ahead: 32_400,
      layout: "zone=tokyo"
    ) {
      row($0, "Y-M-D h:m", ahead: 32_400)
    },
    .init("local midnights", "Date,Open,High,Low,Close,Volume") { row($0, "Y-M-D h:m:s+09:00") },
    .init("no header, Binance", "", step: 60) {
      "\($0.time)000,\(ohlc($0)),\($0.volume),\($0.time + 59)999,1.5,12,1.0,1.0,0"
    },
    .init("no header, MetaTrader", "", step: 3600) { row($0, "Y.M.D,h:m") },
    .init("no header, HistData", "", step: 60) { row($0, "YMD hms", ";") },
    .init("no header, Kraken", "", step: 60) { "\($0.time),\(ohlc($0)),\($0.volume),12" },
    .init("no header, a symbol", "", symbols: ["AAA", "BBB"]) { "\($0.symbol),\(row($0, "YMD"))" },
    .init("no header, columns said", "", layout: "columns=-+time+close+open+low+high+volume") {
      bar in
      let prices = bar.prices.map { Made.text($0) }
      return
        "x,\(Made.time(bar.time, "Y-M-D")),\(prices[3]),\(prices[0]),\(prices[2]),\(prices[1]),\(bar.volume)"
    },
    .init("symbols", "date,open,high,low,close,volume,Name", symbols: ["AAA", "BBB"]) {
      "\(row($0, "Y-M-D")),\($0.symbol)"
    },
    .init(
      "an index and symbols", ",ts_code,trade_date,open,high,low,close,vol",
      symbols: ["600000.SH", "000001.SZ"]
    ) {
      "7,\($0.symbol),\(row($0, "YMD"))"
    },
    .init("no volume", "Date,Open,High,Low,Close", hasVolume: false) {
      "\(Made.time($0.time, "Y-M-D")),\(ohlc($0))"
    },
    .init(
      "a column said", "Wann,Von,Oben,Unten,Bis,Menge",
      layout: "open=Von,high=Oben,low=Unten,close=Bis,volume=Menge"
    ) {
      row($0, "Y-M-D")
    },
    .init(
      wide: "two header rows", fields: ["Open", "High", "Low", "Close", "Volume"],
      header: { symbols in
        let fields = symbols.flatMap { _ in ["Open", "High", "Low", "Close", "Volume"] }
        let names = symbols.flatMap { Array(repeating: $0, count: 5) }
        return ",\(names.joined(separator: ","))\nDate,\(fields.joined(separator: ","))\n"
      }),
    .init(
      wide: "three header rows", fields: ["Open", "High", "Low", "Close", "Volume"],
      header: { symbols in
        let fields = symbols.flatMap { _ in ["Open", "High", "Low", "Close", "Volume"] }
        let names = symbols.flatMap { Array(repeating: $0, count: 5) }
        let blank = Array(repeating: "", count: names.count)
        return
          "Price,\(fields.joined(separator: ","))\nTicker,\(names.joined(separator: ","))\nDate,\(blank.joined(separator: ","))\n"
      }),
    .init(
      wide: "fields and symbols in one name", fields: ["Open", "High", "Low", "Close", "Volume"],
      header: { symbols in
        "Date,"
          + symbols.flatMap { symbol in
            ["Open", "High", "Low", "Close", "Volume"].map { "\(symbol)_\($0)" }
          }.joined(separator: ",") + "\n"
      }),
  ]

  /// A row for each time, with the fields of each symbol.
  private init(
    wide name: String, fields: [String], header: @escaping @Sendable ([String]) -> String
  ) {
    self.name = name
    symbols = ["AAA", "BRK-B"]
    text = { bars in
      let symbols = ["AAA", "BRK-B"]
      let times = Set(bars.map(\.time)).sorted()
      return header(symbols)
        + times.map { time in
          let cells = symbols.map { symbol in
            bars.first { $0.symbol == symbol && $0.time == time }.map {
              "\(Self.ohlc($0)),\($0.volume)"
            } ?? ",,,,"
          }
          return "\(Made.time(time, "Y-M-D")),\(cells.joined(separator: ","))\n"
        }.joined()
    }
  }
}

@Suite("Files of bars in many layouts")
struct CSVLayoutTests {
  @Test(arguments: LayoutCase.all)
  func holdTheSameBars(_ example: LayoutCase) throws {
    let made = MadeUpBars(
      symbols: example.symbols, count: 30, start: example.start, step: example.step)
    let bytes = Array(example.text(made.bars).utf8)
    let layout = try CSVLayout(parsing: example.layout)
    let table = try bytes.withUnsafeBytes {
      try BarTable(csv: $0, name: "prices.csv", layout: layout)
    }
    #expect(made.difference(from: table, hasVolume: example.hasVolume) == nil)
    #expect(table.notes.first?.hasPrefix("read as: ") == true)
    // What was found reads the same file in the same way, also when it went through text.
    let found = try #require(table.layout)
    let again = try CSVLayout(parsing: found.description)
    #expect(again == found)
    let second = try bytes.withUnsafeBytes {
      try BarTable(csv: $0, name: "prices.csv", layout: again)
    }
    #expect(made.difference(from: second, hasVolume: example.hasVolume) == nil)
  }

  @Test func textInOtherEncodings() throws {
    let made = MadeUpBars(symbols: ["prices"], count: 30, start: january, step: day)
    let text = LayoutCase.all[0].text(made.bars)
    for isBig in [false, true] {
      for mark in ["", "\u{FEFF}"] {
        let bytes = (mark + text).utf16.flatMap { unit -> [UInt8] in
          let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
          return isBig ? [high, low] : [low, high]
        }
        #expect(made.difference(from: try table(bytes)) == nil)
      }
    }
    let latin =
      Array("Datum;Er".utf8) + [0xF6]
      + Array("ffnung;Hoch;Tief;Schluss\n2024-01-02;1,5;2,5;1,5;2\n".utf8)
    let german = try table(latin)
    #expect(german.open == [1.5] && german.layout?.encoding == .latin1)
    #expect(german.notes.contains { $0.contains("Latin-1") })
  }

  @Test func whatCannotBeDecidedIsAsked() throws {
    func expect(_ text: String, _ remedy: String, _ layout: String = "") {
      let error = #expect(throws: DataError.self) {
        try Array(text.utf8).withUnsafeBytes {
          try BarTable(csv: $0, name: "prices.csv", layout: CSVLayout(parsing: layout))
        }
      }
      #expect(error?.description.contains(remedy) == true, "\(String(describing: error))")
    }
    let header = "Date,Open,High,Low,Close\n"
    expect(header + "05/03/2024 09:30,1,2,1,2\n05/03/2024 09:31,1,2,1,2\n", "dates=dmy")
    expect(header + (1...12).map { "\(Made.two($0))/01/2024,1,2,1,2\n" }.joined(), "dates=dmy")
    expect("Date;Open;High;Low;Close\n2024-01-02;1,234;1,235;1,233;1,234\n", "decimal=comma")
    expect("time,open,high,low,close\n09:30,1,2,1,2\n09:31,1,2,1,2\n", "day=")
    expect(
      "time,open,high,low,close\n1.70445E+12,1,2,1,2\n1.70445E+12,1,2,1,2\n", "lost its last digits"
    )
    expect("time,open,high,low,close\n1,1,2,1,2\n2,1,2,1,2\n", "time=")
    expect("date,AAA,BBB\n2024-01-02,1,2\n2024-01-03,1,2\n", "shape=closes")
    expect("2024-01-02,1,2,3,4,5,6,7\n", "columns=")
    expect("Year,Month,Day,Close\n2024,1,2,1\n2024,1,3,1\n", "one date")
    expect("time,close\n638400384000000000,1\n638401248000000000,1\n", "unit=")
    expect("Date,Open,High,Low\n2024-01-02,1,2,1\n", "close=NAME")
    expect(header + "2024-01-02,1,2,1,2\n", "adjustedClose=NAME", "adjusted=all")
    expect("time,open,high,low,close\n2024-01-02 09:00 XST,1,2,1,2\n", "zone=")
  }

  /// Found by the fuzzer: of two forms of time that are as frequent, the order of a dictionary chose.
  @Test func aLayoutDependsOnNothingButTheFile() {
    let files = [
      "symbol,date,open,high,low,close\nA,2024-01-05,1,2,3,4\nA,1/2/2024 9:30,1,2,3,4\n",
      "symbol,date,close\nA,9:30,4\nA,2024-01-05,4\nA,1/2/2024 9:30,4\nA,5 Jan 2024,4\n",
      "date,close\n2024-01-05 10:00 EST,4\n2024-01-06 10:00 CET,4\n2024-01-07 10:00 JST,4\n",
    ]
    for file in files {
      let outcomes = (0..<40).map { _ in
        "\(Result { () throws(DataError) in try table(Array(file.utf8)) })"
      }
      #expect(Set(outcomes).count == 1)
    }
  }

  @Test func layoutsAreReadFromText() throws {
    let layout = try CSVLayout(
      parsing: "dates=dmy,zone=newYork,symbol=Name,adjusted=splits,skip=2,scale=100")
    #expect(layout.dates == .dmy && layout.zone == "newYork" && layout.symbol == ["Name"])
    #expect(layout.adjusted == .splits && layout.skip == 2 && layout.scale == 100)
    var odd = CSVLayout()
    odd.symbol = ["a,b", "c+d", "\\e"]
    odd.zone = "+05:30"
    #expect(try CSVLayout(parsing: odd.description) == odd)
    for (text, mention) in [
      ("datse=dmy", "did you mean \"dates\"?"), ("dates=dm", "ymd, mdy, dmy"),
      ("dates", "key=value"),
      ("zone=mars", "newYork"), ("skip=-1", "0…"), ("dates=dmy,dates=mdy", "twice"),
      ("day=tomorrow", "2024-01-05"),
    ] {
      let error = #expect(throws: DataError.self) { try CSVLayout(parsing: text) }
      #expect(
        error?.description.contains(mention) == true
          || error?.description.contains("did you mean dates?") == true)
    }
  }

  @Test func detectionAnswersBeforeReading() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.csv", Array("Datum;Schluss\n31.12.2023;1,5\n02.01.2024;2,5\n".utf8))
    var layout = try CSVLayout.detect(path)
    #expect(
      layout.dates == .dmy && layout.decimal == .comma && layout.close == "Schluss"
        && layout.separator == .semicolon)
    layout.scale = 10
    #expect(try BarTable(csv: path, layout: layout).close == [0.15, 0.25])
  }
}
