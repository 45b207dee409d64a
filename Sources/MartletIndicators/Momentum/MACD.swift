/// When the two averages of a MACD begin.
public enum MACDAlignment: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// Both on the first bar that the slower one can have (TA-Lib).
  case slow
  /// Each on its own first bar (most other libraries).
  case own
}

/// The averages of a MACD: fast line, slow line, signal.
public struct MACDAverages: Hashable, Sendable {
  /// The type of the average over `fast` bars.
  public var fast: AverageType
  /// The type of the average over `slow` bars, which is subtracted.
  public var slow: AverageType
  /// The type of the average over `signal` bars of the difference.
  public var signal: AverageType

  /// One for each.
  public init(fast: AverageType, slow: AverageType, signal: AverageType) {
    self.fast = fast
    self.slow = slow
    self.signal = signal
  }

  /// The same for all.
  public init(_ type: AverageType) { self.init(fast: type, slow: type, signal: type) }
}

extension Series {
  /// Moving average convergence/divergence: a fast average minus a slow one, an average of that,
  /// and their difference.
  ///
  /// - Parameters:
  ///   - maTypes: The averages; periods and types are swapped when `slow` is below `fast`.
  ///   - fixed: Coefficients of exactly 0.15 and 0.075, for 12 and 26 (TA-Lib MACDFIX).
  ///   - seedAlign: When the averages begin.
  /// - Returns: Warm-up slow − 1, signal and histogram signal − 1 more, for exponential averages.
  ///   Cost per bar: constant.
  ///
  /// Source: G. Appel, The Moving Average Convergence-Divergence Trading Method, 1979.
  ///
  /// Elsewhere: Only TA-Lib begins the fast average late; talipp, Skender and pandas-ta begin it at
  /// its own first bar, as `seedAlign: .own` does. Tulip takes 0.15 and 0.075 whenever 12 and 26
  /// are asked for. TA-Lib cuts all lines to the signal's start.
  public func macd(
    fast: Int = 12, slow: Int = 26, signal: Int = 9, maTypes: MACDAverages = MACDAverages(.ema),
    fixed: Bool = false, seedAlign: MACDAlignment = .slow
  ) -> (macd: Series, signal: Series, histogram: Series) {
    var legs = [(fast, maTypes.fast), (slow, maTypes.slow)]
    if slow < fast { legs.swapAt(0, 1) }
    func leg(_ number: Int, of series: Series) -> Series {
      let (period, type) = legs[number]
      guard fixed else { return series.average(period, type) }
      return series.exponentialAverage(coefficient: number == 0 ? 0.15 : 0.075, seedLength: period)
    }
    let starts = [leg(0, of: self).lookback, leg(1, of: self).lookback]
    let lines = (0..<2).map { number in
      let wait = seedAlign == .slow ? max(starts[0], starts[1]) - starts[number] : 0
      return leg(number, of: delayed(wait))
    }
    let line = lines[0] - lines[1]
    let average = line.average(signal, fixed ? .ema : maTypes.signal)
    return (line, average, line - average)
  }

  /// `macd` with averages of one's choice, simple ones when nothing is said (TA-Lib MACDEXT).
  public func macdExt(
    fast: Int = 12, slow: Int = 26, signal: Int = 9, maTypes: MACDAverages = MACDAverages(.sma)
  ) -> (macd: Series, signal: Series, histogram: Series) {
    macd(fast: fast, slow: slow, signal: signal, maTypes: maTypes)
  }

  /// `macd` of 12 and 26 bars with coefficients of exactly 0.15 and 0.075 (TA-Lib MACDFIX).
  public func macdFix(signal: Int = 9) -> (macd: Series, signal: Series, histogram: Series) {
    macd(signal: signal, fixed: true)
  }
}

extension Catalog {
  static let macd = CatalogEntry(
    "macd", "MACD (with EXT and FIX)", .momentum, of: .x, .period(12, name: "fast"),
    .period(26, name: "slow"), .period(9, name: "signal"), .averages("maTypes", MACDAverages(.ema)),
    .flag("fixed", false), .choice("seedAlign", MACDAlignment.slow),
    outputs: ["macd", "signal", "histogram"],
    source: "G. Appel, The Moving Average Convergence-Divergence Trading Method, 1979",
    reference: "TA-Lib MACD, MACDEXT, MACDFIX",
    conflict: { fast, slow, _, _, fixed, _ in
      guard fixed, fast != 12 || slow != 26 else { return nil }
      return "fixed belongs to fast=12 and slow=26"
    }
  ) {
    lines($0.macd(fast: $1, slow: $2, signal: $3, maTypes: $4, fixed: $5, seedAlign: $6))
  }
}
