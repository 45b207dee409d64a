/// A drawing in SVG on a transparent ground; every colour stands out on white and on black.
struct Drawing {
  private let width: Int
  private var lines = ""
  private var texts = ""

  static let grey = "#808080"
  static let colors = [
    "#2f7ed8", "#d9730d", "#2a9d4e", "#c0509a", "#8067dc", "#1697a6", "#d64545", "#a07830",
  ]

  init(width: Int) { self.width = width }

  mutating func stroke(
    _ path: String, _ color: String = Drawing.grey, width: Int, opacity: String = "1",
    round: Bool = false
  ) {
    guard !path.isEmpty else { return }
    lines += "<path d=\"\(path)\" stroke=\"\(color)\" stroke-width=\"\(width)\""
    if opacity != "1" { lines += " opacity=\"\(opacity)\"" }
    if round { lines += " stroke-linecap=\"round\"" }
    lines += "/>\n"
  }

  mutating func text(_ text: String, x: Int, y: Int, isCentred: Bool = false) {
    let anchor = isCentred ? " text-anchor=\"middle\"" : ""
    texts += "<text x=\"\(x)\" y=\"\(y)\"\(anchor)>\(Drawing.escaped(text))</text>\n"
  }

  /// Shown at half the size of its units, so that whole numbers are fine enough.
  func svg(title: String, height: Int) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(width / 2)" height="\(height / 2)" \
    viewBox="0 0 \(width) \(height)" role="img">
    <title>\(Drawing.escaped(title))</title>
    <g fill="none" stroke-linejoin="round">
    \(lines)</g>
    <g fill="\(Drawing.grey)" font-family="system-ui,sans-serif" font-size="23">
    \(texts)</g>
    </svg>

    """
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
  }
}
