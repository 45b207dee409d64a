import Martlet
import ProgramSupport

Program(
  "catalog",
  "Shows the catalog: names, inputs, parameters, outputs, cost, sources; then the candlesticks.",
  options: [.flag("--json", "JSON, one object per indicator, instead of a table.")]
).run { arguments in
  let entries = Indicator.all.map(Entry.init)
  if arguments.has("--json") {
    print(JSONValue.array(entries.map(\.json)).text)
    return
  }
  for category in IndicatorCategory.allCases {
    let members = entries.filter { $0.definition.category == category }
    guard !members.isEmpty else { continue }
    print("\(category.rawValue)\n")
    var table = TextTable([
      "id", "title", "inputs", "outputs", " lookback", "bounds", "cost per bar", "numeric class",
    ])
    for entry in members { table.append(entry.row) }
    let lines = table.lines
    print("  " + lines[0])
    for (entry, line) in zip(members, lines.dropFirst()) {
      print("  " + line)
      for detail in entry.details { print("      " + detail) }
    }
    print("")
  }
  print("Candlestick patterns\n")
  var table = TextTable([
    "id", "title", " candles", " lookback", "values", "TA-Lib", "penetration",
  ])
  for pattern in Pattern.all {
    table.append([
      pattern.id, pattern.title, "\(pattern.candles)", "\(pattern.lookback())",
      pattern.values.map { "\($0)" }.joined(separator: " "), pattern.talibName,
      pattern.penetration.map { $0.short } ?? "",
    ])
  }
  for line in table.lines { print("  " + line) }
  print(
    """

    \(entries.count) indicators, \(entries.map(\.outputCount).reduce(0, +)) outputs; \
    \(Pattern.all.count) candlestick patterns; \
    feature sets: \(FeatureSet.knownNames.joined(separator: ", "))
    """)
}
