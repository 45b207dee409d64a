/// A small generator with the same numbers everywhere (SplitMix64).
struct RandomSource {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// From nought to below one.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  /// Roughly normal, deviation about 1.
  mutating func bell() -> Double {
    (unit() + unit() + unit() + unit() - 2) * 1.75
  }
}

/// What one lane is like; lanes take turns.
enum Character: Int, CaseIterable {
  case walk, constant, ties, zeros, undefinedInside, undefinedRuns, infinity, mixed
  case spike, tiny, huge, rising, falling, alternating, noise, subnormal

  /// The size of a usual move.
  var unit: Double {
    switch self {
    case .constant, .zeros: 0
    case .tiny: 1e-300
    case .huge: 1e100
    case .subnormal: 0x1p-1030
    default: 1
    }
  }

  func series(_ bars: Int, seed: Int) -> [Double] {
    var random = RandomSource(seed)
    var level = 100.0
    return (0..<bars).map { bar in
      level += random.bell()
      let usual = level
      let draw = random.unit()
      switch self {
      case .walk: return usual
      case .constant: return 42.7
      case .ties: return (draw * 4).rounded(.down) - 1
      case .zeros: return draw < 0.5 ? 0.0 : -0.0
      case .undefinedInside: return bar == 50 || bar == 51 || bar == 90 ? .nan : usual
      case .undefinedRuns: return bar == 0 || (60..<70).contains(bar) || draw < 0.05 ? .nan : usual
      case .infinity: return bar == 40 ? .infinity : bar == 100 ? -.infinity : usual
      case .mixed:
        if bar % 37 == 5 { return .infinity }
        if bar % 37 == 8 { return -.infinity }
        return bar % 37 == 20 ? .nan : usual
      case .spike: return bar == 70 ? 1e15 : usual
      case .tiny, .huge, .subnormal: return random.bell() * unit
      case .rising: return 10 + Double(bar) + draw * 0.5
      case .falling: return 60 - Double(bar) * 0.75
      case .alternating: return bar % 2 == 0 ? 3 + draw : -3 - draw
      case .noise: return random.bell()
      }
    }
  }
}

/// What an input of a kernel looks like.
enum InputKind: Int, CaseIterable, Sendable {
  /// Every character; sums of squares stay finite.
  case close
  /// The same, independent of it.
  case other
  /// `close`, and lanes of special values where any value is allowed.
  case anything, anythingElse
  /// Around −1 … 1, and a little beyond.
  case unit
  case fraction
  case truth
  case exponent
  case angle
  case high, low, previousHigh, previousLow, previousClose, volume, range

  static let bars = 150
  static let lanes = 64

  private static let library: [[[Double]]] = allCases.map { kind in
    (0..<lanes).map { kind.make($0) }
  }

  /// The values of every lane.
  var lanes: [[Double]] { Self.library[rawValue] }

  private static let special: [Double] = [
    0, -0.0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 3, 1e15 + 0.5, -1e15 - 0.5, 0x1p52, 0x1p53,
    1e300, -1e300, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
    -.leastNonzeroMagnitude, .leastNormalMagnitude, .infinity, -.infinity, .nan, 0.1, 100, 709.9,
  ]

  private func make(_ lane: Int) -> [Double] {
    let bars = Self.bars
    guard let character = Character(rawValue: lane % Character.allCases.count) else { return [] }
    var random = RandomSource(7_919 * rawValue + lane)
    let seed = 31 * lane + 5
    switch self {
    case .close: return character.series(bars, seed: seed)
    case .other: return character.series(bars, seed: seed + 1_000_003)
    case .anything, .anythingElse:
      if lane >= 48 {
        return (0..<bars).map { _ in Self.special[random.below(Self.special.count)] }
      }
      return character.series(bars, seed: self == .anything ? seed : seed + 1_000_003)
    case .unit: return drawn(character, bars) { random.between(-1.1, 1.1) }
    case .fraction: return drawn(character, bars) { random.unit() }
    case .truth:
      let values = [0, 1, 1, 0, -0.0, 2.5, -1, 0, 1, .nan]
      let choices = lane % 4 == 3 ? 10 : 9
      return (0..<bars).map { _ in values[random.below(choices)] }
    case .exponent: return drawn(character, bars) { (random.between(-6, 6) * 4).rounded() / 4 }
    case .angle:
      let size = lane % 3 == 0 ? 3.0 : lane % 3 == 1 ? 40 : 700
      return drawn(character, bars) { random.between(-size, size) }
    case .high:
      return edge(InputKind.close.make(lane), character, seed + 17, sign: 1, undefined: 20)
    case .low:
      return edge(InputKind.close.make(lane), character, seed + 23, sign: -1, undefined: 31)
    case .previousHigh: return delayed(InputKind.high.make(lane))
    case .previousLow: return delayed(InputKind.low.make(lane))
    case .previousClose: return delayed(InputKind.close.make(lane))
    case .volume: return drawn(character, bars) { (random.unit() * 50).rounded(.down) * 20 }
    case .range: return drawn(character, bars) { random.between(0.5, 3) * character.unit }
    }
  }

  /// Draws, and now and then an undefined value on the lanes that are about that.
  private func drawn(
    _ character: Character, _ bars: Int, _ draw: () -> Double
  ) -> [Double] {
    (0..<bars).map { bar in
      let value = draw()
      switch character {
      case .undefinedInside where bar == 55, .undefinedRuns where bar % 40 == 3: return .nan
      case .infinity where bar == 80: return .infinity
      case .zeros where bar % 3 != 0: return bar % 2 == 0 ? 0 : -0.0
      default: return value
      }
    }
  }

  private func edge(
    _ close: [Double], _ character: Character, _ seed: Int, sign: Double, undefined: Int
  ) -> [Double] {
    var random = RandomSource(seed)
    return close.enumerated().map { bar, value in
      if character == .undefinedRuns && bar == undefined { return .nan }
      let move = random.unit() * 2
      let whole = character == .ties || character == .falling
      return value + sign * character.unit * (whole ? move.rounded(.down) : move)
    }
  }

  private func delayed(_ x: [Double]) -> [Double] { [x[0]] + x.dropLast() }
}
