public import MartletIndicators

/// Which definitions the transformer's columns follow.
public enum FeatureProfile: String, Hashable, Sendable, CaseIterable {
  /// Nothing is known before its time, and what does not exist is NaN.
  case causal
  /// The original list with its mistakes, for comparison: anchors at extremes of the whole day, weeks
  /// of all years in one, averages of the day before that are those of the day, an unchanged close
  /// counted down, zeros for what does not exist. The statistics of the whole sample that it is
  /// standardised by are those of `fitted(on:)` with the very panel that is computed.
  case original
}

extension FeatureSet {
  /// The input of the indicator transformer: 111 columns.
  ///
  /// 77 of them are volume-weighted averages and their bands. They are raw; MACD, ATR and OBV are
  /// those that normalisation changes.
  ///
  /// Sessions open at 09:30 on the panel's clock: `panel.clock = .newYork`.
  public static let transformer111 = transformer111(profile: .causal)

  /// The input of the indicator transformer by one of its profiles.
  ///
  /// `.original` has columns that need whole days: it is for panels, not for streams.
  public static func transformer111(profile: FeatureProfile) -> FeatureSet {
    var list = ColumnList()
    let isOriginal = profile == .original
    for n in [10, 20, 50, 200] { list.add("SMA_\(n)", "sma(\(n))", "trend") }
    for n in [5, 10, 20, 50, 100, 150, 200, 300, 1000] {
      list.add("EMA_\(n)", "ema(\(n),seed=adjusted)", "trend")
    }
    for n in [7, 9, 14, 21, 25] {
      list.add("RSI_\(n)", "cutlerRSI(\(n)\(isOriginal ? ",lossFloor=1e-8" : ""))", "momentum")
    }
    for (name, fast, slow) in [
      ("MACD_FAST", 5, 13), ("MACD", 12, 26), ("MACD_SLOW", 19, 39), ("MACD_SCALP", 3, 10),
    ] {
      let line = "ema(\(fast),seed=adjusted) - ema(\(slow),seed=adjusted)"
      list.add(name, line, "momentum", isStandardised: true)
    }
    for n in [7, 10, 14, 20, 30] {
      list.add("ATR_\(n)", "sma(\(n), x=trueRange(range))", "volatility", isStandardised: true)
    }
    for n in [10, 15, 20, 30, 50] {
      list.add("BB_\(n)", "4 * stdDev(\(n),ddof=1) / sma(\(n))", "volatility")
    }
    list.add(
      "OBV", isOriginal ? "volumeBalance(unmoved=down)" : "volumeBalance", "volume",
      isStandardised: true)
    list.addBands("VWAP", "bandedVWAP(first)")
    list.addBands("AVWAP_SESSION", "bandedVWAP(session)")
    list.addBands("AVWAP_DAILY", "bandedVWAP(day)")
    list.addBands("AVWAP_WEEKLY", isOriginal ? "originalVWAP(week)" : "bandedVWAP(week)")
    list.addBands("AVWAP_MONTHLY", "bandedVWAP(month)")
    for (name, anchor) in [("HIGH", "high"), ("LOW", "low"), ("HVOL", "volume")] {
      list.addBands(
        "AVWAP_\(name)", isOriginal ? "originalVWAP(\(anchor))" : "bandedVWAP(\(anchor))")
    }
    for (name, anchor) in [("HIGH", "High"), ("LOW", "Low"), ("HVOL", "Volume")] {
      list.addBands(
        "AVWAP_PREV_\(name)",
        isOriginal ? "originalVWAP(previous)" : "bandedVWAP(previous\(anchor))")
    }
    // How far the extremes of 50 bars are, as parts of the close; below zero where the low is nearer.
    let up = "(donchian(50).upper - close) / close"
    let down = "(close - donchian(50).lower) / close"
    // As far up as down is no nearer high, in dollars and in cents.
    let isNearerHigh =
      isOriginal
      ? "\(up) < \(down)"
      : "compare(donchian(50).upper + donchian(50).lower, 2 * close) < 0"
    list.add("SUPPORT_RESISTANCE", "where(\(isNearerHigh), \(up), -(\(down)))", "structure")
    return FeatureSet(
      isOriginal ? "transformer111.original" : "transformer111", list.columns, .none,
      fillsWithZero: isOriginal)
  }

  /// The sets that can be asked for by name.
  public static let knownNames = ["transformer111", "transformer111.original"]

  /// A set by its name.
  ///
  /// - Throws: `DataError` with the nearest name that exists.
  public static func named(_ name: String) throws(DataError) -> FeatureSet {
    switch name {
    case "transformer111", "features111": return transformer111
    case "transformer111.original": return transformer111(profile: .original)
    default:
      throw DataError(
        .unknownName, in: "feature sets",
        "no set \(excerpt(name)); known are \(knownNames.joined(separator: ", "))"
          + DataError.nearest(name, among: knownNames))
    }
  }
}

/// Columns whose formulas are known to be right.
private struct ColumnList {
  private(set) var columns: [FeatureColumn] = []

  mutating func add(
    _ name: String, _ formula: String, _ category: String, isStandardised: Bool = false,
    threshold: Double = 0.1
  ) {
    do {
      columns.append(
        try FeatureColumn(
          name, formula, category: category, isStandardised: isStandardised, threshold: threshold))
    } catch {
      fatalError("\(error)")
    }
  }

  /// The average, then its bands from the inside out.
  mutating func addBands(_ name: String, _ formula: String) {
    add(name, "\(formula).vwap", "volume", threshold: 0.15)
    for (number, threshold) in [(1, 0.2), (2, 0.18), (3, 0.25)] {
      for (letter, side) in [("U", "upper"), ("L", "lower")] {
        add(
          "\(name)_\(letter)\(number)", "\(formula).\(side)\(number)", "volume",
          threshold: threshold)
      }
    }
  }
}
