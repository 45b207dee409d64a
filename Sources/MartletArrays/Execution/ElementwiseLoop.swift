import CMartletKernels
import MartletCore

/// A fused chain of maps over `count` elements.
struct ElementwiseLoop {
  let chain: UnsafePointer<mk_chain>
  let count: Int

  /// Bytes of scratch that a thread needs.
  var scratchSize: Int { Int(mk_chain_scratch(chain)) }

  /// Element-steps from which a second thread pays for its start.
  static let threadedWork = 1 << 18

  /// At most as many threads as there is work for.
  func workers(_ threads: Int) -> Int {
    count * max(1, Int(chain.pointee.step_count)) >= Self.threadedWork ? threads : 1
  }

  /// Every element to `out`, which is row-major.
  ///
  /// - Parameter scratch: For one thread; others have their own.
  func run(into out: UnsafeMutableRawPointer, threads: Int, scratch: UnsafeMutableRawPointer) {
    guard count > 0 else { return }
    let workers = workers(threads)
    if workers <= 1 {
      mk_chain_run(chain, 0, Int64(count), out, scratch)
      return
    }
    let block = Int(MK_CHAIN_BLOCK)
    let part = max(block, (count / (workers * 4) + block - 1) / block * block)
    let shared = Shared(chain: chain, out: out)
    let (count, resultSize) = (count, Int(chain.pointee.result_size))
    Self.share(
      (count + part - 1) / part, workers, Scratch(base: scratch, byteCount: scratchSize)
    ) { next, scratch in
      while let k = next() {
        let start = k * part
        mk_chain_run(
          shared.chain, Int64(start), Int64(min(part, count - start)),
          shared.out + start * resultSize, scratch)
      }
    }
  }

  /// What threads share for the duration of a run.
  private struct Shared: @unchecked Sendable {
    let chain: UnsafePointer<mk_chain>
    let out: UnsafeMutableRawPointer
  }

  /// Memory for one thread.
  struct Scratch {
    let base: UnsafeMutableRawPointer
    let byteCount: Int
  }

  /// Calls `body` once on each thread, with scratch of its own.
  static func share(
    _ items: Int, _ threads: Int, _ scratch: Scratch,
    _ body: @escaping @Sendable (_ next: () -> Int?, _ scratch: UnsafeMutableRawPointer) -> Void
  ) {
    if threads <= 1 {
      var next = 0
      body(
        {
          next += 1
          return next <= items ? next - 1 : nil
        }, scratch.base)
      return
    }
    let byteCount = scratch.byteCount
    Workers.run(items: items, threads: threads) { next in
      let scratch = Buffer(uninitializedByteCount: byteCount)
      body(next, scratch.base)
      withExtendedLifetime(scratch) {}
    }
  }
}
