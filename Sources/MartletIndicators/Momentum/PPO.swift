/// The lines of a price oscillator.
public struct PriceOscillator: Sendable {
  /// The difference of the averages in percent of the slow one.
  public let ppo: Series
  /// The difference of the averages, in units of the input.
  public let apo: Series
  /// An average of the percentage.
  public let signal: Series
  /// The percentage minus its average.
  public let histogram: Series
}

extension Series {
  /// Price oscillator: a fast average minus a slow one, absolute and in percent of the slow one.
  ///
  /// Each average begins on its own first bar, unlike those of `macd`. The percentage is 0 where the
  /// slow average is 0. The periods are swapped when `slow` is below `fast`.
  ///
  /// Warm-up: slow − 1, signal and histogram signal − 1 more, for exponential averages. Cost per bar:
  /// constant. Source: G. Appel, Technical Analysis: Power Tools for Active Investors, 2005.
  ///
  /// Elsewhere: TA-Lib begins the fast average late in its MACD, but not here. Before version 0.8
  /// its default was the simple average.
  public func ppo(
    fast: Int = 12, slow: Int = 26, signal: Int = 9, maType: AverageType = .ema
  ) -> PriceOscillator {
    let base = average(max(fast, slow), maType)
    let difference = average(min(fast, slow), maType) - base
    let share = (100 * difference).divided(by: base, orIfZero: 0)
    let line = share.average(signal, maType)
    return PriceOscillator(ppo: share, apo: difference, signal: line, histogram: share - line)
  }

  /// Absolute price oscillator: a fast average minus a slow one.
  ///
  /// Warm-up: slow − 1 for exponential averages.
  public func apo(fast: Int = 12, slow: Int = 26, maType: AverageType = .ema) -> Series {
    ppo(fast: fast, slow: slow, maType: maType).apo
  }
}

extension Bars {
  /// Percentage volume oscillator: `ppo` of the volume.
  ///
  /// Warm-up: slow − 1 for exponential averages.
  public func pvo(fast: Int = 12, slow: Int = 26, maType: AverageType = .ema) -> Series {
    volume.ppo(fast: fast, slow: slow, maType: maType).ppo
  }

  /// Volume oscillator: `pvo` with simple averages.
  ///
  /// Warm-up: slow − 1.
  public func vosc(fast: Int = 12, slow: Int = 26) -> Series {
    pvo(fast: fast, slow: slow, maType: .sma)
  }
}

extension Catalog {
  static let ppo = CatalogEntry(
    "ppo", "Price oscillator (percentage, absolute, volume)", .momentum, of: .x,
    .period(12, name: "fast"), .period(26, name: "slow"), .period(9, name: "signal"),
    .choice("maType", AverageType.ema),
    outputs: ["ppo", "apo", "signal", "histogram"],
    source: "G. Appel, Technical Analysis: Power Tools for Active Investors, 2005",
    reference: "TA-Lib PPO, APO, PVO"
  ) { x, fast, slow, signal, maType in
    let oscillator = x.ppo(fast: fast, slow: slow, signal: signal, maType: maType)
    return [oscillator.ppo, oscillator.apo, oscillator.signal, oscillator.histogram]
  }
}
