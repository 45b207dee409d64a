import Martlet

/// The page that leads to the others, by family.
func indexPage(of indicators: [Indicator], _ names: [String]) -> String {
  let outputs = indicators.map(\.definition.outputs.count).reduce(0, +)
  var blocks = [
    "# Indicators",
    "The catalog: \(indicators.count) indicators with \(outputs) outputs, by family.",
    "## Overview",
    """
    Every page has the same parts: what the indicator says, how it is called, its parameters with \
    what is allowed, its outputs with their warm-up and unit, what a bar costs, where it comes from \
    and how other libraries differ. The charts show the last \(ChartMarket.shown) bars of a market that \
    is made up, the same on every page; lines over the prices are outputs on the prices' own scale.
    """,
    "## Topics",
  ]
  for category in IndicatorCategory.allCases {
    let links = zip(indicators, names).filter { $0.0.definition.category == category }.map {
      "- <doc:\($0.1)>"
    }
    guard !links.isEmpty else { continue }
    blocks += ["### \(category.rawValue)", links.joined(separator: "\n")]
  }
  return blocks.joined(separator: "\n\n") + "\n"
}
