import MartletCore

/// A book over a history: bars at which nothing can happen are only valued.
extension Book {
  /// Takes the bars of a range, beginning without positions or orders.
  ///
  /// - Parameter samples: Bars whose equity counts for returns; nil for all.
  mutating func run(_ range: Range<Int>, samples: UnsafePointer<UInt64>?) {
    var bar = range.lowerBound
    let last = range.upperBound - 1
    while bar < range.upperBound {
      let next = isQuiet ? min(nextEvent(from: bar, to: last), last) : bar
      if next > bar {
        if count == 1, !hasGaps {
          value(bar..<next, samples)
        } else {
          valueAll(bar..<next, samples)
        }
      }
      step(next, isLast: next == last, isSample: samples == nil || Feed.bit(samples, next))
      bar = next + 1
    }
  }

  /// Whether only signals and levels that are known can make something happen.
  @inline(__always)
  private var isQuiet: Bool {
    if isOver { return true }
    if waiting > 0 || terms.isEveryBar { return false }
    // What fees at a close have used up is found at the next one.
    if held == 0, cash <= 0 { return false }
    if terms.hasTrailing, armed > 0 { return false }
    if count > 1, armed > 0 || terms.maintenance > 0 || needsMargin { return false }
    if terms.reentry == .afterReset {
      for symbol in 0..<count
      where positions[symbol].isLongBlocked || positions[symbol].isShortBlocked { return false }
    }
    return true
  }

  /// Whether a rise or a fall can take more than equity.
  private var needsMargin: Bool {
    if held == 0 { return false }
    if cash < 0 { return true }
    for symbol in 0..<count where positions[symbol].units < 0 { return true }
    return false
  }

  /// The next bar at which a signal asks for something that is not so, or a level is reached.
  private func nextEvent(from bar: Int, to last: Int) -> Int {
    if isOver { return last }
    var end = last
    for symbol in 0..<count {
      end = nextSignal(symbol, from: bar, to: end)
    }
    if armed > 0 { end = nextHit(from: bar, to: end) }
    if count == 1, held > 0, terms.maintenance > 0 || needsMargin {
      end = nextShortage(from: bar, to: end)
    }
    return end
  }

  private func nextSignal(_ symbol: Int, from bar: Int, to end: Int) -> Int {
    let feed = feeds + symbol
    let units = positions[symbol].units
    if feed.pointee.target != nil {
      return Self.nextBit(
        feed.pointee.targetChange, units == 0 ? nil : feed.pointee.outside, nil, bar, end)
    }
    if units == 0 {
      return Self.nextBit(
        feed.pointee.entry, terms.allowsShort ? feed.pointee.shortEntry : nil, nil, bar, end)
    }
    let adds = positions[symbol].entryCount < terms.entries
    let (own, exit, other) =
      units > 0
      ? (feed.pointee.entry, feed.pointee.exit, feed.pointee.shortEntry)
      : (feed.pointee.shortEntry, feed.pointee.shortExit, feed.pointee.entry)
    var found = Self.nextBit(exit, other, feed.pointee.outside, bar, end)
    if adds { found = Self.nextBit(own, nil, nil, bar, found) }
    return found
  }

  /// The first bar from one on at which any of three conditions holds, at most `end`.
  @inline(__always)
  private static func nextBit(
    _ a: UnsafePointer<UInt64>?, _ b: UnsafePointer<UInt64>?, _ c: UnsafePointer<UInt64>?,
    _ bar: Int, _ end: Int
  ) -> Int {
    guard bar < end else { return end }
    var word = bar >> 6
    let last = end >> 6
    var mask = UInt64.max << UInt64(bar & 63)
    while word <= last {
      let bits = ((a?[word] ?? 0) | (b?[word] ?? 0) | (c?[word] ?? 0)) & mask
      if bits != 0 { return min(word << 6 + bits.trailingZeroBitCount, end) }
      mask = .max
      word += 1
    }
    return end
  }

  /// The first bar whose range reaches a stop or a target of the only symbol.
  private func nextHit(from bar: Int, to end: Int) -> Int {
    let position = positions
    let feed = feeds
    let isLong = position.pointee.units > 0
    // NaN compares as false: a level that is not there is never reached.
    let low = isLong ? position.pointee.stop : position.pointee.target
    let high = isLong ? position.pointee.target : position.pointee.stop
    let (opens, lows, highs) = (feed.pointee.open, feed.pointee.low, feed.pointee.high)
    var bar = bar
    while bar + 8 <= end {
      let o = UnsafeRawPointer(opens + bar).loadUnaligned(as: SIMD8<Double>.self)
      let l = UnsafeRawPointer(lows + bar).loadUnaligned(as: SIMD8<Double>.self)
      let h = UnsafeRawPointer(highs + bar).loadUnaligned(as: SIMD8<Double>.self)
      let hit = (l .<= low) .| (h .>= high) .| (o .<= low) .| (o .>= high)
      if any(hit) { break }
      bar += 8
    }
    while bar < end {
      if lows[bar] <= low || highs[bar] >= high || opens[bar] <= low || opens[bar] >= high {
        return bar
      }
      bar += 1
    }
    return end
  }

  /// The first bar at whose close the only position takes more than equity, or a little less.
  private func nextShortage(from bar: Int, to end: Int) -> Int {
    let units = positions.pointee.units
    let close = feeds.pointee.close
    // Where cash + units · price = maintenance · |units| · price; rounding must not hide it.
    let level =
      units < 0
      ? cash / (-units * (1 + terms.maintenance)) * (1 - 1e-9)
      : -cash / (units * (1 - terms.maintenance)) * (1 + 1e-9)
    if units > 0, terms.maintenance >= 1 { return bar }
    var bar = bar
    while bar < end, units < 0 ? close[bar] < level : close[bar] > level { bar += 1 }
    return bar
  }

  /// Values the only symbol over bars at which nothing happens.
  private mutating func value(_ range: Range<Int>, _ samples: UnsafePointer<UInt64>?) {
    let position = positions
    let units = position.pointee.units
    let close = feeds.pointee.close
    if units == 0 {
      valueFlat(range, samples)
    } else {
      totals.barsHeld += range.count
      let cash = cash
      let downside = terms.downside
      // A copy of its own stays in registers.
      var totals = totals
      if let samples {
        for bar in range {
          totals.mark(
            cash + units * close[bar], isSample: Feed.bit(samples, bar), downside: downside)
        }
      } else {
        for bar in range {
          totals.mark(cash + units * close[bar], isSample: true, downside: downside)
        }
      }
      self.totals = totals
      if let equities {
        for bar in range { equities[bar] = cash + units * close[bar] }
      }
      if let recorder {
        for bar in range {
          let worth = cash + units * close[bar]
          let part = worth > 0 ? units * close[bar] / worth : 0
          recorder.add((abs(part), part))
        }
        for bar in range { widen(0, bar) }
      }
    }
    position.pointee.mark = close[range.upperBound - 1]
    position.pointee.lastTime = feeds.pointee.time[range.upperBound - 1]
  }

  /// Bars without any position.
  private mutating func valueFlat(_ range: Range<Int>, _ samples: UnsafePointer<UInt64>?) {
    let worth = cash
    totals.markFlat(
      worth, bars: range.count, samples: Self.bitCount(samples, range), downside: terms.downside)
    if let equities {
      for bar in range { equities[bar] = worth }
    }
  }

  private static func bitCount(_ words: UnsafePointer<UInt64>?, _ range: Range<Int>) -> Int {
    guard let words else { return range.count }
    var sum = 0
    var bar = range.lowerBound
    while bar < range.upperBound {
      let word = bar >> 6
      let end = min((word + 1) << 6, range.upperBound)
      var bits = words[word] >> UInt64(bar & 63)
      if end - bar < 64 { bits &= 1 << UInt64(end - bar) - 1 }
      sum += bits.nonzeroBitCount
      bar = end
    }
    return sum
  }

  /// Values several symbols over bars at which nothing happens.
  private mutating func valueAll(_ range: Range<Int>, _ samples: UnsafePointer<UInt64>?) {
    if held == 0 {
      valueFlat(range, samples)
      for symbol in 0..<count { refresh(symbol, range) }
      return
    }
    var open: [Int] = []
    for symbol in 0..<count {
      if positions[symbol].units != 0 {
        open.append(symbol)
      } else {
        refresh(symbol, range)
      }
    }
    for bar in range {
      var worth = cash
      var (gross, net) = (0.0, 0.0)
      for symbol in open {
        let close = feeds[symbol].close[bar]
        if close == close {
          positions[symbol].mark = close
          positions[symbol].lastTime = feeds[symbol].time[bar]
          if recorder != nil { widen(symbol, bar) }
        }
        let value = positions[symbol].units * positions[symbol].mark
        worth += value
        gross += abs(value)
        net += value
      }
      totals.mark(
        worth, isSample: samples == nil || Feed.bit(samples, bar), downside: terms.downside)
      equities?[bar] = worth
      if let recorder, worth > 0 { recorder.add((gross / worth, net / worth)) }
    }
    totals.barsHeld += range.count
  }

  /// The last price of a symbol without a position.
  private func refresh(_ symbol: Int, _ range: Range<Int>) {
    for bar in range.reversed() where feeds[symbol].hasBar(bar) {
      positions[symbol].mark = feeds[symbol].close[bar]
      positions[symbol].lastTime = feeds[symbol].time[bar]
      return
    }
  }
}

extension BookTotals {
  /// Bars without a position.
  @inline(__always)
  mutating func markFlat(_ worth: Double, bars: Int, samples: Int, downside: Double) {
    mark(worth, isSample: samples > 0, downside: downside)
    self.bars += bars - 1
    guard samples > 1 else { return }
    // From one of them to the next nothing changes.
    let (below, drawdown) = (min(-downside, 0), worth / peak - 1)
    sumOfDownside += Double(samples - 1) * (below * below)
    sumOfDrawdowns += Double(samples - 1) * (drawdown * drawdown)
    periods += samples - 1
  }
}
