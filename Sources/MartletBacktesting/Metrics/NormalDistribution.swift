#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The standard normal distribution: mean 0, deviation 1.
package enum NormalDistribution {
  /// The probability of a value up to `x`, exact to some units in the last place in both tails.
  ///
  /// 0 at −∞, 1 at ∞, NaN of NaN.
  package static func cdf(_ x: Double) -> Double {
    // 1/√2 in two parts: in the tail the rounding of x/√2 would cost a factor of 2x² in accuracy.
    let (high, low) = (0x1.6a09e667f3bcdp-1, -0x1.bdd3413b26456p-55)
    let z = -x * high
    let half = 0.5 * erfc(z)
    guard half > 0, x.isFinite else { return half }
    let rest = (-z).addingProduct(-x, high) - x * low
    // The derivative of erfc(z)/2 is −exp(−z²)/√π.
    return half - rest * exp(-z * z) * 0.564_189_583_547_756_3
  }

  /// The value up to which there is a probability, exact to about 1e-15 of itself.
  ///
  /// −∞ of 0, ∞ of 1, NaN of what is no probability. From Wichura, "Algorithm AS 241: The
  /// Percentage Points of the Normal Distribution", Applied Statistics 37, 1988.
  package static func quantile(_ probability: Double) -> Double {
    guard probability >= 0, probability <= 1 else { return .nan }
    let centred = probability - 0.5
    if centred.magnitude <= 0.425 {
      let r = 0.180625 - centred * centred
      return centred * ratio(body.0, body.1, r)
    }
    let tail = centred < 0 ? probability : 1 - probability
    if tail == 0 { return centred < 0 ? -.infinity : .infinity }
    let r = (-log(tail)).squareRoot()
    let value = r <= 5 ? ratio(near.0, near.1, r - 1.6) : ratio(far.0, far.1, r - 5)
    return centred < 0 ? -value : value
  }

  /// Two polynomials, highest power first, one over the other.
  private static func ratio(_ above: [Double], _ below: [Double], _ x: Double) -> Double {
    above.reduce(0) { $0 * x + $1 } / below.reduce(0) { $0 * x + $1 }
  }

  private static let body: ([Double], [Double]) = (
    [
      2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
      4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
      1.3314166789178437745e2, 3.3871328727963666080,
    ],
    [
      5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
      2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
      4.2313330701600911252e1, 1,
    ]
  )

  private static let near: ([Double], [Double]) = (
    [
      7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
      1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550,
      4.63033784615654529590, 1.42343711074968357734,
    ],
    [
      1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
      1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940,
      2.05319162663775882187, 1,
    ]
  )

  private static let far: ([Double], [Double]) = (
    [
      2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
      2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580,
      5.46378491116411436990, 6.65790464350110377720,
    ],
    [
      2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
      7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
      5.99832206555887937690e-1, 1,
    ]
  )
}
