/// Wilder's stop and reverse, one lane.
struct ParabolicSar {
  private enum Side { case long, short }

  private struct Position {
    var side: Side
    var stop: Double
    var extreme: Double
    var speed: Double
  }

  private let f: [Double]
  private var last: (high: Double, low: Double)?
  private var position: Position?

  private let noise: Double

  init(_ f: [Double], noise: Double) {
    self.f = f
    self.noise = noise
  }

  private func start(_ side: Side) -> Double { side == .long ? f[0] : f[3] }

  private func faster(_ speed: Double, _ side: Side) -> Double {
    side == .long ? min(speed + f[1], f[2]) : min(speed + f[4], f[5])
  }

  private func opening(
    high: Double, low: Double, last: (high: Double, low: Double)
  ) -> Position {
    let rise = high - last.high
    let fall = last.low - low
    let forced = f[7]
    let side: Side
    if forced != 0 {
      side = forced > 0 ? .long : .short
    } else {
      let size = (last.low.magnitude + low.magnitude) + (high.magnitude + last.high.magnitude)
      side = fall > 0 && fall - rise > noise * size ? .short : .long
    }
    let stop = side == .long ? last.low : last.high
    return Position(
      side: side, stop: forced == 0 ? stop : forced.magnitude,
      extreme: side == .long ? high : low, speed: start(side))
  }

  /// The stop and the side.
  mutating func next(high: Double, low: Double) -> [Double] {
    guard high.isFinite && low.isFinite else { return [.nan, .nan] }
    defer { last = (high, low) }
    guard let last else { return [.nan, .nan] }
    var before = last
    var now: Position
    if let position {
      now = position
    } else {
      now = opening(high: high, low: low, last: last)
      before = (high, low)
    }
    if now.side == .long && low - noise * low.magnitude <= now.stop {
      let stop = max(now.extreme, before.high, high)
      now = Position(
        side: .short, stop: stop + stop * f[6], extreme: low, speed: start(.short))
    } else if now.side == .short && high + noise * high.magnitude >= now.stop {
      let stop = min(now.extreme, before.low, low)
      now = Position(side: .long, stop: stop - stop * f[6], extreme: high, speed: start(.long))
    } else if now.side == .long && high > now.extreme {
      now.extreme = high
      now.speed = faster(now.speed, .long)
    } else if now.side == .short && low < now.extreme {
      now.extreme = low
      now.speed = faster(now.speed, .short)
    }
    let shown = now.stop
    now.stop += now.speed * (now.extreme - now.stop)
    now.stop =
      now.side == .long ? min(now.stop, before.low, low) : max(now.stop, before.high, high)
    position = now
    return [shown, now.side == .long ? 1 : -1]
  }
}

/// Bands that only tighten while price stays inside, one lane.
struct SuperTrend {
  let multiplier: Double
  private var bands: (upper: Double, lower: Double)?
  private var isUp = true

  private let noise: Double

  init(multiplier: Double, noise: Double) {
    self.multiplier = multiplier
    self.noise = noise
  }

  /// The line, the direction and the two bands.
  mutating func next(middle: Double, range: Double, close: Double, before: Double) -> [Double] {
    var upper = middle + multiplier * range
    var lower = middle - multiplier * range
    guard upper.isFinite && lower.isFinite && close.isFinite && before.isFinite else {
      return [.nan, .nan, .nan, .nan]
    }
    if let bands {
      if upper >= bands.upper && before - noise * before.magnitude <= bands.upper {
        upper = bands.upper
      }
      if lower <= bands.lower && before + noise * before.magnitude >= bands.lower {
        lower = bands.lower
      }
      let near = noise * close.magnitude
      isUp = isUp ? close + near >= lower : close - near > upper
    }
    bands = (upper, lower)
    return [isUp ? lower : upper, isUp ? 1 : -1, upper, lower]
  }
}

struct ZigZag {
  private struct Point {
    var price: Double
    var bar: Int
  }

  let threshold: Double
  private var count = -1
  /// What will be turning points when price has gone far enough from them.
  private var top = Point(price: -.infinity, bar: 0)
  private var bottom = Point(price: .infinity, bar: 0)
  private var leg: (start: Point, isUp: Bool)?

  init(threshold: Double) { self.threshold = threshold }

  /// The last turning point, bars since it, the direction and the extreme of the leg.
  mutating func next(high: Double, low: Double) -> [Double] {
    guard high.isFinite && low.isFinite else { return [.nan, .nan, .nan, .nan] }
    count += 1
    var rise: Double?
    var fall: Double?
    if leg?.isUp != true, low > bottom.price, bottom.price != 0 {
      rise = (high - bottom.price) / bottom.price
    }
    if leg?.isUp != false, high < top.price, top.price != 0 {
      fall = (top.price - low) / top.price
    }
    if let share = rise, share >= threshold, (fall ?? -.infinity) < share {
      leg = (bottom, true)
      top = Point(price: high, bar: count)
    } else if let share = fall, share >= threshold {
      leg = (top, false)
      bottom = Point(price: low, bar: count)
    } else {
      if leg?.isUp != false, high >= top.price { top = Point(price: high, bar: count) }
      if leg?.isUp != true, low <= bottom.price { bottom = Point(price: low, bar: count) }
    }
    guard let leg else { return [.nan, .nan, .nan, .nan] }
    let extreme = leg.isUp ? top.price : bottom.price
    return [leg.start.price, Double(count - leg.start.bar), leg.isUp ? 1 : -1, extreme]
  }
}

/// Money that follows a side, at least a floor.
private func followed(_ money: Double, _ keep: Double, _ earned: Double, _ floor: Double) -> Double
{
  let grown = (money * keep) * (1 + earned)
  return grown > floor ? grown : floor
}

struct TrendLayer {
  let f: [Double]
  let cutout: Int
  private var side = 0.0
  private var before = Double.nan
  private var money = 0.0

  init(_ f: [Double], _ i: [Int]) { (self.f, cutout) = (f, i[0]) }

  mutating func next(_ bar: Int, _ x: [Double]) -> [Double] {
    money = bar > cutout ? followed(money, f[2], side * x[2], f[3]) : max(f[4], f[3])
    let tolerance = f[0] > 0 ? max(f[0], 4 * Rule.epsilon(f)) : 0
    let distance = x[0] - x[1]
    let isLevel = distance.magnitude <= tolerance * x[0].magnitude
    if !isLevel, distance > 0, before <= 0 { side = 1 }
    if !isLevel, distance < 0, before >= 0 { side = -1 }
    before = isLevel ? (f[1] != 0 ? .nan : 0) : distance
    guard bar >= cutout else { return [side, .nan, .nan, .nan] }
    return [side, money, x[3] + side * money, x[4] + money]
  }
}

struct TrendVote {
  let f: [Double]
  let cutout: Int
  private var signal = 0.0
  private var money = 0.0
  private var earned = 0.0

  init(_ f: [Double], _ i: [Int]) { (self.f, cutout) = (f, i[0]) }

  mutating func next(_ bar: Int, _ x: [Double]) -> [Double] {
    guard bar >= cutout else { return [.nan, .nan, .nan, .nan] }
    if signal > 0 {
      earned = x[2]
    } else if signal < 0 {
      earned = -x[2]
    } else if f[3] == 0 {
      earned = 0
    }
    money = bar > cutout ? followed(money, f[0], earned, f[1]) : max(f[2], f[1])
    let hundred = x[0] / x[1] * 100
    // Rounding by the sum with a large number holds below 2^51; no signal is as large.
    func near(_ x: Double) -> Double { (x + 0x1.8p52) - 0x1.8p52 }
    let half = hundred + 0.5
    let down = near(half) > half ? near(half) - 1 : near(half)
    signal = (f[4] != 0 ? down : near(hundred)) / 100
    let vote = signal > f[5] ? 1.0 : signal < f[6] ? -1.0 : 0.0
    return [signal, money, x[3] + vote * money, x[4] + money]
  }
}
