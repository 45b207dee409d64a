import CMartletKernels
import MartletCore

/// A reduction at the end of a chain, over an index space whose reduced axes stand in the middle.
struct ReductionLoop {
  let loop: ElementwiseLoop
  let kernel: mk_array_reduction
  let outer: Int
  let reduced: Int
  let inner: Int

  /// Columns reduced at once: what fits a block, or more where rows are read in place.
  private var columnWidth: Int {
    let chain = UnsafeMutablePointer(mutating: loop.chain)
    let last = Int(chain.pointee.rank) - 1
    let operand = UnsafeMutablePointer(mutating: chain.pointee.operands!)
    let isInPlace =
      chain.pointee.step_count == 0 && chain.pointee.operand_count == 1
      && mk_array_operand_strides(operand)[last] == operand.pointee.size
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
      chain: loop.chain.pointee, kernel: kernel, outer: Int64(outer), reduced: Int64(reduced),
      inner: Int64(inner))
    let (outer, inner, reduced) = (outer, inner, reduced)
    let size = Int(kernel.accumulator_size)
    let finish = kernel.finish!
    withUnsafePointer(to: &reduction) { reduction in
      let scratchSize = (Int(mk_reduction_scratch(reduction)) + 63) / 64 * 64
      let partLength = Int(mk_reduction_part(reduction))
      let parts = max(1, (reduced + partLength - 1) / partLength)
      let memory = builder.scratch(byteCount: scratchSize + outer * inner * parts * size)
      let scratch = ElementwiseLoop.Scratch(base: memory, byteCount: scratchSize)
      let shared = Shared(reduction: reduction, accumulators: memory + scratchSize, out: out)
      let workers = loop.workers(threads)
      if inner == 1, parts == 1 {
        let step = max(1, outer / (workers * 4))
        ElementwiseLoop.share((outer + step - 1) / step, workers, scratch) { next, scratch in
          while let k = next() {
            let (o, n) = (k * step, min(step, outer - k * step))
            let accumulator = shared.accumulators + o * size
            mk_reduction_rows(shared.reduction, Int64(o), Int64(n), accumulator, scratch)
            finish(accumulator, shared.out + o * resultSize, Int64(n))
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
            let accumulator = shared.accumulators + ((o * inner + i) * parts + part * n) * size
            mk_reduction_run(
              shared.reduction, Int64(o), Int64(part), Int64(i), Int64(n), accumulator, scratch)
          }
        }
        for block in 0..<outer * columns {
          let (o, i, n, _) = run(block * parts)
          let accumulator = shared.accumulators + (o * inner + i) * parts * size
          mk_reduction_join(reduction, accumulator, Int64(parts), Int64(n))
          finish(accumulator, out + (o * inner + i) * resultSize, Int64(n))
        }
      }
    }
  }
}
