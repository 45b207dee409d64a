import Martlet

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// An option of a program.
public struct Option: Sendable {
  let name: String
  /// What the value is called in the help; nil for a switch without a value.
  let value: String?
  let help: String
  let isRequired: Bool
  var takesSeveral = false

  /// An option with a value.
  public static func value(
    _ name: String, _ value: String, _ help: String, isRequired: Bool = false
  ) -> Option {
    Option(name: name, value: value, help: help, isRequired: isRequired)
  }

  /// An option with one value or more.
  public static func values(
    _ name: String, _ value: String, _ help: String, isRequired: Bool = false
  ) -> Option {
    Option(name: name, value: value, help: help, isRequired: isRequired, takesSeveral: true)
  }

  /// An option that is there or not.
  public static func flag(_ name: String, _ help: String) -> Option {
    Option(name: name, value: nil, help: help, isRequired: false)
  }
}

/// A command-line program: its options, its help and the way it ends.
public struct Program: Sendable {
  let name: String
  let summary: String
  let operands: String?
  let options: [Option]
  let notes: String

  /// A program; `notes` stands at the end of the help, `operands` in its usage where words stand before the options.
  public init(
    _ name: String, _ summary: String, operands: String? = nil, options: [Option],
    notes: String = ""
  ) {
    self.name = name
    self.summary = summary
    self.operands = operands
    self.options = options
    self.notes = notes
  }

  /// Reads the command line, runs `body` and ends the process: 0 when it returns, 2 for input or
  /// arguments that cannot be used, 1 for other failures, which are told in one line.
  public func run(_ body: (Arguments) throws -> Void) -> Never {
    // Output that nobody reads any more is reported as a failed write, not by a signal.
    signal(SIGPIPE, SIG_IGN)
    do {
      let words = Array(CommandLine.arguments.dropFirst())
      if words.contains("--help") || words.contains("-h") {
        print(help)
      } else {
        try body(try Arguments(words, options, hasOperands: operands != nil))
      }
      // A pipe that was closed is no failure; a full disk is.
      if fflush(nil) != 0, errno != EPIPE {
        throw Failure.other("standard output: \(String(cString: strerror(errno)))")
      }
      exit(0)
    } catch let failure as Failure {
      end(failure.description, failure.code)
    } catch let error as DataError {
      end(error.description, 2)
    } catch {
      end("\(error)", 1)
    }
  }

  private func end(_ text: String, _ code: Int32) -> Never {
    ProgressBar.clear()
    fflush(nil)
    var line = Array("\(name): \(text)".onOneLine.utf8)
    line.append(0x0A)
    _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    exit(code)
  }

  /// The text of `--help`.
  var help: String {
    let all = options + [.flag("--help", "Show this text.")]
    let heads = all.map { "  " + $0.name + ($0.value.map { " \($0)" } ?? "") }
    let width = min(26, heads.map(\.count).max() ?? 0)
    let lines = zip(heads, all).map { head, option -> String in
      let margin = "\n" + String(repeating: " ", count: width + 2)
      let text = option.help.split(separator: "\n").joined(separator: margin)
      if head.count > width { return head + margin + text }
      return head + String(repeating: " ", count: width + 2 - head.count) + text
    }
    let usage = options.map { option in
      let text = option.name + (option.value.map { " \($0)" } ?? "")
      return option.isRequired ? text : "[\(text)]"
    }
    return """
      \(summary)

      Usage: \(name) \(((operands.map { [$0] } ?? []) + usage).joined(separator: " "))

      \(lines.joined(separator: "\n"))\(notes.isEmpty ? "" : "\n\n\(notes)")

      Exit status: 0 done; 2 input or arguments that cannot be used; 1 any other failure.
      """
  }
}
