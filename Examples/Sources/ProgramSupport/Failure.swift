/// Why a program ends early: one line, and the exit code that says whose fault it was.
public struct Failure: Error, CustomStringConvertible {
  /// One line: what, where, what is wrong.
  public let description: String
  /// 2 for input or arguments that cannot be used, 1 for everything else.
  public let code: Int32

  /// Input or arguments that cannot be used.
  public static func badInput(_ text: String) -> Failure { Failure(description: text, code: 2) }

  /// Anything else that keeps the program from doing its work.
  public static func other(_ text: String) -> Failure { Failure(description: text, code: 1) }
}

extension String {
  /// On one line: what a file or an argument smuggled in is shown as a question mark.
  var onOneLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : $0 }))
  }
}
