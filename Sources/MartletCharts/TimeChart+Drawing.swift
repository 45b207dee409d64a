import MartletIndicators

extension TimeChart {
  func svg(style: Bool) -> String {
    ChartLayout(self).svg(style: style)
  }
}

/// Where the parts of a chart lie, and how they are drawn.
struct ChartLayout {
  private let chart: TimeChart
  private let axis: BarAxis
  private var panes: [Placed] = []
  private var subtitle: String
  private let headHeight: Int
  private let bottom: Int

  private struct Placed {
    let pieces: [(piece: ChartPane.Piece, color: ChartColor)]
    let levels: [Double]
    let legend: [[LegendItem]]
    /// Where the legend begins.
    let top: Int
    let height: Int
    let scale: ValueScale
    let ticks: [(position: Int, value: Double, text: String)]

    var plotTop: Int { top + legend.count * SVGDrawing.row + 10 }
    var plotBottom: Int { plotTop + height }
  }

  private static let volumePart = 0.17
  /// Candles are at least so wide.
  private static let candleWidth = 5
  private static let roomForCandles = 7.0

  init(_ chart: TimeChart) {
    self.chart = chart
    let pieces = chart.panes.flatMap(\.pieces)
    // What is drawn ahead of the last bar; nothing that is ahead by more than the chart is long.
    let ahead = min(max(pieces.map(\.shift).max() ?? 0, 0), chart.shown.count)
    let count = chart.shown.count + ahead
    subtitle = chart.time.isEmpty ? "" : spanText(chart.time[chart.shown], chart.clock) + " · "
    subtitle += chart.shown.isEmpty ? "no bars" : "\(chart.shown.count.grouped) bars"
    if chart.shown.isEmpty { subtitle = "no bars" }
    // As wide as a plot is whose labels are short.
    let merged = (chart.shown.count * ChartLayout.candleWidth + 1239) / 1240
    if case .candles = chart.prices?.style, merged > 1 { subtitle += ", \(merged) in a candle" }
    let room = SVGDrawing.width - 2 * SVGDrawing.left
    let isOneRow =
      SVGDrawing.width(of: chart.title) + SVGDrawing.width(of: subtitle) + 60 <= room
    headHeight = isOneRow ? SVGDrawing.row + 8 : 2 * SVGDrawing.row + 8

    // Scales know their labels before they know their place; labels say how wide the plot is.
    var top = headHeight
    var widest = 0
    for (number, pane) in chart.panes.enumerated() {
      let isFirst = number == 0
      let values = pane.pieces.map { ChartLayout.shifted($0, chart.shown, ahead) }
      let legend = LegendItem.rows(of: ChartLayout.legend(pane, chart, isFirst: isFirst))
      let height = isFirst ? (chart.prices == nil && chart.panes.count == 1 ? 560 : 640) : 240
      let colors = ChartLayout.colors(pane.pieces, from: isFirst && chart.prices != nil ? 2 : 0)
      let plotTop = top + legend.count * SVGDrawing.row + 10
      let (scale, ticks) = ChartLayout.scale(
        pane, values, chart, isFirst: isFirst, top: plotTop, height: height)
      let drawn = zip(values, colors).map { ($0.0, $0.1) }
      panes.append(
        Placed(
          pieces: drawn, levels: pane.levels, legend: legend, top: top, height: height,
          scale: scale, ticks: ticks))
      widest = max(widest, ticks.map { SVGDrawing.width(of: $0.text) }.max() ?? 0)
      top = plotTop + height + 14
    }
    bottom = top - 14
    axis = BarAxis(
      count: count, left: SVGDrawing.left,
      width: SVGDrawing.width - SVGDrawing.left - max(widest, 60) - 24)
  }

  // MARK: Layout

  /// A piece with one value per place of the axis.
  private static func shifted(_ piece: ChartPane.Piece, _ shown: Range<Int>, _ ahead: Int)
    -> ChartPane.Piece
  {
    func part(_ values: [Double]) -> [Double] {
      if piece.shift == 0 {
        return Array(values[shown]) + [Double](repeating: .nan, count: ahead)
      }
      return (shown.lowerBound..<shown.upperBound + ahead).map { position in
        let bar = position - piece.shift
        return values.indices.contains(bar) ? values[bar] : .nan
      }
    }
    var kind = piece.kind
    if case .candles(let bars) = kind { kind = .candles(bars.map(part)) }
    return ChartPane.Piece(
      name: piece.name, kind: kind, values: part(piece.values), color: piece.color,
      group: piece.group)
  }

  private static func colors(_ pieces: [ChartPane.Piece], from start: Int) -> [ChartColor] {
    var next = start
    return pieces.map { piece in
      if let color = piece.color { return color }
      defer { next += 1 }
      return ChartColor.allCases[next % ChartColor.allCases.count]
    }
  }

  private static func legend(_ pane: ChartPane, _ chart: TimeChart, isFirst: Bool) -> [LegendItem] {
    func last(_ values: [Double]) -> String {
      values[chart.shown].last { $0.isFinite }?.short ?? "–"
    }
    var items: [LegendItem] = []
    if !pane.title.isEmpty { items.append(LegendItem(name: pane.title)) }
    if isFirst, let prices = chart.prices {
      items.append(LegendItem(name: "close", value: last(prices.fields[3])))
      if prices.showsVolume {
        items.append(LegendItem(name: "volume", value: last(prices.fields[4])))
      }
    }
    let colors = colors(pane.pieces, from: isFirst && chart.prices != nil ? 2 : 0)
    var group = ""
    for (piece, color) in zip(pane.pieces, colors) {
      if piece.group != group, !piece.group.isEmpty { items.append(LegendItem(name: piece.group)) }
      group = piece.group
      if case .candles = piece.kind {
        items.append(LegendItem(name: piece.name, value: last(piece.values)))
      } else {
        items.append(
          LegendItem(name: piece.name, value: last(piece.values), color: color.fill))
      }
    }
    if isFirst {
      items += chart.shades.map { LegendItem(name: $0.name, color: "pale " + $0.color.fill) }
    }
    return items
  }

  private static func scale(
    _ pane: ChartPane, _ pieces: [ChartPane.Piece], _ chart: TimeChart, isFirst: Bool, top: Int,
    height: Int
  ) -> (ValueScale, [(position: Int, value: Double, text: String)]) {
    var drawn = pane
    drawn.pieces = pieces
    var values = drawn.drawnValues
    let prices = isFirst ? chart.prices : nil
    if let prices {
      values += [1, 2, 3].map { Array(prices.fields[$0][chart.shown]) }
    }
    let range =
      pane.fixedRange
      ?? ValueScale.range(of: values, including: drawn.drawnLevels, logarithmic: pane.isLogarithmic)
    var (below, above) = (0.0, 0.0)
    if prices?.showsVolume == true { below = volumePart + 0.02 }
    if isFirst, !chart.marks.isEmpty { (below, above) = (below + 0.08, 0.08) }
    let plain = ValueScale(range, logarithmic: pane.isLogarithmic, top: top, height: height)
    let count = height > 400 ? 6 : 4
    guard below + above > 0 else { return (plain, plain.ticks(atMost: count)) }
    // The values take what volumes and marks leave.
    let low = top + height - Int(below * Double(height))
    let scale = ValueScale(
      range, logarithmic: pane.isLogarithmic, from: low, to: top + Int(above * Double(height)))
    return (scale, scale.ticks(atMost: count))
  }

  // MARK: Drawing

  func svg(style: Bool) -> String {
    var drawing = SVGDrawing()
    drawHead(&drawing)
    drawShades(&drawing)
    drawGrid(&drawing)
    for (number, pane) in panes.enumerated() {
      if number == 0 { drawPrices(pane, &drawing) }
      // The first one lies on top.
      for (piece, color) in pane.pieces.reversed() { draw(piece, color, pane, &drawing) }
      if number == 0 { drawMarks(pane, &drawing) }
      for (row, items) in pane.legend.enumerated() {
        drawing.legend(items, y: pane.top + 38 + row * SVGDrawing.row)
      }
    }
    let names = panes.flatMap { $0.pieces.map(\.piece.name) }
    return drawing.svg(
      title: chart.title,
      description: subtitle + (names.isEmpty ? "" : "; " + names.joined(separator: ", ")),
      height: bottom + SVGDrawing.row + 18, style: style)
  }

  private func drawHead(_ drawing: inout SVGDrawing) {
    let room = SVGDrawing.width - 2 * SVGDrawing.left
    drawing.text(
      SVGDrawing.fitted(chart.title, to: room), x: SVGDrawing.left, y: 42, "t")
    if headHeight > 2 * SVGDrawing.row {
      drawing.text(
        SVGDrawing.fitted(subtitle, to: room), x: SVGDrawing.left, y: 42 + SVGDrawing.row)
    } else {
      drawing.text(subtitle, x: SVGDrawing.width - SVGDrawing.left, y: 42, anchor: .end)
    }
  }

  private func drawShades(_ drawing: inout SVGDrawing) {
    for shade in chart.shades {
      let isOn = shade.isOn[chart.shown]
      var path = SVGPath()
      var start: Int?
      let width = max(1, axis.columnWidth(atLeast: 2))
      func end(_ x: Int) {
        guard let begin = start else { return }
        start = nil
        for pane in panes { path.rectangle(begin, pane.plotTop, max(x - begin, 1), pane.height) }
      }
      for column in axis.columns(atLeast: 2) {
        let left = column.x - Int(width / 2)
        let isShaded = column.bars.contains { bar in
          bar < isOn.count && isOn[isOn.startIndex + bar]
        }
        if isShaded, start == nil { start = left }
        if !isShaded { end(left) }
      }
      end(axis.right)
      drawing.path(path, "shade \(shade.color.fill)")
    }
  }

  private func drawGrid(_ drawing: inout SVGDrawing) {
    var (grid, lines, levels) = (SVGPath(), SVGPath(), SVGPath())
    for pane in panes {
      for tick in pane.ticks {
        grid.move(axis.left, tick.position)
        grid.line(axis.right, tick.position)
        drawing.text(tick.text, x: axis.right + 12, y: tick.position + 10)
      }
      for level in pane.levels {
        guard let position = pane.scale.position(level) else { continue }
        levels.move(axis.left, position)
        levels.line(axis.right, position)
      }
      lines.move(axis.left, pane.plotBottom)
      lines.line(axis.right, pane.plotBottom)
    }
    drawing.path(grid, "grid")
    for (names, font) in [("w", SVGDrawing.font), ("n", SVGDrawing.fontNarrow)] {
      let ticks =
        chart.time.isEmpty
        ? numberTicks(axis, font: font)
        : TimeTicks(chart.time[chart.shown], chart.clock, axis).ticks(font: font)
      drawing.begin(names)
      var grid = SVGPath()
      for tick in ticks {
        for pane in panes {
          grid.move(tick.x, pane.plotTop)
          grid.line(tick.x, pane.plotBottom)
        }
        drawing.text(tick.text, x: tick.textX, y: bottom + 46, anchor: .middle)
      }
      drawing.path(grid, "grid")
      drawing.end()
    }
    drawing.path(lines, "axis")
    drawing.path(levels, "level")
  }

  private func draw(
    _ piece: ChartPane.Piece, _ color: ChartColor, _ pane: Placed, _ drawing: inout SVGDrawing
  ) {
    let width = max(1, Int(axis.columnWidth() * 0.62))
    switch piece.kind {
    case .candles(let bars):
      drawCandles(bars, pane.scale, &drawing)
      return
    case .columns:
      drawing.path(
        axis.bars(piece.values, from: 0, pane.scale), "c \(color.line)", width: width)
      return
    case .area:
      drawing.path(
        axis.bars(piece.values, from: 0, pane.scale), "c area \(color.line)",
        width: Int(axis.columnWidth().rounded(.up)))
    case .line: break
    }
    let (line, dots) = axis.line(piece.values, pane.scale)
    drawing.path(line, "ln \(color.line)")
    drawing.path(dots, "dot \(color.line)")
  }

  private func drawPrices(_ pane: Placed, _ drawing: inout SVGDrawing) {
    guard let prices = chart.prices else { return }
    let empty = [Double](repeating: .nan, count: axis.count - chart.shown.count)
    let fields = prices.fields.map { Array($0[chart.shown]) + empty }
    if prices.showsVolume {
      let most = fields[4].reduce(0) { $1.isFinite ? max($0, $1) : $0 }
      let height = Int(ChartLayout.volumePart * Double(pane.height))
      let scale = ValueScale(0...most, top: pane.plotBottom - height, height: height)
      drawing.path(
        axis.bars(fields[4], from: 0, scale), "c pale soft",
        width: max(1, Int(axis.columnWidth() * 0.62)))
    }
    let isCandles =
      switch prices.style {
      case .automatic: axis.pitch >= ChartLayout.roomForCandles
      case .candles: true
      case .line: false
      }
    if isCandles {
      drawCandles(Array(fields[..<4]), pane.scale, &drawing)
    } else {
      let (line, dots) = axis.line(fields[3], pane.scale)
      drawing.path(line, "ln ink")
      drawing.path(dots, "dot ink")
    }
  }

  /// Open, high, low and close; several bars together where they would be too narrow.
  private func drawCandles(
    _ bars: [[Double]], _ scale: ValueScale, _ drawing: inout SVGDrawing
  ) {
    var wicks = [SVGPath(), SVGPath()]
    var bodies = [SVGPath(), SVGPath()]
    for column in axis.columns(atLeast: ChartLayout.candleWidth) {
      let present = column.bars.filter { bar in bars.allSatisfy { scale.holds($0[bar]) } }
      guard let first = present.first, let last = present.last,
        let high = present.map({ bars[1][$0] }).max(), let low = present.map({ bars[2][$0] }).min(),
        let top = scale.position(high), let bottom = scale.position(low),
        let open = scale.position(bars[0][first]), let close = scale.position(bars[3][last])
      else { continue }
      let kind = bars[3][last] >= bars[0][first] ? 0 : 1
      wicks[kind].move(column.x, top)
      wicks[kind].line(column.x, bottom)
      bodies[kind].move(column.x, min(open, close) - 1)
      bodies[kind].line(column.x, max(open, close) + 1)
    }
    let width = max(2, Int(axis.columnWidth(atLeast: ChartLayout.candleWidth) * 0.7))
    for (kind, name) in ["up", "down"].enumerated() {
      drawing.path(wicks[kind], "c \(name)", width: 2)
      drawing.path(bodies[kind], "c \(name)", width: width)
    }
  }

  // MARK: Marks

  private func drawMarks(_ pane: Placed, _ drawing: inout SVGDrawing) {
    let indices = chart.marks.compactMap { mark in bar(of: mark).map { (bar: $0, mark: mark) } }
      .sorted { $0.bar < $1.bar }
    var (up, down, notes) = (SVGPath(), SVGPath(), SVGPath())
    // The end of the last arrow and of the last text, below the bars and above.
    var ends = [(Int.min, Int.min), (Int.min, Int.min)]
    for (bar, mark) in indices {
      let x = axis.x(bar - chart.shown.lowerBound)
      let isBelow = mark.kind == .buy
      let side = isBelow ? 0 : 1
      guard x >= ends[side].0, let y = position(of: bar, isBelow: isBelow, pane) else { continue }
      ends[side].0 = x + 14
      switch mark.kind {
      case .buy: up.triangle(x, y + 8, 22)
      case .sell: down.triangle(x, y - 8, -22)
      case .note: notes.dot(x, y - 16)
      }
      let text = SVGDrawing.fitted(mark.text, to: 400)
      // Bold text is wider.
      let half = SVGDrawing.width(of: text) * 6 / 11
      let middle = min(max(x, axis.left + half), max(axis.right - half, axis.left + half))
      guard !text.isEmpty, middle - half > ends[side].1 else { continue }
      ends[side].1 = middle + half + 12
      drawing.text(
        text, x: middle, y: isBelow ? y + 66 : y - 38, "t halo", anchor: .middle)
    }
    drawing.path(up, "fup")
    drawing.path(down, "fdown")
    drawing.path(notes, "dot ink")
  }

  /// The bar that a mark stands at; nil where that is not drawn.
  private func bar(of mark: ChartMark) -> Int? {
    var bar = Int(clamping: mark.time)
    if !chart.time.isEmpty {
      // The first bar that is later.
      var (low, high) = (0, chart.time.count)
      while low < high {
        let middle = (low + high) / 2
        if chart.time[middle] <= mark.time { low = middle + 1 } else { high = middle }
      }
      bar = low - 1
    }
    return chart.shown.contains(bar) ? bar : nil
  }

  /// Where something beside a bar begins; the last value before it where the bar has none.
  private func position(of bar: Int, isBelow: Bool, _ pane: Placed) -> Int? {
    let values =
      chart.prices?.fields[isBelow ? 2 : 1] ?? chart.panes[0].pieces.first?.values ?? []
    guard bar < values.count else { return nil }
    let value = values[chart.shown.lowerBound...bar].last { pane.scale.holds($0) }
    return value.flatMap { pane.scale.position($0) }
  }
}

extension SVGPath {
  /// A triangle with its tip at a place, downwards from there, upwards for a height below zero.
  fileprivate mutating func triangle(_ x: Int, _ y: Int, _ height: Int) {
    move(x, y)
    line(x - 12, y + height)
    line(x + 12, y + height)
    line(x, y)
  }
}
