public import MartletIndicators

/// Headings, texts, tables and figures as one page, without scripts and without anything from outside.
///
/// ```swift
/// var report = HTMLReport("Momentum, S&P 500")
/// report.elements += [.table(metrics), .figure(equity, caption: "After costs")]
/// try report.write(to: "report.html")
/// ```
public struct HTMLReport: Sendable {
  /// A part of the page.
  public enum Element: Sendable {
    /// The beginning of a section.
    case heading(String)
    /// A paragraph.
    case text(String)
    /// Rows of text.
    case table(ReportTable)
    /// A chart, heat map or histogram.
    case figure(any Figure, caption: String = "")
  }

  /// The heading of the page.
  public let title: String
  /// What follows it, in order.
  public var elements: [Element]
  private let hasHeading: Bool

  /// A page.
  public init(_ title: String, _ elements: [Element] = []) {
    self.init(title, elements, heading: true)
  }

  init(_ title: String, _ elements: [Element], heading: Bool) {
    self.title = title
    self.elements = elements
    hasHeading = heading
  }

  /// The page.
  public var html: String {
    let parts = elements.map { element -> String in
      switch element {
      case .heading(let text): "<h2>\(text.escaped)</h2>"
      case .text(let text): "<p>\(text.escaped)</p>"
      case .table(let table): table.html
      case .figure(let figure, let caption):
        "<figure>\n\((figure as? any StyledFigure)?.svg(style: false) ?? figure.svg)"
          + (caption.isEmpty ? "" : "<figcaption>\(caption.escaped)</figcaption>\n") + "</figure>"
      }
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width,initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title.escaped)</title>
      <style>\(HTMLReport.css)\(ChartStyle.css)\(ChartStyle.ramps)</style>
      </head>
      <body>
      \(hasHeading ? "<h1>\(title.escaped)</h1>\n" : "")\(parts.joined(separator: "\n"))
      </body>
      </html>

      """
  }

  /// Writes the page to a file.
  ///
  /// - Throws: `DataError` where the file cannot be written.
  public func write(to path: String) throws(DataError) { try TextFile.write(html, to: path) }

  private static let css = """
    body{font:16px/1.5 system-ui,sans-serif;max-width:1080px;margin:0 auto;padding:1rem;\
    background:#fff;color:#1c2128;overflow-wrap:anywhere}\
    h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.2rem;margin-top:2rem}\
    figure{margin:1rem 0}figure svg{display:block;width:100%;height:auto}\
    figcaption{color:#59626e;font-size:.9rem}\
    .table{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}\
    th,td{padding:.25rem .75rem .25rem 0;text-align:left;white-space:nowrap;\
    border-bottom:1px solid #e3e6ea}th{font-weight:600}.r{text-align:right}\
    @media(prefers-color-scheme:dark){body{background:#14171c;color:#e6e9ee}\
    figcaption{color:#a3acb8}th,td{border-color:#2c323b}}
    """
}

/// A table of a report: columns in which every cell is a number are aligned to the right.
public struct ReportTable: Sendable {
  /// The headings.
  public let columns: [String]
  /// As many cells as there are headings in each row.
  public let rows: [[String]]

  /// A table.
  public init(_ columns: [String], rows: [[String]]) {
    require(
      rows.allSatisfy { $0.count == columns.count },
      "ReportTable: a row of another length than the \(columns.count) columns")
    self.columns = columns
    self.rows = rows
  }

  fileprivate var html: String {
    let isNumeric = columns.indices.map { column in
      !rows.isEmpty && rows.allSatisfy { $0[column].looksNumeric }
    }
    func line(_ cells: [String], _ tag: String) -> String {
      let parts = zip(cells, isNumeric).map { cell, isNumeric in
        "<\(tag)\(isNumeric ? " class=\"r\"" : "")>\(cell.escaped)</\(tag)>"
      }
      return "<tr>\(parts.joined())</tr>"
    }
    return """
      <div class="table"><table>
      <thead>\(line(columns, "th"))</thead>
      <tbody>
      \(rows.map { line($0, "td") }.joined(separator: "\n"))
      </tbody></table></div>
      """
  }
}

extension String {
  /// A number with a sign or a currency before it and a unit behind it; nothing and dashes count, too.
  fileprivate var looksNumeric: Bool {
    if isEmpty || self == "–" || self == "-" { return true }
    guard let first = first(where: { !"+-−±$€£ .".contains($0) }) else { return false }
    return first.isNumber && unicodeScalars.count { $0.properties.isAlphabetic } <= 3
  }
}
