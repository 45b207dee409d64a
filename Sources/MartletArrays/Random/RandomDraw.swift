import CMartletKernels
import MartletCore

/// The random numbers of one instruction set.
package struct RandomKernels: @unchecked Sendable {
  let table: UnsafePointer<mk_random_table>

  package init(_ set: InstructionSet) {
    guard let table = mk_random_table_get(set.rawValue) ?? mk_random_table_get(0) else {
      fatalError("RandomKernels: no table for \(set)")
    }
    self.table = table
  }

  static let current = RandomKernels(.current)

  /// The words of `blocks` blocks from `block` on, four each.
  package func words(seed: UInt64, stream: UInt64, block: UInt64, blocks: Int) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: 4 * blocks) { words, count in
      table.pointee.words(seed, stream, block, Int64(blocks), words.baseAddress)
      count = 4 * blocks
    }
  }
}

/// Independent random numbers: each is a function of seed, stream and its place in row-major order.
package struct RandomDraw: ArrayFunction {
  package enum Distribution: Hashable, Sendable {
    case uniform(low: Double, width: Double)
    case normal(mean: Double, deviation: Double)
    case exponential(scale: Double)
    case gamma(shape: Double, scale: Double)
    /// A range of 0 are all 2^64.
    case integers(first: Int, range: UInt64)
  }

  let seed: UInt64
  let stream: UInt64
  let distribution: Distribution

  package init(seed: UInt64, stream: UInt64, _ distribution: Distribution) {
    (self.seed, self.stream, self.distribution) = (seed, stream, distribution)
  }

  package var name: String { "random" }

  /// Elements from which a second thread pays for its start, and of one part.
  private static let threadedCount = 1 << 16
  private static let part = 1 << 14

  package func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    evaluate(result: result, threads: threads, kernels: .current)
  }

  /// The same on a given instruction set, for tests.
  package func evaluate(result: ResultType, threads: Int, kernels: RandomKernels) -> ArrayMemory {
    let target = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    let count = target.count
    let parts = (count + Self.part - 1) / Self.part
    let isThreaded = threads > 1 && count >= Self.threadedCount
    Workers.run(items: parts, threads: isThreaded ? threads : 1) { next in
      let draw = kernel(result.dtype, kernels)
      var numbers = parameters
      while let k = next() {
        let start = k * Self.part
        draw(
          &numbers, Int64(start), Int64(min(Self.part, count - start)),
          target.base + start * result.dtype.size)
      }
    }
    return target
  }

  private var parameters: mk_random {
    var random = mk_random(seed: seed, stream: stream, a: 0, b: 0, first: 0, range: 0)
    switch distribution {
    case .uniform(let low, let width): (random.a, random.b) = (low, width)
    case .normal(let mean, let deviation): (random.a, random.b) = (mean, deviation)
    case .exponential(let scale): random.a = scale
    case .gamma(let shape, let scale): (random.a, random.b) = (shape, scale)
    case .integers(let first, let range): (random.first, random.range) = (Int64(first), range)
    }
    return random
  }

  private func kernel(_ dtype: ElementType, _ kernels: RandomKernels) -> mk_draw {
    let table = kernels.table.pointee
    let pair: (mk_draw?, mk_draw?) =
      switch distribution {
      case .uniform: table.uniform
      case .normal: table.normal
      case .exponential: table.exponential
      case .gamma: table.gamma
      case .integers: (table.integers, table.integers)
      }
    guard let draw = dtype == .float32 ? pair.1 : pair.0 else {
      fatalError("RandomDraw: no kernel for \(distribution)")
    }
    return draw
  }
}
