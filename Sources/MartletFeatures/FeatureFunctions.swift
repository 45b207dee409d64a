import MartletIndicators

/// What feature sets need and the catalog does not have. They are written like its indicators.
extension FeatureSet {
  /// Functions that columns may use besides the catalog's indicators.
  public static let functions: [IndicatorDefinition] = [
    Catalog.bandedVWAP.definition, Catalog.cutlerRSI.definition, Catalog.volumeBalance.definition,
    Catalog.originalVWAP.definition,
  ]
}

extension Series {
  /// Relative strength index of plain sums: gains as a percentage of gains and losses.
  ///
  /// 50 where nothing moved. The first bar counts as no change.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: D. Cutler, by J. Murphy, Technical Analysis of
  /// the Financial Markets, 1999.
  ///
  /// - Parameter lossFloor: Added to the mean loss; then a flat window gives 0.
  public func cutlerRSI(_ period: Int = 14, lossFloor: Double = 0) -> Series {
    let change = diff().afterWarmUp(early: Series(0))
    let gain = change.positivePart.rollingMean(period)
    let loss = change.negativePart.rollingMean(period)
    if lossFloor > 0 { return 100 - 100 / (1 + gain / (loss + lossFloor)) }
    return (100 * gain).divided(by: gain + loss, orIfZero: 50)
  }
}

/// What a running balance of the volume does with a bar that does not move.
public enum UnmovedVolume: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// It counts for neither side; so does a first bar.
  case none
  /// It counts as a fall; a first bar counts as a rise.
  case down
}

extension Series {
  /// Running sum of the volume, counted up or down as the series moves.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: J. Granville, A New Key to Stock Market Profits,
  /// 1963; see `obv` for the sum that begins with the first volume.
  public func volumeBalance(_ volume: Series, unmoved: UnmovedVolume = .none) -> Series {
    switch unmoved {
    case .none:
      return (volume * compared(with: shift(1), epsilons: 0)).afterWarmUp(early: 0 * volume)
        .cumsum()
    case .down:
      let signed = Series.where(diff() .> 0, volume, -volume)
      return signed.afterWarmUp(early: volume).cumsum()
    }
  }
}

extension Catalog {
  private static let bandNames = [
    "vwap", "upper1", "lower1", "upper2", "lower2", "upper3", "lower3",
  ]

  static let bandedVWAP = CatalogEntry(
    "bandedVWAP", "Anchored volume-weighted average price", .averages, of: .highLowCloseVolume,
    .choice("anchor", VWAPAnchor.first), .period(20, name: "window"),
    .choice("bands", VWAPBands.window), .integer("opensAt", 34_200, in: 0...86_399),
    outputs: bandNames, source: "B. Shannon, Maximum Trading Gains with Anchored VWAP, 2023",
    reference: "the formula"
  ) { $0.bandedVWAP($1, window: $2, bands: $3, opensAt: $4).all }

  static let cutlerRSI = CatalogEntry(
    "cutlerRSI", "Relative strength index of plain sums", .momentum, of: .x, .period(14),
    .real("lossFloor", 0, in: 0...1, suggested: nil), bounds: [0...100], levels: [30, 70],
    source: "D. Cutler, by J. Murphy, Technical Analysis of the Financial Markets, 1999",
    reference: "the formula"
  ) { [$0.cutlerRSI($1, lossFloor: $2)] }

  static let volumeBalance = CatalogEntry(
    "volumeBalance", "Running balance of the volume", .volume, of: .xAndVolume,
    .choice("unmoved", UnmovedVolume.none),
    source: "J. Granville, A New Key to Stock Market Profits, 1963", reference: "the formula"
  ) { [$0.x.volumeBalance($0.volume, unmoved: $1)] }

  static let originalVWAP = CatalogEntry(
    "originalVWAP", "Anchored averages with the original list's mistakes", .averages,
    of: .highLowCloseVolume, .choice("anchor", OriginalAnchor.high), .period(20, name: "window"),
    outputs: bandNames, source: "the list of features that the transformer came with",
    reference: "the formula"
  ) { $0.originalVWAP($1, window: $2).all }
}

extension Indicator {
  /// Whether its first value waits for the end of a history: not for streams.
  var needsWholeDays: Bool {
    guard definition == Catalog.originalVWAP.definition,
      case .text(let name)? = parameters["anchor"]
    else { return false }
    return OriginalAnchor(rawValue: name)?.needsWholeDays ?? false
  }
}
