/// Patterns of three candles that turn a trend.
extension Pattern {
  /// A long white candle, a black one beyond a gap above it, then a black one that opens in the
  /// second body and closes in the first.
  public static let twoCrows = Pattern(
    "twoCrows", "Two crows", "CDL2CROWS", candles: 3, [.bodyLong], [-100], source: morris
  ) { c in
    c.bearish {
      c[2].isWhite
      c[2].isLong
      c[1].isBlack
      c[1].gapsUp(over: c[2])
      c[0].isBlack
      c[0].opens(inBodyOf: c[1])
      c[0].closes(inBodyOf: c[2])
    }
  }

  /// A harami that is confirmed: a long candle, a short body inside it, and a close beyond the open
  /// of the first.
  ///
  /// The third candle has the color that the first one has not.
  public static let threeInside = Pattern(
    "threeInside", "Three inside up/down", "CDL3INSIDE", candles: 3, [.bodyLong, .bodyShort],
    [-100, 100], source: morris
  ) { candles in
    candles.eitherWay { c in
      c[2].isBlack
      c[2].isLong
      c[1].isNotLong
      c[1].top .< c[2].top
      c[1].bottom .> c[2].bottom
      c[0].isWhite
      c[0].close .> c[2].open
    }
  }

  /// An engulfing that is confirmed by a third close beyond the second.
  ///
  /// +100 after a white second candle, −100 after a black one.
  public static let threeOutside = Pattern(
    "threeOutside", "Three outside up/down", "CDL3OUTSIDE", candles: 3, earlier: 3, [],
    [-100, 100], source: morris
  ) { candles in
    candles.eitherWay { c in
      c[2].isBlack
      c[1].isWhite
      c[1].close .> c[2].open
      c[1].open .< c[2].close
      c[0].closes(above: c[1])
    }
  }

  /// Three black candles that shrink upwards: the first long with a long lower shadow, the second
  /// smaller with a higher low, the third a small marubozu inside the second.
  public static let threeStarsInSouth = Pattern(
    "threeStarsInSouth", "Three stars in the south", "CDL3STARSINSOUTH", candles: 3,
    [.bodyLong, .bodyShort, .shadowLong, .shadowVeryShort], [100], source: morris
  ) { c in
    c.bullish {
      c[2].isBlack
      c[2].isLong
      c[2].lowerShadow(isAbove: .shadowLong)
      c[1].isBlack
      c[1].body .< c[2].body
      c[1].open .> c[2].close
      c[1].open .<= c[2].high
      c[1].low .< c[2].close
      c[1].low .>= c[2].low
      c[1].hasLowerShadow
      c[0].isBlack
      c[0].isShort
      c[0].hasNoLowerShadow
      c[0].hasNoUpperShadow
      c[0].isInside(c[1])
    }
  }

  /// Three white candles without upper shadows, each opening in or near the body before and closing
  /// higher.
  ///
  /// None may be far shorter than the one before, and the last one is not short.
  public static let threeWhiteSoldiers = Pattern(
    "threeWhiteSoldiers", "Three advancing white soldiers", "CDL3WHITESOLDIERS", candles: 3,
    [.bodyShort, .shadowVeryShort, .near, .far], [100], source: nison
  ) { c in
    c.bullish {
      isAdvance(c)
      c[2].hasNoUpperShadow
      c[1].hasNoUpperShadow
      c[0].hasNoUpperShadow
      c[0].opensNearOrInUpperBody(of: c[1])
      c[1].body .> c[2].body - c[2].far
      c[0].body .> c[1].body - c[1].far
      c[0].isNotShort
    }
  }

  /// A long candle, a doji that stands alone beyond gaps on both sides, shadows included, and a
  /// candle of the other color that closes deep in the first body.
  public static let abandonedBaby = Pattern(
    "abandonedBaby", "Abandoned baby", "CDLABANDONEDBABY", candles: 3,
    [.bodyLong, .bodyShort, .bodyDoji], [-100, 100], penetration: 0.3, source: nison
  ) { candles in
    candles.eitherWay { c in
      c[2].isBlack
      c[2].isLong
      c[1].isDoji
      c[1].leaps(under: c[2])
      c[0].isWhite
      c[0].isNotShort
      c[0].leaps(over: c[1])
      c[0].close .> c[2].price(above: c.penetration)
    }
  }

  /// Three white candles that rise with less and less strength: shrinking bodies or long upper
  /// shadows after a long first candle without one.
  public static let advanceBlock = Pattern(
    "advanceBlock", "Advance block", "CDLADVANCEBLOCK", candles: 3,
    [.bodyLong, .shadowLong, .shadowShort, .near, .far], [-100], source: nison
  ) { c in
    let isSmaller = c[0].body .< c[1].body
    let wasSmaller = c[1].body .< c[2].body
    let shadows =
      c[0].upperShadow(isAbove: .shadowShort) .| c[1].upperShadow(isAbove: .shadowShort)
    let isFarSmaller = c[0].body .< c[1].body - c[1].far
    let wasFarSmaller = c[1].body .< c[2].body - c[2].far
    let hasNotGrown = c[0].body .< c[1].body + c[1].near
    let endsInShadow = isSmaller .& c[0].upperShadow(isAbove: .shadowLong)
    let isWeak = (wasFarSmaller .& hasNotGrown) .| (isSmaller .& wasSmaller .& shadows)
    return c.bearish {
      isAdvance(c)
      c[2].isLong
      c[2].upperShadow(isBelow: .shadowShort)
      c[0].opensNearOrInUpperBody(of: c[1])
      isFarSmaller .| endsInShadow .| isWeak
    }
  }

  /// A long white candle, a doji beyond a gap above it, and a black candle that closes deep in the
  /// first body.
  ///
  /// The penetration is the part of that body that must be taken back.
  public static let eveningDojiStar = Pattern(
    "eveningDojiStar", "Evening doji star", "CDLEVENINGDOJISTAR", candles: 3,
    [.bodyLong, .bodyShort, .bodyDoji], [-100], penetration: 0.3, source: nison
  ) { c in
    c.bearish { isMorning(c.upsideDown, star: \.isDoji) }
  }

  /// A long white candle, a short one beyond a gap above it, and a black candle that closes deep in
  /// the first body.
  ///
  /// The penetration is the part of that body that must be taken back.
  public static let eveningStar = Pattern(
    "eveningStar", "Evening star", "CDLEVENINGSTAR", candles: 3, [.bodyLong, .bodyShort], [-100],
    penetration: 0.3, source: nison
  ) { c in
    c.bearish { isMorning(c.upsideDown, star: \.isNotLong) }
  }

  /// A long black candle, a doji beyond a gap below it, and a white candle that closes deep in the
  /// first body.
  ///
  /// The penetration is the part of that body that must be taken back.
  public static let morningDojiStar = Pattern(
    "morningDojiStar", "Morning doji star", "CDLMORNINGDOJISTAR", candles: 3,
    [.bodyLong, .bodyShort, .bodyDoji], [100], penetration: 0.3, source: nison
  ) { c in
    c.bullish { isMorning(c, star: \.isDoji) }
  }

  /// A long black candle, a short one beyond a gap below it, and a white candle that closes deep in
  /// the first body.
  ///
  /// The penetration is the part of that body that must be taken back.
  public static let morningStar = Pattern(
    "morningStar", "Morning star", "CDLMORNINGSTAR", candles: 3, [.bodyLong, .bodyShort], [100],
    penetration: 0.3, source: nison
  ) { c in
    c.bullish { isMorning(c, star: \.isNotLong) }
  }

  /// Three black candles without lower shadows that fall, each opening at the close before.
  ///
  /// All three look the same: −100.
  public static let identicalThreeCrows = Pattern(
    "identicalThreeCrows", "Identical three crows", "CDLIDENTICAL3CROWS", candles: 3,
    [.shadowVeryShort, .equal], [-100], source: morris
  ) { c in
    c.bearish {
      isDecline(c)
      c[1].open.isWithin(c[2].equal, of: c[2].close)
      c[0].open.isWithin(c[1].equal, of: c[1].close)
    }
  }

  /// Three rising white candles: two long ones, the second without an upper shadow, then a short
  /// one that only rides on its shoulder.
  public static let stalledPattern = Pattern(
    "stalledPattern", "Stalled pattern", "CDLSTALLEDPATTERN", candles: 3,
    [.bodyLong, .bodyShort, .shadowVeryShort, .near], [-100], source: nison
  ) { c in
    c.bearish {
      isAdvance(c)
      c[2].isLong
      c[1].isLong
      c[1].hasNoUpperShadow
      c[0].isShort
      c[0].open .>= c[1].close - c[0].body - c[1].near
    }
  }

  /// A black candle, a white one that trades above its close, and a black one that closes at the
  /// first close.
  ///
  /// The close that held twice is support: +100.
  public static let stickSandwich = Pattern(
    "stickSandwich", "Stick sandwich", "CDLSTICKSANDWICH", candles: 3, [.equal], [100],
    source: morris
  ) { c in
    c.bullish {
      c[2].isBlack
      c[1].isWhite
      c[1].low .> c[2].close
      c[0].isBlack
      c[0].closesAtClose(of: c[2])
    }
  }

  /// Three dojis, the second beyond a gap, the third not as far.
  ///
  /// A gap down is +100, a gap up −100; all three are measured by the bars before the first.
  public static let tristar = Pattern(
    "tristar", "Tristar", "CDLTRISTAR", candles: 3, [.bodyDoji], [-100, 100], source: nison
  ) { candles in
    let limit = candles.level(.bodyDoji).lagged(2)
    return candles.eitherWay { c in
      c[2].body .<= limit
      c[1].body .<= limit
      c[0].body .<= limit
      c[1].gapsDown(under: c[2])
      c[0].bottom .> c[1].bottom
    }
  }

  /// A long black candle, a black harami with a lower low, and a short white candle that opens
  /// above that low.
  public static let uniqueThreeRiver = Pattern(
    "uniqueThreeRiver", "Unique three river", "CDLUNIQUE3RIVER", candles: 3,
    [.bodyLong, .bodyShort], [100], source: morris
  ) { c in
    c.bullish {
      c[2].isBlack
      c[2].isLong
      c[1].isBlack
      c[1].close .> c[2].close
      c[1].open .<= c[2].open
      c[1].low .< c[2].low
      c[0].isWhite
      c[0].isShort
      c[0].open .> c[1].low
    }
  }

  /// A long white candle, a short black one beyond a gap above it, then a black one around the
  /// second that still closes above the first.
  public static let upsideGapTwoCrows = Pattern(
    "upsideGapTwoCrows", "Upside gap two crows", "CDLUPSIDEGAP2CROWS", candles: 3,
    [.bodyLong, .bodyShort], [-100], source: nison
  ) { c in
    c.bearish {
      c[2].isWhite
      c[2].isLong
      c[1].isBlack
      c[1].isNotLong
      c[1].gapsUp(over: c[2])
      c[0].isBlack
      c[0].opens(above: c[1])
      c[0].closes(below: c[1])
      c[0].close .> c[2].close
    }
  }

  /// Three white candles with rising closes, the second opening in or near the first body.
  @Rules private static func isAdvance(_ c: Candles) -> Series {
    c[2].isWhite
    c[1].isWhite
    c[0].isWhite
    c[1].closes(above: c[2])
    c[0].closes(above: c[1])
    c[1].opensNearOrInUpperBody(of: c[2])
  }

  /// Three black candles without lower shadows and with falling closes.
  @Rules static func isDecline(_ c: Candles) -> Series {
    c[2].isBlack
    c[2].hasNoLowerShadow
    c[1].isBlack
    c[1].hasNoLowerShadow
    c[0].isBlack
    c[0].hasNoLowerShadow
    c[1].closes(below: c[2])
    c[0].closes(below: c[1])
  }

  @Rules private static func isMorning(_ c: Candles, star: (Candle) -> Series) -> Series {
    c[2].isBlack
    c[2].isLong
    star(c[1])
    c[1].gapsDown(under: c[2])
    c[0].isWhite
    c[0].isNotShort
    c[0].close .> c[2].price(above: c.penetration)
  }
}
