public import MartletIndicators

/// Named columns that are computed together: what a model is fed with.
///
/// ```swift
/// let mine = try FeatureSet("mine", [
///   FeatureColumn("RSI", "rsi(14)", category: "momentum"),
///   FeatureColumn("STRETCH", "(close - sma(20)) / atr(14)", isStandardised: true),
/// ])
/// let table = panel.compute(mine.trailing())
/// var stream = try BarStream(symbols: panel.symbols, features: mine.fitted(on: panel))
/// try mine.write(json: "mine.json")
/// ```
///
/// All columns are one plan, over panels and in streams, with the same bits. A value that does not
/// exist is NaN, and 0 in the mask; what a model does with it is the model's business.
public struct FeatureSet: Sendable {
  /// What the set is called.
  public let name: String
  /// The columns in the order a model sees them.
  public let columns: [FeatureColumn]
  /// What is done with the columns that are standardised.
  public let normalisation: FeatureNormalisation
  /// Whether values that do not exist are zero and not NaN, as the original list of the transformer
  /// has it.
  public let fillsWithZero: Bool

  /// A set of columns.
  ///
  /// - Throws: `DataError` when there is no column, two have one name, or one reads no bar.
  public init(_ name: String, _ columns: [FeatureColumn]) throws(DataError) {
    guard !columns.isEmpty else { throw DataError(.empty, in: name, "no columns") }
    var names = Set<String>()
    for column in columns {
      guard !column.name.isEmpty else { throw DataError(.missing, in: name, "an empty name") }
      guard names.insert(column.name).inserted else {
        throw DataError(
          .duplicate, in: name, at: "column \(excerpt(column.name))", "is there twice")
      }
      // Formulas have been asked when they were read.
      guard column.formula != nil || !column.series(of: .unconnected).value.inputKeys.isEmpty else {
        throw DataError(
          .empty, in: name, at: "column \(excerpt(column.name))", "reads no field of a bar")
      }
    }
    self.init(name, columns, .none, fillsWithZero: false)
  }

  init(
    _ name: String, _ columns: [FeatureColumn], _ normalisation: FeatureNormalisation,
    fillsWithZero: Bool
  ) {
    self.name = name
    self.columns = columns
    self.normalisation = normalisation
    self.fillsWithZero = fillsWithZero
  }

  /// The columns' names, in order.
  public var names: [String] { columns.map(\.name) }

  /// The columns that need the end of a day and are not there in streams.
  public var wholeDayColumns: [String] { columns.filter(\.needsWholeDays).map(\.name) }

  /// Whether a column depends on other symbols, so that the whole market must be there to compute it.
  package var comparesSymbols: Bool {
    // Formulas are about one symbol.
    Value.compareSymbols(
      columns.filter { $0.formula == nil }.map { $0.series(of: .unconnected).value })
  }

  /// A column's place, nil if there is none of that name.
  public func index(of name: String) -> Int? { columns.firstIndex { $0.name == name } }

  /// The columns as lazy series, normalised, NaN where a value does not exist.
  ///
  /// - Throws: `DataError` when the bars are those of a stream and a column needs whole days, and when a column
  ///   reads a series of another source.
  public func series(of bars: Bars) throws(DataError) -> [Series] {
    if let column = wholeDayColumns.first, bars.isOfStream {
      throw DataError(
        .incompatible, in: name, at: "column \(excerpt(column))",
        "needs whole days, which a stream does not know; compute it over a panel")
    }
    let series = columns.indices.map { self.series($0, of: bars) }
    // Formulas read bars; what needs whole days brings columns of its own.
    let closures = columns.indices.filter { columns[$0].formula == nil }
    if let (position, foreign) = bars.foreignSource(of: closures.map { series[$0] }) {
      throw DataError(
        .incompatible, in: name, at: "column \(columns[closures[position]].name)",
        "reads \(foreign), and not only the bars it is given")
    }
    return series
  }

  /// 1 where a column has a value, 0 where a bar is there and the value is not.
  ///
  /// - Throws: As `series(of:)`.
  public func masks(of bars: Bars) throws(DataError) -> [Series] {
    try series(of: bars).map { $0.isDefined.afterWarmUp(early: Series(0)) }
  }

  private func series(_ column: Int, of bars: Bars) -> Series {
    var series = columns[column].series(of: bars)
    if columns[column].isStandardised {
      series = normalisation.applied(to: series, column: column)
    }
    return fillsWithZero ? series.orElse(Series(0)).afterWarmUp(early: Series(0)) : series
  }

  /// Some of the columns, by name, in the order given.
  ///
  /// - Throws: `DataError` for a name that the set lacks.
  public func selecting(_ names: [String]) throws(DataError) -> FeatureSet {
    var positions: [Int] = []
    for name in names {
      guard let position = index(of: name) else {
        throw DataError(
          .unknownName, in: self.name,
          "no column \(excerpt(name))" + DataError.nearest(name, among: self.names))
      }
      guard !positions.contains(position) else {
        throw DataError(
          .duplicate, in: self.name, at: "column \(excerpt(name))", "is asked for twice")
      }
      positions.append(position)
    }
    guard !positions.isEmpty else { throw DataError(.empty, in: name, "no columns") }
    return FeatureSet(
      name, positions.map { columns[$0] }, normalisation.selecting(positions),
      fillsWithZero: fillsWithZero)
  }
}

extension Bars {
  /// Whether they stand for bars that have not come yet.
  fileprivate var isOfStream: Bool { sources.allSatisfy { $0.timeCount == 0 } }
}
