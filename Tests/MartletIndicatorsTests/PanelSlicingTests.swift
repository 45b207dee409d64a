import Martlet
import TestSupport
import Testing

@Suite("Parts of panels")
struct PanelSlicingTests {
  private static func panel() throws -> Panel {
    func bars(_ days: Range<Int>, _ price: Double) -> [Bar] {
      days.map { day in
        let close = price + Double(day % 7)
        return Bar(
          time: Timestamp(year: 2018, month: 1, day: 1).nanoseconds + Int64(day)
            * 86_400_000_000_000,
          open: close, high: close + 1, low: close - 1, close: close, volume: 100)
      }
    }
    return try Panel([
      "AAPL": bars(0..<60, 100), "MSFT": bars(20..<50, 50), "XOM": bars(0..<60, 80),
    ])
  }

  @Test func byName() throws {
    let panel = try Self.panel()
    let one = try panel["MSFT"]
    #expect(one.symbols == ["MSFT"] && one.barCounts == [30])
    #expect(try panel[["XOM", "AAPL"]].symbols == ["XOM", "AAPL"])
    do { _ = try panel["MFST"]; Issue.record("found") } catch {
      #expect(error.kind == .unknownName && "\(error)".contains("MSFT"))
    }
    do { _ = try panel[["XOM", "XOM"]]; Issue.record("twice") } catch {
      #expect(error.kind == .duplicate)
    }
  }

  @Test func byTime() throws {
    let panel = try Self.panel()
    let part = panel[from: "2018-01-10", to: "2018-01-20"]
    #expect(part.timestamps.first == "2018-01-10" && part.timestamps.last == "2018-01-20")
    #expect(panel[from: "2018-01-10", before: "2018-01-20"].time.count == 10)
    #expect(panel[from: "2018-02-28"].time.count == 2)
    #expect(panel[before: "2018-01-03"].time.count == 2)
    #expect(panel[from: "2018-01-20", to: "2018-01-10"].time.isEmpty)
    #expect(panel[from: "1999-01-01", before: "2099-01-01"].time == panel.time)
    #expect(panel[from: "2018-01-10T00:00:00.000000001Z"].timestamps[0] == "2018-01-11")
    #expect(panel.index(of: "2018-01-05" as Timestamp) == 4)
    #expect(panel.index(of: "2018-01-05T12:00Z" as Timestamp) == nil)
    #expect(panel.firstIndex(at: "2018-01-05T12:00Z") == 5)
    #expect(panel.firstIndex(at: "2019-01-01") == 60)
    let values = part.bars.close.sma(3).values()
    #expect(
      values[0, 2].doubles == panel[from: "2018-01-10"].bars.close.sma(3).values()[0, 2].doubles)
  }

  @Test func tablesByNameAndSymbol() throws {
    let panel = try Self.panel()
    let history = try panel.compute(Indicator.list("rsi(5),sma(3)"))
    #expect(history["rsi", symbol: "XOM"]?.shape == [60])
    #expect(sameBits(history["sma", symbol: "AAPL"]!.eval(), history["sma"]![0].eval()))
    #expect(history["rsi", symbol: "IBM"] == nil && history["macd", symbol: "XOM"] == nil)
    let latest = try panel.latest(Indicator.list("sma(3)"))
    #expect(latest["sma", symbol: "MSFT"]?.shape == [])
  }

  @Test func everythingPrints() throws {
    let panel = try Self.panel()
    #expect(
      "\(panel)".hasPrefix("Panel of 3 symbols × 60 times, float64, 2018-01-01…2018-03-01\nsymbol"))
    #expect("\(panel)".split(separator: "\n").count == 5)
    #expect("\(try panel["MSFT"])".contains("MSFT      30  2018-01-21  2018-02-19"))
    #expect("\(panel.times(0..<0))".contains("–"))
    #expect(
      "\(panel.bar(symbol: 0, time: 0)!)"
        == "2018-01-01  open 100  high 101  low 99  close 100  volume 100")
    #expect("\(panel.bars.close.rsi(14))".contains("lookback 14"))
    #expect("\(Series(3))".hasPrefix("Series of a constant"))
    let table = try panel.latest(Indicator.list("rsi(5),macd"))
    #expect("\(table)".hasPrefix("ResultTable of 3 symbols, last bars\nsymbol  time"))
    let history = try panel.compute(Indicator.list("sma(3)"))
    #expect("\(history)".hasPrefix("ResultTable of 3 symbols × 60 times; last bars:"))
    #expect("\(history)".contains("MSFT    2018-02-19  "))
    #expect("\(try panel.latest(FeatureSet.transformer111))".hasPrefix("ResultTable of 3 symbols"))
    #expect("\(FeatureSet.transformer111)".contains("111 columns"))
    #expect("\(ExchangeClock.newYork)" == "America/New_York")
    var stream = try BarStream(symbols: ["A"]) { ($0.close, $0.close.shift(1)) }
    let row = try stream.update(Bar(time: 0, open: 1, high: 2, low: 1, close: 1.5), for: "A")
    #expect("\(row)" == "StreamRow at 1970-01-01: 0 1.50000, 1 –")
    let many = try Panel(
      Dictionary(uniqueKeysWithValues: (0..<500).map { ("S\($0)", panel.bars(of: 0)) }))
    #expect("\(many)".split(separator: "\n").count == 13)
  }
}
