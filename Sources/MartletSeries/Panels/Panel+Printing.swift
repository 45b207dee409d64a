import MartletArrays
import MartletIO

extension Panel: CustomStringConvertible {
  /// What the panel holds, in a line; then its symbols, of many some from both ends, with their last bars.
  public var description: String {
    var text =
      "Panel of \(Self.count(symbols.count, "symbol")) × \(Self.count(time.count, "time")), \(dtype)"
    if let first = time.first, let last = time.last {
      text += ", \(Timestamp(nanoseconds: first))…\(Timestamp(nanoseconds: last))"
    }
    if clock != .utc { text += ", clock \(clock.text)" }
    guard !symbols.isEmpty else { return text }
    var table = TextTable(
      ["symbol", " bars", "from", "to", " open", " high", " low", " close", " volume"])
    for place in TextTable.ends(symbols.count, atMost: 10) {
      guard let symbol = place else {
        table.append(Array(repeating: "…", count: 9))
        continue
      }
      let presence = source.presence[symbol]
      guard presence.count > 0,
        let last = bar(symbol: symbol, time: presence.timeIndex(presence.count - 1))
      else {
        table.append([symbols[symbol], "0"] + Array(repeating: "–", count: 7))
        continue
      }
      let first = Timestamp(nanoseconds: time[presence.timeIndex(0)])
      table.append(
        [symbols[symbol], "\(presence.count)", "\(first)", "\(Timestamp(nanoseconds: last.time))"]
          + [last.open, last.high, last.low, last.close, last.volume].map { TextTable.number($0) })
    }
    return text + "\n" + table.fitted()
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}

extension ResultRows {
  /// What results hold, in a line; then each symbol's last bar.
  ///
  /// - Parameter arrays: `[symbols]`, or `[symbols, times]` of which the value at the symbol's last bar is shown.
  package func description(_ title: String, _ names: [String], _ arrays: [NDArray]) -> String {
    let isLatest = arrays.first?.ndim == 1
    var text = "\(title) of \(symbols.count) symbol\(symbols.count == 1 ? "" : "s")"
    text += isLatest ? ", last bars" : " × \(time.count) times; last bars:"
    guard !symbols.isEmpty else { return text }
    var table = TextTable(["symbol", "time"] + names.map { " " + $0 })
    for place in TextTable.ends(symbols.count, atMost: 10) {
      guard let symbol = place else {
        table.append(Array(repeating: "…", count: names.count + 2))
        continue
      }
      let last = presence[symbol].last
      let values = arrays.map { lastValue(of: $0, symbol, isLatest: isLatest) }
      table.append(
        [symbols[symbol], last.map { "\(Timestamp(nanoseconds: time[$0]))" } ?? "–"]
          + values.map { TextTable.number($0) })
    }
    return text + "\n" + table.fitted()
  }
}

extension ResultRows {
  /// A result at a symbol's last bar, NaN for a symbol without any.
  func lastValue(of array: NDArray, _ symbol: Int, isLatest: Bool) -> Double {
    guard let last = presence[symbol].last else { return .nan }
    if isLatest { return array.element(symbol) }
    if let (ragged, column) = array.raggedColumn {
      return ragged.layout.presence[symbol].bar(at: last).map {
        ragged.value(column, symbol, bar: $0)
      } ?? .nan
    }
    return array.element(symbol * time.count + last)
  }
}

extension Bar: CustomStringConvertible {
  /// Its time, prices and volume in a line.
  public var description: String {
    let numbers = [
      ("open", open), ("high", high), ("low", low), ("close", close), ("volume", volume),
    ]
    return "\(Timestamp(nanoseconds: time))  "
      + numbers.map { "\($0) \(TextTable.number($1))" }.joined(separator: "  ")
  }
}

extension Bars: CustomStringConvertible {
  /// Whose bars they are.
  public var description: String { "Bars of \(close.value.sourceSummary)" }
}

extension Series: CustomStringConvertible {
  /// What it reads, its lookback and how many kernels will run; computes nothing.
  public var description: String {
    let kernels = plan.kernelCount
    return "Series of \(value.sourceSummary), lookback \(lookback), "
      + "\(kernels) kernel\(kernels == 1 ? "" : "s")"
  }
}

extension Value {
  fileprivate var sourceSummary: String {
    let sources = Value.sources(of: [self])
    return sources.isEmpty ? "a constant" : sources.map(\.summary).joined(separator: " and ")
  }
}

extension StreamRow: CustomStringConvertible {
  /// Its time, and the values of one symbol or how many symbols there are.
  public var description: String {
    let time = time.map { "\(Timestamp(nanoseconds: $0))" } ?? "no time"
    guard let symbol = onlySymbol ?? (symbolCount == 1 ? 0 : nil) else {
      return "StreamRow at \(time): \(names.count) results of \(symbolCount) symbols"
    }
    return "StreamRow at \(time): "
      + names.indices.map { "\(names[$0]) \(TextTable.number(self[$0, symbol: symbol]))" }
      .joined(separator: ", ")
  }
}

extension ExchangeClock: CustomStringConvertible {
  /// Its name in the zone database, or its offset in seconds; trading hours where it has some.
  public var description: String { text }
}

extension PeriodInterval: CustomStringConvertible {
  /// When it begins, and from when on its values are known.
  public var description: String {
    "\(Timestamp(nanoseconds: opening)), known from \(Timestamp(nanoseconds: availableAt)) on"
      + (isStub ? ", a stub" : "")
  }
}
