#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rows of text in aligned columns, for terminals and logs.
///
/// ```swift
/// var table = TextTable(["symbol", " close", " rsi"])   // a space in front: to the right
/// table.append(["AAPL", "229.87", "61.20"])
/// print(table.fitted())
/// ```
///
/// Columns are as wide as their longest text; letters that take two places in a terminal are counted as one.
public struct TextTable: Sendable {
  private let isRight: [Bool]
  private var rows: [[String]]

  /// A table with a heading; a heading that begins with a space stands over right-aligned text.
  public init(_ heading: [String]) {
    isRight = heading.map { $0.hasPrefix(" ") }
    rows = [heading.map { $0.hasPrefix(" ") ? String($0.dropFirst()) : $0 }]
  }

  /// Appends a row of as many texts as the heading has.
  public mutating func append(_ row: [String]) {
    require(
      row.count == isRight.count, "TextTable: \(row.count) texts for \(isRight.count) columns")
    rows.append(row)
  }

  /// The lines, without spaces at their ends.
  public var lines: [String] { lines(of: Array(rows[0].indices)) }

  /// The lines with as many columns as a width holds, from both ends; `…` stands for those in the middle.
  public func lines(width: Int) -> [String] {
    let widths = widths
    let gap = 3
    guard widths.reduce(0, { $0 + $1 + 2 }) - 2 > width, widths.count > 2 else { return lines }
    var (first, last) = ([0], [Int]())
    var left = width - widths[0] - gap
    var (front, back) = (1, widths.count - 1)
    while front <= back {
      // The first column names the rows; the others come from the end and the beginning in turn.
      let takesBack = last.count < first.count
      let column = takesBack ? back : front
      left -= widths[column] + 2
      if left < 0 { break }
      if takesBack { last.insert(back, at: 0) } else { first.append(front) }
      if takesBack { back -= 1 } else { front += 1 }
    }
    return lines(of: first.map { Int?($0) } + [nil] + last.map { Int?($0) })
  }

  /// The table for the terminal that it is printed in: `COLUMNS`, or the terminal's width, or 100.
  public func fitted() -> String { lines(width: Self.terminalWidth).joined(separator: "\n") }

  private var widths: [Int] {
    rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  }

  private func lines(of columns: [Int?]) -> [String] {
    let widths = widths
    return rows.map { row in
      var line = ""
      for (index, column) in columns.enumerated() {
        if index > 0 { line += "  " }
        guard let column else {
          line += "…"
          continue
        }
        let text = row[column]
        let fill = String(repeating: " ", count: widths[column] - text.count)
        line += isRight[column] ? fill + text : text + fill
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// Columns of the terminal.
  public static var terminalWidth: Int {
    if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), columns > 0 {
      return columns
    }
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return 100
  }
}

extension TextTable: CustomStringConvertible {
  /// All lines, whole.
  public var description: String { lines.joined(separator: "\n") }
}

extension TextTable {
  /// A number for a column: so many significant digits, NaN as `–`.
  package static func number(_ value: Double, digits: Int = 6) -> String {
    if value.isNaN { return "–" }
    guard value.isFinite else { return value < 0 ? "-∞" : "∞" }
    if value == value.rounded(), value.magnitude < 1e15 { return "\(Int(value))" }
    var (power, scale) = (0, value.magnitude)
    while scale >= 10 { (power, scale) = (power + 1, scale / 10) }
    while scale < 1 { (power, scale) = (power - 1, scale * 10) }
    guard -5..<15 ~= power else { return "\(value)" }
    return value.fixedText(max(0, digits - 1 - power)) ?? "\(value)"
  }

  /// A few places at both ends of a range; nil stands for what is left out between them.
  package static func ends(_ count: Int, atMost most: Int) -> [Int?] {
    guard count > most else { return Array(0..<count) }
    return (0..<most / 2).map { Int?($0) } + [nil] + (count - most / 2..<count).map { Int?($0) }
  }
}
