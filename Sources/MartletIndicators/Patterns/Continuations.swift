/// Patterns of three candles that go on with a move, and the false breakouts that end in one.
extension Pattern {
  /// Two white candles side by side, alike in body and open, beyond a gap from the candle before.
  ///
  /// A gap up is +100, a gap down −100.
  public static let gapSideBySideWhite = Pattern(
    "gapSideBySideWhite", "Gap and side-by-side white lines", "CDLGAPSIDESIDEWHITE", candles: 3,
    [.near, .equal], [-100, 100], source: nison
  ) { candles in
    let (first, second) = (candles[1], candles[0])
    return candles.eitherWay { c in
      first.isWhite
      second.isWhite
      second.body.isWithin(first.near, of: first.body)
      second.opensAtOpen(of: first)
      c[1].gapsUp(over: c[2])
      c[0].gapsUp(over: c[2])
    }
  }

  /// A gap between two candles of the second one's color, then a candle of the other color that
  /// opens in the second body and closes in the gap.
  ///
  /// The sizes of the last two are near each other.
  public static let tasukiGap = Pattern(
    "tasukiGap", "Tasuki gap", "CDLTASUKIGAP", candles: 3, [.near], [-100, 100], source: nison
  ) { candles in
    let (second, third) = (candles[1], candles[0])
    let isAlike = (second.body - third.body).absolute .< second.near
    return candles.eitherWay { c in
      isAlike
      c[1].gapsUp(over: c[2])
      c[1].isWhite
      c[0].isBlack
      c[0].opens(inBodyOf: c[1])
      c[0].close .< c[1].open
      c[0].close .> c[2].top
    }
  }

  /// Two candles of one color with a gap in its direction, then one of the other color that opens
  /// in the second body and closes in the first.
  ///
  /// It goes on in the direction of the gap.
  public static let gapThreeMethods = Pattern(
    "gapThreeMethods", "Upside/downside gap three methods", "CDLXSIDEGAP3METHODS", candles: 3, [],
    [-100, 100], source: morris
  ) { candles in
    candles.eitherWay { c in
      c[2].isWhite
      c[1].isWhite
      c[1].gapsUp(over: c[2])
      c[0].isBlack
      c[0].opens(inBodyOf: c[1])
      c[0].closes(inBodyOf: c[2])
    }
  }

  /// An inside bar, then a bar with lower high and low (+100) or higher high and low (−100): a
  /// false breakout.
  ///
  /// ±200 when one of the next three closes lies beyond the inside bar on the other side.
  public static let hikkake = Pattern(
    "hikkake", "Hikkake", "CDLHIKKAKE", candles: 3, earlier: 5, [], [-200, -100, 100, 200],
    source: "D. L. Chesler, Trading False Moves with the Hikkake Pattern, 2004"
  ) { candles in
    hikkake(of: candles) { c in
      c[1].isInside(c[2])
      c[0].falls(from: c[1])
    }
  }

  /// A hikkake after two inside bars, the second of them closing near its low (+100) or high
  /// (−100).
  ///
  /// ±200 when one of the next three closes lies beyond the last inside bar on the other side.
  public static let hikkakeMod = Pattern(
    "hikkakeMod", "Modified hikkake", "CDLHIKKAKEMOD", candles: 4, earlier: 5, [.near],
    [-200, -100, 100, 200],
    source: "D. L. Chesler, Trading False Moves with the Hikkake Pattern, 2004"
  ) { candles in
    hikkake(of: candles) { c in
      c[2].isInside(c[3])
      c[1].isInside(c[2])
      c[2].close .<= c[2].low + c[2].near
      c[0].falls(from: c[1])
    }
  }

  /// What `rules` finds, and whether one of the next three closes leaves the bar before it again.
  private static func hikkake(of candles: Candles, @Rules _ rules: (Candles) -> Series) -> Series {
    let isNew = !(rules(candles) .| rules(candles.upsideDown))
    func confirmation(_ c: Candles) -> Series {
      let isFound = rules(c)
      // A find counts until it is confirmed or another one takes its place.
      let after = (1...3).map { isFound.shift($0) .& (c.close .> c.high.lagged($0 + 1)) }
      let isOpen = (1...2).map { isNew.shift($0) }
      let second = isOpen[0] .& !after[0].shift(1) .& after[1]
      let third =
        isOpen[0] .& isOpen[1] .& !(after[0].shift(2) .| after[1].shift(1)) .& after[2]
      return isNew .& (after[0] .| second .| third)
    }
    let confirmed = Series.where(
      confirmation(candles), Series(200), Series.where(confirmation(candles.upsideDown), -200, 0))
    return Series.where(
      rules(candles), Series(100), Series.where(rules(candles.upsideDown), Series(-100), confirmed))
  }
}
