import MartletIndicators

/// What feature sets need and the catalog does not have. They are written like its indicators.
extension FeatureSet {
  /// Functions that columns may use besides the catalog's indicators.
  public static let functions: [IndicatorDefinition] = [
    .bandedVWAP, .cutlerRSI, .volumeBalance, .originalVWAP,
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
    let change = difference().afterWarmUp(early: Series(0))
    let gain = change.positivePart.rollingMean(period)
    let loss = change.negativePart.rollingMean(period)
    if lossFloor > 0 { return 100 - 100 / (1 + gain / (loss + lossFloor)) }
    return (100 * gain).divided(by: gain + loss, orIfZero: 50)
  }
}

/// What a running balance of the volume does with a bar that does not move.
public enum UnmovedVolume: String, Hashable, Sendable, CaseIterable {
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
      return (volume * compared(with: lagged(1), epsilons: 0)).afterWarmUp(early: 0 * volume)
        .cumulativeSum
    case .down:
      let signed = (difference() .> 0).select(volume, otherwise: -volume)
      return signed.afterWarmUp(early: volume).cumulativeSum
    }
  }
}

extension IndicatorDefinition {
  private static let bandNames = [
    "vwap", "upper1", "lower1", "upper2", "lower2", "upper3", "lower3",
  ]
  private static let typicalAndVolume: [Input] = [
    .field(.high), .field(.low), .field(.close), .field(.volume),
  ]

  static let bandedVWAP = IndicatorDefinition(
    id: "bandedVWAP", title: "Anchored volume-weighted average price", category: .averages,
    inputs: typicalAndVolume,
    parameters: [
      .choice("anchor", VWAPAnchor.first), .period(20, name: "window"),
      .choice("bands", VWAPBands.window),
      Parameter("opensAt", .integer(0...86_399), default: .integer(34_200)),
    ],
    outputs: bandNames, source: "B. Shannon, Maximum Trading Gains with Anchored VWAP, 2023",
    reference: "the formula"
  ) { a in
    a.bars.bandedVWAP(
      a.choice("anchor"), window: a.integer("window"), bands: a.choice("bands"),
      opensAt: a.integer("opensAt")
    ).all
  }

  static let cutlerRSI = IndicatorDefinition(
    id: "cutlerRSI", title: "Relative strength index of plain sums", category: .momentum,
    inputs: .x, parameters: [.period(14), .real("lossFloor", 0, in: 0...1)], bounds: [0...100],
    source: "D. Cutler, by J. Murphy, Technical Analysis of the Financial Markets, 1999",
    reference: "the formula"
  ) { [$0.x.cutlerRSI($0.period, lossFloor: $0.real("lossFloor"))] }

  static let volumeBalance = IndicatorDefinition(
    id: "volumeBalance", title: "Running balance of the volume", category: .volume,
    inputs: [.series("x", .close), .field(.volume)],
    parameters: [.choice("unmoved", UnmovedVolume.none)],
    source: "J. Granville, A New Key to Stock Market Profits, 1963", reference: "the formula"
  ) { [$0.x.volumeBalance($0.bars.volume, unmoved: $0.choice("unmoved"))] }

  static let originalVWAP = IndicatorDefinition(
    id: "originalVWAP", title: "Anchored averages with the original list's mistakes",
    category: .averages, inputs: typicalAndVolume,
    parameters: [.choice("anchor", OriginalAnchor.high), .period(20, name: "window")],
    outputs: bandNames, source: "the list of features that the transformer came with",
    reference: "the formula"
  ) { $0.bars.originalVWAP($0.choice("anchor"), window: $0.integer("window")).all }
}

extension Indicator {
  /// Whether its first value waits for the end of a history: not for streams.
  var needsWholeDays: Bool {
    guard definition.id == IndicatorDefinition.originalVWAP.id,
      case .text(let name)? = parameters["anchor"]
    else { return false }
    return OriginalAnchor(rawValue: name)?.needsWholeDays ?? false
  }
}
