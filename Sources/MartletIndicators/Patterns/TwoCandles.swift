/// Patterns of two candles.
extension Pattern {
  /// Two long candles of opposite color that close at the same price.
  ///
  /// The color of the second one is the direction.
  public static let counterattack = Pattern(
    "counterattack", "Counterattack lines", "CDLCOUNTERATTACK", candles: 2, [.bodyLong, .equal],
    [-100, 100], source: nison
  ) { candles in
    candles.eitherWay { c in
      c[1].isBlack
      c[1].isLong
      c[0].isWhite
      c[0].isLong
      c[0].closesAtClose(of: c[1])
    }
  }

  /// A long white candle, then a black one that opens above its high and closes deep in its body.
  ///
  /// The penetration is the part of the first body that the second must take back.
  public static let darkCloudCover = Pattern(
    "darkCloudCover", "Dark cloud cover", "CDLDARKCLOUDCOVER", candles: 2, [.bodyLong], [-100],
    penetration: 0.5, source: nison
  ) { c in
    c.bearish {
      c[1].isWhite
      c[1].isLong
      c[0].isBlack
      c[0].open .> c[1].high
      c[0].close .> c[1].open
      c[0].close .< c[1].price(below: c.penetration)
    }
  }

  /// A long candle, then a doji whose body has a gap to it in the direction of its color.
  ///
  /// Above a white candle it is −100, below a black one +100.
  public static let dojiStar = Pattern(
    "dojiStar", "Doji star", "CDLDOJISTAR", candles: 2, [.bodyLong, .bodyDoji], [-100, 100],
    source: nison
  ) { candles in
    candles.eitherWay { c in
      c[1].isBlack
      c[1].isLong
      c[0].isDoji
      c[0].gapsDown(under: c[1])
    }
  }

  /// A body that covers the one before, which has the other color.
  ///
  /// The direction is its own color; ±80 when one end of the two bodies is the same.
  public static let engulfing = Pattern(
    "engulfing", "Engulfing", "CDLENGULFING", candles: 2, earlier: 2, [], [-100, -80, 80, 100],
    source: nison
  ) { candles in
    let (first, second) = (candles[1], candles[0])
    let isWhole = (second.open .!= first.close) .& (second.close .!= first.open)
    return candles.eitherWay(Series.where(isWhole, 100, 80)) { c in
      let (first, second) = (c[1], c[0])
      first.isBlack
      second.isWhite
      second.close .>= first.open
      second.open .<= first.close
      (second.close .> first.open) .| (second.open .< first.close)
    }
  }

  /// A long body, then a short one inside it.
  ///
  /// Inside a black body it is bullish, inside a white one bearish; ±80 when an end is the same.
  public static let harami = Pattern(
    "harami", "Harami", "CDLHARAMI", candles: 2, [.bodyLong, .bodyShort], [-100, -80, 80, 100],
    source: nison
  ) { c in
    harami(of: c, second: \.isNotLong)
  }

  /// A long body, then a doji inside it.
  ///
  /// Inside a black body it is bullish, inside a white one bearish; ±80 when an end is the same.
  public static let haramiCross = Pattern(
    "haramiCross", "Harami cross", "CDLHARAMICROSS", candles: 2, [.bodyLong, .bodyDoji],
    [-100, -80, 80, 100], source: nison
  ) { c in
    harami(of: c, second: \.isDoji)
  }

  /// A long black body, then a short black one inside it.
  ///
  /// It is a bullish harami whose candles are both black.
  public static let homingPigeon = Pattern(
    "homingPigeon", "Homing pigeon", "CDLHOMINGPIGEON", candles: 2, [.bodyLong, .bodyShort], [100],
    source: morris
  ) { c in
    c.bullish {
      c[1].isBlack
      c[1].isLong
      c[0].isBlack
      c[0].isNotLong
      c[0].opens(below: c[1])
      c[0].closes(above: c[1])
    }
  }

  /// A long black candle, then a white one from below its low that closes just into its body.
  ///
  /// It goes on falling: −100.
  public static let inNeck = Pattern(
    "inNeck", "In-neck", "CDLINNECK", candles: 2, [.bodyLong, .equal], [-100], source: nison
  ) { c in
    c.bearish {
      isWeakAnswer(c)
      c[0].close .<= c[1].close + c[1].equal
      c[0].close .>= c[1].close
    }
  }

  /// A marubozu, then one of the other color beyond a gap in the direction of its own color.
  ///
  /// That color is the direction.
  public static let kicking = Pattern(
    "kicking", "Kicking", "CDLKICKING", candles: 2, [.bodyLong, .shadowVeryShort], [-100, 100],
    source: morris
  ) { candles in
    candles.eitherWay { c in
      isMarubozu(c[1])
      isMarubozu(c[0])
      c[1].isBlack
      c[0].isWhite
      c[0].leaps(over: c[1])
    }
  }

  /// The two marubozus of kicking, but the longer one says where it goes.
  ///
  /// Of two equal ones it is the first.
  public static let kickingByLength = Pattern(
    "kickingByLength", "Kicking by the longer marubozu", "CDLKICKINGBYLENGTH", candles: 2,
    [.bodyLong, .shadowVeryShort], [-100, 100], source: morris
  ) { candles in
    let isSecondLonger = candles[0].body .> candles[1].body
    return candles.eitherWay(Series.where(isSecondLonger, 100, -100)) { c in
      isMarubozu(c[1])
      isMarubozu(c[0])
      c[1].isBlack
      c[0].isWhite
      c[0].leaps(over: c[1])
    }
  }

  /// Two black candles that close at the same price.
  ///
  /// The second close found support: +100.
  public static let matchingLow = Pattern(
    "matchingLow", "Matching low", "CDLMATCHINGLOW", candles: 2, [.equal], [100], source: morris
  ) { c in
    c.bullish {
      c[1].isBlack
      c[0].isBlack
      c[0].closesAtClose(of: c[1])
    }
  }

  /// A long black candle, then a white one from below its low that closes at that low.
  ///
  /// It goes on falling: −100.
  public static let onNeck = Pattern(
    "onNeck", "On-neck", "CDLONNECK", candles: 2, [.bodyLong, .equal], [-100], source: nison
  ) { c in
    c.bearish {
      isWeakAnswer(c)
      c[0].close.isWithin(c[1].equal, of: c[1].low)
    }
  }

  /// A long black candle, then a long white one from below its low that takes back more than half
  /// of its body, but not all of it.
  public static let piercing = Pattern(
    "piercing", "Piercing line", "CDLPIERCING", candles: 2, [.bodyLong], [100], source: nison
  ) { c in
    c.bullish {
      isWeakAnswer(c)
      c[0].isLong
      c[0].close .< c[1].open
      c[0].close .> c[1].price(above: 0.5)
    }
  }

  /// A candle, then a long one of the other color from the same open, without a shadow there.
  ///
  /// The color of the second one is the direction.
  public static let separatingLines = Pattern(
    "separatingLines", "Separating lines", "CDLSEPARATINGLINES", candles: 2,
    [.bodyLong, .shadowVeryShort, .equal], [-100, 100], source: nison
  ) { candles in
    candles.eitherWay { c in
      c[1].isBlack
      c[0].isWhite
      c[0].isLong
      c[0].hasNoLowerShadow
      c[0].opensAtOpen(of: c[1])
    }
  }

  /// A long black candle, then a white one from below its low that closes in the lower half of its
  /// body.
  ///
  /// It goes on falling: −100.
  public static let thrusting = Pattern(
    "thrusting", "Thrusting", "CDLTHRUSTING", candles: 2, [.bodyLong, .equal], [-100],
    source: nison
  ) { c in
    c.bearish {
      isWeakAnswer(c)
      c[0].close .> c[1].close + c[1].equal
      c[0].close .<= c[1].price(above: 0.5)
    }
  }

  private static func harami(of candles: Candles, second shape: (Candle) -> Series) -> Series {
    let (first, second) = (candles[1], candles[0])
    let isStrict = (second.top .< first.top) .& (second.bottom .> first.bottom)
    return candles.eitherWay(Series.where(isStrict, 100, 80)) { c in
      c[1].isBlack
      first.isLong
      shape(second)
      second.top .<= first.top
      second.bottom .>= first.bottom
    }
  }

  /// After a long black candle a white one that opens below its low.
  @Rules private static func isWeakAnswer(_ c: Candles) -> Series {
    c[1].isBlack
    c[1].isLong
    c[0].isWhite
    c[0].open .< c[1].low
  }
}
