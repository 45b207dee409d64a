import Synchronization

/// What Martlet keeps in the process from one call to the next; it has no other state there.
///
/// - Threads without work, which leave by themselves after a tenth of a second.
/// - On Linux the last memory of 4 to 256 MB that an array let go, for the next one of its size.
/// - The last 32 plans of series, without the bars that they ran over.
/// - At most 64 plans of Fourier transforms, of 4 million points together.
/// - At most 1 MB that the last evaluation of arrays worked in.
public enum Caches {
  /// What modules further up keep, said by each when it begins to keep something.
  private static let others = Mutex<[@Sendable () -> Void]>([])

  package static func register(_ clear: @escaping @Sendable () -> Void) {
    others.withLock { $0.append(clear) }
  }

  /// Gives all of it back to the system, except for what is in use at the moment.
  ///
  /// What comes next starts threads and makes plans anew; no result depends on it. OpenBLAS has threads of its own,
  /// which stay.
  /// - Returns: How many bytes of an array were kept.
  @discardableResult
  public static func clear() -> Int {
    WorkerPool.shared.dismiss()
    for clear in others.withLock({ $0 }) { clear() }
    return LargeMemory.giveBack()
  }
}
