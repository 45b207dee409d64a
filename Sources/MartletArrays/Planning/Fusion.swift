/// Peepholes: forms that recur in indicators, replaced by one kernel that computes the same bits.
extension Expression {
  /// A cheaper equal of an operation whose inputs are known, or nil.
  func simplified(_ operation: Operation, _ inputs: [Reference], _ output: Int) -> Reference? {
    nil
  }

  /// One-result rewrites, applied when an entry is made.
  package mutating func rewritten(_ kernel: Kernel, _ inputs: [Reference]) -> Operation? { nil }

  mutating func fusePairs() {}
}
