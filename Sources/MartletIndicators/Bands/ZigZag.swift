import MartletSeries

/// The state of a zigzag as it is known at a bar.
public struct ZigZag: Sendable {
  /// Price of the last confirmed turning point.
  public let lastPivot: Series
  /// Bars since that turning point.
  public let pivotAge: Series
  /// 1 while the leg from it rises, −1 while it falls.
  public let direction: Series
  /// The furthest price of the leg, the next turning point if it is confirmed.
  public let extreme: Series
}

extension Bars {
  /// ZigZag of highs and lows: the extreme of a leg becomes a turning point when price has gone
  /// `percent` percent back from it, and the next leg runs the other way.
  ///
  /// A turning point is emitted at the bar that confirms it, `pivotAge` bars after its own, and no
  /// value changes later. A bar with a new extreme confirms nothing; of equal extremes the latest
  /// counts. The first turning point is the highest high or the lowest low so far, whichever price
  /// first leaves by `percent` percent; if both on one bar, by more.
  ///
  /// Warm-up: none by the parameters; NaN until the first leg has a direction. Cost per bar:
  /// constant. Source: A. A. Merrill, Filtered Waves, 1977; ties are Skender's.
  ///
  /// Elsewhere: Charting programs redraw the last leg and put pivots back in time; here a pivot
  /// appears at the bar that confirms it, and stays.
  public func zigZag(_ percent: Double = 5) -> ZigZag {
    ZigZag(high: high, low: low, percent: percent)
  }
}

extension Series {
  /// ZigZag of one series.
  public func zigZag(_ percent: Double = 5) -> ZigZag {
    ZigZag(high: self, low: self, percent: percent)
  }
}

extension ZigZag {
  fileprivate init(high: Series, low: Series, percent: Double) {
    func part(_ output: Int) -> Series {
      Series(.zigZag, [high, low], reals: [percent / 100, 4], output: output)
    }
    self.init(lastPivot: part(0), pivotAge: part(1), direction: part(2), extreme: part(3))
  }
}

extension Catalog {
  /// Its points lie `pivotAge` bars back, a number that is no constant: displacements are 0.
  static let zigZag = CatalogEntry(
    "zigZag", "ZigZag, causal", .bands, of: .pair(("high", .high), ("low", .low)),
    .real("percent", 5, in: 1e-6...1e6),
    outputs: ["lastPivot", "pivotAge", "direction", "extreme"],
    bounds: [nil, .notNegative, -1...1, nil],
    isSparse: true,
    source: "A. A. Merrill, Filtered Waves, 1977",
    reference: "Skender ZigZag, its points from the second on at the bars that confirm them"
  ) { range, percent in
    let leg = ZigZag(high: range.0, low: range.1, percent: percent)
    return [leg.lastPivot, leg.pivotAge, leg.direction, leg.extreme]
  }
}
