public import MartletArrays

/// The returns of many parameter sets, as sums over blocks of time: all that
/// `OverfittingProbability` needs.
///
/// A search fills them while it runs and keeps no return. The blocks are those of `ranges`, or
/// others as long as they are the same for all sets.
///
/// ```swift
/// let ranges = ReturnBlocks.ranges(periods: returns.count)
/// var blocks = try ReturnBlocks(counts: ranges.map(\.count))
/// for returns in sets {
///   try blocks.append(
///     sums: ranges.map { returns[$0].reduce(0, +) },
///     squares: ranges.map { returns[$0].reduce(0) { $0 + $1 * $1 } })
/// }
/// ```
public struct ReturnBlocks: Hashable, Sendable {
  /// How many periods each block has.
  public let counts: [Int]
  /// How many sets there are.
  public private(set) var setCount = 0
  /// Block after block, set after set; a set's are divided by its largest where that is extreme.
  private(set) var sums: [Double] = []
  private(set) var squares: [Double] = []

  /// Periods that a block must have on average.
  static let fewestPeriods = 30

  /// Blocks without a set.
  ///
  /// - Parameter counts: The periods of each block.
  /// - Throws: `DataError` for a number of blocks that is not even or not 2…24, an empty block, or
  ///   fewer than 30 periods a block on average.
  public init(counts: [Int]) throws(DataError) {
    try Self.check(blocks: counts.count)
    if let block = counts.firstIndex(where: { $0 < 1 || $0 > 1 << 48 }) {
      throw DataError(
        .outOfRange, in: "overfitting", at: "block \(block)",
        "\(counts[block]) periods; expected 1 or more")
    }
    let periods = counts.reduce(0, +)
    guard periods >= Self.fewestPeriods * counts.count else {
      throw DataError(
        .outOfRange, in: "overfitting",
        "\(periods) periods in \(counts.count) blocks; expected \(Self.fewestPeriods) a block")
    }
    self.counts = counts
  }

  /// Blocks of the returns of sets, one list of as many periods for each.
  ///
  /// - Throws: `DataError` as in `init(counts:)`, and for lists of different lengths or returns
  ///   that are not finite.
  public init(returns: [[Double]], blocks: Int = 16) throws(DataError) {
    try Self.check(blocks: blocks)
    let ranges = Self.ranges(periods: returns.first?.count ?? 0, blocks: blocks)
    try self.init(counts: ranges.map(\.count), isEmpty: returns.isEmpty)
    for (set, returns) in returns.enumerated() {
      guard returns.count == ranges[blocks - 1].upperBound else {
        throw DataError(
          .wrongShape, in: "overfitting", at: "set \(set)",
          "\(returns.count) periods; expected \(ranges[blocks - 1].upperBound)")
      }
      let safe = SafeFactor(returns)
      guard safe.isFinite else {
        throw DataError(
          .outOfRange, in: "overfitting", at: "set \(set)",
          "a return that is not finite; expected finite ones")
      }
      for range in ranges {
        var (sum, square, lost) = (0.0, 0.0, 0.0)
        for value in returns[range] {
          // Compensated (Kahan 1965), so that equal returns are seen to be equal.
          let scaled = value * safe.value
          let part = scaled - lost
          let next = sum + part
          lost = (next - sum) - part
          sum = next
          square += scaled * scaled
        }
        sums.append(sum)
        squares.append(square)
      }
      setCount += 1
    }
  }

  private init(counts: [Int], isEmpty: Bool) throws(DataError) {
    if isEmpty { throw DataError(.empty, in: "overfitting", "no sets; expected 2 or more") }
    try self.init(counts: counts)
  }

  /// Adds a set.
  ///
  /// - Parameters:
  ///   - sums: The sum of its returns in each block.
  ///   - squares: The sum of their squares. Returns whose deviation is less than a millionth of
  ///     them are taken for equal ones: sums do not tell more.
  /// - Throws: `DataError` for other than one sum of each block, and for sums that are not finite
  ///   or squares below zero; then nothing was added.
  public mutating func append(sums: [Double], squares: [Double]) throws(DataError) {
    guard sums.count == counts.count, squares.count == counts.count else {
      throw DataError(
        .wrongShape, in: "overfitting", at: "set \(setCount)",
        "\(sums.count) sums and \(squares.count) of squares; expected \(counts.count) of each")
    }
    for block in counts.indices
    where !sums[block].isFinite || !(squares[block] >= 0 && squares[block].isFinite) {
      throw DataError(
        .outOfRange, in: "overfitting", at: "set \(setCount), block \(block)",
        "the sum \(sums[block]), of squares \(squares[block]); expected finite ones")
    }
    let largest = max(
      sums.reduce(0) { max($0, $1.magnitude) }, squares.reduce(0, max).squareRoot())
    let factor = SafeFactor.factor(for: largest)
    self.sums += sums.map { $0 * factor }
    self.squares += squares.map { $0 * factor * factor }
    setCount += 1
  }

  /// How periods are cut into blocks whose lengths differ by at most one.
  ///
  /// - Parameters:
  ///   - periods: How many there are, 0 or more.
  ///   - blocks: How many parts, 1 or more.
  public static func ranges(periods: Int, blocks: Int = 16) -> [Range<Int>] {
    require(
      periods >= 0 && blocks >= 1, "ReturnBlocks: \(periods) periods in \(blocks) blocks")
    let (whole, rest) = periods.quotientAndRemainder(dividingBy: blocks)
    var start = 0
    return (0..<blocks).map { block in
      defer { start += whole + (block < rest ? 1 : 0) }
      return start..<start + whole + (block < rest ? 1 : 0)
    }
  }

  private static func check(blocks: Int) throws(DataError) {
    guard blocks >= 2, blocks <= 24, blocks % 2 == 0 else {
      throw DataError(
        .outOfRange, in: "overfitting", "\(blocks) blocks; expected an even number 2…24")
    }
  }
}
