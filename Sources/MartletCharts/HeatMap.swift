public import MartletIndicators

/// A matrix in colours: correlations, returns by month, results by parameters.
///
/// ```swift
/// let map = HeatMap("Correlation", rows: names, columns: names, values: matrix, colors: .diverging(around: 0))
/// ```
///
/// Cells without a finite value are hatched. Matrices with more cells than can be told apart are drawn by the means of
/// neighbouring ones.
public struct HeatMap: StyledFigure {
  /// How values become colours.
  public enum Colors: Hashable, Sendable {
    /// From little to much.
    case sequential
    /// Two colours, below and above a middle.
    case diverging(around: Double)
  }

  /// The heading.
  public let title: String
  private let rows: [String]
  private let columns: [String]
  private let values: [[Double]]
  private let colors: Colors
  private let range: ClosedRange<Double>

  /// - Parameters:
  ///   - values: One array per row, with one value per column.
  ///   - range: The values of the outermost colours; by default those of the data. Around a middle both sides are
  ///     equally long.
  public init(
    _ title: String, rows: [String], columns: [String], values: [[Double]],
    colors: Colors = .sequential, range: ClosedRange<Double>? = nil
  ) {
    require(
      values.count == rows.count && values.allSatisfy { $0.count == columns.count },
      "HeatMap: \(values.count) rows of \(values.first?.count ?? 0) values; expected \(rows.count) of \(columns.count)"
    )
    (self.title, self.rows, self.columns, self.colors) = (title, rows, columns, colors)
    self.values = values
    let finite = values.joined().filter(\.isFinite)
    var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    if let range { (low, high) = (range.lowerBound, range.upperBound) }
    if case .diverging(let middle) = colors {
      require(middle.isFinite, "HeatMap: colours around \(middle)")
      let reach = max(high - middle, middle - low, 0)
      (low, high) = (middle - reach, middle + reach)
    }
    low = max(low, -.greatestFiniteMagnitude)
    high = min(high, .greatestFiniteMagnitude)
    self.range = low < high ? low...high : low - 0.5...low + 0.5
  }

  /// The same for a matrix `[rows, columns]`.
  public init(
    _ title: String, rows: [String], columns: [String], values: NDArray,
    colors: Colors = .sequential, range: ClosedRange<Double>? = nil
  ) {
    require(
      values.shape == [rows.count, columns.count],
      "HeatMap: values of the shape \(values.shape); expected \([rows.count, columns.count])")
    let flat = values.asType(.float64).doubles
    self.init(
      title, rows: rows, columns: columns,
      values: rows.indices.map {
        Array(flat[$0 * columns.count..<($0 + 1) * columns.count])
      }, colors: colors, range: range)
  }

  /// More cells along a side are drawn by means.
  private static let most = 120

  func svg(style: Bool) -> String {
    var drawing = SVGDrawing()
    let (row, font) = (SVGDrawing.row, SVGDrawing.fontNarrow)
    drawing.text(
      SVGDrawing.fitted(title, to: SVGDrawing.width - 2 * SVGDrawing.left), x: SVGDrawing.left,
      y: 42, "t")
    let labels = rows.map { SVGDrawing.fitted($0, to: 340) }
    let left = SVGDrawing.left + (labels.map { SVGDrawing.width(of: $0) }.max() ?? 0) + 16
    let width = SVGDrawing.width - SVGDrawing.left - left
    let cell = Double(width) / Double(max(columns.count, 1))
    let heads = columns.map { SVGDrawing.fitted($0, to: 340) }
    let widest = heads.map { SVGDrawing.width(of: $0) }.max() ?? 0
    let isTurned = Double(widest + 4) > cell
    let top = row + 16 + (isTurned ? widest + 10 : row)
    // Rows are as high as text where there are few, and less where there are many.
    let height = min(rows.count * 64, max(1400, rows.count * 2))
    func x(_ column: Int) -> Int { left + column * width / max(columns.count, 1) }
    func y(_ line: Int) -> Int { top + line * height / max(rows.count, 1) }

    let note = drawCells(&drawing, x, y)
    for (names, size) in [("w", SVGDrawing.font), ("n", font)] {
      drawing.begin(names)
      let everyRow = max(1, (rows.count * (size + 4) + height - 1) / max(height, 1))
      for line in stride(from: 0, to: rows.count, by: everyRow) {
        drawing.text(
          labels[line], x: left - 12, y: (y(line) + y(line + 1)) / 2 + size / 3, anchor: .end)
      }
      let everyColumn = isTurned ? max(1, Int((Double(size + 4) / cell).rounded(.up))) : 1
      for column in stride(from: 0, to: columns.count, by: everyColumn) {
        let middle = (x(column) + x(column + 1)) / 2
        if isTurned {
          drawing.text(heads[column], x: middle + size / 3, y: top - 10, turned: true)
        } else {
          drawing.text(heads[column], x: middle, y: top - 12, anchor: .middle)
        }
      }
      drawing.end()
    }
    drawScale(&drawing, y: top + height + 24, note)
    return drawing.svg(
      title: title,
      description: "\(rows.count) × \(columns.count)" + (note.isEmpty ? "" : ", " + note),
      height: top + height + 24 + 30 + row + 16, style: style, ramps: true)
  }

  private var ramp: Ramp { colors == .sequential ? .sequential : .diverging }

  private func step(_ value: Double) -> Int {
    Int((range.part(of: value) * Double(Ramp.steps - 1)).rounded())
  }

  /// Draws the cells, and says where one stands for several.
  private func drawCells(
    _ drawing: inout SVGDrawing, _ x: (Int) -> Int, _ y: (Int) -> Int
  ) -> String {
    let (down, across) = (min(rows.count, Self.most), min(columns.count, Self.most))
    var cells = [SVGPath](repeating: SVGPath(), count: Ramp.steps)
    var hatching = SVGPath()
    var written: [(text: String, x: Int, y: Int, names: String)] = []
    let texts = numbers(width: x(1) - x(0), height: y(1) - y(0))
    for line in 0..<down {
      let lines = line * rows.count / down..<(line + 1) * rows.count / down
      for position in 0..<across {
        let part = position * columns.count / across..<(position + 1) * columns.count / across
        let (left, top) = (x(part.lowerBound), y(lines.lowerBound))
        let (right, bottom) = (x(part.upperBound), y(lines.upperBound))
        // One unit of ground between cells that are large.
        let gap = min(right - left, bottom - top) > 24 ? 2 : 0
        guard let value = mean(lines, part) else {
          hatching.hatch(left, top, right - left - gap, bottom - top - gap)
          continue
        }
        let step = step(value)
        cells[step].rectangle(left, top, right - left - gap, bottom - top - gap)
        if let texts {
          written.append(
            (
              texts[line][position], (left + right - gap) / 2, (top + bottom - gap) / 2 + 13,
              ramp.isStrong(step) ? "inv" : "b"
            ))
        }
      }
    }
    for (step, path) in cells.enumerated() { drawing.path(path, "\(ramp.rawValue)\(step)") }
    drawing.path(hatching, "nan", width: 2)
    for one in written { drawing.text(one.text, x: one.x, y: one.y, one.names, anchor: .middle) }
    let isReduced = down < rows.count || across < columns.count
    return isReduced
      ? "means of about \((rows.count + down / 2) / down) × \((columns.count + across / 2) / across)"
      : ""
  }

  private func mean(_ lines: Range<Int>, _ part: Range<Int>) -> Double? {
    if lines.count == 1, part.count == 1 {
      let value = values[lines.lowerBound][part.lowerBound]
      return value.isFinite ? value : nil
    }
    var (sum, count) = (0.0, 0)
    for line in lines {
      for value in values[line][part] where value.isFinite {
        sum += value / Double(lines.count * part.count)
        count += 1
      }
    }
    return count == 0 ? nil : sum * (Double(lines.count * part.count) / Double(count))
  }

  /// What is written into the cells; nil where they are too small.
  private func numbers(width: Int, height: Int) -> [[String]]? {
    guard rows.count <= Self.most, columns.count <= Self.most, height >= SVGDrawing.fontNarrow + 4
    else { return nil }
    let span = range.upperBound - range.lowerBound
    let step = ValueScale.step(for: span / 100)
    let texts = values.map { $0.map { $0.isFinite ? $0.tick(step: step) : "" } }
    let widest = texts.joined().map { SVGDrawing.width(of: $0) }.max() ?? 0
    return widest + 10 <= width ? texts : nil
  }

  private func drawScale(_ drawing: inout SVGDrawing, y: Int, _ note: String) {
    let width = 44
    let left = SVGDrawing.left
    for step in 0..<Ramp.steps {
      var path = SVGPath()
      path.rectangle(left + step * width, y, width, 26)
      drawing.path(path, "\(ramp.rawValue)\(step)")
    }
    let end = left + Ramp.steps * width
    let middle = range.lowerBound * 0.5 + range.upperBound * 0.5
    // Three digits are enough to tell colours.
    let step = ValueScale.step(for: range.upperBound * 0.01 - range.lowerBound * 0.01)
    drawing.text(range.lowerBound.tick(step: step), x: left, y: y + 70)
    drawing.text(middle.tick(step: step), x: (left + end) / 2, y: y + 70, anchor: .middle)
    drawing.text(range.upperBound.tick(step: step), x: end, y: y + 70, anchor: .end)
    if values.joined().contains(where: { !$0.isFinite }) {
      var path = SVGPath()
      path.hatch(end + 60, y, 2 * width, 26)
      drawing.path(path, "nan", width: 2)
      drawing.text("no value", x: end + 60, y: y + 70)
    }
    if !note.isEmpty {
      drawing.text(note, x: SVGDrawing.width - left, y: y + 70, anchor: .end)
    }
  }
}

extension SVGPath {
  /// Lines from lower left to upper right.
  fileprivate mutating func hatch(_ x: Int, _ y: Int, _ width: Int, _ height: Int) {
    guard width > 0, height > 0 else { return }
    for start in stride(from: 10, to: width + height, by: 20) {
      // From the left or lower edge to the upper or right one.
      let (fromX, fromY) = start <= height ? (x, y + start) : (x + start - height, y + height)
      let (toX, toY) = start <= width ? (x + start, y) : (x + width, y + start - width)
      move(fromX, fromY)
      line(toX, toY)
    }
  }
}
