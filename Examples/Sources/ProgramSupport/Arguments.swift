public import Martlet

/// The options that a program was started with.
public struct Arguments {
  private var values: [String: String] = [:]
  /// The values of options that take several.
  private var lists: [String: [String]] = [:]

  /// What stands before the options of a program that has a command and files.
  public private(set) var operands: [String] = []

  init(_ words: [String], _ options: [Option], hasOperands: Bool = false) throws(Failure) {
    var next = words.startIndex
    while next < words.endIndex {
      let word = words[next]
      next += 1
      if hasOperands, !word.hasPrefix("--"), values.isEmpty {
        operands.append(word)
        continue
      }
      guard word.hasPrefix("-"), word.count > 1 else {
        throw .badInput("argument \"\(word)\": unexpected; options begin with --")
      }
      let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(pair[0])
      guard let option = options.first(where: { $0.name == name }) else {
        let hint = DataError.nearest(name, among: options.map(\.name) + ["--help"])
        throw .badInput("\(name): no such option\(hint)")
      }
      guard values[name] == nil else { throw .badInput("\(name): given twice") }
      guard let placeholder = option.value else {
        guard pair.count == 1 else { throw .badInput("\(name): takes no value") }
        values[name] = ""
        continue
      }
      if pair.count == 2 {
        values[name] = String(pair[1])
      } else if next < words.endIndex, !words[next].hasPrefix("--") {
        values[name] = words[next]
        next += 1
      } else {
        throw .badInput("\(name): no value; expected \(placeholder)")
      }
      if values[name]?.isEmpty == true {
        throw .badInput("\(name): an empty value; expected \(placeholder)")
      }
      guard option.takesSeveral, let first = values[name] else { continue }
      lists[name] = [first]
      while next < words.endIndex, !words[next].hasPrefix("--") {
        lists[name]?.append(words[next])
        next += 1
      }
    }
    for option in options where option.isRequired && values[option.name] == nil {
      throw .badInput("\(option.name): missing; expected \(option.name) \(option.value ?? "")")
    }
  }

  /// Whether a switch is set or an option given.
  public func has(_ name: String) -> Bool { values[name] != nil }

  /// The value of an option, nil where it was not given.
  public subscript(name: String) -> String? { values[name] }

  /// The values of an option that takes several, nil where it was not given.
  public func all(_ name: String) -> [String]? { lists[name] }

  /// The value of an option that every command line has.
  public func required(_ name: String) throws(Failure) -> String {
    guard let value = values[name] else { throw .badInput("\(name): missing") }
    return value
  }

  /// A whole number in a range, nil where the option was not given.
  public func integer(_ name: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
    guard let text = values[name] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .badInput(
        "\(name): \(text); expected a whole number \(range.lowerBound)…\(range.upperBound)")
    }
    return number
  }

  /// One of the cases of a choice.
  public func choice<Choice: CaseIterable & RawRepresentable>(
    _ name: String, _ usual: Choice
  ) throws(Failure) -> Choice where Choice.RawValue == String {
    guard let text = self[name] else { return usual }
    guard let found = Choice(rawValue: text) else {
      let names = Choice.allCases.map(\.rawValue)
      throw .badInput(
        "\(name): \(text); expected \(names.joined(separator: ", "))"
          + DataError.nearest(text, among: names))
    }
    return found
  }

  /// A finite number.
  public func number(_ name: String) throws(Failure) -> Double? {
    guard let text = self[name] else { return nil }
    guard let number = Double(text), number.isFinite else {
      throw .badInput("\(name): \(text); expected a number")
    }
    return number
  }

  /// The number of threads asked for, nil for one per core.
  public func threads() throws(Failure) -> Int? { try integer("--threads", in: 1...1024) }

  /// What numbers are kept as; float64 unless something else was asked for.
  public func dtype() throws(Failure) -> ElementType {
    guard let text = values["--dtype"] else { return .float64 }
    guard let type = ElementType(rawValue: text) else {
      let names = ["float64", "float32"]
      let hint = DataError.nearest(text, among: names)
      throw .badInput("--dtype: \(text); expected \(names.joined(separator: " or "))\(hint)")
    }
    return type
  }

  /// What products are computed with; float32 unless something else was asked for.
  public func precision() throws(Failure) -> Precision {
    let names = Precision.allCases.map(\.rawValue)
    func parse(_ name: String, _ allowed: [String]) throws(Failure) -> Precision? {
      guard let text = values[name] else { return nil }
      guard allowed.contains(text), let precision = Precision(rawValue: text) else {
        let hint = DataError.nearest(text, among: allowed)
        throw .badInput("\(name): \(text); expected \(allowed.joined(separator: ", "))\(hint)")
      }
      return precision
    }
    let precision = try parse("--precision", names)
    let quantised = try parse("--quantize", ["int8"])
    if let precision, let quantised, precision != quantised {
      throw .badInput("--quantize: \(quantised.rawValue) and --precision \(precision.rawValue)")
    }
    return precision ?? quantised ?? .float32
  }

  /// What is asked for.
  public func request() throws -> Request { try Request(try required("--indicators")) }

  /// How old a last bar may be; nil for any age, the last day of the data when nothing is said.
  public func within() throws -> MaximumAge? {
    guard let text = values["--within"] else { return .days(0) }
    return text == "all" ? nil : try MaximumAge(text)
  }

  /// What `--within` may be, for `--help`.
  public static let withinHelp = """
    How old a symbol's last bar may be: 0d (default) for the last day of the data, 3d, 12h,
    30m, 5bars, or all for any. Symbols with older ones are left out, and counted.
    """

  /// The clock of the market; UTC unless something else was asked for.
  public func clock() throws -> ExchangeClock {
    try ExchangeClock(named: values["--clock"] ?? "utc")
  }
}
