public import MartletSeries

extension Pattern {
  /// Every pattern, in the order of TA-Lib's names.
  public static let all: [Pattern] = [
    .twoCrows, .threeBlackCrows, .threeInside, .threeLineStrike, .threeOutside,
    .threeStarsInSouth, .threeWhiteSoldiers, .abandonedBaby, .advanceBlock, .beltHold,
    .breakaway, .closingMarubozu, .concealingBabySwallow, .counterattack, .darkCloudCover,
    .doji, .dojiStar, .dragonflyDoji, .engulfing, .eveningDojiStar, .eveningStar,
    .gapSideBySideWhite, .gravestoneDoji, .hammer, .hangingMan, .harami, .haramiCross,
    .highWave, .hikkake, .hikkakeMod, .homingPigeon, .identicalThreeCrows, .inNeck,
    .invertedHammer, .kicking, .kickingByLength, .ladderBottom, .longLeggedDoji, .longLine,
    .marubozu, .matchingLow, .matHold, .morningDojiStar, .morningStar, .onNeck, .piercing,
    .rickshawMan, .riseFallThreeMethods, .separatingLines, .shootingStar, .shortLine,
    .spinningTop, .stalledPattern, .stickSandwich, .takuri, .tasukiGap, .thrusting, .tristar,
    .uniqueThreeRiver, .upsideGapTwoCrows, .gapThreeMethods,
  ]

  static let nison = "S. Nison, Japanese Candlestick Charting Techniques, 1991"
  static let morris = "G. L. Morris, Candlestick Charting Explained, 1995"

  private static let byName = Dictionary(
    uniqueKeysWithValues: all.flatMap { pattern in
      [(pattern.id.lowercased(), pattern), (pattern.talibName.lowercased(), pattern)]
    })

  /// A pattern by its id or TA-Lib's name, in any case, nil if there is none.
  static func find(_ name: String) -> Pattern? { byName[name.lowercased()] }

  /// A pattern by its id or TA-Lib's name, in any case, with its usual penetration.
  ///
  /// - Throws: `DataError` for a name that nothing answers to, with the nearest one that exists.
  public init(named name: String) throws(DataError) {
    guard let found = Pattern.find(name) else {
      throw DataError(
        .unknownName, in: "patterns",
        "no pattern \(name.isEmpty ? "without a name" : excerpt(name))"
          + DataError.nearest(name, among: Pattern.all.flatMap { [$0.id, $0.talibName] }))
    }
    self = found
  }

  /// A pattern from its text form, such as `hammer` or `darkCloudCover(penetration=0.4)`.
  public init(_ text: String) throws(DataError) {
    let indicator = try Indicator(text) { name throws(DataError) in
      try Pattern(named: name).definition()
    }
    let found = try Pattern(named: indicator.definition.id)
    if case .real(let part)? = indicator.parameters["penetration"] {
      self = found.penetrating(part)
    } else {
      self = found
    }
  }

  /// The pattern as what panels, streams and programs compute beside the indicators.
  public func indicator(settings: CandleSettings = .standard) -> Indicator {
    do {
      return try Indicator(
        definition(settings: settings),
        parameters: penetration.map { ["penetration": .real($0)] } ?? [:])
    } catch {
      fatalError("\(error)")
    }
  }

  func definition(settings: CandleSettings = .standard) -> IndicatorDefinition {
    let usual = Pattern.find(id)?.penetration
    let read = series(of: .unconnected, settings: settings).value.inputKeys.map(\.field).sorted()
    return IndicatorDefinition(
      id: id, title: title, category: .patterns,
      inputs: read.map { .field(BarField.stored[$0]) },
      parameters: usual.map {
        [TypedParameter.real("penetration", $0, in: Pattern.penetrations).erased]
      } ?? [],
      outputs: [id],
      bounds: [Double(min(values[0], 0))...Double(max(values[values.count - 1], 0))],
      settings: settings == .standard ? nil : settings,
      source: source, reference: "TA-Lib \(talibName)"
    ) { bars, values, _ in
      let pattern = values.first.flatMap { Double($0) }.map(penetrating) ?? self
      return [pattern.series(of: bars, settings: settings)]
    }
  }
}

extension Panel {
  /// Finds candlestick patterns in the whole panel: one plan, one pass.
  ///
  /// - Returns: Arrays `[symbols, time]` of 0, ±80, ±100 and ±200, NaN where a symbol has no bar or
  ///   has not warmed up.
  public func compute(
    _ patterns: [Pattern], settings: CandleSettings = .standard, threads: Int? = nil
  ) throws(DataError) -> IndicatorTable {
    try compute(patterns.map { $0.indicator(settings: settings) }, threads: threads)
  }

  /// Judges the last bar of every symbol and keeps no history.
  ///
  /// - Parameters:
  ///   - asOf: Nanoseconds since 1970 UTC; later bars are not looked at. By default all are.
  ///   - within: How old a last bar may be; symbols with older ones are left out. By default none is.
  /// - Returns: Arrays `[symbols]`.
  public func latest(
    _ patterns: [Pattern], settings: CandleSettings = .standard, asOf time: Int64? = nil,
    within age: MaximumAge? = nil, threads: Int? = nil
  ) throws(DataError) -> IndicatorTable {
    try latest(
      patterns.map { $0.indicator(settings: settings) }, asOf: time, within: age, threads: threads)
  }
}
