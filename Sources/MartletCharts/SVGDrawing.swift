/// Paths and texts of one drawing, in whole numbers: the width is 1,440 whatever it is shown at.
///
/// Text has three sizes, by the width shown: `fontNarrow` is what a phone gets, and the layout leaves room for it.
struct SVGDrawing {
  static let width = 1440
  static let left = 14
  static let font = 30
  static let fontNarrow = 42
  /// The height of a line of text at its largest.
  static let row = 52

  private var body = ""

  /// A path with a class of the style, and a width of its own where the class has none.
  mutating func path(_ path: SVGPath, _ names: String, width: Int? = nil) {
    guard !path.isEmpty else { return }
    body += "<path class=\"\(names)\""
    if let width { body += " stroke-width=\"\(width)\"" }
    body += " d=\"\(path.text)\"/>\n"
  }

  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ text: String, x: Int, y: Int, _ names: String = "", anchor: Anchor = .start,
    turned: Bool = false
  ) {
    body += "<text x=\"\(x)\" y=\"\(y)\""
    if !names.isEmpty { body += " class=\"\(names)\"" }
    if anchor != .start { body += " text-anchor=\"\(anchor.rawValue)\"" }
    if turned { body += " transform=\"rotate(-90 \(x) \(y))\"" }
    body += ">\(text.escaped)</text>\n"
  }

  /// Names with their colours and values, one after the other whatever size the text has.
  mutating func legend(_ items: [LegendItem], y: Int) {
    guard !items.isEmpty else { return }
    body += "<text x=\"\(Self.left)\" y=\"\(y)\">"
    for (position, item) in items.enumerated() {
      let gap = position == 0 ? "" : " dx=\".9em\""
      if let color = item.color {
        body += "<tspan class=\"\(color)\"\(gap)>■</tspan> \(item.name.escaped)"
      } else {
        body += "<tspan class=\"t\"\(gap)>\(item.name.escaped)</tspan>"
      }
      if !item.value.isEmpty { body += " <tspan class=\"b\">\(item.value.escaped)</tspan>" }
    }
    body += "</text>\n"
  }

  mutating func begin(_ names: String) { body += "<g class=\"\(names)\">\n" }
  mutating func end() { body += "</g>\n" }

  func svg(title: String, description: String, height: Int, style: Bool, ramps: Bool = false)
    -> String
  {
    """
    <svg xmlns="http://www.w3.org/2000/svg" class="mc" viewBox="0 0 \(Self.width) \(height)" role="img">
    <title>\(title.escaped)</title>
    <desc>\(description.escaped)</desc>
    \(style ? "<style>\(ChartStyle.css)\(ramps ? ChartStyle.ramps : "")</style>\n" : "")\
    <rect class="bg" width="\(Self.width)" height="\(height)"/>
    \(body)</svg>

    """
  }

  /// About the width of a text, in a wide font.
  static func width(of text: String, font: Int = SVGDrawing.fontNarrow) -> Int {
    text.unicodeScalars.reduce(0) { $0 + hundredths($1) } * font / 100
  }

  private static func hundredths(_ scalar: Unicode.Scalar) -> Int {
    switch scalar {
    case ".", ",", ":", ";", "'", "|", "i", "j", "l", " ": 34
    case "f", "r", "t", "(", ")", "-", "/": 42
    case "m", "w", "M", "W", "%", "@", "…", "−", "–": 90
    case "A"..."Z": 70
    // Other scripts are about as wide as high.
    case _ where scalar.value >= 0x2E80: 105
    default: 63
    }
  }

  /// The beginning of a text that is too wide.
  static func fitted(_ text: String, to width: Int, font: Int = SVGDrawing.fontNarrow) -> String {
    guard Self.width(of: text, font: font) > width else { return text }
    var kept = ""
    for character in text {
      if Self.width(of: kept + "\(character)…", font: font) > width { break }
      kept.append(character)
    }
    return kept + "…"
  }
}

/// An entry of a legend; one without a colour stands out by its weight.
struct LegendItem {
  let name: String
  var value = ""
  var color: String?

  /// Entries in as many rows as they need at the largest size of text.
  static func rows(of items: [LegendItem]) -> [[LegendItem]] {
    let room = SVGDrawing.width - 2 * SVGDrawing.left
    var rows: [[LegendItem]] = []
    var used = 0
    for item in items {
      var item = item
      let value = SVGDrawing.width(of: item.value)
      item = LegendItem(
        name: SVGDrawing.fitted(item.name, to: room - value - 120), value: item.value,
        color: item.color)
      let width = SVGDrawing.width(of: item.name) + value + 96
      if rows.isEmpty || used + width > room {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(item)
      used += width
    }
    return rows
  }
}

/// A path of lines; steps are relative where that is shorter.
struct SVGPath {
  private(set) var text = ""
  private var x = 0
  private var y = 0

  var isEmpty: Bool { text.isEmpty }

  mutating func move(_ x: Int, _ y: Int) {
    text += "M\(x) \(y)"
    (self.x, self.y) = (x, y)
  }

  mutating func line(_ x: Int, _ y: Int) {
    let (dx, dy) = (x - self.x, y - self.y)
    if dx == 0 {
      text += "v\(dy)"
    } else if dy == 0 {
      text += "h\(dx)"
    } else {
      text += dy < 0 ? "l\(dx)\(dy)" : "l\(dx) \(dy)"
    }
    (self.x, self.y) = (x, y)
  }

  /// A point as wide as its stroke.
  mutating func dot(_ x: Int, _ y: Int) {
    move(x, y)
    text += "h0"
  }

  mutating func rectangle(_ x: Int, _ y: Int, _ width: Int, _ height: Int) {
    text += "M\(x) \(y)h\(width)v\(height)h\(-width)z"
    (self.x, self.y) = (x, y)
  }
}

extension String {
  /// As text and attributes of XML and HTML hold it; what XML cannot hold is replaced.
  var escaped: String {
    var result = ""
    result.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result += " "
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): result += "\u{FFFD}"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
