import MartletArrays
import MartletIO

/// How equal values share their places in a rank.
public enum RankTies: String, Hashable, Sendable, CaseIterable {
  /// Each gets the mean of the places.
  case average
  /// Each gets the lowest of the places.
  case minimum
  /// Each gets the highest of the places.
  case maximum
  /// Each distinct value takes one place; places are divided by the number of distinct values.
  case dense
}

/// Values beside those of all other symbols at the same time.
///
/// A symbol counts at a time if its value there is a finite number; one without a bar at that time is not there,
/// counts nowhere and gets NaN, and so does one whose value is undefined. The result goes on as a series of each
/// symbol's own bars, so that `rank().sma(10)` is the mean of a symbol's last ten ranks.
///
/// With `by:` the symbols are compared within groups: those whose codes are equal at that time; NaN is no group. A
/// group, or a market, of fewer than `minimum` members has no values. Warm-up: that of the series. Sums do
/// not depend on the order of symbols. Cost per bar: that of sorting for `rank`, constant for the others.
///
/// In streams the values of a time exist once its row is complete: see ``BarStream/update(_:for:)``.
extension Series {
  /// The place among the symbols, from the lowest value on, divided by their number: in (0, 1].
  ///
  /// As pandas' `rank(axis=1, pct=True)`.
  public func rank(
    ties: RankTies = .average, by groups: Series? = nil, minimum: Int = 1
  ) -> Series {
    var section = CrossSection(.rank)
    section.ties =
      switch ties {
      case .average: .average
      case .minimum: .minimum
      case .maximum: .maximum
      case .dense: .dense
      }
    return across(section, groups, minimum)
  }

  /// Standard deviations from the mean of the symbols; 0 where all are equal, as in a group of one.
  ///
  /// - Parameter ddof: Degrees of freedom that the deviation has lost: it divides by n − ddof.
  public func marketZScore(ddof: Int = 0, by groups: Series? = nil, minimum: Int = 1) -> Series {
    require(ddof == 0 || ddof == 1, "marketZScore: ddof \(ddof); expected 0 or 1")
    var section = CrossSection(.zScore)
    section.parameter = Double(ddof)
    return across(section, groups, minimum)
  }

  /// The distance from the mean of the symbols; within groups of industries their neutralisation.
  ///
  /// - Parameter weights: Weights of the mean, such as capitalisations; a symbol without one does not count.
  public func demean(
    by groups: Series? = nil, weights: Series? = nil, minimum: Int = 1
  ) -> Series {
    across(CrossSection(.demean), groups, minimum, weights)
  }

  /// The values divided by the sum of their sizes, so that this is `total`; 0 where all are 0.
  public func scale(to total: Double = 1, by groups: Series? = nil, minimum: Int = 1) -> Series {
    require(total.isFinite, "scale: a total of \(total); expected a finite number")
    var section = CrossSection(.scale)
    section.parameter = total
    return across(section, groups, minimum)
  }

  /// The mean of the symbols: an index of equal weights, or of `weights`.
  public func marketMean(
    by groups: Series? = nil, weights: Series? = nil, minimum: Int = 1
  ) -> Series {
    across(CrossSection(.mean), groups, minimum, weights)
  }

  /// The sum of the symbols.
  public func marketSum(by groups: Series? = nil, minimum: Int = 1) -> Series {
    across(CrossSection(.sum), groups, minimum)
  }

  /// The share of symbols for which a condition holds (is not 0), of those for which it is defined.
  public func breadth(by groups: Series? = nil, minimum: Int = 1) -> Series {
    across(CrossSection(.share), groups, minimum)
  }

  /// How many symbols there are for which a condition holds (is not 0).
  public func breadthCount(by groups: Series? = nil, minimum: Int = 1) -> Series {
    across(CrossSection(.count), groups, minimum)
  }

  /// What one symbol's value is at the time, for all symbols: a benchmark.
  ///
  /// Computed on that symbol's own bars. Where it has none at that time the result is NaN, or, if `stale` allows
  /// it, its last value.
  ///
  /// - Parameters:
  ///   - symbol: Its name; a panel without it stops the program, `compute` and streams throw.
  ///   - stale: Times of the market that may have passed since.
  public func of(_ symbol: String, stale: Int = 0) -> Series {
    require(stale >= 0, "of(\(symbol)): stale \(stale); expected 0 or more")
    require(
      stale == 0 || value.node.period == nil,
      "of(\(symbol)): stale is for the source's bars, not for those of a period")
    return Series(.edge(.ofSymbol(symbol, stale: stale), [value]))
  }

  private func across(
    _ section: CrossSection, _ groups: Series?, _ minimum: Int, _ weights: Series? = nil
  ) -> Series {
    require(minimum >= 1, "\(section.function): at least \(minimum) members; expected 1 or more")
    var section = section
    section.minimum = minimum
    section.isGrouped = groups != nil
    section.isWeighted = weights != nil
    let inputs = [self] + [groups, weights].compactMap { $0 }
    return Series(.edge(.across(section), inputs.map(\.value)))
  }
}

extension Bars {
  /// The bars of one symbol beside all others, as of the same time: a benchmark.
  ///
  /// Fields are what that symbol's bar at the time says, so `bars.of("SPY").close.sma(20)` is the mean over the
  /// last 20 bars of each symbol; `bars.close.sma(20).of("SPY")` is the benchmark's own.
  public func of(_ symbol: String, stale: Int = 0) -> Bars {
    func one(_ series: Series) -> Series { series.of(symbol, stale: stale) }
    return Bars(
      open: one(open), high: one(high), low: one(low), close: one(close), volume: one(volume),
      times: self)
  }

  /// A number that each symbol has at all of its bars, NaN for those that are not named.
  public func perSymbol(_ numbers: [String: Double]) -> Series {
    let period = close.value.node.period
    return Series(.edge(.perSymbol(numbers, period), [], source: sources.first))
  }

  /// Codes for the names of groups, such as sectors: for `by:`.
  ///
  /// - Parameter names: Symbol → group; a symbol that is not named is in none.
  public func groups(_ names: [String: String]) -> Series {
    let sorted = Set(names.values).sorted()
    let codes = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices.map(Double.init)))
    return perSymbol(names.mapValues { codes[$0]! })
  }

  /// Coarser bars made of these, and what a closure computes of them, seen from each of these bars.
  ///
  /// ```swift
  /// let weekly = panel.bars.every(.week) { $0.close.rsi(14) }
  /// ```
  ///
  /// Bars are stamped with their openings. The first open, highest high, lowest low, last close and sum of the
  /// volumes make the coarser bar; a period without bars has none. The closure's value is that of the newest period
  /// that is over, never of the one that is forming: over for a bar that closes at its end or later. By default a
  /// bar's length is not known and its stamp stands for its close, which makes the value of a period visible with
  /// the first bar after it; with `from:` the last bar of a period sees it.
  ///
  /// Lookbacks count the coarser bars, which is a lower bound. Cost per bar: constant, and that of the closure's
  /// series per period.
  ///
  /// - Parameters:
  ///   - period: On the market's clock.
  ///   - length: How long these bars are.
  ///   - stub: What becomes of the rest of a session that is shorter than the period.
  public func every(
    _ period: Period, from length: Period? = nil, stub: StubPolicy = .emit,
    _ body: (Bars) -> Series
  ) -> Series {
    every(period, from: length, stub: stub) { [body($0)] }[0]
  }

  /// The same for several series.
  public func every(
    _ period: Period, from length: Period? = nil, stub: StubPolicy = .emit,
    _ body: (Bars) -> [Series]
  ) -> [Series] {
    let cut = PeriodID(PeriodCut(period: period, stub: stub, bars: length))
    return body(resampled(cut)).map { Series(.edge(.asOf(cut), [$0.value])) }
  }

  /// The coarser bars of a period.
  func resampled(_ cut: PeriodID) -> Bars {
    func coarse(_ series: Series, _ aggregation: Aggregation) -> Series {
      Series(.edge(.resampled(aggregation, cut), [series.value]))
    }
    return Bars(
      open: coarse(open, .first), high: coarse(high, .maximum), low: coarse(low, .minimum),
      close: coarse(close, .last), volume: coarse(volume, .sum),
      day: coarse(day, .first), secondOfDay: coarse(secondOfDay, .first),
      month: coarse(month, .first))
  }
}
