public import MartletArrays
import MartletIO

/// Parts of a panel by name and by time; they share its memory.
extension Panel {
  /// The times of the second axis.
  public var timestamps: [Timestamp] { time.map { Timestamp(nanoseconds: $0) } }

  /// The panel of one symbol.
  ///
  /// - Throws: `DataError` for a symbol that the panel lacks, with the nearest name.
  public subscript(symbol: String) -> Panel {
    get throws(DataError) { symbols([try place(of: symbol)]) }
  }

  /// The panel of some symbols, in the order given.
  ///
  /// - Throws: `DataError` for a symbol that the panel lacks, or that is named twice.
  public subscript(symbols: [String]) -> Panel {
    get throws(DataError) {
      var places: [Int] = []
      for symbol in symbols {
        let place = try place(of: symbol)
        guard !places.contains(place) else {
          throw DataError(
            .duplicate, in: "panel", at: "symbol \(excerpt(symbol))", "is there twice")
        }
        places.append(place)
      }
      return self.symbols(places)
    }
  }

  /// The bars from a moment on, up to another one; both belong to it.
  ///
  /// A date is its midnight: of bars within days, `before:` the next day is meant, not `to:` the last one.
  public subscript(from start: Timestamp, to end: Timestamp) -> Panel {
    times(firstIndex(at: start)..<max(firstIndex(at: start), firstIndex(after: end)))
  }

  /// The bars from a moment on and before another one.
  public subscript(from start: Timestamp, before end: Timestamp) -> Panel {
    times(firstIndex(at: start)..<max(firstIndex(at: start), firstIndex(at: end)))
  }

  /// The bars from a moment on.
  public subscript(from start: Timestamp) -> Panel { times(firstIndex(at: start)..<time.count) }

  /// The bars before a moment.
  public subscript(before end: Timestamp) -> Panel { times(0..<firstIndex(at: end)) }

  /// The place of a time in the second axis, nil where no symbol has a bar at it.
  public func index(of moment: Timestamp) -> Int? {
    let place = firstIndex(at: moment)
    return place < time.count && time[place] == moment.nanoseconds ? place : nil
  }

  /// The first place in the second axis that is not before a moment; the number of times where all are.
  public func firstIndex(at moment: Timestamp) -> Int {
    time[...].partition { $0 >= moment.nanoseconds }
  }

  private func firstIndex(after moment: Timestamp) -> Int {
    time[...].partition { $0 > moment.nanoseconds }
  }

  private func place(of symbol: String) throws(DataError) -> Int {
    guard let place = index(of: symbol) else {
      throw DataError(
        .unknownName, in: "panel",
        "no symbol \(excerpt(symbol))" + DataError.nearest(symbol, among: symbols))
    }
    return place
  }
}
