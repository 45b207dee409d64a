/// Bars beside each other at equal distances; more than there is room for share columns.
struct BarAxis {
  let count: Int
  let left: Int
  let width: Int

  var right: Int { left + width }

  /// The place of a bar.
  func x(_ bar: Int) -> Int { left + (2 * bar + 1) * width / (2 * max(count, 1)) }

  /// The bar at or before a place of the axis' own kind.
  struct Column {
    let bars: Range<Int>
    let x: Int
  }

  /// The width of a bar.
  var pitch: Double { Double(width) / Double(max(count, 1)) }

  /// Columns that are at least so wide, each with its bars.
  func columns(atLeast least: Int = 1) -> some RandomAccessCollection<Column> {
    let number = max(min(count, width / least), 0)
    return (0..<number).lazy.map { column in
      Column(
        bars: column * count / number..<(column + 1) * count / number,
        x: left + (2 * column + 1) * width / (2 * number))
    }
  }

  /// How wide the columns of `columns(atLeast:)` are.
  func columnWidth(atLeast least: Int = 1) -> Double {
    Double(width) / Double(max(min(count, width / least), 1))
  }
}

extension BarAxis {
  /// A line through values: runs of them as lines, single ones as dots, nothing where there are none.
  ///
  /// Where several bars share a column the line goes through its lowest and its highest value.
  func line(_ values: [Double], _ scale: ValueScale) -> (line: SVGPath, dots: SVGPath) {
    var (line, dots) = (SVGPath(), SVGPath())
    var run: [(x: Int, y: Int)] = []
    func end() {
      if run.count == 1 {
        dots.dot(run[0].x, run[0].y)
      } else if let first = run.first {
        line.move(first.x, first.y)
        for point in run.dropFirst() { line.line(point.x, point.y) }
      }
      run.removeAll(keepingCapacity: true)
    }
    func add(_ x: Int, _ value: Double) {
      guard let y = scale.position(value) else { return }
      if let last = run.last, last == (x, y) { return }
      run.append((x, y))
    }
    for column in columns() {
      var (low, high) = (-1, -1)
      for bar in column.bars where scale.holds(values[bar]) {
        if low < 0 || values[bar] < values[low] { low = bar }
        if high < 0 || values[bar] > values[high] { high = bar }
      }
      if low < 0 || !scale.holds(values[column.bars.lowerBound]) { end() }
      guard low >= 0 else { continue }
      add(column.x, values[min(low, high)])
      add(column.x, values[max(low, high)])
      if !scale.holds(values[column.bars.upperBound - 1]) { end() }
    }
    end()
    return (line, dots)
  }

  /// Columns from a base to values; where several bars share one, to the value furthest from the base.
  func bars(_ values: [Double], from base: Double, _ scale: ValueScale) -> SVGPath {
    var path = SVGPath()
    guard
      let bottom = scale.position(min(max(base, scale.range.lowerBound), scale.range.upperBound))
    else { return path }
    for column in columns() {
      var (low, high) = (base, base)
      var isEmpty = true
      for bar in column.bars where scale.holds(values[bar]) {
        isEmpty = false
        low = min(low, values[bar])
        high = max(high, values[bar])
      }
      guard !isEmpty, let top = scale.position(high) else { continue }
      let end = scale.position(low) ?? bottom
      guard top != end else { continue }
      path.move(column.x, high > base ? top : bottom)
      path.line(column.x, low < base ? end : bottom)
    }
    return path
  }
}

extension ValueScale {
  /// Whether a value has a place.
  func holds(_ value: Double) -> Bool { value.isFinite && (!isLogarithmic || value > 0) }
}
