public import MartletArrays
import MartletIO

/// The bars of a market: every symbol's open, high, low, close and volume over common times.
///
/// A symbol need not have a bar at every time: listings may start late, end early and have holes.
/// Indicators see each symbol's own bars as if the missing ones did not exist, and give NaN there.
public struct Panel: Sendable {
  /// The symbols, in the order of the first axis.
  public var symbols: [String] { axes.symbols }
  /// Nanoseconds since 1970 UTC, increasing, in the order of the second axis.
  public var time: [Int64] { axes.time }
  package let axes: SourceAxes
  /// What was found wrong in the data, and what was done about it.
  public let report: BarReport
  /// By which days, weeks, months and sessions begin; UTC when nothing is said.
  public var clock: ExchangeClock {
    didSet { source = source.clocked(clock, axes) }
  }
  package private(set) var source: FieldSource

  package init(
    symbols: [String], time: [Int64], report: BarReport, source: FieldSource,
    clock: ExchangeClock = .utc
  ) {
    axes = SourceAxes(symbols: symbols, time: time)
    self.report = report
    self.clock = clock
    self.source = source.clocked(clock, axes)
  }

  /// The fields as lazy series.
  public var bars: Bars { Bars(of: source) }

  /// What the numbers are kept as.
  public var dtype: ElementType { source.element }

  /// Bars that each symbol has.
  public var barCounts: [Int] { source.presence.map(\.count) }

  /// A symbol's place in the first axis.
  public func index(of symbol: String) -> Int? { symbols.firstIndex(of: symbol) }

  /// The bar of a symbol at a time index, nil where it has none.
  public func bar(symbol: Int, time index: Int) -> Bar? {
    requireSymbol(symbol)
    require(index >= 0 && index < time.count, "Panel: time \(index) of \(time.count)")
    return source.presence[symbol].bar(at: index).map { bar($0, of: symbol) }
  }

  /// All bars of a symbol, in order of their times.
  public func bars(of symbol: Int) -> [Bar] {
    requireSymbol(symbol)
    return (0..<source.presence[symbol].count).map { bar($0, of: symbol) }
  }

  private func bar(_ number: Int, of symbol: Int) -> Bar {
    func field(_ field: Int) -> Double { source.value(field: field, symbol: symbol, bar: number) }
    return Bar(
      time: time[source.presence[symbol].timeIndex(number)], open: field(0), high: field(1),
      low: field(2), close: field(3), volume: field(4))
  }

  func requireSymbol(_ symbol: Int) {
    require(
      symbol >= 0 && symbol < symbols.count, "Panel: symbol \(symbol) of \(symbols.count)")
  }

  /// A copy of one field, `[symbols, time]`, NaN where there is no bar.
  public func values(of field: BarField) -> NDArray { bars[field].values() }

  /// The part of the panel between two times.
  ///
  /// Shares the panel's memory; what is computed over a part is copied when it is first needed.
  public func times(_ range: Range<Int>) -> Panel {
    require(
      range.lowerBound >= 0 && range.upperBound <= time.count,
      "Panel: times \(range) of \(time.count)")
    return part(symbols: Array(symbols.indices), range)
  }

  /// The part of the panel with some symbols, in the order given; shares memory as `times(_:)` does.
  public func symbols(_ indices: [Int]) -> Panel {
    var seen = Set<Int>()
    for symbol in indices {
      requireSymbol(symbol)
      require(seen.insert(symbol).inserted, "Panel: symbol \(symbol) twice")
    }
    return part(symbols: indices, time.indices)
  }

  /// What is the whole is shared, and of a part nothing is copied before it is computed over.
  private func part(symbols indices: [Int], _ range: Range<Int>) -> Panel {
    let isWhole = range == time.indices && indices.elementsEqual(symbols.indices)
    return Panel(
      symbols: indices.map { symbols[$0] }, time: range == time.indices ? time : Array(time[range]),
      report: BarReport(), source: isWhole ? source : source.part(symbols: indices, times: range),
      clock: clock)
  }
}
