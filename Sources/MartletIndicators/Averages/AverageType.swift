/// The averages that an indicator can be built on where it takes a `maType`.
public enum AverageType: String, Hashable, Sendable, CaseIterable {
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
    case .rma: return rma(period)
    case .kama: return kama(period)
    case .dema:
      let once = ema(period)
      return 2 * once - once.ema(period)
    case .tema:
      let once = ema(period)
      let twice = once.ema(period)
      return 3 * once - 3 * twice + twice.ema(period)
    case .trima:
      return sma((period + 1) / 2).sma(period / 2 + 1)
    case .t3:
      return tillson(period, volumeFactor: 0.7)
    case .hma:
      let root = Int(Double(period).squareRoot())
      return (2 * wma(period / 2) - wma(period)).wma(root)
    case .zlema:
      return (2 * self - lagged((period - 1) / 2)).ema(period)
    }
  }

  /// Tillson's T3: six exponential averages in a row, the last four combined by `v`.
  ///
  /// Source: T. Tillson, Better Moving Averages, Stocks & Commodities, 1998.
  private func tillson(_ period: Int, volumeFactor v: Double) -> Series {
    var chain = [self]
    for _ in 0..<6 { chain.append(chain[chain.count - 1].ema(period)) }
    let cube = v * v * v
    let square = v * v
    let sixth = -cube * chain[6]
    let fifth = 3 * (square + cube) * chain[5]
    let fourth = -3 * (2 * square + v + cube) * chain[4]
    let third = (1 + 3 * v + cube + 3 * square) * chain[3]
    return sixth + fifth + fourth + third
  }
}
