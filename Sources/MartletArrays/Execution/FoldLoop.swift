import CMartletKernels
import MartletCore

/// A fold at the end of a chain, over an index space whose folded axes stand in the middle.
struct FoldLoop {
  let loop: ElementwiseLoop
  let fold: mk_fold
  let outer: Int
  let folded: Int
  let inner: Int

  /// Columns folded at once: what fits a block, or more where rows are read in place.
  private var columnWidth: Int {
    let chain = UnsafeMutablePointer(mutating: loop.chain)
    let last = Int(chain.pointee.rank) - 1
    let leaf = UnsafeMutablePointer(mutating: chain.pointee.leaves!)
    let isInPlace =
      chain.pointee.step_count == 0 && chain.pointee.leaf_count == 1
      && mk_leaf_strides(leaf)[last] == leaf.pointee.size
      && mk_chain_shape(chain)[last] % Int64(inner) == 0
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
    into out: UnsafeMutableRawPointer, resultSize: Int, threads: Int, _ builder: inout LoopBuilder
  ) {
    guard outer * inner > 0 else { return }
    var reduction = mk_reduction(
      chain: loop.chain.pointee, fold: fold, outer: Int64(outer), folded: Int64(folded),
      inner: Int64(inner))
    let (outer, inner, folded) = (outer, inner, folded)
    let size = Int(fold.accumulator_size)
    let finish = fold.finish!
    withUnsafePointer(to: &reduction) { reduction in
      let scratchSize = (Int(mk_reduction_scratch(reduction)) + 63) / 64 * 64
      let partLength = Int(mk_reduction_part(reduction))
      let parts = max(1, (folded + partLength - 1) / partLength)
      let memory = builder.scratch(byteCount: scratchSize + outer * inner * parts * size)
      let scratch = ElementwiseLoop.Scratch(base: memory, byteCount: scratchSize)
      let shared = Shared(reduction: reduction, accumulators: memory + scratchSize, out: out)
      let workers = loop.workers(threads)
      if inner == 1, parts == 1 {
        let step = max(1, outer / (workers * 4))
        ElementwiseLoop.share((outer + step - 1) / step, workers, scratch) { next, scratch in
          while let k = next() {
            let (o, n) = (k * step, min(step, outer - k * step))
            let place = shared.accumulators + o * size
            mk_reduction_rows(shared.reduction, Int64(o), Int64(n), place, scratch)
            finish(place, shared.out + o * resultSize, Int64(n))
          }
        }
      } else {
        let width = inner == 1 ? 1 : min(inner, columnWidth)
        let columns = (inner + width - 1) / width
        let run: @Sendable (Int) -> (o: Int, i: Int, n: Int, part: Int) = { task in
          let (block, part) = task.quotientAndRemainder(dividingBy: parts)
          let (o, column) = block.quotientAndRemainder(dividingBy: columns)
          return (o, column * width, min(width, inner - column * width), part)
        }
        ElementwiseLoop.share(outer * columns * parts, workers, scratch) { next, scratch in
          while let task = next() {
            let (o, i, n, part) = run(task)
            let place = shared.accumulators + ((o * inner + i) * parts + part * n) * size
            mk_reduction_run(
              shared.reduction, Int64(o), Int64(part), Int64(i), Int64(n), place, scratch)
          }
        }
        for block in 0..<outer * columns {
          let (o, i, n, _) = run(block * parts)
          let place = shared.accumulators + (o * inner + i) * parts * size
          mk_reduction_join(reduction, place, Int64(parts), Int64(n))
          finish(place, out + (o * inner + i) * resultSize, Int64(n))
        }
      }
    }
  }
}
