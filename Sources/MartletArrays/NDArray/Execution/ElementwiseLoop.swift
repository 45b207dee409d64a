import CMartletKernels

/// A fused chain of maps: operands are numbered leaves first, then constants, then slots.
struct ElementwiseLoop {
  var leaves: [ArrayMemory]
  var constants: [mk_constant]
  var steps: [mk_chain_step]
  var slotCount: Int
  /// Bytes of the largest element that any operand has.
  var elementSize: Int
  /// Bytes of a resulting element.
  var resultSize: Int

  /// Calls `body` with the chain laid over `space`, whose operands are the leaves.
  func withChain(over space: IndexSpace, _ body: (UnsafePointer<mk_chain>) -> Void) {
    withUnsafeTemporaryAllocation(of: mk_leaf.self, capacity: leaves.count + 1) { raw in
      var copied = 0
      for (k, memory) in leaves.enumerated() {
        let leaf = raw.baseAddress! + k
        let size = memory.dtype.size
        leaf.pointee.base = UnsafePointer(memory.base.assumingMemoryBound(to: CChar.self))
        leaf.pointee.size = Int64(size)
        let isDirect = space.shape.count == 1 && space.strides[k][0] == 1
        leaf.pointee.slot = isDirect ? -1 : Int64(copied)
        if !isDirect { copied += 1 }
        withUnsafeMutableBytes(of: &leaf.pointee.strides) { bytes in
          let strides = bytes.assumingMemoryBound(to: Int64.self)
          for (axis, stride) in space.strides[k].enumerated() {
            strides[axis] = Int64(stride * size)
          }
        }
      }
      withUnsafeTemporaryAllocation(of: mk_chain.self, capacity: 1) { memory in
        let chain = memory.baseAddress!
        chain.pointee.rank = Int64(space.shape.count)
        withUnsafeMutableBytes(of: &chain.pointee.shape) { bytes in
          let shape = bytes.assumingMemoryBound(to: Int64.self)
          for (axis, length) in space.shape.enumerated() { shape[axis] = Int64(length) }
        }
        chain.pointee.leaves = UnsafePointer(raw.baseAddress)
        chain.pointee.leaf_count = Int64(leaves.count)
        chain.pointee.constant_count = Int64(constants.count)
        chain.pointee.copied_leaves = Int64(copied)
        chain.pointee.step_count = Int64(steps.count)
        chain.pointee.slot_count = Int64(slotCount)
        let block = min(Int(MK_CHAIN_BLOCK), max(space.count, 1))
        chain.pointee.slot_size = Int64((block * elementSize + 63) / 64 * 64)
        chain.pointee.result_size = Int64(resultSize)
        constants.withUnsafeBufferPointer { constants in
          steps.withUnsafeBufferPointer { steps in
            chain.pointee.constants = constants.baseAddress
            chain.pointee.steps = steps.baseAddress
            body(UnsafePointer(chain))
          }
        }
      }
    }
    withExtendedLifetime(leaves) {}
  }

  /// Element-steps from which a second thread pays for its start.
  static let threadedWork = 1 << 18

  /// Every element to `out`, which is row-major.
  func run(over space: IndexSpace, into out: UnsafeMutableRawPointer, threads: Int) {
    guard space.count > 0 else { return }
    withChain(over: space) { chain in
      let scratchSize = Int(mk_chain_scratch(chain))
      let work = space.count * max(1, steps.count)
      guard threads > 1, work >= Self.threadedWork else {
        withUnsafeTemporaryAllocation(byteCount: scratchSize, alignment: 64) {
          mk_chain_run(chain, 0, Int64(space.count), out, $0.baseAddress)
        }
        return
      }
      let block = Int(MK_CHAIN_BLOCK)
      let part = max(block, (space.count / (threads * 4) + block - 1) / block * block)
      let parts = (space.count + part - 1) / part
      let shared = Shared(chain: chain, out: out)
      let (count, resultSize) = (space.count, resultSize)
      Workers.run(items: parts, threads: threads) { next in
        let scratch = Buffer(uninitializedByteCount: scratchSize)
        while let k = next() {
          let start = k * part
          mk_chain_run(
            shared.chain, Int64(start), Int64(min(part, count - start)),
            shared.out + start * resultSize, scratch.base)
        }
        withExtendedLifetime(scratch) {}
      }
    }
  }

  /// What threads share for the duration of a run.
  struct Shared: @unchecked Sendable {
    let chain: UnsafePointer<mk_chain>
    let out: UnsafeMutableRawPointer
  }
}

extension mk_constant {
  init(_ scalar: Scalar, _ dtype: ElementType) {
    self.init()
    size = Int64(dtype.size)
    scalar.withBytes(of: dtype) { from in
      withUnsafeMutableBytes(of: &value) { $0.copyMemory(from: from) }
    }
  }

  /// The one element of `memory`.
  init(_ memory: ArrayMemory) {
    self.init()
    size = Int64(memory.dtype.size)
    withUnsafeMutableBytes(of: &value) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: memory.base, count: memory.dtype.size))
    }
  }
}
