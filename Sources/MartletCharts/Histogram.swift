import MartletIndicators

/// How values are distributed, with their quantiles marked.
///
/// ```swift
/// let figure = Histogram("Daily returns", returns, quantiles: [0.05, 0.5, 0.95])
/// ```
///
/// Values that are not finite are left out, and counted below the drawing.
public struct Histogram: StyledFigure {
  /// The heading.
  public let title: String
  private let sorted: [Double]
  private let missing: Int
  private let quantiles: [Double]
  private let counts: [Int]
  private let range: ClosedRange<Double>
  private let outside: Int

  /// - Parameters:
  ///   - bins: How many columns there are; by default after D. Freedman and P. Diaconis (1981), 10 to 120.
  ///   - quantiles: Parts from 0 to 1.
  ///   - range: The values that have columns; by default all.
  public init(
    _ title: String, _ values: [Double], bins: Int? = nil, quantiles: [Double] = [0.05, 0.5, 0.95],
    range: ClosedRange<Double>? = nil
  ) {
    require(bins.map { 1...1000 ~= $0 } ?? true, "Histogram: \(bins ?? 0) bins; expected 1…1000")
    require(quantiles.allSatisfy { 0...1 ~= $0 }, "Histogram: quantiles \(quantiles); expected 0…1")
    require(
      range.map { $0.lowerBound.isFinite && $0.upperBound.isFinite } ?? true,
      "Histogram: a range without an end")
    self.title = title
    self.quantiles = quantiles.sorted()
    sorted = values.filter(\.isFinite).sorted()
    missing = values.count - sorted.count
    var (low, high) = (sorted.first ?? 0, sorted.last ?? 1)
    if let range { (low, high) = (range.lowerBound, range.upperBound) }
    if low == high {
      let half = low == 0 ? 0.5 : max(low.magnitude * 0.5, .leastNormalMagnitude)
      (low, high) = (
        max(low - half, -.greatestFiniteMagnitude), min(high + half, .greatestFiniteMagnitude)
      )
    }
    self.range = low...high
    // Halves, so that the span of the largest numbers is finite.
    let span = high * 0.5 - low * 0.5
    var number = bins ?? 10
    if bins == nil, sorted.count > 1 {
      let middle = Histogram.quantile(sorted, 0.75) * 0.5 - Histogram.quantile(sorted, 0.25) * 0.5
      let width = 2 * middle / Histogram.cubeRoot(Double(sorted.count))
      number = width > 0 ? Int(min(max((span / width).rounded(.up), 10), 120)) : 30
    }
    var counts = [Int](repeating: 0, count: number)
    for value in sorted where low <= value && value <= high {
      counts[min(Int(self.range.part(of: value) * Double(number)), number - 1)] += 1
    }
    self.counts = counts
    outside = sorted.count - counts.reduce(0, +)
  }

  private static func cubeRoot(_ value: Double) -> Double {
    var root = max(value, 1)
    // Newton's method from above.
    for _ in 0..<100 { root = (2 * root + value / (root * root)) / 3 }
    return root
  }

  /// Between the two nearest values, as NumPy's `quantile`.
  private static func quantile(_ sorted: [Double], _ part: Double) -> Double {
    guard let last = sorted.indices.last else { return .nan }
    let position = part * Double(last)
    let index = min(Int(position), last)
    let rest = position - Double(index)
    return rest == 0 ? sorted[index] : sorted[index] * (1 - rest) + sorted[index + 1] * rest
  }

  func svg(style: Bool) -> String {
    var drawing = SVGDrawing()
    let row = SVGDrawing.row
    let room = SVGDrawing.width - 2 * SVGDrawing.left
    drawing.text(SVGDrawing.fitted(title, to: room), x: SVGDrawing.left, y: 42, "t")
    let rows = LegendItem.rows(of: legend)
    for (line, items) in rows.enumerated() { drawing.legend(items, y: 42 + (line + 1) * row) }
    let marks = sorted.isEmpty ? [] : quantiles.map { ($0, Histogram.quantile(sorted, $0)) }
    let most = counts.max() ?? 0
    let top = 20 + (rows.count + 1) * row
    let plot = top + labelRows(marks) * row + 10
    let height = 520
    let heights = ValueScale(0...Double(max(most, 1)) * 1.04, top: plot, height: height)
    let ticks = heights.ticks(atMost: 5).filter { $0.value == $0.value.rounded() }
    let widest = ticks.map { SVGDrawing.width(of: $0.text) }.max() ?? 0
    let right = SVGDrawing.width - SVGDrawing.left - max(widest, 60) - 24
    let scale = ValueScale(range, from: SVGDrawing.left, to: right)

    var grid = SVGPath()
    for tick in ticks {
      grid.move(SVGDrawing.left, tick.position)
      grid.line(right, tick.position)
      drawing.text(tick.text, x: right + 12, y: tick.position + 10)
    }
    drawing.path(grid, "grid")
    var columns = SVGPath()
    let width = right - SVGDrawing.left
    for (bin, count) in counts.enumerated() where count > 0 {
      let left = SVGDrawing.left + bin * width / counts.count
      let end = SVGDrawing.left + (bin + 1) * width / counts.count
      let y = min(heights.position(Double(count)) ?? plot, plot + height - 2)
      columns.rectangle(
        left, y, max(end - left - (counts.count < 200 ? 2 : 0), 1), plot + height - y)
    }
    drawing.path(columns, ChartColor.blue.fill)
    var axis = SVGPath()
    axis.move(SVGDrawing.left, plot + height)
    axis.line(right, plot + height)
    drawing.path(axis, "axis")
    drawValues(scale, y: plot + height + 46, &drawing)
    drawQuantiles(marks, scale, top: top, plot: plot, bottom: plot + height, right: right, &drawing)
    return drawing.svg(
      title: title, description: legend.map { "\($0.name) \($0.value)" }.joined(separator: ", "),
      height: plot + height + row + 18, style: style)
  }

  private var legend: [LegendItem] {
    var items = [LegendItem(name: "values", value: sorted.count.grouped)]
    if !sorted.isEmpty {
      let count = Double(sorted.count)
      let mean = sorted.reduce(0) { $0 + $1 / count }
      let variance = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / count }
      items.append(LegendItem(name: "mean", value: mean.short))
      items.append(LegendItem(name: "std", value: variance.squareRoot().short))
    }
    if outside > 0 { items.append(LegendItem(name: "outside", value: outside.grouped)) }
    if missing > 0 { items.append(LegendItem(name: "not finite", value: missing.grouped)) }
    return items
  }

  private func drawValues(_ scale: ValueScale, y: Int, _ drawing: inout SVGDrawing) {
    for (names, font) in [("w", SVGDrawing.font), ("n", SVGDrawing.fontNarrow)] {
      let most = (1...12).last { count in
        let ticks = scale.ticks(atMost: count)
        return zip(ticks, ticks.dropFirst()).allSatisfy { a, b in
          let room =
            SVGDrawing.width(of: a.text, font: font) + SVGDrawing.width(of: b.text, font: font)
          return b.position - a.position > room / 2 + font
        }
      }
      drawing.begin(names)
      for tick in scale.ticks(atMost: most ?? 1) {
        let half = SVGDrawing.width(of: tick.text, font: font) / 2
        drawing.text(
          tick.text, x: max(tick.position, SVGDrawing.left + half), y: y, anchor: .middle)
      }
      drawing.end()
    }
  }

  // MARK: Quantiles

  private func text(_ mark: (part: Double, value: Double)) -> String {
    let percent = mark.part * 100
    let digits = percent == percent.rounded() ? 0 : 1
    return "\(percent.fixed(digits))% \(mark.value.short)"
  }

  /// Labels lie in rows of their own, since quantiles may be near to each other.
  private func labelRows(_ marks: [(Double, Double)]) -> Int { min(marks.count, 3) }

  private func drawQuantiles(
    _ marks: [(Double, Double)], _ scale: ValueScale, top: Int, plot: Int, bottom: Int, right: Int,
    _ drawing: inout SVGDrawing
  ) {
    let rows = labelRows(marks)
    var lines = SVGPath()
    var ends = [Int](repeating: Int.min, count: rows)
    for (number, mark) in marks.enumerated() where range.contains(mark.1) {
      guard let x = scale.position(mark.1) else { continue }
      let label = text(mark)
      let width = SVGDrawing.width(of: label)
      let row = number % rows
      let y = top + (row + 1) * SVGDrawing.row
      lines.move(x, y - 34)
      lines.line(x, bottom)
      // To the right of its line where there is room.
      let left = x + 12 + width <= SVGDrawing.width ? x + 12 : x - 12 - width
      guard left > ends[row] else { continue }
      ends[row] = left + width
      drawing.text(label, x: left, y: y - 8, "b halo")
    }
    drawing.path(lines, "quantile ink")
  }
}
