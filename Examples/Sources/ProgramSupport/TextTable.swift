/// Rows of text in aligned columns.
public struct TextTable {
  private let alignRight: [Bool]
  private var rows: [[String]]

  /// A table with a heading; a heading that begins with a space stands over right-aligned text.
  public init(_ heading: [String]) {
    alignRight = heading.map { $0.hasPrefix(" ") }
    rows = [heading.map { $0.hasPrefix(" ") ? String($0.dropFirst()) : $0 }]
  }

  /// Appends a row.
  public mutating func append(_ row: [String]) { rows.append(row) }

  /// The lines, without spaces at their ends.
  public var lines: [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, text) in row.enumerated() {
        let fill = String(repeating: " ", count: widths[column] - text.count)
        line += (column == 0 ? "" : "  ") + (alignRight[column] ? fill + text : text + fill)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

extension TextTable: CustomStringConvertible {
  /// All lines.
  public var description: String { lines.joined(separator: "\n") }
}

extension Double {
  /// With so many digits after the point.
  public func fixed(_ digits: Int) -> String {
    guard isFinite else { return isNaN ? "–" : "\(self)" }
    var power = 1.0
    for _ in 0..<digits { power *= 10 }
    let scaled = (magnitude * power).rounded()
    guard scaled < 1e15 else { return "\(self)" }
    let number = Int(scaled)
    let sign = self < 0 && number > 0 ? "-" : ""
    guard digits > 0 else { return sign + "\(number)" }
    let fraction = "\(number % Int(power))"
    return sign + "\(number / Int(power))."
      + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// Short enough for a column: about five significant digits.
  public var short: String {
    switch magnitude {
    case 1e6...: ParsedMagnitude(self).text
    case 1000...: fixed(1)
    case 10...: fixed(2)
    default: fixed(4)
    }
  }

  /// Nanoseconds in a unit that is easy to read.
  public var asTime: String {
    switch self {
    case ..<1e3: "\(fixed(0)) ns"
    case ..<1e6: "\((self / 1e3).fixed(2)) µs"
    case ..<1e9: "\((self / 1e6).fixed(1)) ms"
    default: "\((self / 1e9).fixed(2)) s"
    }
  }
}

/// A large number with a letter for its power of ten.
private struct ParsedMagnitude {
  let text: String

  init(_ value: Double) {
    let steps: [(Double, String)] = [(1e12, " T"), (1e9, " G"), (1e6, " M")]
    let step = steps.first { value.magnitude >= $0.0 } ?? (1, "")
    text = (value / step.0).fixed(2) + step.1
  }
}

extension Int {
  /// With a comma between groups of three digits.
  public var grouped: String {
    var digits = "\(magnitude)"
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    return (self < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// Bytes in megabytes.
  public var asMegabytes: String { "\((Double(self) / 1e6).fixed(1)) MB" }
}
