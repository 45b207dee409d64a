public import MartletIndicators

/// Feature sets as JSON: columns as formulas, statistics in full precision.
extension FeatureSet {
  private static let format = "martlet features"
  private static let version = 1

  /// A set from a JSON file.
  ///
  /// - Throws: `DataError` that says which member or formula is wrong.
  public init(json path: String) throws(DataError) {
    try self.init(json: try JSONValue(path: path), name: path)
  }

  /// A set from the text of a JSON document.
  public init(jsonText text: String, name: String = "features") throws(DataError) {
    try self.init(json: try JSONValue(parsing: text, name: name), name: name)
  }

  /// A set from a JSON value.
  ///
  /// - Parameter name: What errors call the document.
  public init(json: JSONValue, name: String = "features") throws(DataError) {
    let root = JSONNode(json, in: name)
    try root.allow(["format", "version", "name", "columns", "normalisation", "fillsWithZero"])
    try root.requireFormat(Self.format, version: Self.version)
    var columns: [FeatureColumn] = []
    for node in try root.member("columns").elements() { columns.append(try FeatureColumn(node)) }
    let set = try FeatureSet(try root.member("name").text(), columns)
    self.init(
      set.name, set.columns,
      try root.optional("normalisation").map { node throws(DataError) in
        try FeatureNormalisation(node, columns: columns)
      } ?? .none,
      fillsWithZero: try root.optional("fillsWithZero")?.flag() ?? false)
  }

  /// The set as a JSON value.
  ///
  /// - Throws: `DataError` naming a column that is made by a closure.
  public func json() throws(DataError) -> JSONValue {
    var columns: [JSONValue] = []
    for column in self.columns {
      guard let formula = column.formula else {
        throw DataError(
          .incompatible, in: name, at: "column \(excerpt(column.name))",
          "is made by a closure, which cannot be saved; write it as a formula")
      }
      columns.append([
        "name": .text(column.name), "formula": .text(formula), "category": .text(column.category),
        "standardised": .flag(column.isStandardised), "threshold": .number(column.threshold),
      ])
    }
    return [
      "format": .text(Self.format), "version": .number(Double(Self.version)), "name": .text(name),
      "columns": .array(columns), "normalisation": normalisation.json(of: self.columns),
      "fillsWithZero": .flag(fillsWithZero),
    ]
  }

  /// Writes the set to a JSON file, whole or not at all.
  public func write(json path: String) throws(DataError) {
    try json().write(to: path)
  }
}

extension FeatureColumn {
  fileprivate init(_ node: JSONNode) throws(DataError) {
    try node.allow(["name", "formula", "category", "standardised", "threshold"])
    let formula = try node.member("formula")
    let expression = try formula.text()
    let threshold = try node.optional("threshold")
    do throws(DataError) {
      try self.init(
        try node.member("name").text(), expression,
        category: try node.optional("category")?.text() ?? "other",
        isStandardised: try node.optional("standardised")?.flag() ?? false,
        threshold: try threshold?.number() ?? 0.3)
    } catch  where error.subject != node.subject {
      // An error in the formula is one in the document, too.
      throw formula.error(error.kind, error.description)
    }
  }
}

extension FeatureNormalisation {
  fileprivate init(_ node: JSONNode, columns: [FeatureColumn]) throws(DataError) {
    let kind = try node.member("kind")
    switch try kind.text() {
    case "none":
      try node.allow(["kind"])
      self = .none
    case "trailing":
      try node.allow(["kind", "window"])
      self = .trailing(
        window: try node.member("window").integer(in: 2...Series.longestWindow))
    case "frozen":
      try node.allow(["kind", "statistics"])
      let list = try node.member("statistics")
      let elements = try list.elements()
      guard elements.count == columns.count else {
        throw list.error(.wrongShape, "\(elements.count) for \(columns.count) columns")
      }
      var statistics: [FeatureStatistics] = []
      for element in elements {
        guard element.value != .null else {
          statistics.append(.unknown)
          continue
        }
        try element.allow(["mean", "deviation"])
        let deviation = try element.member("deviation")
        guard try deviation.number() >= 0 else {
          throw deviation.error(.outOfRange, "below zero")
        }
        statistics.append(
          FeatureStatistics(
            mean: try element.member("mean").number(), deviation: try deviation.number()))
      }
      self = .frozen(statistics)
    case let other:
      let names = ["none", "trailing", "frozen"]
      throw kind.error(
        .unknownName,
        "\(excerpt(other)); expected \(names.joined(separator: ", "))"
          + DataError.nearest(other, among: names))
    }
  }

  fileprivate func json(of columns: [FeatureColumn]) -> JSONValue {
    switch self {
    case .none: return ["kind": "none"]
    case .trailing(let window): return ["kind": "trailing", "window": .number(Double(window))]
    case .frozen(let statistics):
      let list = statistics.map { one -> JSONValue in
        guard one.mean.isFinite, one.deviation.isFinite else { return .null }
        return ["mean": .number(one.mean), "deviation": .number(one.deviation)]
      }
      return ["kind": "frozen", "statistics": .array(list)]
    }
  }
}
