import Martlet
import Testing

@testable import MartletCharts

@Suite("Charts over time")
struct TimeChartTests {
  private static let hostile = [
    "<script>alert(1)</script>", "a\"b'c&d", "]]><!--", "\u{0}\u{1}\u{7F}\u{FFFE}\n\t",
    "日本語 😀 ‮abc",
    String(repeating: "W", count: 500), "",
  ]

  @Test(arguments: hostile)
  func namesAreEscaped(name: String) throws {
    let values = walk(50)
    let chart = try TimeChart(
      try panel(values, symbol: name.isEmpty ? "A" : name), symbol: name.isEmpty ? "A" : name,
      title: name
    ).line(name, values).pane(ChartPane(name).columns(name, values))
      .marks([.buy(at: 17_010 * day, name), .note(at: 17_020 * day, name)])
      .shaded(name, where: values.map { $0 > 100 })
    let figures: [any Figure] = [
      chart, HeatMap(name, rows: [name], columns: [name], values: [[1]]), Histogram(name, values),
    ]
    for figure in figures {
      #expect(problem(inXML: figure.svg) == nil)
      #expect(!figure.svg.contains("<script"))
      #expect(!figure.svg.contains("]]>"))
    }
    let report = HTMLReport(
      name,
      [.heading(name), .text(name), .table(ReportTable([name], rows: [[name]]))]
        + figures.map { .figure($0, caption: name) })
    #expect(!report.html.contains("<script"))
    #expect(report.html.count(of: "<style>") == 1)
  }

  @Test func outsideIsNotNeeded() throws {
    let html = HTMLReport("r", [.figure(Histogram("h", walk(30)))]).html
    let links = html.matches(of: /(https?:|src=|href=|url\(|@import)[^" ]*/).map {
      String($0.output.0)
    }
    #expect(links == ["http:", "http://www.w3.org/2000/svg"].filter { links.contains($0) })
    #expect(html.contains("prefers-color-scheme:dark"))
    #expect(html.contains("role=\"img\""))
  }

  static let odd: [(String, [Double])] = [
    ("empty", []), ("one", [5]), ("none", [.nan, .nan, .nan]), ("flat", [7, 7, 7, 7]),
    ("zero", [0, 0, 0]), ("without bounds", [1, .infinity, 2, -.infinity, 3]),
    ("largest", [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0]),
    ("smallest", [.leastNonzeroMagnitude, 0, -.leastNonzeroMagnitude]),
    ("close", [1e16, 1e16 + 2, 1e16 + 4]), ("below zero", [-3, -2, -1]),
  ]

  @Test(arguments: odd)
  func oddValuesAreDrawn(name: String, values: [Double]) throws {
    let times = values.indices.map { Int64($0) * day }
    for chart in [TimeChart(name, time: times), TimeChart(name, count: values.count)] {
      for chart in [
        chart.line("a", values), chart.area("a", values).logarithmic(), chart.columns("a", values),
      ] {
        let svg = chart.marks([.sell(at: 0, "x")]).svg
        #expect(problem(inXML: svg) == nil)
        let drawn = svg.suffix(from: svg.firstRange(of: "</style>")!.upperBound)
        #expect(!drawn.contains("nan") && !drawn.contains("inf"))
      }
    }
    #expect(problem(inXML: Histogram(name, values).svg) == nil)
    for colors in [HeatMap.Colors.sequential, .diverging(around: 0)] {
      let map = HeatMap(
        name, rows: ["r"], columns: values.map { "\($0)" }, values: [values], colors: colors)
      #expect(problem(inXML: map.svg) == nil)
    }
  }

  @Test func oddPanelsAreDrawn() throws {
    for values in [[5], [.nan, 5, .nan], [7, 7, 7, 7, 7], walk(30)] {
      let chart = try TimeChart(try panel(values), symbol: "A", style: .candles).adding(
        Indicator.all)
      #expect(problem(inXML: chart.svg) == nil)
    }
    let none = try TimeChart(try panel([.nan, .nan]), symbol: "A").adding([.rsi(14)])
    #expect(problem(inXML: none.svg) == nil)
    #expect(none.svg.contains("no bars"))
  }

  @Test func gapsSplitLines() {
    let axis = BarAxis(count: 10, left: 0, width: 1000)
    let scale = ValueScale(0...10, top: 0, height: 100)
    var values = (0..<10).map(Double.init)
    #expect(axis.line(values, scale).line.text.split(separator: "M").count == 1)
    values[4] = .nan
    #expect(axis.line(values, scale).line.text.split(separator: "M").count == 2)
    values[6] = .infinity
    let (line, dots) = axis.line(values, scale)
    #expect(line.text.split(separator: "M").count == 2)
    #expect(dots.text == "M550 50h0")
    let logarithmic = ValueScale(1...10, logarithmic: true, top: 0, height: 100)
    #expect(
      axis.line([1, 2, 0, 3, 4, -1, 5, 6, 7, 8], logarithmic).line.text.split(separator: "M").count
        == 3)
  }

  @Test func gapsSplitLinesWhereBarsShareColumns() {
    let axis = BarAxis(count: 100_000, left: 0, width: 1000)
    let scale = ValueScale(0...1, top: 0, height: 100)
    var values = (0..<100_000).map { Double($0 % 2) }
    #expect(axis.line(values, scale).line.text.split(separator: "M").count == 1)
    // From the middle of a column to that of the next one.
    for bar in 50_050..<50_150 { values[bar] = .nan }
    #expect(axis.line(values, scale).line.text.split(separator: "M").count == 2)
  }

  @Test func missingBarsAreGaps() throws {
    var closes = walk(200)
    for bar in 80..<90 { closes[bar] = .nan }
    let chart = try TimeChart(try panel(closes), symbol: "A", style: .line).adding([.sma(3)])
    #expect(chart.svg.path("ink").split(separator: "M").count == 2)
    #expect(chart.svg.path("l2").split(separator: "M").count == 2)
  }

  @Test func oneSpikeOfAMillionIsSeen() {
    var values = [Double](repeating: 0, count: 1_000_000)
    values[777_777] = 10
    values[222_222] = -10
    let text = BarAxis(count: values.count, left: 0, width: 1000).line(
      values, ValueScale(-10...10, top: 0, height: 100)
    ).line.text
    // Up to the top and down to the bottom, from the middle.
    var (y, lowest, highest) = (50, 50, 50)
    for step in text.matches(of: /v(-?\d+)|l\d+ ?(-?\d+)/) {
      y += Int(step.output.1 ?? step.output.2 ?? "") ?? 0
      (lowest, highest) = (min(lowest, y), max(highest, y))
    }
    #expect(lowest == 0 && highest == 100)
  }

  @Test func aMillionBarsAreSmall() {
    // Every column is full of noise.
    let values = noise(1_000_000)
    let times = (0..<values.count).map { Int64(10_000) * day + Int64($0) * 60_000_000_000 }
    var chart = TimeChart("t", time: times)
    for number in 0..<6 { chart = chart.line("\(number)", values) }
    chart = chart.shaded("odd", where: values.indices.map { $0 % 2 == 1 })
      .marks(stride(from: 0, to: times.count, by: 100).map { .buy(at: times[$0], "b") })
      .pane(ChartPane().columns("c", values).area("a", values))
    let size = chart.svg.utf8.count
    #expect(size < 300_000)
    #expect(size > 50_000)
  }

  @Test func manyCandlesAreSmall() throws {
    let panel = try panel(walk(20_000))
    let chart = try TimeChart(panel, symbol: "A", style: .candles).adding([.bollinger(), .macd()])
    let svg = chart.svg
    #expect(svg.utf8.count < 150_000)
    #expect(svg.contains("in a candle"))
    #expect(
      svg.path("up").split(separator: "M").count
        + svg.path("down").split(separator: "M").count <= 270)
  }

  @Test func sameBytesTwice() throws {
    func draw() throws -> String {
      let chart = try TimeChart(try panel(walk(300)), symbol: "A").adding([.bollinger(), .rsi()])
      return HTMLReport("r", [.figure(chart), .figure(Histogram("h", walk(300)))]).html
    }
    #expect(try draw() == draw())
  }

  @Test func indicatorsHaveTheirPlaces() throws {
    let chart = try TimeChart(try panel(walk(300)), symbol: "A")
      .adding([.sma(50), .bollinger(), .rsi(14), .atr(), .macd(), .ichimoku()])
    let names = chart.panes.map { $0.pieces.map(\.name) }
    #expect(
      names == [
        ["sma(50)", "upper", "middle", "lower", "tenkan", "kijun", "spanA", "spanB", "chikou"],
        ["percentB", "bandwidth"], ["rsi(14)"], ["atr"], ["natr"],
        ["macd", "signal", "histogram"],
      ])
    try #require(chart.panes.count == 6 && chart.panes[5].pieces.count == 3)
    #expect(chart.panes[2].levels == [30, 70])
    #expect(chart.panes[5].levels == [0])
    guard case .columns = chart.panes[5].pieces[2].kind else {
      Issue.record("a histogram is drawn as columns")
      return
    }
    #expect(
      chart.panes[0].pieces.map(\.shift) == [0, 0, 0, 0] + Indicator.ichimoku().displacements)
    #expect(Indicator.ichimoku().displacements.contains { $0 != 0 })
  }

  @Test func displacedOutputsAreDrawnThere() {
    let axis = [Double](repeating: 1, count: 20)
    var late = axis
    late[19] = 2
    let chart = TimeChart("t", count: 20).pane(
      ChartPane().adding(.init(name: "ahead", kind: .line, values: late, color: nil, shift: 5))
        .adding(.init(name: "back", kind: .line, values: late, color: nil, shift: -5)))
    let svg = chart.svg
    // Five places to come; the line ahead begins five bars later and ends at the end, the other one five earlier.
    let plot = svg.path("axis").firstMatch(of: /h(\d+)/).flatMap { Int($0.output.1) } ?? 0
    #expect(svg.path("l0").hasPrefix("M\(14 + 11 * plot / 50) "))
    #expect(svg.path("l1").hasPrefix("M\(14 + plot / 50) "))
    func width(_ path: Substring) -> Int {
      path.matches(of: /[hl](\d+)/).compactMap { Int($0.output.1) }.reduce(0, +)
    }
    #expect(width(svg.path("l0")) == 14 + 49 * plot / 50 - (14 + 11 * plot / 50))
    #expect(width(svg.path("l1")) == 14 + 29 * plot / 50 - (14 + plot / 50))
  }

  @Test func patternsAreMarks() throws {
    let chart = try TimeChart(try panel(walk(300)), symbol: "A")
      .adding([Pattern.engulfing.indicator(), Pattern.doji.indicator()])
    #expect(chart.panes.count == 1)
    #expect(!chart.marks.isEmpty)
    #expect(chart.marks.allSatisfy { ["engulfing", "doji"].contains($0.text) })
  }

  @Test func indicatorsSeeTheBarsBefore() throws {
    let panel = try panel(walk(300))
    let whole = try TimeChart(panel, symbol: "A").adding([.ema(20)])
    let part = try TimeChart(panel, symbol: "A", last: 10).adding([.ema(20)])
    #expect(part.shown == 290..<300)
    #expect(
      whole.panes[0].pieces[0].values[290...].elementsEqual(part.panes[0].pieces[0].values[290...]))
    #expect(part.svg.contains("10 bars"))
  }

  @Test func aSeriesOfThePanelIsDrawn() throws {
    let panel = try panel(walk(100))
    let chart = try TimeChart(panel, symbol: "A").line("twice", panel.bars.close * 2)
    #expect(
      chart.panes[0].pieces[0].values == panel.values(of: .close).row(0).doubles.map { $0 * 2 })
  }

  @Test func marksStandAtTheirBars() throws {
    let chart = try TimeChart(try panel(walk(100)), symbol: "A", volume: false).marks([
      .buy(at: 17_050 * day + hour, "in"), .sell(at: 16_000 * day, "before"),
    ])
    let svg = chart.svg
    #expect(svg.contains(">in</text>"))
    // Nothing stands before the first bar.
    #expect(!svg.contains(">before</text>"))
    #expect(svg.paths("fup").count == 1 && svg.paths("fdown").isEmpty)
    let x = Int(svg.path("fup").dropFirst().prefix { $0 != " " }) ?? 0
    let plot = svg.path("axis").firstMatch(of: /h(\d+)/).flatMap { Int($0.output.1) } ?? 0
    #expect(x == 14 + (2 * 50 + 1) * plot / 200)
  }

  @Test func shadesAreWhereTheyHold() throws {
    let chart = TimeChart("t", count: 100).line("a", walk(100))
      .shaded("s", where: (0..<100).map { (20..<30).contains($0) || $0 > 90 })
    #expect(chart.svg.path("shade").split(separator: "M").count == 2)
    let panel = try panel(walk(100))
    let close = panel.bars.close
    let above = try TimeChart(panel, symbol: "A").shaded("s", where: close .> close.sma(10))
    let means = close.sma(10).values().row(0).doubles
    #expect(above.shades[0].isOn == zip(walk(100), means).map { $0 > $1 })
  }

  @Test func unknownSymbolsAreNamed() throws {
    let panel = try panel(walk(10), symbol: "AAPL")
    let error = #expect(throws: DataError.self) { try TimeChart(panel, symbol: "AAPK") }
    #expect(error?.kind == .unknownName)
    #expect(error?.description == "symbol: AAPK; not in the panel; did you mean AAPL?")
  }
}
