/// Patterns of four and five candles.
extension Pattern {
  /// After a white candle three black ones without lower shadows that fall, each opening in the
  /// body before.
  ///
  /// The first of them closes under the high of the white candle.
  public static let threeBlackCrows = Pattern(
    "threeBlackCrows", "Three black crows", "CDL3BLACKCROWS", candles: 4, [.shadowVeryShort],
    [-100], source: nison
  ) { c in
    c.bearish {
      isDecline(c)
      c[1].opens(inBodyOf: c[2])
      c[0].opens(inBodyOf: c[1])
      c[3].isWhite
      c[3].high .> c[2].close
    }
  }

  /// Three candles of one color in line, each opening in or near the body before, then one of the
  /// other color that takes all of them back.
  ///
  /// It goes on in the direction of the three.
  public static let threeLineStrike = Pattern(
    "threeLineStrike", "Three-line strike", "CDL3LINESTRIKE", candles: 4, [.near], [-100, 100],
    source: morris
  ) { candles in
    candles.eitherWay { c in
      c[3].isWhite
      c[2].isWhite
      c[1].isWhite
      c[2].closes(above: c[3])
      c[1].closes(above: c[2])
      for ago in [2, 1] {
        c[ago].open .>= c[ago + 1].bottom - c[ago + 1].near
        c[ago].open .<= c[ago + 1].top + c[ago + 1].near
      }
      c[0].isBlack
      c[0].open .> c[1].close
      c[0].close .< c[3].open
    }
  }

  /// Four black candles: two marubozus, one beyond a gap below them whose upper shadow reaches back
  /// into the second, and one that covers the third with its shadows.
  public static let concealingBabySwallow = Pattern(
    "concealingBabySwallow", "Concealing baby swallow", "CDLCONCEALBABYSWALL", candles: 4,
    [.shadowVeryShort], [100], source: morris
  ) { c in
    c.bullish {
      c[3].isBlack
      c[3].hasNoUpperShadow
      c[3].hasNoLowerShadow
      c[2].isBlack
      c[2].hasNoUpperShadow
      c[2].hasNoLowerShadow
      c[1].isBlack
      c[1].gapsDown(under: c[2])
      c[1].hasUpperShadow
      c[1].high .> c[2].close
      c[0].isBlack
      c[0].high .> c[1].high
      c[0].low .< c[1].low
    }
  }

  /// A long candle, one of its color beyond a gap, two that go on the same way, and one of the
  /// other color that closes in the gap.
  public static let breakaway = Pattern(
    "breakaway", "Breakaway", "CDLBREAKAWAY", candles: 5, [.bodyLong], [-100, 100],
    source: morris
  ) { candles in
    candles.eitherWay { c in
      c[4].isLong
      c[4].isBlack
      c[3].isBlack
      c[3].gapsDown(under: c[4])
      c[2].falls(from: c[3])
      c[1].isBlack
      c[1].falls(from: c[2])
      c[0].isWhite
      c[0].close .> c[3].open
      c[0].close .< c[4].close
    }
  }

  /// Three black candles with falling opens and closes, a black one with an upper shadow, and a
  /// white one that opens above its body and closes above its high.
  public static let ladderBottom = Pattern(
    "ladderBottom", "Ladder bottom", "CDLLADDERBOTTOM", candles: 5, [.shadowVeryShort], [100],
    source: morris
  ) { c in
    c.bullish {
      c[4].isBlack
      c[3].isBlack
      c[2].isBlack
      c[3].opens(below: c[4])
      c[2].opens(below: c[3])
      c[3].closes(below: c[4])
      c[2].closes(below: c[3])
      c[1].isBlack
      c[1].hasUpperShadow
      c[0].isWhite
      c[0].opens(above: c[1])
      c[0].close .> c[1].high
    }
  }

  /// A long white candle, three short ones that drift down from a gap above it without giving back
  /// more than the penetration of its body, and a white one that closes above all their highs.
  public static let matHold = Pattern(
    "matHold", "Mat hold", "CDLMATHOLD", candles: 5, [.bodyLong, .bodyShort], [100],
    penetration: 0.5, source: nison
  ) { c in
    let floor = c[4].price(below: c.penetration)
    return c.bullish {
      c[4].isLong
      c[4].isWhite
      c[3].isShort
      c[3].isBlack
      c[3].gapsUp(over: c[4])
      c[2].isShort
      c[1].isShort
      for ago in [2, 1] {
        c[ago].bottom .< c[4].close
        c[ago].bottom .> floor
      }
      c[2].top .< c[3].open
      c[1].top .< c[2].top
      c[0].isWhite
      c[0].open .> c[1].close
      c[0].close .> .maximum(.maximum(c[3].high, c[2].high), c[1].high)
    }
  }

  /// A long candle, three short ones of the other color that drift back within its range, and a
  /// long one of its color that closes beyond it.
  public static let riseFallThreeMethods = Pattern(
    "riseFallThreeMethods", "Rising/falling three methods", "CDLRISEFALL3METHODS", candles: 5,
    [.bodyLong, .bodyShort], [-100, 100], source: nison
  ) { candles in
    candles.eitherWay { c in
      c[4].isLong
      c[4].isWhite
      for ago in [3, 2, 1] {
        c[ago].isShort
        c[ago].isBlack
        c[ago].bottom .< c[4].high
        c[ago].top .> c[4].low
      }
      c[2].closes(below: c[3])
      c[1].closes(below: c[2])
      c[0].isLong
      c[0].isWhite
      c[0].open .> c[1].close
      c[0].close .> c[4].close
    }
  }
}
