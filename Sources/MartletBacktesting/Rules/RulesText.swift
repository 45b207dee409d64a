import MartletCore

/// `name=value` pairs with commas between them.
private struct Settings {
  let subject: String
  private(set) var pairs: [(name: String, value: String)] = []

  init(_ text: String, in subject: String, names: [String]) throws(DataError) {
    self.subject = subject
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map(\.trimmed)
      guard pair.count == 2, !pair[1].isEmpty else {
        throw DataError(
          .malformed, in: subject, at: excerpt(String(part)),
          "expected name=value, names "
            + names.joined(separator: ", "))
      }
      guard names.contains(pair[0]) else {
        throw DataError(
          .unknownName, in: subject,
          "no \(excerpt(pair[0])); expected \(names.joined(separator: ", "))"
            + DataError.nearest(pair[0], among: names))
      }
      guard !pairs.contains(where: { $0.name == pair[0] }) else {
        throw DataError(.duplicate, in: subject, at: pair[0], "is there twice")
      }
      pairs.append((pair[0], pair[1]))
    }
  }

  func number(_ pair: (name: String, value: String)) throws(DataError) -> Double {
    guard let number = Double(pair.value), number.isFinite else {
      throw DataError(
        .wrongType, in: subject, at: pair.name, "\(excerpt(pair.value)); expected a number")
    }
    return number
  }

  func whole(_ pair: (name: String, value: String)) throws(DataError) -> Int {
    guard let number = Int(pair.value) else {
      throw DataError(
        .wrongType, in: subject, at: pair.name, "\(excerpt(pair.value)); expected a whole number")
    }
    return number
  }

  func flag(_ pair: (name: String, value: String)) throws(DataError) -> Bool {
    switch pair.value {
    case "yes", "true", "1": return true
    case "no", "false", "0": return false
    default:
      throw DataError(
        .wrongType, in: subject, at: pair.name, "\(excerpt(pair.value)); expected yes or no")
    }
  }

  func choice<Choice: CaseIterable & RawRepresentable>(
    _ pair: (name: String, value: String), _ type: Choice.Type = Choice.self
  ) throws(DataError) -> Choice where Choice.RawValue == String {
    if let found = Choice(rawValue: pair.value) { return found }
    let names = Choice.allCases.map(\.rawValue)
    throw DataError(
      .unknownName, in: subject, at: pair.name,
      "\(excerpt(pair.value)); expected \(names.joined(separator: ", "))"
        + DataError.nearest(pair.value, among: names))
  }
}

extension TradingCosts {
  private static let names = [
    "fee", "perUnit", "minimum", "spread", "slippage", "impact", "borrow",
  ]

  /// Costs from text: `fee=0.0005,slippage=0.0002`; names `fee` (a part of the notional), `perUnit`, `minimum`, `spread`
  /// (half of it), `slippage`, `impact`, `borrow` (a day).
  ///
  /// - Throws: `DataError` for other names and for numbers that make no sense.
  public init(parsing text: String) throws(DataError) {
    self.init()
    let settings = try Settings(text, in: "costs", names: Self.names)
    for pair in settings.pairs {
      let number = try settings.number(pair)
      switch pair.name {
      case "fee": fee.rate = number
      case "perUnit": fee.perUnit = number
      case "minimum": fee.minimum = number
      case "spread": halfSpread = number
      case "slippage": slippage = number
      case "impact": impact = number
      default: borrowPerDay = number
      }
    }
    try check()
  }
}

extension Sizing {
  private static let names = [
    "weight", "units", "cash", "freeCash", "risk", "volatility", "kelly", "length", "cap",
  ]

  /// A size from text: `weight=0.5`, `units=100`, `cash=10000`, `freeCash=1`, `risk=0.01`, `volatility=0.15,length=20,cap=1`,
  /// `kelly=0.5,length=60,cap=1`.
  ///
  /// - Throws: `DataError` for other names and for numbers that make no sense.
  public init(parsing text: String) throws(DataError) {
    let settings = try Settings(text, in: "sizing", names: Self.names)
    var (length, cap): (Int?, Double?)
    var main: [(name: String, number: Double)] = []
    for pair in settings.pairs {
      switch pair.name {
      case "length": length = try settings.whole(pair)
      case "cap": cap = try settings.number(pair)
      default: main.append((pair.name, try settings.number(pair)))
      }
    }
    guard main.count == 1, let (name, number) = main.first else {
      throw DataError(
        .malformed, in: "sizing",
        "\(excerpt(text)); expected one of weight, units, cash, freeCash, risk, volatility, kelly")
    }
    switch name {
    case "weight": self = .weight(number)
    case "units": self = .units(number)
    case "cash": self = .cash(number)
    case "freeCash": self = .freeCash(number)
    case "risk": self = .risk(number)
    case "volatility": self = .volatilityTarget(number, length: length ?? 20, cap: cap ?? 1)
    default: self = .kelly(number, length: length ?? 60, cap: cap ?? 1)
    }
    if name != "volatility", name != "kelly", length != nil || cap != nil {
      throw DataError(
        .malformed, in: "sizing", "length and cap go with volatility and kelly only")
    }
    try check()
  }
}

extension Distance {
  /// A distance from text: `5%`, `2atr`, `2.5atr(20)`, `20ticks`, or an amount, `1.5`.
  ///
  /// - Throws: `DataError` for what is none of these.
  public init(parsing text: String, name: String = "distance") throws(DataError) {
    func fail() -> DataError {
      DataError(
        .malformed, in: name, "\(excerpt(text)); expected such as 5%, 2atr, 2atr(20), 20ticks, 1.5")
    }
    func number(_ text: Substring) throws(DataError) -> Double {
      guard let number = Double(text.trimmed) else { throw fail() }
      return number
    }
    let text = text.trimmed[...]
    if text.hasSuffix("%") {
      self = .percent(try number(text.dropLast()))
    } else if text.hasSuffix("ticks") {
      self = .ticks(try number(text.dropLast(5)))
    } else if text.hasSuffix("atr") {
      self = .atr(try number(text.dropLast(3)))
    } else if text.hasSuffix(")"), let open = text.firstIndex(of: "("),
      text[..<open].hasSuffix("atr"),
      let length = Int(text[text.index(after: open)...].dropLast())
    {
      self = .atr(try number(text[..<open].dropLast(3)), length: length)
    } else {
      self = .price(try number(text))
    }
    try check(name, largest: 100_000)
  }
}

extension ExecutionRules {
  private static let names = [
    "fill", "reentry", "feeInSizing", "sizedAt", "intrabarPath", "gap", "limitFill",
    "slippageOnLimits", "slippageOnStops", "exitsOnEntryBar", "distanceFrom", "timeInForce",
    "maximumWait", "entries",
    "lots", "lot", "tick", "participation", "remainder", "fillsWithoutVolume", "clampsToRange",
    "allowsShort", "margin", "maintenanceMargin", "closesAtEnd", "rebalances",
  ]

  /// Changes rules by text, each by the name it has here: `fill=nextClose,reentry=afterReset,entries=3`.
  ///
  /// `limitFill` is `through`, `touch` or a number of ticks; `timeInForce` `untilCancelled`, `day` or a number of bars.
  ///
  /// - Throws: `DataError` for other names and for values that make no sense; then nothing is changed.
  public mutating func change(parsing text: String) throws(DataError) {
    let settings = try Settings(text, in: "rules", names: Self.names)
    var new = self
    for pair in settings.pairs {
      switch pair.name {
      case "fill": new.fill = try settings.choice(pair)
      case "reentry": new.reentry = try settings.choice(pair)
      case "feeInSizing": new.feeInSizing = try settings.choice(pair)
      case "sizedAt": new.sizedAt = try settings.choice(pair)
      case "intrabarPath": new.intrabarPath = try settings.choice(pair)
      case "gap": new.gap = try settings.choice(pair)
      case "limitFill":
        switch pair.value {
        case "through": new.limitFill = .through
        case "touch": new.limitFill = .touch
        default: new.limitFill = .throughTicks(try settings.whole(pair))
        }
      case "slippageOnLimits": new.slippageOnLimits = try settings.flag(pair)
      case "slippageOnStops": new.slippageOnStops = try settings.flag(pair)
      case "exitsOnEntryBar": new.exitsOnEntryBar = try settings.flag(pair)
      case "distanceFrom": new.distanceFrom = try settings.choice(pair)
      case "timeInForce":
        switch pair.value {
        case "untilCancelled": new.timeInForce = .untilCancelled
        case "day": new.timeInForce = .day
        default: new.timeInForce = .bars(try settings.whole(pair))
        }
      case "maximumWait": new.maximumWait = try settings.whole(pair)
      case "entries": new.entries = try settings.whole(pair)
      case "lots": new.lots = try settings.choice(pair)
      case "lot": new.lot = try settings.number(pair)
      case "tick": new.tick = try settings.number(pair)
      case "participation": new.participation = try settings.number(pair)
      case "remainder": new.remainder = try settings.choice(pair)
      case "fillsWithoutVolume": new.fillsWithoutVolume = try settings.flag(pair)
      case "clampsToRange": new.clampsToRange = try settings.flag(pair)
      case "allowsShort": new.allowsShort = try settings.flag(pair)
      case "margin": new.margin = try settings.number(pair)
      case "maintenanceMargin": new.maintenanceMargin = try settings.number(pair)
      case "closesAtEnd": new.closesAtEnd = try settings.flag(pair)
      default: new.rebalances = try settings.flag(pair)
      }
    }
    try new.check()
    self = new
  }
}
