/// The averages that an indicator can be built on where it takes a `maType`.
public enum AverageType: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// Simple.
  case sma
  /// Exponential.
  case ema
  /// Linearly weighted.
  case wma
  /// Double exponential: 2 e − ema(e).
  case dema
  /// Triple exponential: 3 e − 3 ema(e) + ema(ema(e)).
  case tema
  /// Triangular: the average of an average of half the length.
  case trima
  /// Kaufman's adaptive.
  case kama
  /// Tillson's, with a volume factor of 0.7.
  case t3
  /// Hull's.
  case hma
  /// Wilder's.
  case rma
  /// Exponential of a series freed of its lag.
  case zlema
  /// Ehlers' adaptive one with its usual limits; it has one length, whatever the period.
  case mama
  /// Chande's of momentum, over 9 changes.
  case vidya
  /// Legoux's, with an offset of 0.85 and a sigma of 6.
  case alma
}

extension AverageType {
  /// Whether the average lies within the values that it averages and, at its start, 0; others run
  /// ahead of them.
  public var staysWithin: Bool {
    switch self {
    case .sma, .ema, .wma, .trima, .kama, .rma, .mama, .vidya, .alma: true
    case .dema, .tema, .t3, .hma, .zlema: false
    }
  }
}

extension Series {
  /// A moving average of the given type; a period of 1 is the series itself.
  public func average(_ period: Int, _ type: AverageType) -> Series {
    requireLength(period, in: "average, \(type.rawValue)")
    if period == 1 { return self }
    switch type {
    case .sma: return sma(period)
    case .ema: return ema(period)
    case .wma: return wma(period)
    case .dema: return dema(period)
    case .tema: return tema(period)
    case .trima: return trima(period)
    case .kama: return kama(period)
    case .t3: return t3(period)
    case .hma: return hma(period)
    case .rma: return rma(period)
    case .zlema: return zlema(period)
    case .mama: return mama().mama
    case .vidya: return vidya(period)
    case .alma: return alma(period)
    }
  }
}
