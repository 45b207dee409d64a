import MartletArrays
import Synchronization

/// Every choice of half of the blocks, and what sets performed in it.
///
/// What is joined from blocks is added up from two tables: the sums of every choice of the first
/// half of the blocks, and those of the other half. So each takes two additions for each sum, and
/// its bits depend neither on the order of the choices nor on threads.
struct SplitTables: Sendable {
  let blocks: ReturnBlocks
  /// Bit b stands for block b; in the order of combinations, so that the one at the same place from
  /// the end has the other blocks.
  let choices: [UInt32]
  /// The periods of each choice.
  let periods: [Double]
  private let half: Int

  /// Sets that are looked at together: their tables are to stay in the cache.
  private static let width = 64
  /// The key of a set whose returns are all equal: it has no Sharpe ratio, and comes last.
  static let none = -Double.infinity

  init(_ blocks: ReturnBlocks) {
    self.blocks = blocks
    let count = blocks.counts.count
    half = count / 2
    choices = Self.choices(of: count / 2, among: count)
    periods = choices.map { choice in
      Double(
        blocks.counts.indices.reduce(0) { $0 + (choice >> $1 & 1 == 1 ? blocks.counts[$1] : 0) })
    }
  }

  /// In the order of their lists of blocks, such as 0 1 2 before 0 1 3.
  private static func choices(of taken: Int, among count: Int) -> [UInt32] {
    var chosen = Array(0..<taken)
    var found: [UInt32] = []
    while true {
      found.append(chosen.reduce(0) { $0 | 1 << UInt32($1) })
      guard let place = chosen.indices.last(where: { chosen[$0] < count - taken + $0 }) else {
        return found
      }
      chosen[place] += 1
      for later in place + 1..<max(taken, place + 1) { chosen[later] = chosen[later - 1] + 1 }
    }
  }

  /// What sets are ordered by: it grows with the Sharpe ratio r as r·|r|, and needs no root.
  @inline(__always)
  private static func key(_ sum: Double, _ square: Double, _ share: Double) -> Double {
    // Less than a millionth of the returns is rounding.
    let spread = square - sum * sum * share
    return spread > 1e-12 * square ? sum * sum.magnitude / spread : none
  }

  /// The Sharpe ratio of one period with a key; NaN where there is none.
  static func sharpe(_ key: Double, periods n: Double) -> Double {
    guard key > none else { return .nan }
    let size = (key.magnitude * (n - 1)).squareRoot() / n
    return key < 0 ? -size : size
  }

  /// The key of a set in a choice, to the bit as in the tables.
  func key(_ set: Int, _ choice: Int) -> Double {
    func joined(_ values: [Double]) -> Double {
      func part(_ range: Range<Int>) -> Double {
        var sum = 0.0
        for block in range.reversed() where choices[choice] >> block & 1 == 1 {
          sum += values[set * 2 * half + block]
        }
        return sum
      }
      return part(0..<half) + part(half..<2 * half)
    }
    return Self.key(joined(blocks.sums), joined(blocks.squares), 1 / periods[choice])
  }

  /// Calls `body` with every part of the sets, every choice, and the keys of that part in it.
  ///
  /// `state` is made once for each thread, and given to `merge` when the thread is done, one after
  /// the other.
  func forEachPart<State>(
    threads: Int?, cancellation: Cancellation, _ state: @escaping @Sendable () -> State,
    _ body:
      @escaping @Sendable (
        inout State, _ first: Int, _ choice: Int, _ keys: UnsafeBufferPointer<Double>
      ) -> Void, merge: @escaping @Sendable (State) -> Void
  ) {
    let parts = (blocks.setCount + Self.width - 1) / Self.width
    let lock = Mutex(())
    Workers.run(items: parts, threads: threads, cancellation: cancellation) { next in
      var own = state()
      var tables = PartTables(half: half, width: Self.width)
      while let part = next() {
        let first = part * Self.width
        let count = min(Self.width, blocks.setCount - first)
        tables.fill(blocks, first, count)
        for (number, choice) in choices.enumerated() {
          tables.setKeys(Int(choice), 1 / periods[number], Self.key)
          body(&own, first, number, UnsafeBufferPointer(start: tables.keys, count: count))
        }
      }
      lock.withLock { _ in merge(own) }
    }
  }
}

/// Sums of all choices of the first and of the second half of the blocks, for some sets side by
/// side.
private struct PartTables: ~Copyable {
  let half: Int
  let width: Int
  let keys: UnsafeMutablePointer<Double>
  private let sums: UnsafeMutablePointer<Double>
  private let squares: UnsafeMutablePointer<Double>

  init(half: Int, width: Int) {
    (self.half, self.width) = (half, width)
    let count = 2 * width << half
    keys = .allocate(capacity: width)
    sums = .allocate(capacity: count)
    squares = .allocate(capacity: count)
    keys.initialize(repeating: 0, count: width)
    sums.initialize(repeating: 0, count: count)
    squares.initialize(repeating: 0, count: count)
  }

  deinit {
    keys.deallocate()
    sums.deallocate()
    squares.deallocate()
  }

  /// The table of sets from `first` on; what is left of the width has zeros.
  mutating func fill(_ blocks: ReturnBlocks, _ first: Int, _ count: Int) {
    fill(sums, blocks.sums, first, count)
    fill(squares, blocks.squares, first, count)
  }

  private func fill(
    _ table: UnsafeMutablePointer<Double>, _ values: [Double], _ first: Int, _ count: Int
  ) {
    for side in 0..<2 {
      let table = table + side * (width << half)
      for choice in 1..<max(2, 1 << half) {
        // The lowest block is added to the sum of the others.
        let block = choice.trailingZeroBitCount
        let (target, source) = (table + choice * width, table + (choice & (choice - 1)) * width)
        for lane in 0..<count {
          target[lane] = source[lane] + values[(first + lane) * 2 * half + side * half + block]
        }
        for lane in count..<width { target[lane] = 0 }
      }
    }
  }

  @inline(__always)
  func setKeys(
    _ choice: Int, _ share: Double, _ key: (Double, Double, Double) -> Double
  ) {
    let low = (choice & (1 << half - 1)) * width
    let high = (choice >> half) * width + (width << half)
    for lane in 0..<width {
      keys[lane] = key(
        sums[low + lane] + sums[high + lane], squares[low + lane] + squares[high + lane], share)
    }
  }
}
