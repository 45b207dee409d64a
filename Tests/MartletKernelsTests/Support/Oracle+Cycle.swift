import Martlet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ehlers' homodyne discriminator, one lane, with all bars at hand.
struct CycleEngine {
  let first: Int
  private(set) var prices: [Double] = []
  private(set) var smoothed: [Double] = []
  private(set) var smooth = 0.0
  private var detrended: [Double] = []
  private var quadratures: [Double] = []
  private var sum = 0.0
  private var weighted = 0.0
  private var period = 0.0
  private var (q2, i2, re, im) = (0.0, 0.0, 0.0, 0.0)

  init(first: Int) { self.first = first }

  private func filter(_ x: [Double], lag: Int = 0, gain: Double) -> Double {
    func back(_ bars: Int) -> Double {
      lag + bars < x.count ? x[x.count - 1 - lag - bars] : 0
    }
    let outer = 0.0962 * back(0) - 0.0962 * back(6)
    return ((outer - 0.5769 * back(4)) + 0.5769 * back(2)) * gain
  }

  /// Nothing where the bar is undefined or the engine has not started.
  mutating func next(_ x: Double) -> (inPhase: Double, quadrature: Double)? {
    var next = self
    guard let pair = next.advance(x), next.re.isFinite, next.im.isFinite, next.sum.isFinite,
      next.weighted.isFinite
    else { return nil }
    self = next
    return prices.count > first ? pair : nil
  }

  private mutating func advance(_ x: Double) -> (inPhase: Double, quadrature: Double)? {
    guard x.isFinite else { return nil }
    prices.append(x)
    let seen = prices.count
    // Rolled on bar by bar, as the kernel does: what is left when nothing moves is their rounding.
    sum = (sum + x) - (seen > 4 ? prices[seen - 5] : 0)
    weighted += x * Double(min(seen, 4))
    let isOn = seen > first
    smoothed.append(isOn ? weighted * 0.1 : 0)
    if seen >= 4 { weighted -= sum }

    let gain = 0.075 * period + 0.54
    detrended.append(filter(smoothed, gain: gain))
    quadratures.append(filter(detrended, gain: gain))
    let inPhase = seen > 3 ? detrended[seen - 4] : 0
    let q1 = quadratures[seen - 1]
    let q2 = 0.2 * (q1 + filter(detrended, lag: 3, gain: gain)) + 0.8 * self.q2
    let i2 = 0.2 * (inPhase - filter(quadratures, gain: gain)) + 0.8 * self.i2
    re = 0.2 * (i2 * self.i2 + q2 * self.q2) + 0.8 * re
    im = 0.2 * (i2 * self.q2 - q2 * self.i2) + 0.8 * im
    (self.q2, self.i2) = (q2, i2)
    guard isOn else { return (inPhase, q1) }

    var found = period
    if im != 0 && re != 0 {
      // The kernels' own function, which has a test of its own: the same bits here.
      found = 360 / (Kernel.arctangent.applied(to: im / re) * 57.29577951308232)
    }
    found = max(min(found, 1.5 * period), 0.67 * period)
    found = min(max(found, 6), 50)
    period = 0.2 * found + 0.8 * period
    smooth = 0.33 * period + 0.67 * smooth
    return (inPhase, q1)
  }
}

/// The phase of a cycle from a plain Fourier sum, one lane.
enum CyclePhase {
  /// Phase, trend line, smoothed price, length.
  static func answer(_ x: [Double], first: Int) -> [Expected] {
    var engine = CycleEngine(first: first)
    var result = [Expected](repeating: Expected(values: []), count: 4)
    var phase = 0.0
    var doubt = 0.0
    var means = [0.0, 0.0, 0.0]
    for value in x {
      var values = [Double](repeating: .nan, count: 4)
      var slack = [0.0, 0, 0, 0]
      if engine.next(value) != nil {
        let length = Int((engine.smooth + 0.5).rounded(.down))
        let price = engine.smoothed[engine.smoothed.count - 1]
        let wave = fourier(engine.smoothed, length, base: length > 1 ? price : 0)
        let last = engine.prices.suffix(length)
        let mean = length > 0 ? Rule.sum(Array(last)) / Double(length) : 0
        let (next, uncertain) = turned(
          phase, doubt, wave, noise: 1e-13 * Double(length) * price.magnitude,
          length: engine.smooth)
        if next.isFinite && mean.isFinite {
          let line = (4 * mean + 3 * means[0] + 2 * means[1] + means[2]) / 10
          values = [next, line, price, engine.smooth]
          let size = Rule.sum(last.map(\.magnitude)) + means.reduce(0) { $0 + $1.magnitude }
          slack = [uncertain, 1e-12 * size + 0x1p-1060, 0, 0]
          means = [mean, means[0], means[1]]
          (phase, doubt) = (next, uncertain)
        }
      }
      for k in 0..<4 {
        result[k].values.append(values[k])
        result[k].slack.append(slack[k])
      }
    }
    return result
  }

  private static func fourier(_ smoothed: [Double], _ length: Int, base: Double)
    -> (cosines: Double, sines: Double, size: Double)
  {
    var (cosines, sines, size) = (0.0, 0.0, 0.0)
    for bar in 0..<length {
      let place = smoothed.count - 1 - bar
      let distance = (place < 0 ? 0 : smoothed[place]) - base
      let angle = 2 * Double.pi * Double(bar) / Double(length)
      cosines += cos(angle) * distance
      sines += sin(angle) * distance
      size += distance.magnitude
    }
    return (cosines, sines, size)
  }

  /// The next phase, and how far a kernel may be from it: all the way round where noise decides.
  private static func turned(
    _ phase: Double, _ doubt: Double, _ wave: (cosines: Double, sines: Double, size: Double),
    noise: Double, length: Double
  ) -> (Double, Double) {
    var (cosines, sines) = (wave.cosines, wave.sines)
    let found = cosines.magnitude + sines.magnitude
    let isStill = found <= noise
    if isStill { (cosines, sines) = (0, 0) }
    var next = phase
    if cosines != 0 {
      next = atan(sines / cosines) * 180 / .pi
    } else if sines != 0 {
      next += sines > 0 ? 90 : -90
    }
    next += 90
    next += 360 / length
    if cosines < 0 { next += 180 }
    let isAtEdge = (next - 315).magnitude < 1e-6
    if next > 315 { next -= 360 }
    let isVague = found > 0.1 * noise && found < 10 * noise && noise > 0
    if isAtEdge || isVague || (!isStill && cosines.magnitude < 1e-12 * wave.size) {
      return (next, 400)
    }
    return (next, isStill ? doubt : 1e-10 + 1e-11 * wave.size / found)
  }
}
