import MartletArrays
import MartletIO

/// Something that holds the rows that input nodes read: fields of [symbols, time].
package protocol SeriesSource: AnyObject, Sendable {
  var symbolCount: Int { get }
  var timeCount: Int { get }
  var element: ElementType { get }
  /// The bars of each symbol.
  var presence: [Presence] { get }
  /// What its rows and columns stand for; nil for arrays, which are places only.
  var axes: SourceAxes? { get }
  /// Whether the field has a value at every bar that the source has.
  func isComplete(_ field: Int) -> Bool
  /// The bars of the source, packed, with the given complete fields.
  func lanes(fields: [Int]) -> PackedLanes
  /// One symbol's values of a field at every time, NaN where there is none.
  func read(field: Int, symbol: Int, into values: UnsafeMutableBufferPointer<Double>)
  /// Its times among periods; nil where it has no times.
  func timeline(of period: PeriodID) -> Timeline?
  /// One symbol's values of a field at some of its bars, as elements, NaN where there is none.
  func copy(field: Int, symbol: Int, bars: Range<Int>, to target: UnsafeMutableRawPointer)
}

extension SeriesSource {
  /// What it is, for messages.
  package var summary: String {
    if let axes { return axes.summary }
    return timeCount == 0
      ? "the bars of a stream" : "an array of \(symbolCount) × \(timeCount) values"
  }
}

/// The symbols and times of a panel: series of several sources belong together where these are equal.
package final class SourceAxes: Sendable {
  package let symbols: [String]
  package let time: [Int64]

  package init(symbols: [String], time: [Int64]) {
    self.symbols = symbols
    self.time = time
  }

  package var summary: String {
    "a panel of \(symbols.count) symbol\(symbols.count == 1 ? "" : "s") and \(time.count) times"
  }

  /// Where two panels of one shape differ; nil where they do not.
  package func difference(from other: SourceAxes) -> String? {
    if self === other { return nil }
    for (number, pair) in zip(symbols, other.symbols).enumerated() where pair.0 != pair.1 {
      return "symbol \(number) is \(excerpt(pair.0)) and \(excerpt(pair.1))"
    }
    for (number, pair) in zip(time, other.time).enumerated() where pair.0 != pair.1 {
      return "time \(number) is \(pair.0) and \(pair.1)"
    }
    return nil
  }
}

/// Names one field of one source.
package struct InputKey: Hashable, Sendable {
  package let source: ObjectIdentifier
  package let field: Int

  package init(source: any SeriesSource, field: Int) {
    self.source = ObjectIdentifier(source)
    self.field = field
  }

  /// In a stage: what an edge brings.
  package init(edge: Int) {
    source = InputKey.edges
    field = edge
  }

  private static let edges = ObjectIdentifier(StageGraph.self)

  /// The number of the edge, nil for a field of a source.
  package var edge: Int? { source == InputKey.edges ? field : nil }
}
