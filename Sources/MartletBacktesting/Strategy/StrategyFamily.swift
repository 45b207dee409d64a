import MartletCore

/// A strategy with parameters: a `Strategy` for each set of them.
///
/// ```swift
/// let family = StrategyFamily("crossover", parameters: [.length("fast", 20), .length("slow", 50)]) { bars, set in
///   let (fast, slow) = (bars.close.sma(set.integer("fast")), bars.close.sma(set.integer("slow")))
///   return .longs(entry: fast.crosses(above: slow), exit: fast.crosses(below: slow))
/// }
/// ```
public struct StrategyFamily: Sendable {
  /// A parameter, its usual value, and which ones make sense.
  public struct Parameter: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The usual value.
    public let usual: Double
    /// The values that make sense.
    public let range: ClosedRange<Double>
    /// Whether only whole numbers do.
    public let isWhole: Bool

    /// A number of bars.
    public static func length(_ name: String, _ usual: Int, atLeast smallest: Int = 1) -> Parameter
    {
      Parameter(
        name: name, usual: Double(usual), range: Double(smallest)...Double(Series.longestWindow),
        isWhole: true)
    }

    /// A number.
    public static func number(
      _ name: String, _ usual: Double, in range: ClosedRange<Double>
    ) -> Parameter {
      Parameter(name: name, usual: usual, range: range, isWhole: false)
    }
  }

  /// What reports call it.
  public let name: String
  /// What it does, in a line.
  public let summary: String
  /// The parameters with their usual values; a grid may have others besides.
  public let parameters: [Parameter]
  /// The usual values.
  public let usual: ParameterSet
  let condition: (@Sendable (ParameterSet) -> Bool)?
  /// Refuses sets that no signals can be made of.
  private let check: @Sendable (ParameterSet) throws(DataError) -> Void
  private(set) var build: @Sendable (Bars, ParameterSet) -> StrategySignals

  /// A family of strategies.
  ///
  /// - Parameters:
  ///   - condition: Which sets make sense, such as a fast length below a slow one.
  ///   - signals: What a set wants; is called on several threads.
  public init(
    _ name: String, summary: String = "", parameters: [Parameter] = [],
    where condition: (@Sendable (ParameterSet) -> Bool)? = nil,
    signals: @escaping @Sendable (Bars, ParameterSet) -> StrategySignals
  ) {
    (self.name, self.summary, self.parameters) = (name, summary, parameters)
    self.condition = condition
    usual = ParameterSet(
      names: parameters.map(\.name), values: parameters.map { .number($0.usual) })
    check = { _ throws(DataError) in }
    build = signals
  }

  /// A family whose parameters are what its text says.
  init(
    _ name: String, summary: String, usual: ParameterSet,
    where condition: (@Sendable (ParameterSet) -> Bool)?,
    check: @escaping @Sendable (ParameterSet) throws(DataError) -> Void,
    signals: @escaping @Sendable (Bars, ParameterSet) -> StrategySignals
  ) {
    (self.name, self.summary, self.usual) = (name, summary, usual)
    parameters = []
    (self.condition, self.check, build) = (condition, check, signals)
  }

  /// The strategy of a set; parameters that it lacks have their usual values.
  ///
  /// - Throws: `DataError` for a parameter that there is none of, and for a value that makes no sense.
  public func strategy(_ set: ParameterSet? = nil) throws(DataError) -> Strategy {
    let set = try complete(set ?? usual)
    let build = build
    return Strategy(set.names.isEmpty ? name : "\(name) \(set)") { build($0, set) }
  }

  /// All parameters of a set, checked; single values need not fulfil the condition on several.
  func complete(
    _ set: ParameterSet, isSingle: Bool = false
  ) throws(DataError) -> ParameterSet {
    // A family without parameters takes what grids give it.
    guard !usual.names.isEmpty else { return set }
    for (name, value) in zip(set.names, set.values) {
      guard usual.has(name) else {
        throw DataError(
          .unknownName, in: self.name,
          "no parameter \(excerpt(name)); it has \(usual.names.joined(separator: ", "))"
            + DataError.nearest(name, among: usual.names))
      }
      guard let parameter = parameters.first(where: { $0.name == name }) else { continue }
      guard case .number(let number) = value else {
        throw DataError(
          .wrongType, in: self.name, at: name, "\(excerpt(value.text)); expected a number")
      }
      guard parameter.range.contains(number), !parameter.isWhole || number == number.rounded()
      else {
        throw DataError(
          .outOfRange, in: self.name, at: name,
          "\(number.parameterText); expected \(parameter.isWhole ? "a whole number " : "")"
            + parameter.range.lowerBound.parameterText + "…"
            + parameter.range.upperBound.parameterText)
      }
    }
    let whole = set.filling(usual)
    if !isSingle, let condition, !condition(whole) {
      throw DataError(.outOfRange, in: name, "\(whole) makes no sense")
    }
    try check(whole)
    return whole
  }

  /// The same with stops and targets in the place of its own, where they are named.
  public func adding(
    stopLoss: Distance? = nil, takeProfit: Distance? = nil, trailingStop: Distance? = nil
  ) -> StrategyFamily {
    var family = self
    let build = build
    family.build = { bars, set in
      var signals = build(bars, set)
      if let stopLoss { signals.stopLoss = stopLoss }
      if let takeProfit { signals.takeProfit = takeProfit }
      if let trailingStop { signals.trailingStop = trailingStop }
      return signals
    }
    return family
  }

  /// A grid of its parameters from text; sets that make no sense are left out.
  ///
  /// - Throws: As `ParameterGrid.init(parsing:)`, and as `strategy` for every single value.
  public func grid(parsing text: String) throws(DataError) -> ParameterGrid {
    try grid(try ParameterGrid(parsing: text).axes)
  }

  /// The same of axes.
  public func grid(_ axes: [ParameterGrid.Axis]) throws(DataError) -> ParameterGrid {
    let whole = try ParameterGrid(axes)
    guard !usual.names.isEmpty else { return whole }
    for axis in whole.axes {
      for value in axis.values {
        _ = try complete(ParameterSet(names: [axis.name], values: [value]), isSingle: true)
      }
    }
    guard let condition else { return whole }
    let usual = usual
    return try ParameterGrid(axes) { condition($0.filling(usual)) }
  }
}
