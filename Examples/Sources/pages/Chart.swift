import Martlet

/// The chart of an indicator: prices with what is drawn over them, and panels for the rest.
struct Chart {
  private let indicator: Indicator
  private let reading: Reading
  /// Outputs by their numbers: over the prices, and of each further panel.
  private var overlay: [Int] = []
  private var panels: [[Int]] = []
  /// Whether the outputs are the prices of bars.
  private var areCandles = false

  private static let slot = 11
  private static let right = 10 + slot * Reading.length
  private static let legend = 40

  init(_ indicator: Indicator, _ reading: Reading) {
    self.indicator = indicator
    self.reading = reading
    if indicator.definition.outputs == ["open", "high", "low", "close"] {
      areCandles = true
      return
    }
    let (top, bottom) = (reading.bars[1].max() ?? 0, reading.bars[2].min() ?? 0)
    for (number, output) in reading.outputs.enumerated() {
      let finite = output.values.filter(\.isFinite)
      // With the defaults some outputs have no values.
      if finite.isEmpty { continue }
      let isNear = finite.allSatisfy { $0 < 2 * top - bottom && $0 > 2 * bottom - top }
      if output.unit == .price, isNear {
        overlay.append(number)
      } else if let place = panels.firstIndex(where: { fits(number, $0) }) {
        panels[place].append(number)
      } else {
        panels.append([number])
      }
    }
  }

  /// Whether an output can be read on the scale of a panel's outputs.
  private func fits(_ number: Int, _ panel: [Int]) -> Bool {
    let output = reading.outputs[number]
    guard panel.allSatisfy({ reading.outputs[$0].unit == output.unit }) else { return false }
    func span(_ range: ClosedRange<Double>) -> Double { range.upperBound - range.lowerBound }
    let others = panel.map { reading.outputs[$0].values }
    let spans = ([output.values] + others).map { span(Scale.range(of: [$0])) }
    let (least, most) = (spans.min() ?? 1, spans.max() ?? 1)
    return most < 8 * least && span(Scale.range(of: others + [output.values])) < 3 * most
  }

  var svg: String {
    var drawing = Drawing(width: Chart.right + 110)
    var top = drawPrices(&drawing)
    for panel in panels { top = draw(panel, &drawing, top) }
    if areCandles { top = drawCandles(&drawing, top) }
    for bar in stride(from: 0, to: Reading.length, by: 30) {
      drawing.text("\(bar)", x: x(bar), y: top + 30, isCentred: bar > 0)
    }
    drawing.text("bars", x: Chart.right + 12, y: top + 30)
    return drawing.svg(title: indicator.definition.title, height: top + 42)
  }

  private func x(_ bar: Int) -> Int { 10 + Chart.slot / 2 + Chart.slot * bar }

  private func drawPrices(_ drawing: inout Drawing) -> Int {
    let bars = reading.bars
    let drawn = overlay.map { reading.outputs[$0].values }
    let scale = Scale(
      range: Scale.range(of: [bars[1], bars[2]] + drawn), top: Chart.legend, height: 380)
    drawAxis(scale, &drawing)
    let readsVolume = indicator.definition.inputs.contains(.field(.volume))
    if readsVolume {
      let most = bars[4].max() ?? 1
      let columns = bars[4].enumerated().map { bar, volume in
        "M\(x(bar)) \(scale.top + scale.height)v-\(Int((volume / most * 90).rounded()))"
      }
      drawing.stroke(columns.joined(), width: 7, opacity: ".3")
    }
    drawBars(bars, Drawing.grey, scale, &drawing)
    drawLines(overlay, scale, &drawing)
    drawing.text(readsVolume ? "price, volume" : "price", x: 10, y: 26)
    drawLegend(overlay, x: readsVolume ? 180 : 90, y: 26, &drawing)
    return scale.top + scale.height
  }

  private func draw(_ panel: [Int], _ drawing: inout Drawing, _ top: Int) -> Int {
    let values = panel.map { reading.outputs[$0].values }
    var range = Scale.range(of: values)
    // Zero belongs to what goes up from it.
    if range.lowerBound > 0, values.joined().contains(where: { $0 == 0 }) {
      range = 0...range.upperBound
    }
    let scale = Scale(range: range, top: top + 20 + Chart.legend, height: 170)
    drawAxis(scale, &drawing)
    drawLines(panel, scale, &drawing)
    drawLegend(panel, x: 10, y: top + 46, &drawing)
    return scale.top + scale.height
  }

  private func drawCandles(_ drawing: inout Drawing, _ top: Int) -> Int {
    let bars = reading.outputs.map(\.values)
    let scale = Scale(range: Scale.range(of: bars), top: top + 20 + Chart.legend, height: 380)
    drawAxis(scale, &drawing)
    drawBars(bars, color(0), scale, &drawing)
    drawing.text(indicator.definition.outputs.joined(separator: ", "), x: 10, y: top + 46)
    return scale.top + scale.height
  }

  /// Open, high, low and close; rising bars are paler.
  private func drawBars(
    _ bars: [[Double]], _ color: String, _ scale: Scale, _ drawing: inout Drawing
  ) {
    for isRise in [true, false] {
      var (wicks, bodies) = ("", "")
      for bar in bars[0].indices where (bars[3][bar] >= bars[0][bar]) == isRise {
        let (open, high) = (scale.y(bars[0][bar]), scale.y(bars[1][bar]))
        let (low, close) = (scale.y(bars[2][bar]), scale.y(bars[3][bar]))
        wicks += "M\(x(bar)) \(high)V\(low)"
        bodies += "M\(x(bar)) \(min(open, close) - 1)V\(max(open, close) + 1)"
      }
      drawing.stroke(wicks, color, width: 2, opacity: isRise ? ".55" : "1")
      drawing.stroke(bodies, color, width: 7, opacity: isRise ? ".55" : "1")
    }
  }

  private func drawAxis(_ scale: Scale, _ drawing: inout Drawing) {
    var grid = ""
    for tick in scale.ticks {
      grid += "M10 \(tick.y)H\(Chart.right)"
      drawing.text(tick.text, x: Chart.right + 12, y: tick.y + 8)
    }
    drawing.stroke(grid, width: 1, opacity: ".35")
    drawing.stroke("M10 \(scale.top + scale.height)H\(Chart.right)", width: 2, opacity: ".6")
  }

  private func drawLegend(_ outputs: [Int], x start: Int, y: Int, _ drawing: inout Drawing) {
    var x = start
    for number in outputs {
      let name = reading.outputs[number].name
      drawing.stroke("M\(x) \(y - 8)h32", color(number), width: 5)
      drawing.text(name, x: x + 42, y: y)
      x += 42 + 13 * name.count + 30
    }
  }

  private func color(_ number: Int) -> String { Drawing.colors[number % Drawing.colors.count] }

  private func drawLines(_ outputs: [Int], _ scale: Scale, _ drawing: inout Drawing) {
    // The first one lies on top.
    for number in outputs.reversed() {
      let output = reading.outputs[number]
      if output.name == "histogram" {
        let zero = scale.y(0)
        let columns = output.values.enumerated().filter { $0.element.isFinite }.map { bar, value in
          "M\(x(bar)) \(zero)V\(scale.y(value))"
        }
        drawing.stroke(columns.joined(), color(number), width: 6)
        continue
      }
      let (line, dots) = path(output.values, scale)
      drawing.stroke(line, color(number), width: 3)
      drawing.stroke(dots, color(number), width: 9, round: true)
    }
  }

  /// Runs of values as lines, single ones as dots.
  private func path(_ values: [Double], _ scale: Scale) -> (line: String, dots: String) {
    var (line, dots) = ("", "")
    for run in values.indices.split(whereSeparator: { !values[$0].isFinite }) {
      let points = run.map { (x($0), scale.y(values[$0])) }
      guard points.count > 1 else {
        dots += "M\(points[0].0) \(points[0].1)h0"
        continue
      }
      line += "M\(points[0].0) \(points[0].1)l"
      for (before, point) in zip(points, points.dropFirst()) {
        let rise = point.1 - before.1
        if line.last?.isNumber == true { line += " " }
        line += "\(Chart.slot)" + (rise < 0 ? "\(rise)" : " \(rise)")
      }
    }
    return (line, dots)
  }
}
