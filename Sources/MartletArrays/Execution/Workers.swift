import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Threads that live as long as one computation.
package enum Workers {
  /// `MARTLET_THREADS`, otherwise one thread per core.
  package static let defaultCount: Int = {
    if let text = environment("MARTLET_THREADS"), let count = Int(text), count > 0 { return count }
    return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }()

  /// How many threads a caller asked for; nil for `defaultCount`.
  package static func count(_ threads: Int?) -> Int {
    guard let threads else { return defaultCount }
    require(threads > 0, "threads: \(threads); expected 1 or more, or nil for one per core")
    return threads
  }

  /// Items that threads take one by one.
  final class Job: Sendable {
    private let next = Atomic(0)
    private let count: Int
    private let cancellation: Cancellation?
    private let body: @Sendable (_ next: () -> Int?) -> Void

    init(
      count: Int, cancellation: Cancellation?,
      body: @escaping @Sendable (_ next: () -> Int?) -> Void
    ) {
      self.count = count
      self.cancellation = cancellation
      self.body = body
    }

    func run() {
      body {
        if self.cancellation?.isRequested == true { return nil }
        let index = self.next.add(1, ordering: .relaxed).oldValue
        return index < self.count ? index : nil
      }
    }
  }

  /// Calls `body` once on each thread; it takes items from `next` until there are none, or the work is cancelled.
  package static func run(
    items count: Int, threads: Int?, cancellation: Cancellation? = nil,
    _ body: @escaping @Sendable (_ next: () -> Int?) -> Void
  ) {
    let threads = Self.count(threads)
    if cancellation?.isRequested == true { return }
    let job = Job(count: count, cancellation: cancellation, body: body)
    let extra = max(0, min(threads, count) - 1)
    var handles: [pthread_t] = []
    // Without a thread the others do its share.
    while handles.count < extra, let handle = start({ job.run() }) { handles.append(handle) }
    job.run()
    for handle in handles { pthread_join(handle, nil) }
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

  /// A thread that runs something, to be joined or detached; nil where the system refuses.
  static func start(_ run: @escaping @Sendable () -> Void) -> pthread_t? {
    #if canImport(Glibc)
      var handle = pthread_t()
    #else
      var handle: pthread_t?
    #endif
    let context = Unmanaged.passRetained(Beginning(run)).toOpaque()
    let status = pthread_create(
      &handle, nil,
      { context in
        #if canImport(Glibc)
          guard let context else { return nil }
        #endif
        Unmanaged<Beginning>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context)
    guard status == 0 else {
      Unmanaged<Beginning>.fromOpaque(context).release()
      return nil
    }
    return handle
  }

  private final class Beginning: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
