import Martlet
import ProgramSupport

Program(
  "pages",
  "Writes the documentation's pages about the indicators, one article and one chart each, and topics of long pages.",
  options: [
    .value(
      "--symbols", "FILE",
      "The compiler's symbol graph of the package, Martlet.symbols.json; `make docs` emits it.",
      isRequired: true),
    .value(
      "--output", "DIR",
      "Where Indicators/<id>.md, Resources/<id>.svg, Indicators/Indicators.md and Types/<type>.md are written.",
      isRequired: true),
  ],
  notes: "An article whose address a type has already is called <id>-indicator.md."
).run { arguments in
  let graph = try SymbolGraph(path: arguments.required("--symbols"))
  let folder = try arguments.required("--output")
  let indicators = Indicator.all
  let names = indicators.map { graph.pageName(of: $0.definition) }

  // Nothing is written before everything is there.
  let pages = try indicators.map { indicator in
    try Page(indicator, Symbols(of: indicator.definition, in: graph)).text
  }
  let charts = try ChartMarket.charts(of: indicators).map(\.svg)

  let articles = try OutputFolder("\(folder)/Indicators")
  let resources = try OutputFolder("\(folder)/Resources")
  var bytes = try articles.write("Indicators.md", indexPage(of: indicators, names))
  for (number, indicator) in indicators.enumerated() {
    bytes += try articles.write("\(names[number]).md", pages[number])
    bytes += try resources.write("\(indicator.definition.id).svg", charts[number])
  }
  let types = try OutputFolder("\(folder)/Types")
  for page in TypePage.all(in: graph) { bytes += try types.write("\(page.type).md", page.text) }
  print("\(pages.count) pages, as many charts and an index in \(folder): \(bytes.grouped) bytes")
}
