import MartletCore
public import MartletSeries

/// Values of parameters, all combinations of them or a list, in an order that never changes.
///
/// ```swift
/// let grid = try ParameterGrid(
///   [.range("fast", from: 5, through: 50, by: 5), .range("slow", from: 20, through: 200, by: 10)]
/// ) { $0["fast"] < $0["slow"] }
/// ```
public struct ParameterGrid: Sendable {
  /// One parameter and its values.
  public struct Axis: Sendable {
    /// The parameter.
    public let name: String
    let values: [ParameterValue]

    /// Numbers.
    public static func values(_ name: String, _ values: [Double]) -> Axis {
      Axis(name: name, values: values.map { .number($0) })
    }

    /// Numbers at equal distances; the last one is part of it where a step ends there.
    public static func range(
      _ name: String, from first: Double, through last: Double, by step: Double
    ) -> Axis {
      guard step > 0, last >= first else { return Axis(name: name, values: []) }
      let count = min(((last - first) / step * (1 + 1e-12)).rounded(.down), 1e7)
      return values(name, (0...Int(count)).map { first + Double($0) * step })
    }

    /// Words, such as the name of a rule.
    public static func choices(_ name: String, _ words: [String]) -> Axis {
      Axis(name: name, values: words.map { .word($0) })
    }

    /// Formulas, each with a name.
    public static func expressions(
      _ name: String, _ formulas: [(name: String, series: @Sendable (Bars) -> Series)]
    ) -> Axis {
      Axis(name: name, values: formulas.map { .expression($0.name, $0.series) })
    }
  }

  /// The parameters, the slowest one first.
  public let axes: [Axis]
  /// Places of the sets among all combinations; nil for all of them.
  private let kept: [Int]?
  /// Sets of a list.
  private let list: [ParameterSet]?
  private static let most = 100_000_000

  /// All combinations for which a condition holds; the last axis changes fastest.
  ///
  /// - Throws: `DataError` for no parameters, an axis without values, a name that is there twice, and where no
  ///   combination is left.
  public init(
    _ axes: [Axis], where condition: ((ParameterSet) -> Bool)? = nil
  ) throws(DataError) {
    guard !axes.isEmpty else { throw DataError(.empty, in: "grid", "no parameters") }
    var seen = Set<String>()
    var count = 1
    for axis in axes {
      guard !axis.values.isEmpty else {
        throw DataError(.empty, in: "grid", at: excerpt(axis.name), "no values")
      }
      guard seen.insert(axis.name).inserted else {
        throw DataError(.duplicate, in: "grid", at: excerpt(axis.name), "is there twice")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.values.count)
      guard !overflow, product <= Self.most else {
        throw DataError(.outOfRange, in: "grid", "more than \(Self.most) combinations")
      }
      count = product
    }
    self.axes = axes
    list = nil
    guard let condition else {
      kept = nil
      return
    }
    kept = (0..<count).filter { condition(Self.set($0, axes)) }
    guard kept?.isEmpty == false else {
      throw DataError(.empty, in: "grid", "no combination of \(count) fulfils the condition")
    }
  }

  /// A list of sets.
  ///
  /// - Throws: `DataError` for an empty list, and for sets of other parameters than the first one's.
  public init(list: [ParameterSet]) throws(DataError) {
    guard let first = list.first else { throw DataError(.empty, in: "grid", "no sets") }
    for (number, set) in list.enumerated() where set.names != first.names {
      throw DataError(
        .incompatible, in: "grid", at: "set \(number)",
        "has the parameters \(set.names.joined(separator: ", ")); expected "
          + first.names.joined(separator: ", "))
    }
    axes = first.names.enumerated().map { place, name in
      var values: [ParameterValue] = []
      for set in list where !values.contains(set.values[place]) { values.append(set.values[place]) }
      return Axis(name: name, values: values)
    }
    kept = nil
    self.list = list
  }

  /// A grid from text: `fast=5:50:5,slow=20|50|200,rule=rsi|stoch`, a range with first, last and step, or values.
  ///
  /// - Throws: As the other initializers, and for what is no such text.
  public init(
    parsing text: String, where condition: ((ParameterSet) -> Bool)? = nil
  ) throws(DataError) {
    var axes: [Axis] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      axes.append(try Axis(parsing: String(part)))
    }
    try self.init(axes, where: condition)
  }

  /// Names of the parameters.
  public var names: [String] { axes.map(\.name) }

  /// Sets of parameters.
  public var count: Int {
    list?.count ?? kept?.count ?? axes.reduce(1) { $0 * $1.values.count }
  }

  /// A set by its number.
  public subscript(number: Int) -> ParameterSet {
    if let list { return list[number] }
    return Self.set(kept?[number] ?? number, axes)
  }

  /// So many sets of the grid, each once, in the grid's order.
  public func sample(_ count: Int, seed: UInt64) throws(DataError) -> ParameterGrid {
    guard count > 0 else { throw DataError(.outOfRange, in: "grid", "a sample of \(count) sets") }
    guard count < self.count else { return self }
    var random = RandomGenerator(seed: seed)
    let chosen = random.permutation(self.count).elements(as: Int64.self).prefix(count)
      .map(Int.init).sorted()
    return try ParameterGrid(list: chosen.map { self[$0] })
  }

  private static func set(_ place: Int, _ axes: [Axis]) -> ParameterSet {
    var rest = place
    var values: [ParameterValue] = []
    for axis in axes.reversed() {
      values.append(axis.values[rest % axis.values.count])
      rest /= axis.values.count
    }
    return ParameterSet(names: axes.map(\.name), values: values.reversed())
  }

  /// Sets that differ from one in a single parameter by one step: its neighbours.
  func neighbours(of number: Int, _ numbers: [ParameterSet: Int]) -> [Int] {
    let set = self[number]
    var found: [Int] = []
    for (place, axis) in axes.enumerated() {
      guard let at = axis.values.firstIndex(of: set.values[place]) else { continue }
      for other in [at - 1, at + 1] where axis.values.indices.contains(other) {
        var values = set.values
        values[place] = axis.values[other]
        if let number = numbers[ParameterSet(names: set.names, values: values)] {
          found.append(number)
        }
      }
    }
    return found
  }
}

extension ParameterGrid.Axis {
  /// `name=first:last:step` or `name=a|b|c`.
  fileprivate init(parsing text: String) throws(DataError) {
    func fail(_ problem: String) -> DataError {
      DataError(
        .malformed, in: "grid", at: excerpt(text),
        problem + "; expected name=first:last:step or name=a|b|c")
    }
    let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = pair[0].trimmed
    guard pair.count == 2, !name.isEmpty else { throw fail("no name and values") }
    let words = pair[1].split(separator: "|", omittingEmptySubsequences: false).map(\.trimmed)
    guard !words.contains("") else { throw fail("an empty value") }
    let parts = words[0].split(separator: ":", omittingEmptySubsequences: false)
    if words.count == 1, parts.count > 1 {
      let numbers = parts.compactMap { Double($0.trimmed) }
      guard numbers.count == 3, parts.count == 3, numbers.allSatisfy(\.isFinite) else {
        throw fail("no range of three numbers")
      }
      guard numbers[2] > 0, numbers[1] >= numbers[0] else {
        throw fail("a range that does not go up")
      }
      guard (numbers[1] - numbers[0]) / numbers[2] < 1e7 else {
        throw fail("more than 10000000 values")
      }
      self = .range(name, from: numbers[0], through: numbers[1], by: numbers[2])
      return
    }
    let numbers = words.compactMap { Double($0) }
    self = numbers.count == words.count ? .values(name, numbers) : .choices(name, words)
    guard Set(values).count == values.count else { throw fail("a value that is there twice") }
  }
}

/// What a parameter is.
enum ParameterValue: Sendable, Hashable {
  case number(Double)
  case word(String)
  /// Known by its name.
  case expression(String, @Sendable (Bars) -> Series)

  static func == (a: ParameterValue, b: ParameterValue) -> Bool {
    switch (a, b) {
    case (.number(let x), .number(let y)): x == y
    case (.word(let x), .word(let y)), (.expression(let x, _), .expression(let y, _)): x == y
    default: false
    }
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .number(let number): hasher.combine(number)
    case .word(let word), .expression(let word, _): hasher.combine(word)
    }
  }

  var text: String {
    switch self {
    case .number(let number): number.parameterText
    case .word(let word), .expression(let word, _): word
    }
  }
}

extension Double {
  /// Whole numbers without a point.
  var parameterText: String {
    self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)"
  }
}

/// One value of each parameter.
public struct ParameterSet: Sendable, Hashable, CustomStringConvertible {
  /// Names of the parameters.
  public let names: [String]
  let values: [ParameterValue]

  init(names: [String], values: [ParameterValue]) {
    (self.names, self.values) = (names, values)
  }

  /// Numbers by name.
  public init(_ numbers: KeyValuePairs<String, Double>) {
    names = numbers.map(\.key)
    values = numbers.map { .number($0.value) }
  }

  private func value(_ name: String) -> ParameterValue {
    guard let place = names.firstIndex(of: name) else {
      fatalError("ParameterSet: no parameter \(name) among \(names.joined(separator: ", "))")
    }
    return values[place]
  }

  /// Whether there is a parameter of that name.
  public func has(_ name: String) -> Bool { names.contains(name) }

  /// A number.
  public subscript(name: String) -> Double {
    guard case .number(let number) = value(name) else {
      fatalError("ParameterSet: \(name) is \(value(name).text), and no number")
    }
    return number
  }

  /// A whole number, such as a length.
  public func integer(_ name: String) -> Int { Int(self[name].rounded()) }

  /// A word.
  public func choice(_ name: String) -> String { value(name).text }

  /// A formula.
  public func series(_ name: String, of bars: Bars) -> Series {
    guard case .expression(_, let make) = value(name) else {
      fatalError("ParameterSet: \(name) is \(value(name).text), and no formula")
    }
    return make(bars)
  }

  /// What each parameter is, as text.
  public var texts: [String] { values.map(\.text) }

  /// Names and values: `fast=5 slow=20`.
  public var description: String {
    zip(names, values).map { "\($0)=\($1.text)" }.joined(separator: " ")
  }

  /// The same with other parameters, where they have a value here, and those besides.
  func filling(_ usual: ParameterSet) -> ParameterSet {
    ParameterSet(
      names: usual.names,
      values: usual.names.enumerated().map { place, name in
        names.firstIndex(of: name).map { values[$0] } ?? usual.values[place]
      })
  }
}
