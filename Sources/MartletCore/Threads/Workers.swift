import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Work for several threads of the process's pool.
package enum Workers {
  static let processorCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// `MARTLET_THREADS`, otherwise one thread per core.
  package static let defaultCount: Int = {
    if let text = environment("MARTLET_THREADS"), let count = Int(text), count > 0 { return count }
    return processorCount
  }()

  /// How many threads a caller asked for; nil for `defaultCount`.
  package static func count(_ threads: Int?) -> Int {
    guard let threads else { return defaultCount }
    require(threads > 0, "threads: \(threads); expected 1 or more, or nil for one per core")
    return threads
  }

  /// Calls `body` on at most `threads` threads, the caller being one; it takes items from `next` until there are none,
  /// or the work is cancelled.
  ///
  /// There are fewer threads where calls beside this one have them; see `WorkerPool`.
  package static func run(
    items count: Int, threads: Int?, cancellation: Cancellation? = nil,
    pool: WorkerPool = .shared, _ body: @escaping @Sendable (_ next: () -> Int?) -> Void
  ) {
    let threads = min(Self.count(threads), count)
    if cancellation?.isRequested == true { return }
    let items = Items(count: count, cancellation: cancellation)
    guard threads > 1 else { return body(items.next) }
    pool.run(threads: threads) { body(items.next) }
  }

  /// Items that threads take one by one.
  private final class Items: Sendable {
    private let taken = Atomic(0)
    private let count: Int
    private let cancellation: Cancellation?

    init(count: Int, cancellation: Cancellation?) {
      self.count = count
      self.cancellation = cancellation
    }

    func next() -> Int? {
      if cancellation?.isRequested == true { return nil }
      let index = taken.add(1, ordering: .relaxed).oldValue
      return index < count ? index : nil
    }
  }

  /// What `value` gives for each of some items, in their order; items that a cancellation left out are missing.
  package static func map<Result: Sendable>(
    _ count: Int, threads: Int?, cancellation: Cancellation? = nil,
    _ value: @escaping @Sendable (_ item: Int) -> Result
  ) -> [Result] {
    // Several at a time: a lock for each of many small ones would cost more than they do.
    let block = max(1, count / (8 * Self.count(threads)))
    let results = Mutex([(first: Int, values: [Result])]())
    run(items: (count + block - 1) / block, threads: threads, cancellation: cancellation) { next in
      while let number = next() {
        let values = (number * block..<min(count, (number + 1) * block)).map(value)
        results.withLock { $0.append((number, values)) }
      }
    }
    return results.withLock { $0 }.sorted { $0.first < $1.first }.flatMap(\.values)
  }
}
