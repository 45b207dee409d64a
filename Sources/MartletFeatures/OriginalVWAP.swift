import MartletIndicators

/// Where the list that the transformer's features come from anchors its averages, with its mistakes.
enum OriginalAnchor: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// The whole day's highest high, known only when the day is over.
  case high
  /// The whole day's lowest low.
  case low
  /// The whole day's largest volume.
  case volume
  /// The week's number in its year: the sums of a week go on with those of earlier years.
  case week
  /// A bar of the day before, of which only today's bars are kept: the day's own average.
  case previous

  /// Whether a history must be complete before its first value is known.
  var needsWholeDays: Bool { self != .previous }
}

extension Bars {
  /// Anchored averages as the original list has them, for comparison.
  ///
  /// Extremes are those of the whole day: all but `.previous` compute the fields of the bars at once
  /// and need a history, not a stream.
  func originalVWAP(_ anchor: OriginalAnchor, window: Int = 20) -> BandedVWAP {
    let typical = typicalPrice
    let newDay = begins(.day)
    var begin = newDay
    var begun = Series(1)
    var carried = (price: Series(0), volume: Series(0))
    switch anchor {
    case .previous:
      begun = (newDay .> newDay.isFirst).hasBeenTrue
    case .high, .low, .volume:
      let field = anchor == .high ? high : anchor == .low ? low : volume
      let flag = dayExtremes(of: field, isMinimum: anchor == .low)
      begin = newDay .| flag
      // From the day's anchor on, and not before it.
      begun =
        Recurrence(seed: Series(0)) { before in
          Series.where(newDay, flag, before .| flag)
        }.series
    case .week:
      begin = begins(.week)
      carried = weekCarries(typical * volume, volume)
    }
    func sum(_ term: Series, _ carry: Series) -> Series {
      Series.where(begin, carry + term, term).cumsum(restartingWhen: begin)
    }
    let average = sum(typical * volume, carried.price) / sum(volume, carried.volume)
    let vwap = Series.where(begun, average, Series(.nan))
    let weight = Series.where(begun, volume, Series(0))
    return BandedVWAP(vwap, deviation: deviation(from: vwap, window: window, weight: weight))
  }

  /// 1 at the first bar of every day that holds the day's extreme.
  private func dayExtremes(of value: Series, isMinimum: Bool) -> Series {
    // What decides is read over the bars that have all that the average needs.
    let all = value + 0 * (typicalPrice + volume)
    return history([all, day + 0 * all]) { columns, flags in
      let (values, days) = (columns[0], columns[1])
      var index = 0
      while index < values.count {
        var end = index
        var best = index
        while end < values.count, days[end] == days[index] {
          if isMinimum ? values[end] < values[best] : values[end] > values[best] { best = end }
          end += 1
        }
        flags[0][best] = 1
        index = end
      }
    }[0]
  }

  /// At every first bar of a week: what weeks of the same number have summed up to before.
  private func weekCarries(_ price: Series, _ volume: Series) -> (price: Series, volume: Series) {
    let found = history([price, volume, day + 0 * price], outputs: 2) { columns, carries in
      var sums = [(price: Double, volume: Double)](repeating: (0, 0), count: 54)
      var last = Int.min
      for bar in columns[0].indices {
        let day = Int(columns[2][bar])
        let monday = Bars.monday(before: day)
        let week = Bars.isoWeek(ofDay: day)
        if monday != last {
          last = monday
          carries[0][bar] = sums[week].price
          carries[1][bar] = sums[week].volume
        }
        sums[week].price += columns[0][bar]
        sums[week].volume += columns[1][bar]
      }
    }
    return (found[0], found[1])
  }

  /// Series made from the whole history of others, symbol by symbol over the bars that all have.
  private func history(
    _ inputs: [Series], outputs: Int = 1,
    _ body: (_ columns: [[Double]], _ results: inout [[Double]]) -> Void
  ) -> [Series] {
    let arrays = Series.values(of: inputs)
    let shape = arrays[0].shape
    let times = shape.last ?? 0
    let symbols = shape.count == 1 ? 1 : shape[0]
    let columns = arrays.map(\.doubles)
    var results = [[Double]](
      repeating: [Double](repeating: .nan, count: symbols * times), count: outputs)
    for symbol in 0..<symbols {
      let present = (symbol * times..<(symbol + 1) * times).filter { index in
        columns.allSatisfy { !$0[index].isNaN }
      }
      var found = [[Double]](
        repeating: [Double](repeating: 0, count: present.count), count: outputs)
      body(columns.map { column in present.map { column[$0] } }, &found)
      for output in 0..<outputs {
        for (bar, index) in present.enumerated() { results[output][index] = found[output][bar] }
      }
    }
    return results.map { values in
      arrays[0].dtype == .float64
        ? Series(NDArray(values, shape: shape))
        : Series(NDArray(values.map { Float($0) }, shape: shape))
    }
  }
}

extension Bars {
  /// 1970-01-01 was a Thursday.
  private static func monday(before day: Int) -> Int { (day + 3).flooredQuotient(7) * 7 - 3 }

  /// The week's number in the year that its Thursday lies in (ISO 8601), 1…53.
  private static func isoWeek(ofDay day: Int) -> Int {
    let thursday = monday(before: day) + 3
    let year = Calendar.date(ofDay: thursday).year
    return (thursday - Calendar.day(year: year, month: 1, day: 1)) / 7 + 1
  }
}
