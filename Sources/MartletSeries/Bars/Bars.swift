import MartletArrays
import MartletIO

/// The fields of a bar that an indicator can read.
public enum BarField: String, Hashable, Sendable, CaseIterable {
  case open, high, low, close, volume
  /// (high + low) / 2
  case hl2
  /// (high + low + close) / 3
  case hlc3
  /// (open + high + low + close) / 4
  case ohlc4

  /// The fields that bars come with; the others are computed.
  public static let stored: [BarField] = [.open, .high, .low, .close, .volume]
}

/// Open, high, low, close and volume as lazy series of the same market.
public struct Bars: Sendable {
  /// Price of the first trade of each bar.
  public let open: Series
  /// Highest price of each bar.
  public let high: Series
  /// Lowest price of each bar.
  public let low: Series
  /// Price of the last trade of each bar.
  public let close: Series
  /// Amount traded in each bar, in the unit of the data.
  public let volume: Series
  /// Days since 1970-01-01 on the market's clock.
  public let day: Series
  /// Seconds since midnight on the market's clock.
  public let secondOfDay: Series
  /// Months since January 1970 on the market's clock.
  public let month: Series

  /// Bars made of any series, for example Heikin-Ashi's.
  ///
  /// - Parameter times: Bars whose days these have; without them all are of one day.
  public init(
    open: Series, high: Series, low: Series, close: Series, volume: Series, times: Bars? = nil
  ) {
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
    day = times?.day ?? close * 0
    secondOfDay = times?.secondOfDay ?? close * 0
    month = times?.month ?? close * 0
  }

  init(
    open: Series, high: Series, low: Series, close: Series, volume: Series, day: Series,
    secondOfDay: Series, month: Series
  ) {
    (self.open, self.high, self.low, self.close, self.volume) = (open, high, low, close, volume)
    (self.day, self.secondOfDay, self.month) = (day, secondOfDay, month)
  }

  /// The five stored fields of a source, and what follows from the time.
  package init(of source: any SeriesSource) {
    func field(_ number: Int) -> Series { Series(.input(number, of: source)) }
    (open, high, low, close, volume) = (field(0), field(1), field(2), field(3), field(4))
    (day, secondOfDay, month) = (field(5), field(6), field(7))
  }

  /// Everything that the fields are made of.
  package var sources: [any SeriesSource] {
    Value.sources(
      of: [open, high, low, close, volume, day, secondOfDay, month].map(\.value))
  }

  /// The first of some series that reads something else than these bars, and what that is.
  package func foreignSource(of series: [Series]) -> (place: Int, summary: String)? {
    let own = Set(sources.map { ObjectIdentifier($0) })
    func foreign(_ values: [Value]) -> (any SeriesSource)? {
      Value.sources(of: values).first { !own.contains(ObjectIdentifier($0)) }
    }
    guard foreign(series.map(\.value)) != nil else { return nil }
    for (place, one) in series.enumerated() {
      if let found = foreign([one.value]) { return (place, found.summary) }
    }
    return nil
  }

  /// Fields of a row in a stream: the stored ones and those of the time.
  static let fieldCount = 8

  /// Middle of the bar's range: (high + low) / 2.
  public var medianPrice: Series { (high + low) / 2 }
  /// Mean of three prices: (high + low + close) / 3.
  public var typicalPrice: Series { (high + low + close) / 3 }
  /// Mean of the four prices: (open + high + low + close) / 4.
  public var averagePrice: Series { (open + high + low + close) / 4 }

  /// One field by name.
  public subscript(field: BarField) -> Series {
    switch field {
    case .open: open
    case .high: high
    case .low: low
    case .close: close
    case .volume: volume
    case .hl2: medianPrice
    case .hlc3: typicalPrice
    case .ohlc4: averagePrice
    }
  }
}

extension Series {
  /// The stored fields that this series reads: where one is missing, the bar is missing for it.
  public var fields: Set<BarField> {
    Set(
      value.inputKeys.map(\.field).filter(BarField.stored.indices.contains).map {
        BarField.stored[$0]
      })
  }
}

/// One bar of one symbol.
public struct Bar: Hashable, Sendable {
  /// Nanoseconds since 1970 UTC.
  public var time: Int64
  /// Price of the first trade.
  public var open: Double
  /// Highest price.
  public var high: Double
  /// Lowest price.
  public var low: Double
  /// Price of the last trade.
  public var close: Double
  /// Amount traded, in the unit of the data; NaN where it is not known.
  public var volume: Double

  /// A field that is not known is NaN: the bar then does not exist for what needs that field.
  public init(
    time: Int64, open: Double, high: Double, low: Double, close: Double, volume: Double = .nan
  ) {
    self.time = time
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
  }
}

extension Bars {
  /// Bars of nothing: for plans and lookbacks, which depend on parameters only.
  package static let unconnected = Bars(
    of: FieldSource(
      BarRows(
        columns: (0..<5).map { _ in BarRows.Column(nil, .float64) }, symbols: [], timeCount: 0,
        element: .float64)))
}
