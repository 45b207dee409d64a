import Martlet
import ProgramSupport

Program(
  "catalog",
  "Shows the indicators of the catalog: names, inputs, parameters, outputs, cost, sources.",
  options: [.flag("--json", "JSON, one object per indicator, instead of a table.")]
).run { arguments in
  let entries = Indicator.all.map(Entry.init)
  if arguments.has("--json") {
    print(JSON.array(entries.map(\.json)).text)
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
  print("\(entries.count) indicators, \(entries.map(\.outputCount).reduce(0, +)) outputs")
}
