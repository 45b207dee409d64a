public import MartletIndicators

extension TimeChart {
  /// The same chart with indicators: those in the unit of prices and near to them over the prices, others in panes
  /// below, candlestick patterns as marks.
  ///
  /// Outputs that charts draw at other bars than their own are drawn there (``Indicator/displacements``).
  ///
  /// - Throws: `DataError` of kind `cancelled` where the task is cancelled before the end.
  public func adding(_ indicators: [Indicator]) throws(DataError) -> TimeChart {
    guard let prices else { fatalError("TimeChart: indicators in a chart without prices") }
    let table = try prices.panel.compute(indicators)
    var chart = self
    var next = 0
    for indicator in indicators {
      let outputs = indicator.definition.outputs.indices.map {
        table.arrays[next + $0].row(0).doubles
      }
      next += outputs.count
      if indicator.definition.category == .patterns {
        chart.marks += marks(of: outputs[0], indicator.definition.id)
      } else {
        try chart.add(indicator, outputs)
      }
    }
    return chart
  }

  private func marks(of pattern: [Double], _ name: String) -> [ChartMark] {
    shown.compactMap { bar in
      guard pattern[bar].isFinite, pattern[bar] != 0 else { return nil }
      return pattern[bar] > 0 ? .buy(at: time[bar], name) : .sell(at: time[bar], name)
    }
  }

  private mutating func add(_ indicator: Indicator, _ outputs: [[Double]]) throws(DataError) {
    let definition = indicator.definition
    let name = indicator.legendName
    if definition.outputs == ["open", "high", "low", "close"] {
      let piece = ChartPane.Piece(
        name: name, kind: .candles(outputs), values: outputs[3], color: nil)
      panes.append(ChartPane().adding(piece))
      return
    }
    let reading = try IndicatorReading(indicator)
    let bounds = indicator.bounds
    let displacements = indicator.displacements
    let own = panes.count
    // Of each new pane the outputs that are in it.
    var members: [[Int]] = []
    for (number, values) in outputs.enumerated() {
      let output = definition.outputs[number]
      // With the defaults some outputs have no values.
      if outputs.count > 1, !values[shown].contains(where: \.isFinite) { continue }
      let piece = ChartPane.Piece(
        name: outputs.count == 1 ? name : output,
        kind: output == "histogram" ? .columns : .line, values: values, color: nil,
        group: outputs.count == 1 ? "" : name, shift: displacements[number])
      if reading.liesOverPrices[number] {
        panes[0] = panes[0].adding(piece)
      } else if let place = members.firstIndex(where: { reading.fits(number, $0) }) {
        panes[own + place] = panes[own + place].adding(piece)
        members[place].append(number)
      } else {
        panes.append(ChartPane().adding(piece))
        members.append([number])
      }
    }
    for (place, numbers) in members.enumerated() {
      panes[own + place].annotate(
        definition.levels, bounds: bounds[numbers[0]],
        isCommon: numbers.allSatisfy { bounds[$0] == bounds[numbers[0]] },
        numbers.map { outputs[$0][shown] })
    }
  }
}

extension ChartPane {
  /// The levels and the range that an oscillator is read by.
  fileprivate mutating func annotate(
    _ usual: [Double], bounds: ClosedRange<Double>?, isCommon: Bool, _ values: [ArraySlice<Double>]
  ) {
    let (low, high) = values.joined().reduce((Double.infinity, -Double.infinity)) {
      $1.isFinite ? (min($0.0, $1), max($0.1, $1)) : $0
    }
    if let bounds, isCommon {
      levels = usual.filter(bounds.contains)
      let span = bounds.upperBound - bounds.lowerBound
      if span.isFinite, high - low > 0.3 * span { fixedRange = bounds }
    } else if high > low {
      // Those of averages and the like are not far away.
      levels = usual.filter {
        low - (high - low) < $0 && $0 < 2 * high - low
      }
    }
    if levels.isEmpty, low < 0, high > 0 { levels = [0] }
    // Zero belongs to what goes up from it.
    if low == 0, fixedRange == nil { fixedRange = high > 0 ? 0...(1.06 * high) : nil }
  }
}

extension Indicator {
  /// `sma(50)`: as its short text form, without the names.
  fileprivate var legendName: String {
    let written = values.enumerated().filter {
      $0 == 0 || $1 != definition.parameters[$0].defaultValue
    }.map(\.element.description)
    let chosen = zip(definition.choices, fields).filter { $0.field != $1 }.map(\.1.rawValue)
    let all = written + chosen
    return all.isEmpty ? definition.id : "\(definition.id)(\(all.joined(separator: ",")))"
  }
}
