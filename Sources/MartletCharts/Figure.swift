public import MartletIndicators

/// Something drawn: a self-contained SVG in light and dark colours, which adapts to the width that it is shown at.
public protocol Figure: Sendable {
  /// What it shows; the heading, and what screen readers say.
  var title: String { get }
  /// The drawing as a document, without references to anything outside.
  var svg: String { get }
}

extension Figure {
  /// Writes the drawing to a file: `.svg`, or `.html` for a page that holds nothing else.
  ///
  /// - Throws: `DataError` for another ending, or where the file cannot be written.
  public func write(to path: String) throws(DataError) {
    switch try FigureFile(path) {
    case .svg: try TextFile.write(svg, to: path)
    case .html: try HTMLReport(title, [.figure(self)], heading: false).write(to: path)
    }
  }
}

/// What is in a file, told by its name.
enum FigureFile {
  case svg, html

  init(_ path: String) throws(DataError) {
    let name = path.lowercased()
    if name.hasSuffix(".svg") {
      self = .svg
    } else if name.hasSuffix(".html") || name.hasSuffix(".htm") {
      self = .html
    } else {
      throw DataError(
        .unreadable, in: path, "unknown kind of file; expected a name ending in .svg, .html")
    }
  }
}

/// A figure of this module, which can share the page's style.
protocol StyledFigure: Figure {
  func svg(style: Bool) -> String
}

extension StyledFigure {
  /// The drawing as a document, without references to anything outside.
  public var svg: String { svg(style: true) }
}
