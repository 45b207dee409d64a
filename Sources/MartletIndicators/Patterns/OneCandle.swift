/// Patterns of a single candle; some ask where it lies beside the one before.
extension Pattern {
  /// A long white candle that opens at its low, or a long black one that opens at its high.
  ///
  /// White is +100, black −100; the far shadow may have any length.
  public static let beltHold = Pattern(
    "beltHold", "Belt-hold", "CDLBELTHOLD", candles: 1, [.bodyLong, .shadowVeryShort], [-100, 100],
    source: nison
  ) { candles in
    candles.eitherWay { c in
      c[0].isLong
      c[0].isWhite
      c[0].hasNoLowerShadow
    }
  }

  /// A long white candle that closes at its high, or a long black one that closes at its low.
  ///
  /// White is +100, black −100; the shadow at the open may have any length.
  public static let closingMarubozu = Pattern(
    "closingMarubozu", "Closing marubozu", "CDLCLOSINGMARUBOZU", candles: 1,
    [.bodyLong, .shadowVeryShort], [-100, 100], source: morris
  ) { candles in
    candles.eitherWay { c in
      c[0].isLong
      c[0].isWhite
      c[0].hasNoUpperShadow
    }
  }

  /// A candle whose close is nearly its open.
  ///
  /// It marks indecision and has no direction: +100 only says that it is there.
  public static let doji = Pattern(
    "doji", "Doji", "CDLDOJI", candles: 1, [.bodyDoji], [100], source: nison
  ) { c in
    c.bullish { c[0].isDoji }
  }

  /// A doji at the top of its range: no upper shadow, but a lower one.
  ///
  /// +100 says that it is there; what it means depends on the trend before.
  public static let dragonflyDoji = Pattern(
    "dragonflyDoji", "Dragonfly doji", "CDLDRAGONFLYDOJI", candles: 1,
    [.bodyDoji, .shadowVeryShort], [100], source: nison
  ) { c in
    c.bullish {
      c[0].isDoji
      c[0].hasNoUpperShadow
      c[0].hasLowerShadow
    }
  }

  /// A doji at the bottom of its range: no lower shadow, but an upper one.
  ///
  /// +100 says that it is there; what it means depends on the trend before.
  public static let gravestoneDoji = Pattern(
    "gravestoneDoji", "Gravestone doji", "CDLGRAVESTONEDOJI", candles: 1,
    [.bodyDoji, .shadowVeryShort], [100], source: nison
  ) { c in
    c.bullish {
      c[0].isDoji
      c[0].hasNoLowerShadow
      c[0].hasUpperShadow
    }
  }

  /// A short body on a long lower shadow, without an upper one, at or below the last candle's low.
  ///
  /// Only that place tells it from a hanging man; the trend before is not judged.
  public static let hammer = Pattern(
    "hammer", "Hammer", "CDLHAMMER", candles: 1, earlier: 1,
    [.bodyShort, .shadowLong, .shadowVeryShort, .near], [100], source: nison
  ) { c in
    c.bullish {
      hasHammerShape(c[0])
      c[0].bottom .<= c[1].low + c[1].near
    }
  }

  /// A short body on a long lower shadow, without an upper one, at or above the last candle's high.
  ///
  /// Only that place tells it from a hammer; the trend before is not judged.
  public static let hangingMan = Pattern(
    "hangingMan", "Hanging man", "CDLHANGINGMAN", candles: 1, earlier: 1,
    [.bodyShort, .shadowLong, .shadowVeryShort, .near], [-100], source: nison
  ) { c in
    c.bearish {
      hasHammerShape(c[0])
      c[0].bottom .>= c[1].high - c[1].near
    }
  }

  /// A short body between two very long shadows.
  ///
  /// White is +100, black −100.
  public static let highWave = Pattern(
    "highWave", "High wave", "CDLHIGHWAVE", candles: 1, [.bodyShort, .shadowVeryLong],
    [-100, 100], source: nison
  ) { c in
    c.colored {
      c[0].isShort
      c[0].upperShadow(isAbove: .shadowVeryLong)
      c[0].lowerShadow(isAbove: .shadowVeryLong)
    }
  }

  /// A short body under a long upper shadow, without a lower one, below the last candle's body.
  ///
  /// A shooting star has the same shape above it.
  public static let invertedHammer = Pattern(
    "invertedHammer", "Inverted hammer", "CDLINVERTEDHAMMER", candles: 1, earlier: 1,
    [.bodyShort, .shadowLong, .shadowVeryShort], [100], source: nison
  ) { c in
    c.bullish {
      hasHammerShape(c.upsideDown[0])
      c[0].gapsDown(under: c[1])
    }
  }

  /// A doji with a long shadow on at least one side.
  ///
  /// +100 only says that it is there.
  public static let longLeggedDoji = Pattern(
    "longLeggedDoji", "Long-legged doji", "CDLLONGLEGGEDDOJI", candles: 1,
    [.bodyDoji, .shadowLong], [100], source: nison
  ) { c in
    c.bullish {
      c[0].isDoji
      c[0].lowerShadow(isAbove: .shadowLong) .| c[0].upperShadow(isAbove: .shadowLong)
    }
  }

  /// A long body with short shadows on both sides.
  ///
  /// White is +100, black −100.
  public static let longLine = Pattern(
    "longLine", "Long line candle", "CDLLONGLINE", candles: 1, [.bodyLong, .shadowShort],
    [-100, 100], source: morris
  ) { c in
    c.colored {
      c[0].isLong
      c[0].upperShadow(isBelow: .shadowShort)
      c[0].lowerShadow(isBelow: .shadowShort)
    }
  }

  /// A long body without shadows.
  ///
  /// White is +100, black −100.
  public static let marubozu = Pattern(
    "marubozu", "Marubozu", "CDLMARUBOZU", candles: 1, [.bodyLong, .shadowVeryShort],
    [-100, 100], source: morris
  ) { c in
    c.colored { isMarubozu(c[0]) }
  }

  /// A doji with two long shadows and its body near the middle of the range.
  ///
  /// +100 only says that it is there.
  public static let rickshawMan = Pattern(
    "rickshawMan", "Rickshaw man", "CDLRICKSHAWMAN", candles: 1, [.bodyDoji, .shadowLong, .near],
    [100], source: nison
  ) { c in
    let middle = c[0].low + c.range * 0.5
    return c.bullish {
      c[0].isDoji
      c[0].lowerShadow(isAbove: .shadowLong)
      c[0].upperShadow(isAbove: .shadowLong)
      c[0].bottom .<= middle + c[0].near
      c[0].top .>= middle - c[0].near
    }
  }

  /// A short body under a long upper shadow, without a lower one, above the last candle's body.
  ///
  /// An inverted hammer has the same shape below it.
  public static let shootingStar = Pattern(
    "shootingStar", "Shooting star", "CDLSHOOTINGSTAR", candles: 1, earlier: 1,
    [.bodyShort, .shadowLong, .shadowVeryShort], [-100], source: nison
  ) { c in
    c.bearish {
      hasHammerShape(c.upsideDown[0])
      c[0].gapsUp(over: c[1])
    }
  }

  /// A short body with short shadows on both sides.
  ///
  /// White is +100, black −100.
  public static let shortLine = Pattern(
    "shortLine", "Short line candle", "CDLSHORTLINE", candles: 1, [.bodyShort, .shadowShort],
    [-100, 100], source: morris
  ) { c in
    c.colored {
      c[0].isShort
      c[0].upperShadow(isBelow: .shadowShort)
      c[0].lowerShadow(isBelow: .shadowShort)
    }
  }

  /// A short body between two shadows that are longer than it.
  ///
  /// White is +100, black −100.
  public static let spinningTop = Pattern(
    "spinningTop", "Spinning top", "CDLSPINNINGTOP", candles: 1, [.bodyShort], [-100, 100],
    source: nison
  ) { c in
    c.colored {
      c[0].isShort
      c.upperShadow .> c.body
      c.lowerShadow .> c.body
    }
  }

  /// A dragonfly doji whose lower shadow is very long.
  ///
  /// +100 says that it is there.
  public static let takuri = Pattern(
    "takuri", "Takuri", "CDLTAKURI", candles: 1, [.bodyDoji, .shadowVeryLong, .shadowVeryShort],
    [100], source: morris
  ) { c in
    c.bullish {
      c[0].isDoji
      c[0].hasNoUpperShadow
      c[0].lowerShadow(isAbove: .shadowVeryLong)
    }
  }

  @Rules private static func hasHammerShape(_ candle: Candle) -> Series {
    candle.isShort
    candle.lowerShadow(isAbove: .shadowLong)
    candle.hasNoUpperShadow
  }

  @Rules static func isMarubozu(_ candle: Candle) -> Series {
    candle.isLong
    candle.hasNoUpperShadow
    candle.hasNoLowerShadow
  }
}
