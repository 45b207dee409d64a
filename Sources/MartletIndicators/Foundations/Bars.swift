package import MartletArrays

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
  public let open: Series
  public let high: Series
  public let low: Series
  public let close: Series
  public let volume: Series

  /// Bars made of any series, for example Heikin-Ashi's.
  public init(open: Series, high: Series, low: Series, close: Series, volume: Series) {
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
  }

  /// The five stored fields of a source.
  package init(of source: any SeriesSource) {
    func field(_ number: Int) -> Series { Series(.input(number, of: source)) }
    self.init(open: field(0), high: field(1), low: field(2), close: field(3), volume: field(4))
  }

  /// (high + low) / 2
  public var medianPrice: Series { (high + low) / 2 }
  /// (high + low + close) / 3
  public var typicalPrice: Series { (high + low + close) / 3 }
  /// (open + high + low + close) / 4
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

/// One bar of one symbol.
public struct Bar: Hashable, Sendable {
  /// Nanoseconds since 1970 UTC.
  public var time: Int64
  public var open: Double
  public var high: Double
  public var low: Double
  public var close: Double
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
