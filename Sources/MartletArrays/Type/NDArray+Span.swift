import MartletCore

extension NDArray {
  /// Calls `body` with the elements in row-major order; `Element` must be the array's type.
  ///
  /// Evaluates the array; copies where the elements do not lie in row-major order.
  public func withSpan<Element: ArrayElement, Result, Failure: Error>(
    of type: Element.Type, _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeElements(of: type) { elements throws(Failure) in try body(elements.span) }
  }

  /// Calls `body` with the bytes of the elements in row-major order, `count · dtype.size` of them.
  ///
  /// Evaluates the array; copies where the elements do not lie in row-major order.
  public func withRawSpan<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeBytes { bytes throws(Failure) in try body(bytes.bytes) }
  }
}
