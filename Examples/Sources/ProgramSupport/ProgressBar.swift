#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A line on the terminal that says how far the work is; silent where standard error is a file.
public struct ProgressBar {
  private static let isTerminal = isatty(2) == 1
  private let title: String
  private var shown = -1
  private let begin = ContinuousClock().now

  /// A bar for one piece of work.
  public init(_ title: String) { self.title = title }

  /// Shows the part that is done, 0…1.
  public mutating func show(_ part: Double) {
    guard ProgressBar.isTerminal else { return }
    let percent = Int(max(0, min(1, part)) * 100)
    guard percent != shown else { return }
    shown = percent
    let full = percent * 30 / 100
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: 30 - full)
    ProgressBar.put("\r\u{1B}[2K\(title) \(bar) \(percent) %\(timeLeft(part))")
  }

  /// How long it will still take, once that can be said.
  private func timeLeft(_ part: Double) -> String {
    let spent = (ContinuousClock().now - begin) / .seconds(1)
    guard spent > 2, part > 0.01, part < 1 else { return "" }
    let left = Int((spent / part * (1 - part)).rounded(.up))
    return left < 120 ? ", \(left) s left" : ", \((left + 59) / 60) min left"
  }

  /// Takes the line away.
  public static func clear() {
    if isTerminal { put("\r\u{1B}[2K") }
  }

  private static func put(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  }
}
