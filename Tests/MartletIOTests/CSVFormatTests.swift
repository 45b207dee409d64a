import Martlet
import TestSupport
import Testing

private let header = "symbol,date,open,high,low,close,volume\n"
private let day: Int64 = 86_400_000_000_000
/// 2015-01-12.
private let monday: Int64 = 16447 * day

@Suite("What a CSV file of bars may look like")
struct CSVFormatTests {
  @Test func readsRowsInFileOrder() throws {
    let bars = try table(
      header + "B,2015-01-13,1,2,3,4,5\nA,2015-01-12,1.5,2.5,3.5,4.5,100\nB,2015-01-12,6,7,8,9,10\n"
    )
    #expect(bars.symbols == ["B", "A"])
    #expect(bars.symbolIndex == [0, 1, 0])
    #expect(bars.time == [monday + day, monday, monday])
    #expect(bars.open == [1, 1.5, 6])
    #expect(bars.high == [2, 2.5, 7])
    #expect(bars.low == [3, 3.5, 8])
    #expect(bars.close == [4, 4.5, 9])
    #expect(bars.volume == [5, 100, 10])
    #expect(!bars.hasTimeOfDay)
    #expect(bars.count == 3)
    #expect(bars.infinityCount == 0)
  }

  @Test func findsColumnsInAnyOrderAndCase() throws {
    let bars = try table(
      "Close,VOLUME,Adj Close,Low,TimeStamp,High,Open,Ticker\n4,5,4,3,2015-01-12,2,1,A")
    #expect(bars.symbols == ["A"])
    #expect(
      [bars.open, bars.high, bars.low, bars.close, bars.volume] == [[1], [2], [3], [4], [5]])
    #expect(bars.time == [monday])
  }

  @Test(arguments: ["time", "date", "timestamp", "datetime", "Date", " DateTime "])
  func knowsTheNamesOfTime(_ name: String) throws {
    let bars = try table("\(name),open,high,low,close\n2015-01-12,1,2,3,4\n")
    #expect(bars.time == [monday])
  }

  @Test(arguments: [
    ("msft.csv", "msft"), ("/a/b.c/msft.csv.gz", "msft"), ("BRK.B.csv", "BRK.B"), ("msft", "msft"),
    (".csv", ".csv"), ("MSFT.CSV.GZ", "MSFT"), ("/dev/stdin", "stdin"),
  ])
  func namesTheOnlySymbolAfterTheFile(_ file: String, _ symbol: String) throws {
    let bars = try table("date,open,high,low,close\n2015-01-12,1,2,3,4\n", name: file)
    #expect(bars.symbols == [symbol])
    #expect(bars.symbolIndex == [0])
    #expect(bars.volume.count == 1 && bars.volume[0].isNaN)
  }

  @Test(arguments: ["\n", "\r\n"])
  func takesBothLineEnds(_ end: String) throws {
    let lines = [
      "symbol,date,open,high,low,close,volume", "A,2015-01-12,1,2,3,4,5", "B,2015-01-12,1,2,3,4,",
    ]
    for tail in ["", end, end + end, end + end + end] {
      for mark in ["", "\u{FEFF}"] {
        let bars = try table(mark + lines.joined(separator: end) + tail)
        #expect(bars.symbols == ["A", "B"])
        #expect(bars.volume[0] == 5 && bars.volume[1].isNaN)
      }
    }
  }

  @Test func undoesQuotes() throws {
    let bars = try table(
      #"""
      "symbol","date",open,high,low,close,note,volume
      "A ""x"", y","2015-01-12","1",2,3,4,"several
      lines, ""quoted""",5
      " B ",2015-01-12,1,2,3,4,"",5
      """#)
    #expect(bars.symbols == ["A \"x\", y", "B"])
    #expect(bars.volume == [5, 5])
    #expect(bars.open == [1, 1])
  }

  @Test func skipsSpacesAroundFields() throws {
    let bars = try table("date, open ,high,low,close\n 2015-01-12 ,\t1 , 2,3 , 4 \n")
    #expect(bars.time == [monday])
    #expect([bars.open, bars.high, bars.low, bars.close] == [[1], [2], [3], [4]])
  }

  @Test(arguments: ["", "nan", "NaN", "-nan", "NAN", "null", "NULL", "NA", "na", "n/a", " "])
  func readsMissingNumbersAsNaN(_ text: String) throws {
    let bars = try table(header + "A,2015-01-12,1,\(text),3,4,\(text)\nA,2015-01-13,1,2,3,4,5\n")
    #expect(bars.high[0].isNaN && bars.volume[0].isNaN)
    #expect(bars.high[1] == 2 && bars.volume[1] == 5)
    #expect(bars.infinityCount == 0)
  }

  @Test(arguments: ["inf", "-inf", "+Infinity", "INF", "1e999", "-1e400"])
  func countsInfinities(_ text: String) throws {
    let bars = try table(header + "A,2015-01-12,1,\(text),3,4,\(text)\n")
    #expect(bars.high[0].isNaN && bars.volume[0].isNaN)
    #expect(bars.infinityCount == 2)
  }

  @Test func givesAnEmptyTableForAHeaderAlone() throws {
    for text in [header, "symbol,date,open,high,low,close,volume", header + "\n\n"] {
      let bars = try table(text)
      #expect(bars.count == 0 && bars.symbols.isEmpty && bars.volume.isEmpty)
    }
  }

  @Test func numbersSymbolsOfEveryLength() throws {
    let names = (1...40).map { String(repeating: "x", count: $0) + "y" } + ["é", "日本"]
    var text = header
    for round in 0..<3 {
      for name in names {
        for bar in 0..<2 { text += "\(name),2015-01-1\(bar + round),1,2,3,4,5\n" }
      }
    }
    let bars = try table(text)
    #expect(bars.symbols == names)
    let expected = (0..<3).flatMap { _ in names.indices.flatMap { [Int32($0), Int32($0)] } }
    #expect(bars.symbolIndex == expected)
  }

  @Test func treatsEqualSpellingsAsOneSymbol() throws {
    let bars = try table(header + "é,2015-01-12,1,2,3,4,5\ne\u{301},2015-01-13,1,2,3,4,5\n")
    #expect(bars.symbols.count == 1)
    #expect(bars.symbolIndex == [0, 0])
  }

  @Test func doesNotConfuseSymbolsWithACommonStart() throws {
    let bars = try table(
      header + "A,2015-01-12,1,2,3,4,5\nAA,2015-01-12,1,2,3,4,5\nA,2015-01-12,1,2,3,4,5\n"
        + "ABCDEFGHIJ,2015-01-12,1,2,3,4,5\nABCDEFGHIK,2015-01-12,1,2,3,4,5\n")
    #expect(bars.symbols == ["A", "AA", "ABCDEFGHIJ", "ABCDEFGHIK"])
    #expect(bars.symbolIndex == [0, 1, 0, 2, 3])
  }

  @Test func reportsProgress() throws {
    let folder = try TemporaryFolder()
    var text = header
    for row in 0..<30_000 { text += "S\(row % 100),2015-01-12,1.5,2.5,3.5,4.5,\(row)\n" }
    let path = try folder.file("many.csv", Array(text.utf8))
    var parts: [Double] = []
    let bars = try BarTable(csv: path) { parts.append($0) }
    #expect(bars.count == 30_000 && bars.symbols.count == 100)
    #expect(bars.volume == (0..<30_000).map(Double.init))
    #expect(parts == parts.sorted() && parts.count > 2 && parts.last == 1)
  }

  @Test func joinsColumnsToATable() throws {
    let bars = try BarTable(
      symbols: ["A"], symbolIndex: [0], time: [1], open: [1], high: [2], low: [3], close: [4],
      volume: [5])
    #expect(bars.count == 1)
    #expect(throws: DataError.self) {
      try BarTable(
        symbols: ["A"], symbolIndex: [1], time: [1], open: [1], high: [2], low: [3], close: [4],
        volume: [5])
    }
    #expect(throws: DataError.self) {
      try BarTable(
        symbols: ["A"], symbolIndex: [0], time: [1], open: [1], high: [], low: [3], close: [4],
        volume: [5])
    }
  }
}
