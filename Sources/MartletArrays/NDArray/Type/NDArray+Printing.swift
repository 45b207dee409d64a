extension NDArray: CustomStringConvertible {
  /// Shape, dtype and up to eight elements.
  public var description: String {
    let shown = (0..<Swift.min(count, 8)).map { "\(element($0))" }.joined(separator: ", ")
    return "NDArray \(shape) \(dtype): [\(shown)\(count > 8 ? ", …" : "")]"
  }
}
