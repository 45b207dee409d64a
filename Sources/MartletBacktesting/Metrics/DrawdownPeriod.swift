public import MartletArrays

/// A time in which the equity was below a peak: from the peak over the trough to the recovery.
public struct DrawdownPeriod: Hashable, Sendable {
  /// The bar of the peak: the last at which the equity was as high as ever before.
  public let start: Int
  /// The bar at which the equity was lowest, the first one of several.
  public let trough: Int
  /// The first bar at which the equity was at or above the peak again; nil where that never came.
  public let recovery: Int?
  /// The equity at the trough over that at the peak, minus 1.
  ///
  /// −0.2 for a fifth lost, below −1 where more was lost than there was.
  public let depth: Double
  /// When the peak was.
  public let startTime: Timestamp
  /// When the trough was.
  public let troughTime: Timestamp
  /// When the equity was back; nil where it never was.
  public let recoveryTime: Timestamp?
  /// Nanoseconds of calendar time from the peak to the recovery, or to the last bar where there is
  /// none.
  public let duration: Int64

  /// Whether the equity came back.
  public var isRecovered: Bool { recovery != nil }

  /// All drawdowns of an equity curve, the deepest first, of equal ones the earliest.
  ///
  /// None for an equity that never falls, or for nothing. Bars whose equity is NaN are passed over.
  ///
  /// - Parameters:
  ///   - equity: The equity at each bar, in units of money.
  ///   - time: When each bar was, in nanoseconds since 1970 UTC, increasing.
  /// - Throws: `DataError` for lists of different lengths, times that do not increase, infinite
  ///   values, or a first value that is not positive.
  public static func drawdowns(equity: [Double], time: [Int64]) throws(DataError)
    -> [DrawdownPeriod]
  {
    try EquityCheck.check(equity, time, in: "drawdowns")
    guard var peak = equity.firstIndex(where: { !$0.isNaN }) else { return [] }
    var found: [DrawdownPeriod] = []
    var lowest: Int?
    var last = peak
    func end(_ recovery: Int?) {
      guard let trough = lowest else { return }
      let (length, isTooLong) = time[recovery ?? last].subtractingReportingOverflow(time[peak])
      found.append(
        DrawdownPeriod(
          start: peak, trough: trough, recovery: recovery, depth: equity[trough] / equity[peak] - 1,
          startTime: Timestamp(nanoseconds: time[peak]),
          troughTime: Timestamp(nanoseconds: time[trough]),
          recoveryTime: recovery.map { Timestamp(nanoseconds: time[$0]) },
          duration: isTooLong ? .max : length))
      lowest = nil
    }
    for bar in peak..<equity.count where !equity[bar].isNaN {
      last = bar
      if equity[bar] >= equity[peak] {
        end(bar)
        peak = bar
      } else if equity[bar] < lowest.map({ equity[$0] }) ?? .infinity {
        lowest = bar
      }
    }
    end(nil)
    return found.sorted { ($0.depth, $0.start) < ($1.depth, $1.start) }
  }
}
