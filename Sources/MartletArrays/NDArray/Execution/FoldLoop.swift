import CMartletKernels

/// A fold at the end of a chain, over an index space whose folded axes stand in the middle.
struct FoldLoop {
  let loop: ElementwiseLoop
  let fold: mk_fold
  let outer: Int
  let folded: Int
  let inner: Int

  /// Columns folded at once: what fits a block, or more where rows are read in place.
  private func columnWidth(_ space: IndexSpace) -> Int {
    let isInPlace =
      loop.steps.isEmpty && loop.leaves.count == 1 && space.strides[0].last == 1
      && space.shape[space.shape.count - 1] % inner == 0
    return isInPlace ? 4 * Int(MK_CHAIN_BLOCK) : Int(MK_CHAIN_BLOCK)
  }

  private struct Shared: @unchecked Sendable {
    let reduction: UnsafePointer<mk_reduction>
    let accumulators: UnsafeMutableRawPointer
    let out: UnsafeMutableRawPointer
  }

  /// One result per outer and inner index to `out`, row-major.
  ///
  /// Parts and their tree depend on the shape alone, so the bits do not depend on `threads`.
  func run(
    over space: IndexSpace, into out: UnsafeMutableRawPointer, resultSize: Int, threads: Int
  ) {
    guard outer * inner > 0 else { return }
    loop.withChain(over: space) { chain in
      var reduction = mk_reduction(
        chain: chain.pointee, fold: fold, outer: Int64(outer), folded: Int64(folded),
        inner: Int64(inner))
      let (outer, inner, folded) = (outer, inner, folded)
      let size = Int(fold.accumulator_size)
      let finish = fold.finish!
      withUnsafePointer(to: &reduction) { reduction in
        let scratchSize = Int(mk_reduction_scratch(reduction))
        let partLength = Int(mk_reduction_part(reduction))
        let parts = max(1, (folded + partLength - 1) / partLength)
        let accumulators = Buffer(uninitializedByteCount: outer * inner * parts * size)
        let shared = Shared(reduction: reduction, accumulators: accumulators.base, out: out)
        let work = space.count * max(1, loop.steps.count)
        let workers = work >= ElementwiseLoop.threadedWork ? threads : 1
        if inner == 1, parts == 1 {
          let step = max(1, outer / (workers * 4))
          Workers.run(items: (outer + step - 1) / step, threads: workers) { next in
            let scratch = Buffer(uninitializedByteCount: scratchSize)
            while let k = next() {
              let (o, n) = (k * step, min(step, outer - k * step))
              let place = shared.accumulators + o * size
              mk_reduction_rows(shared.reduction, Int64(o), Int64(n), place, scratch.base)
              finish(place, shared.out + o * resultSize, Int64(n))
            }
            withExtendedLifetime(scratch) {}
          }
        } else {
          let width = inner == 1 ? 1 : min(inner, columnWidth(space))
          let columns = (inner + width - 1) / width
          let run: @Sendable (Int) -> (o: Int, i: Int, n: Int, part: Int) = { task in
            let (block, part) = task.quotientAndRemainder(dividingBy: parts)
            let (o, column) = block.quotientAndRemainder(dividingBy: columns)
            return (o, column * width, min(width, inner - column * width), part)
          }
          Workers.run(items: outer * columns * parts, threads: workers) { next in
            let scratch = Buffer(uninitializedByteCount: scratchSize)
            while let task = next() {
              let (o, i, n, part) = run(task)
              let place = shared.accumulators + ((o * inner + i) * parts + part * n) * size
              mk_reduction_run(
                shared.reduction, Int64(o), Int64(part), Int64(i), Int64(n), place, scratch.base)
            }
            withExtendedLifetime(scratch) {}
          }
          for block in 0..<outer * columns {
            let (o, i, n, _) = run(block * parts)
            let place = accumulators.base + (o * inner + i) * parts * size
            mk_reduction_join(reduction, place, Int64(parts), Int64(n))
            finish(place, out + (o * inner + i) * resultSize, Int64(n))
          }
        }
        withExtendedLifetime(accumulators) {}
      }
    }
  }
}
