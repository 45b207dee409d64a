import MartletArrays
public import MartletSeries

/// Returns of months and years, as in a table with a row for every year.
///
/// ```swift
/// let table = try MonthlyReturns(equity: equity, time: time, clock: .newYork)
/// print(table[2024, 3], table.total(of: 2024))
/// ```
public struct MonthlyReturns: Hashable, Sendable {
  /// The years from the first to the last bar.
  public let years: Range<Int>
  /// Twelve returns for each year, from January on, as parts of the capital; NaN for a month
  /// without a bar.
  public let values: [[Double]]
  /// The return of each year; NaN for one without a bar.
  public let totals: [Double]

  /// The return of a month, 1…12, as a part of the capital; NaN where there is none.
  public subscript(year: Int, month: Int) -> Double {
    years.contains(year) && 1...12 ~= month ? values[year - years.lowerBound][month - 1] : .nan
  }

  /// The return of a year; NaN where there is none.
  public func total(of year: Int) -> Double {
    years.contains(year) ? totals[year - years.lowerBound] : .nan
  }

  /// Returns from the last equity of the month or year before to the last of its own.
  ///
  /// The first ones begin at `initial`, or at the first equity. A month after one without a bar
  /// begins where the last one with bars ended. Bars whose equity is NaN are passed over. NaN where
  /// the equity it begins with is not positive. Without any equity there are no years.
  ///
  /// - Parameters:
  ///   - equity: The equity at each bar, in units of money.
  ///   - time: When each bar was, in nanoseconds since 1970 UTC, increasing.
  ///   - clock: Whose months they are.
  ///   - initial: What there was before the first bar.
  /// - Throws: `DataError` for lists of different lengths, times that do not increase, infinite
  ///   values, or a first value that is not positive.
  public init(equity: [Double], time: [Int64], clock: ExchangeClock, initial: Double? = nil)
    throws(DataError)
  {
    try EquityCheck.check(equity, time, in: "monthly returns")
    if let initial, !(initial > 0 && initial.isFinite) {
      throw DataError(
        .outOfRange, in: "monthly returns",
        "an initial equity of \(initial); expected a positive amount")
    }
    let bars = equity.indices.filter { !equity[$0].isNaN }
    guard let first = bars.first, let last = bars.last else {
      (years, values, totals) = (0..<0, [], [])
      return
    }
    func month(_ bar: Int) -> Int { clock.reading(of: time[bar]).month }
    let firstYear = month(first).flooredQuotient(12)
    let count = month(last).flooredQuotient(12) - firstYear + 1
    var values = Array(repeating: Array(repeating: Double.nan, count: 12), count: max(count, 1))
    var totals = Array(repeating: Double.nan, count: max(count, 1))
    var (monthBase, yearBase) = (initial ?? equity[first], initial ?? equity[first])
    var position = 0
    while position < bars.count {
      let number = month(bars[position])
      let end = Self.end(of: position, in: bars) { month($0) == number }
      let value = equity[bars[end - 1]]
      let row = min(max(number.flooredQuotient(12) - firstYear, 0), values.count - 1)
      values[row][number - number.flooredQuotient(12) * 12] = Self.gain(monthBase, value)
      totals[row] = Self.gain(yearBase, value)
      monthBase = value
      position = end
      let isNewYear =
        end < bars.count && month(bars[end]).flooredQuotient(12) != number.flooredQuotient(12)
      if isNewYear { yearBase = value }
    }
    years = 1970 + firstYear..<1970 + firstYear + values.count
    self.values = values
    self.totals = totals
  }

  private static func gain(_ base: Double, _ value: Double) -> Double {
    base > 0 ? value / base - 1 : .nan
  }

  /// Where the bars end that belong together with the one at a position.
  ///
  /// A clock costs more than a comparison: it is asked for few of the bars of a month.
  private static func end(
    of position: Int, in bars: [Int], _ belongs: (_ bar: Int) -> Bool
  ) -> Int {
    var (inside, step) = (position, 1)
    while inside + step < bars.count, belongs(bars[inside + step]) {
      inside += step
      step *= 2
    }
    var outside = min(inside + step, bars.count)
    while outside - inside > 1 {
      let middle = (inside + outside) / 2
      if belongs(bars[middle]) { inside = middle } else { outside = middle }
    }
    return outside
  }
}
