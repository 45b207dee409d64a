public import Martlet

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file of results or of a drawing, told by its name.
public struct MarketFile {
  /// What is in it.
  public enum Format: Sendable { case csv, npz, arrow, svg, html }

  /// As it was given.
  public let path: String
  /// What its name says is in it.
  public let format: Format

  /// A file that an option names.
  public init(_ path: String, option: String, allowed: [Format]) throws(Failure) {
    let name = path.lowercased()
    let found: Format? =
      [.csv, .npz, .arrow, .svg, .html].first { $0.endings.contains { name.hasSuffix($0) } }
    guard let found, allowed.contains(found) else {
      let endings = allowed.flatMap(\.endings)
      throw .badInput(
        "\(option): \(path): unknown kind of file; expected a name ending in "
          + endings.joined(separator: ", "))
    }
    self.path = path
    format = found
  }

  /// Whether both names lead to one file.
  public static func areSame(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(a, &first) == 0, stat(b, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }
}

extension MarketFile.Format {
  fileprivate var endings: [String] {
    switch self {
    case .csv: [".csv"]
    case .npz: [".npz"]
    case .arrow: [".arrow", ".feather"]
    case .svg: [".svg"]
    case .html: [".html"]
    }
  }
}

extension Panel {
  /// Bars in all.
  public var barCount: Int { barCounts.reduce(0, +) }

  /// Bytes of the five fields.
  public var inputBytes: Int { 5 * barCount * dtype.size }

  /// One line: symbols, times, bars.
  public var summary: String {
    let bars = barCount
    let holes = symbols.count * time.count - bars
    return "\(symbols.count.grouped) symbol\(symbols.count == 1 ? "" : "s"), "
      + "\(time.count.grouped) times, \(bars.grouped) bars"
      + (holes > 0 ? " (\(holes.grouped) places without a bar)" : "") + ", \(dtype)"
  }

  /// The symbols with a current bar, and a line about the others, nil without such.
  public func current(within age: MaximumAge?) -> (panel: Panel, note: String?) {
    guard let age else { return (self, nil) }
    let part = symbols(within: age)
    let count = symbols.count - part.symbols.count
    guard count > 0 else { return (part, nil) }
    return (
      part,
      "\(count.grouped) symbol\(count == 1 ? "" : "s") without a bar "
        + (age == .days(0) ? "on the last day" : "in the last \(age)")
        + " left out (--within all keeps them)"
    )
  }

  /// A line broken between words, what follows indented.
  private static func wrapped(_ line: Substring, to width: Int) -> [String] {
    var lines: [String] = []
    var current = ""
    for word in line.split(separator: " ") {
      if !current.isEmpty, current.count + 1 + word.count > width {
        lines.append(current)
        current = "  "
      } else if !current.isEmpty {
        current += " "
      }
      current += word
    }
    return current.isEmpty ? lines : lines + [current]
  }

  /// What reading found, as lines of a report; empty where there was nothing.
  public var findings: [String] {
    report.description.split(separator: "\n").flatMap { Self.wrapped($0, to: 78).map { "  \($0)" } }
  }
}

/// The same bits, or NaN on both sides.
public func sameBits(_ a: Double, _ b: Double) -> Bool {
  a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
}
