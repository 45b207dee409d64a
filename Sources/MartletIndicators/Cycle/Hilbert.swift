import MartletSeries

/// What a Hilbert transform says of the cycle in a series.
public struct HilbertCycle: Sendable {
  /// Length of the dominant cycle in bars, 6 … 50.
  public let dcPeriod: Series
  /// The part of the cycle in step with the price.
  public let inPhase: Series
  /// The part of the cycle a quarter turn ahead.
  public let quadrature: Series
  /// Where the cycle stands, in degrees, −45 … 315.
  public let dcPhase: Series
  /// Sine of the phase.
  public let sine: Series
  /// Sine of the phase 45 degrees ahead.
  public let leadSine: Series
  /// 1 in a trend, 0 in a cycle.
  public let trendMode: Series
  /// The price without its cycle.
  public let trendline: Series
}

extension Series {
  /// The engine's first bar, and the first bar at which it is trusted, for the period and the phasor.
  static let engineStart = 12
  static let firstPhasor = 32
  /// The same for what is computed from the phase.
  private static let phaseStart = 37
  private static let firstPhase = 63

  /// The dominant cycle from the engine's first bar on.
  func dominantCycle() -> (period: Series, inPhase: Series, quadrature: Series) {
    func part(_ output: Int) -> Series {
      Series(.dominantCycle, [self], integers: [Series.engineStart], output: output)
    }
    return (part(0), part(1), part(2))
  }

  /// The dominant cycle: its length, its phase and what is left of the price without it.
  ///
  /// A homodyne discriminator finds the length; the phase is that of a Fourier coefficient of the
  /// smoothed price over one cycle. As in TA-Lib the engine starts at bar 12 for the first three and
  /// at bar 37 for the others, and both show their first value later. Where the price does not move
  /// the phase runs on. Warm-up: `dcPeriod`, `inPhase`, `quadrature` 32, the others 63. Cost per bar:
  /// up to 50 for what is computed from the phase, constant for the first three.
  /// Source: J. F. Ehlers, Rocket Science for Traders, 2001.
  ///
  /// Elsewhere: TA-Lib starts the engine at bar 12 for the period and the phasor and at bar 37 for
  /// the others, which is followed here. Skender's HtTrendline starts elsewhere.
  public func hilbert() -> HilbertCycle {
    let cycle = dominantCycle()
    func part(_ output: Int) -> Series {
      Series(.cyclePhase, [self], integers: [Series.phaseStart], output: output)
    }
    let (phase, trendline, smoothed, period) = (part(0), part(1), part(2), part(3))
    let radians = Double.pi / 180
    let sine = (phase * radians).sin()
    let lead = ((phase + 45) * radians).sin()
    // Bars since the two sines crossed.
    let count = phase.isDefined.cumsum()
    let crossing = sine.crosses(above: lead) .| sine.crosses(below: lead)
    let days = count - (count - 1).latched(when: crossing).orElse(Series(0))
    // The phase turns as fast as the period says, give or take.
    let turn = phase.diff()
    let steady = 360 / period
    let isCycle =
      (days .< 0.5 * period) .| ((turn .> 0.67 * steady) .& (turn .< 1.5 * steady))
    let isFar = (smoothed - trendline).divided(by: trendline, orIfZero: 0).abs() .>= 0.015
    let mode = Series.where(isFar, Series(1), Series.where(isCycle, 0, 1))

    let wait = Series.firstPhasor - Series.engineStart
    let later = Series.firstPhase - Series.phaseStart
    return HilbertCycle(
      dcPeriod: cycle.period.delayed(wait), inPhase: cycle.inPhase.delayed(wait),
      quadrature: cycle.quadrature.delayed(wait), dcPhase: phase.delayed(later),
      sine: sine.delayed(later), leadSine: lead.delayed(later),
      trendMode: mode.delayed(later - 1), trendline: trendline.delayed(later))
  }

  /// Length of the dominant cycle in bars.
  public func htDCPeriod() -> Series { hilbert().dcPeriod }

  /// The dominant cycle's parts in step with the price and a quarter turn ahead.
  public func htPhasor() -> (inPhase: Series, quadrature: Series) {
    let cycle = hilbert()
    return (cycle.inPhase, cycle.quadrature)
  }

  /// The dominant cycle's phase in degrees.
  public func htDCPhase() -> Series { hilbert().dcPhase }

  /// Sine of the dominant cycle's phase, and of the phase 45 degrees ahead.
  public func htSine() -> (sine: Series, leadSine: Series) {
    let cycle = hilbert()
    return (cycle.sine, cycle.leadSine)
  }

  /// 1 in a trend, 0 in a cycle.
  public func htTrendMode() -> Series { hilbert().trendMode }

  /// The price without its dominant cycle.
  public func htTrendline() -> Series { hilbert().trendline }
}

extension Catalog {
  static let hilbert = CatalogEntry(
    "hilbert", "Hilbert transform family", .cycle, of: .x,
    outputs: [
      "dcPeriod", "inPhase", "quadrature", "dcPhase", "sine", "leadSine", "trendMode", "trendline",
    ],
    bounds: [0...50, nil, nil, -45...315, -1...1, -1...1, 0...1, nil],
    source: "J. F. Ehlers, Rocket Science for Traders, 2001",
    reference: "TA-Lib HT_DCPERIOD, HT_PHASOR, HT_DCPHASE, HT_SINE, HT_TRENDMODE, HT_TRENDLINE"
  ) { x in
    let cycle = x.hilbert()
    return [
      cycle.dcPeriod, cycle.inPhase, cycle.quadrature, cycle.dcPhase, cycle.sine, cycle.leadSine,
      cycle.trendMode, cycle.trendline,
    ]
  }
}
