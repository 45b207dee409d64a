import MartletSeries

extension Series {
  /// MESA sine wave: where the last n values stand in a cycle of n bars, as the sine of the phase and
  /// of the phase an eighth of a turn ahead.
  ///
  /// Of the cycle's coefficients, Σ x cos and Σ x sin over the window, the first is the sine's side
  /// and the second the cosine's, so that no angle is needed. Where the first is rounding noise the
  /// sine is −1, as without any cycle. Warm-up: n. Cost per bar: n.
  /// Source: J. F. Ehlers, MESA and Trading Market Cycles, 2002.
  ///
  /// Elsewhere: Tulip's π is 3.1415926; with the true one values differ by up to 1e-5.
  public func msw(_ period: Int = 14) -> (sine: Series, lead: Series) {
    requireLength(period, in: "msw")
    let angles = (0..<period).map { 2 * Double.pi * Double($0) / Double(period) }
    let x = delayed(1)
    let real = x.rollingWeightedSum(angles.map { Kernel.cosine.applied(to: $0) })
    let imaginary = x.rollingWeightedSum(angles.map { Kernel.sine.applied(to: $0) })
    let length = (real * real + imaginary * imaginary).sqrt()
    let size = x.abs().rollingSum(period)
    let isFlat = real.compared(with: Series(0), besides: size, epsilons: 2) .== 0
    let half = 0.5.squareRoot()
    func wave(_ value: Series, flat: Double) -> Series {
      // Rounding may lead beyond the bounds.
      let inside = minimum(maximum(value.divided(by: length, orIfZero: flat), -1), 1)
      return Series.where(isFlat, Series(flat), inside)
    }
    return (wave(real, flat: -1), wave(half * (real - imaginary), flat: -half))
  }
}

extension Catalog {
  static let msw = CatalogEntry(
    "msw", "MESA sine wave", .cycle, of: .x, .period(14),
    outputs: ["sine", "lead"],
    bounds: [-1...1, -1...1],
    source: "J. F. Ehlers, MESA and Trading Market Cycles, 2002",
    reference: "Tulip msw, with the true π"
  ) { lines($0.msw($1)) }
}
