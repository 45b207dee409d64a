/// A colour that stands out on light and dark ground and from its neighbours, for colour-blind people, too.
///
/// After the palette of M. Okabe and K. Ito, 2008.
public enum ChartColor: Int, Hashable, Sendable, CaseIterable {
  case blue, orange, green, magenta, violet, gold, cyan, grey

  /// Lines of strokes, and of fills.
  var line: String { "l\(rawValue)" }
  var fill: String { "f\(rawValue)" }

  fileprivate var light: String {
    ["#0068b8", "#c94f00", "#00794f", "#b03a86", "#6a4fc4", "#866500", "#007c8f", "#5f6670"][
      rawValue]
  }

  fileprivate var dark: String {
    ["#58aef0", "#ff9142", "#35c58f", "#f08cc6", "#ab97ff", "#e6c445", "#4cc9da", "#a8b0ba"][
      rawValue]
  }
}

/// The colours of heat maps and what is written on them.
enum Ramp: String {
  /// Below and above a middle.
  case diverging = "d"
  /// From little to much.
  case sequential = "s"

  static let steps = 17

  private var light: [(Double, Double, Double)] {
    self == .diverging
      ? [(0, 84, 166), (244, 244, 241), (184, 72, 0)]
      : [(238, 243, 249), (104, 164, 214), (8, 62, 122)]
  }

  private var dark: [(Double, Double, Double)] {
    self == .diverging
      ? [(104, 184, 255), (36, 40, 46), (255, 158, 84)]
      : [(30, 38, 48), (40, 108, 170), (160, 216, 255)]
  }

  /// Whether what is written on a step has the other colour.
  func isStrong(_ step: Int) -> Bool {
    self == .diverging ? step < 4 || step > 12 : step > 9
  }

  func css(dark: Bool) -> String {
    let stops = dark ? self.dark : light
    return (0..<Ramp.steps).map { step in
      let position = 2 * Double(step) / Double(Ramp.steps - 1)
      let (a, b) = position < 1 ? (stops[0], stops[1]) : (stops[1], stops[2])
      let part = position < 1 ? position : position - 1
      let parts = [(a.0, b.0), (a.1, b.1), (a.2, b.2)].map {
        Int(($0.0 + part * ($0.1 - $0.0)).rounded())
      }
      return ".mc .\(rawValue)\(step){fill:rgb(\(parts[0]),\(parts[1]),\(parts[2]))}"
    }.joined()
  }
}

/// The style that all drawings share; everything is inside of the class `mc`.
enum ChartStyle {
  static let css = base + rule("", false) + dark(rule("", true))
  /// The colours of heat maps besides.
  static let ramps = rampRules(false) + dark(rampRules(true))

  private static let base = """
    .mc{font:22px system-ui,sans-serif;font-variant-numeric:tabular-nums}\
    .mc path{fill:none;stroke-linejoin:round;stroke-linecap:round}\
    .mc .ln{stroke-width:3}.mc .dot{stroke-width:8}.mc .c{stroke-linecap:butt}\
    .mc .grid{stroke-width:1}.mc .axis{stroke-width:2}.mc .level{stroke-width:2;stroke-dasharray:10 8}\
    .mc .quantile{stroke-width:3;stroke-dasharray:8 7}.mc .pale{opacity:.42}.mc .area{opacity:.22}.mc .shade{opacity:.16;stroke:none}\
    .mc .t{font-weight:600}.mc .n{display:none}\
    @media(max-width:860px){.mc{font-size:30px}.mc .ln{stroke-width:4}.mc .dot{stroke-width:9}}\
    @media(max-width:520px){.mc{font-size:42px}.mc .ln{stroke-width:6}.mc .dot{stroke-width:12}\
    .mc .grid{stroke-width:2}.mc .axis,.mc .level{stroke-width:4}.mc .w{display:none}\
    .mc .n{display:inline}}
    """

  private static func dark(_ rules: String) -> String {
    "@media(prefers-color-scheme:dark){\(rules)}"
  }

  private static func rule(_ prefix: String, _ isDark: Bool) -> String {
    let ground = isDark ? "#14171c" : "#ffffff"
    let ink = isDark ? "#e6e9ee" : "#1c2128"
    let soft = isDark ? "#a3acb8" : "#59626e"
    let grid = isDark ? "#2c323b" : "#e3e6ea"
    let axis = isDark ? "#4a525e" : "#b9c0c8"
    let up = isDark ? "#58aef0" : "#0068b8"
    let down = isDark ? "#ff9142" : "#c94f00"
    var css = """
      .mc{background:\(ground)}.mc .bg{fill:\(ground)}.mc text{fill:\(soft)}\
      .mc .t,.mc .b{fill:\(ink)}.mc .grid{stroke:\(grid)}.mc .axis{stroke:\(axis)}\
      .mc .level{stroke:\(axis)}.mc .ink{stroke:\(ink)}.mc .soft,.mc .nan{stroke:\(soft)}\
      .mc .up{stroke:\(up)}.mc .down{stroke:\(down)}.mc .fup{fill:\(up)}.mc .fdown{fill:\(down)}\
      .mc .fink{fill:\(ink)}.mc .inv{fill:\(isDark ? "#14171c" : "#ffffff")}\
      .mc .halo{paint-order:stroke;stroke:\(ground);stroke-width:8px;stroke-linejoin:round}
      """
    for color in ChartColor.allCases {
      let value = isDark ? color.dark : color.light
      css += ".mc .\(color.line){stroke:\(value)}.mc .\(color.fill){fill:\(value)}"
    }
    return css
  }

  private static func rampRules(_ isDark: Bool) -> String {
    Ramp.diverging.css(dark: isDark) + Ramp.sequential.css(dark: isDark)
  }
}
