/// Stops the program where its author made a mistake, with the reason in release builds too.
///
/// The standard library's `precondition` keeps no text in release builds. What arrives as data is never checked here:
/// it throws `DataError`.
@inlinable @inline(__always)
package func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !_fastPath(condition()) { stop(message(), file, line) }
}

@usableFromInline @inline(never)
package func stop(_ message: String, _ file: StaticString, _ line: UInt) -> Never {
  fatalError(message, file: file, line: line)
}

/// Stops a debug build when an intermediate form breaks one of its rules; a release build does not look.
package func verify(_ problem: @autoclosure () -> String?) {
  assert(
    {
      if let problem = problem() { fatalError("verify: \(problem)") }
      return true
    }())
}
