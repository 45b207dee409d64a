import MartletArrays

extension ExchangeClock.SummerTime {
  var rule: ClockRule {
    func sunday(_ week: Int, _ month: Int, _ second: Int) -> ClockRule.Day {
      ClockRule.Day(month: month, week: week, weekday: 0, second: second)
    }
    return switch self {
    case .none: .none
    case .unitedStates: ClockRule(begin: sunday(2, 3, 7200), end: sunday(1, 11, 7200))
    case .europe: ClockRule(begin: sunday(5, 3, 3600), end: sunday(5, 10, 7200))
    case .australia: ClockRule(begin: sunday(1, 10, 7200), end: sunday(1, 4, 10_800))
    }
  }
}
