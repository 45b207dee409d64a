import MartletCore

/// The first `count` places of a random order of 0..<n (Fisher and Yates 1938, from the front): the more are
/// asked for, the more follow.
struct RandomOrder: ArrayFunction {
  let seed: UInt64
  let stream: UInt64
  let n: Int

  var name: String { "permutation" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let target = ArrayMemory(uninitialized: result.shape, dtype: .int64)
    let count = target.count
    let indices = UnsafeMutableBufferPointer(
      start: target.base.assumingMemoryBound(to: Int64.self), count: count)
    var words = BoundedWords(seed: seed, stream: stream)
    if count < n / 16 {
      // Only what was moved is noted.
      var moved: [Int: Int] = [:]
      for k in 0..<count {
        let other = k + words.next(below: n - k)
        indices[k] = Int64(moved[other] ?? other)
        moved[other] = moved[k] ?? k
      }
      return target
    }
    guard count == n else {
      var all = (0..<n).map(Int64.init)
      for k in 0..<count {
        all.swapAt(k, k + words.next(below: n - k))
        indices[k] = all[k]
      }
      return target
    }
    for k in 0..<n { indices[k] = Int64(k) }
    for k in 0..<max(0, n - 1) { indices.swapAt(k, k + words.next(below: n - k)) }
    return target
  }
}

/// Unbiased whole numbers below bounds that change, one after the other.
private struct BoundedWords {
  let seed: UInt64
  let stream: UInt64
  private var words: [UInt32] = []
  private var drawn = 0
  private static let blocks = 512

  init(seed: UInt64, stream: UInt64) {
    self.seed = seed
    self.stream = stream
  }

  private func word(_ words: [UInt32], _ index: Int) -> UInt64 {
    UInt64(words[2 * index]) << 32 | UInt64(words[2 * index + 1])
  }

  /// Multiplication with rejection (Lemire 2019); a rejected word's successors are in blocks of their own.
  mutating func next(below bound: Int) -> Int {
    let index = drawn % (2 * Self.blocks)
    if index == 0 {
      words = RandomKernels.current.words(
        seed: seed, stream: stream, block: UInt64(drawn / 2), blocks: Self.blocks)
    }
    let range = UInt64(bound)
    var product = word(words, index).multipliedFullWidth(by: range)
    var attempt: UInt64 = 1
    while product.low < range, product.low < (0 &- range) % range, attempt <= 0xffff {
      let again = RandomKernels.current.words(
        seed: seed, stream: stream, block: UInt64(drawn / 2) | attempt << 48, blocks: 1)
      product = word(again, drawn % 2).multipliedFullWidth(by: range)
      attempt += 1
    }
    drawn += 1
    return Int(product.high)
  }
}

/// Places drawn by cumulative weights (input 0) from uniform numbers (input 1).
struct WeightedIndices: ArrayFunction {
  var name: String { "weightedChoice" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let (sums, uniform) = (inputs[0].contiguous, inputs[1].contiguous)
    let target = ArrayMemory(uninitialized: result.shape, dtype: .int64)
    let (n, count) = (sums.count, target.count)
    let part = 1 << 12
    Workers.run(items: (count + part - 1) / part, threads: threads) { next in
      let sums = sums.base.assumingMemoryBound(to: Double.self)
      let uniform = uniform.base.assumingMemoryBound(to: Double.self)
      let indices = target.base.assumingMemoryBound(to: Int64.self)
      while let item = next() {
        for k in item * part..<min(count, (item + 1) * part) {
          // The first sum above; the last place with a weight if rounding leaves none.
          let value = uniform[k] * sums[n - 1]
          var (low, high) = (0, n)
          while low < high {
            let middle = (low + high) / 2
            if sums[middle] > value { high = middle } else { low = middle + 1 }
          }
          if low == n {
            low = n - 1
            while low > 0, sums[low - 1] == sums[n - 1] { low -= 1 }
          }
          indices[k] = Int64(low)
        }
      }
    }
    return target
  }
}

/// Places without repetition in the order in which weights (input 0) win a race of exponential waiting
/// times (input 1), which is that of drawing one after the other (Efraimidis and Spirakis 2006).
struct WeightedOrder: ArrayFunction {
  var name: String { "weightedOrder" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let (weights, waits) = (inputs[0].contiguous, inputs[1].contiguous)
    let target = ArrayMemory(uninitialized: result.shape, dtype: .int64)
    let w = weights.base.assumingMemoryBound(to: Double.self)
    let t = waits.base.assumingMemoryBound(to: Double.self)
    let indices = target.base.assumingMemoryBound(to: Int64.self)
    let order = (0..<weights.count).filter { w[$0] > 0 }
      .map { (time: t[$0] / w[$0], index: $0) }
      .sorted { ($0.time, $0.index) < ($1.time, $1.index) }
    for k in 0..<target.count { indices[k] = Int64(order[k].index) }
    withExtendedLifetime((weights, waits)) {}
    return target
  }
}
