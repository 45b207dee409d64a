import Martlet
import ProgramSupport

Program(
  "pages",
  "Writes the documentation's pages about the indicators: one article and one chart each.",
  options: [
    .value(
      "--symbols", "FILE",
      "The compiler's symbol graph of the package, Martlet.symbols.json; `make docs` emits it.",
      isRequired: true),
    .value(
      "--output", "DIR",
      "Where Indicators/<id>.md, Resources/<id>.svg and Indicators/Indicators.md are written.",
      isRequired: true),
  ]
).run { arguments in
  let graph = try SymbolGraph(path: arguments.required("--symbols"))
  let folder = try arguments.required("--output")
  let articles = try OutputFolder("\(folder)/Indicators")
  let resources = try OutputFolder("\(folder)/Resources")
  let indicators = Indicator.all
  let readings = try readings(of: indicators)

  var bar = ProgressBar("Writing")
  var bytes = 0
  for (number, indicator) in indicators.enumerated() {
    bar.show(Double(number) / Double(indicators.count))
    let (id, reading) = (indicator.definition.id, readings[number])
    let page = try Page(indicator, reading, Symbols(of: indicator.definition, in: graph))
    bytes += try articles.write("\(id).md", page.text)
    bytes += try resources.write("\(id).svg", Chart(indicator, reading).svg)
  }
  bytes += try articles.write("Indicators.md", indexPage(of: indicators))
  ProgressBar.clear()
  print("\(indicators.count) pages, as many charts and an index in \(folder): \(bytes.grouped) bytes")
}
