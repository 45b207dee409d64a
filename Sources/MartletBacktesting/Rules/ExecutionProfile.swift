extension ExecutionRules {
  /// Rules of other engines' defaults, as far as single switches say them.
  public enum Profile: String, CaseIterable, Hashable, Sendable {
    /// The usual rules here.
    case martlet
    /// vectorbt's `from_signals`: at the close of the signal, which the report says.
    case vectorbt
    /// backtesting.py: at the next open, in whole units.
    case backtestingPy
    /// TradingView's broker emulator: at the next open, the nearer extreme of a bar first.
    case tradingView
    /// Freqtrade: at the next open, stops at their price.
    case freqtrade
  }

  /// The rules of a profile.
  public init(_ profile: Profile) {
    self.init()
    switch profile {
    case .martlet: break
    case .vectorbt:
      fill = .lookaheadUnsafe
      sizedAt = .fill
      limitFill = .touch
      slippageOnStops = false
      exitsOnEntryBar = false
      distanceFrom = .reference
      fillsWithoutVolume = true
      closesAtEnd = false
    case .backtestingPy:
      sizedAt = .signal
      lot = 1
      reentry = .sameBar
      limitFill = .touch
      distanceFrom = .signal
      fillsWithoutVolume = true
      closesAtEnd = false
    case .tradingView:
      intrabarPath = .nearerExtremeFirst
      limitFill = .touch
      reentry = .sameBar
      fillsWithoutVolume = true
      closesAtEnd = false
    case .freqtrade:
      sizedAt = .fill
      limitFill = .touch
      gap = .stop
      reentry = .sameBar
      fillsWithoutVolume = true
    }
  }
}
