public import MartletIndicators

/// Prices, indicators, equity and whatever else runs over time: panes above each other with one axis of bars.
///
/// ```swift
/// let chart = try TimeChart(panel, symbol: "AAPL", last: 250)
///   .adding([.sma(50), .bollinger(), .rsi(14), .macd()])
///   .marks([.buy(at: entry, "long"), .sell(at: exit)])
/// try chart.write(to: "AAPL.svg")
/// ```
///
/// Bars stand at equal distances, whatever lies between them; a missing bar and an undefined value are gaps. More
/// bars than the drawing has columns are drawn by the lowest and highest value of each column, so that the size of a
/// drawing does not grow with them.
public struct TimeChart: StyledFigure {
  /// How prices are drawn.
  public enum PriceStyle: Sendable {
    /// Candles where there is room for them, otherwise a line.
    case automatic
    /// Candles; of several bars together where there are too many.
    case candles
    /// A line through the closes.
    case line
  }

  /// The heading.
  public let title: String
  /// Times, or nothing where bars are only counted.
  let time: [Int64]
  let clock: ExchangeClock
  let count: Int
  /// The bars that are drawn.
  let shown: Range<Int>
  let prices: Prices?
  var panes: [ChartPane]
  var marks: [ChartMark] = []
  var shades: [ChartShade] = []

  struct Prices: Sendable {
    /// The symbol's place in the panel, and how many that has.
    let position: Int
    let symbolCount: Int
    /// Of that symbol alone, over all times.
    let panel: Panel
    let style: PriceStyle
    /// Open, high, low, close, volume; NaN where there is no bar.
    let fields: [[Double]]
    let showsVolume: Bool
  }

  /// A chart of a symbol's prices, with its volumes below them.
  ///
  /// The axis has the panel's times from the symbol's first bar to its last one.
  ///
  /// - Parameters:
  ///   - last: Draws that many times at the end; indicators see the bars before them all the same.
  ///   - logarithmic: Whether equal ratios of prices are equally high.
  /// - Throws: `DataError` of kind `unknownName` for a symbol that the panel lacks.
  public init(
    _ panel: Panel, symbol: String, title: String? = nil, last: Int? = nil,
    style: PriceStyle = .automatic, volume: Bool = true, logarithmic: Bool = false
  ) throws(DataError) {
    guard let position = panel.index(of: symbol) else {
      throw DataError(
        .unknownName, in: "symbol",
        "\(excerpt(symbol)); not in the panel"
          + DataError.nearest(symbol, among: panel.symbols))
    }
    require(last ?? 1 > 0, "TimeChart: the last \(last ?? 0) bars")
    let alone = panel.symbols([position])
    let fields = BarField.stored.map { alone.values(of: $0).doubles }
    let present = fields[3].indices.filter { bar in fields.contains { $0[bar].isFinite } }
    let begin = present.first ?? 0
    let end = present.last.map { $0 + 1 } ?? 0
    self.title = title ?? symbol
    time = panel.time
    clock = panel.clock
    count = panel.time.count
    shown = max(begin, end - (last ?? count))..<end
    prices = Prices(
      position: position, symbolCount: panel.symbols.count, panel: alone, style: style,
      fields: fields,
      showsVolume: volume && fields[4][shown].contains { $0.isFinite && $0 > 0 })
    var pane = ChartPane()
    pane.isLogarithmic = logarithmic
    panes = [pane]
  }

  /// A chart of values over times: the first pane is there, and takes `line`, `columns` and `area`.
  ///
  /// - Parameters:
  ///   - time: Nanoseconds since 1970 UTC, increasing; one bar each.
  ///   - clock: The days and hours of the labels.
  public init(_ title: String, time: [Int64], clock: ExchangeClock = .utc) {
    require(
      zip(time, time.dropFirst()).allSatisfy(<), "TimeChart: times that do not increase")
    self.init(title, time: time, clock: clock, count: time.count)
  }

  /// A chart of values over bars that are only counted.
  public init(_ title: String, count: Int) {
    require(count >= 0, "TimeChart: \(count) bars")
    self.init(title, time: [], clock: .utc, count: count)
  }

  private init(_ title: String, time: [Int64], clock: ExchangeClock, count: Int) {
    self.title = title
    (self.time, self.clock, self.count) = (time, clock, count)
    shown = 0..<count
    prices = nil
    panes = [ChartPane()]
  }

  // MARK: The first pane

  /// A line over the prices, or in the first pane; gaps where values are not finite.
  ///
  /// - Parameter values: One per time of the panel or chart.
  public func line(_ name: String, _ values: [Double], color: ChartColor? = nil) -> TimeChart {
    changingFirst { $0.line(name, values, color: color) }
  }

  /// A series of the panel over the prices.
  public func line(_ name: String, _ series: Series, color: ChartColor? = nil) -> TimeChart {
    line(name, values(of: series), color: color)
  }

  /// Columns from zero in the first pane.
  public func columns(_ name: String, _ values: [Double], color: ChartColor? = nil) -> TimeChart {
    changingFirst { $0.columns(name, values, color: color) }
  }

  /// A line with what lies between it and zero in the first pane.
  public func area(_ name: String, _ values: [Double], color: ChartColor? = nil) -> TimeChart {
    changingFirst { $0.area(name, values, color: color) }
  }

  /// A reference line in the first pane.
  public func level(_ value: Double) -> TimeChart { changingFirst { $0.level(value) } }

  /// The same chart with a logarithmic axis in the first pane.
  public func logarithmic() -> TimeChart { changingFirst { $0.logarithmic() } }

  private func changingFirst(_ change: (ChartPane) -> ChartPane) -> TimeChart {
    var chart = self
    chart.panes[0] = change(panes[0])
    chart.check(chart.panes[0])
    return chart
  }

  // MARK: More panes

  /// The same chart with a pane below the others.
  public func pane(_ pane: ChartPane) -> TimeChart {
    check(pane)
    var chart = self
    chart.panes.append(pane)
    return chart
  }

  private func check(_ pane: ChartPane) {
    for piece in pane.pieces {
      require(
        piece.values.count == count,
        "TimeChart: \(piece.values.count) values of \(piece.name); expected \(count)")
    }
  }

  /// The symbol's values of a series of the panel.
  private func values(of series: Series) -> [Double] {
    guard let prices else { fatalError("TimeChart: a series in a chart without a panel") }
    let values = series.values()
    require(
      values.shape == [prices.symbolCount, count],
      "TimeChart: a series of the shape \(values.shape); expected \([prices.symbolCount, count])")
    return values.row(prices.position).doubles
  }

  // MARK: Marks

  /// Entries, exits and notes at bars: a mark stands at the last bar that is not later.
  public func marks(_ marks: [ChartMark]) -> TimeChart {
    var chart = self
    chart.marks += marks
    return chart
  }

  /// A ground behind the bars for which something holds, such as a regime.
  ///
  /// - Parameter isOn: One per time of the panel or chart.
  public func shaded(_ name: String, where isOn: [Bool], color: ChartColor = .grey) -> TimeChart {
    require(isOn.count == count, "TimeChart: \(isOn.count) bars of \(name); expected \(count)")
    var chart = self
    chart.shades.append(ChartShade(name: name, isOn: isOn, color: color))
    return chart
  }

  /// A ground behind the bars at which a series of the panel is neither zero nor undefined.
  public func shaded(_ name: String, where series: Series, color: ChartColor = .grey) -> TimeChart {
    shaded(name, where: values(of: series).map { !$0.isNaN && $0 != 0 }, color: color)
  }

  /// A ground behind the bars of a span of time.
  public func shaded(_ name: String, times: Range<Int64>, color: ChartColor = .grey) -> TimeChart {
    shaded(
      name, where: (0..<count).map { times.contains(time.isEmpty ? Int64($0) : time[$0]) },
      color: color)
  }
}
