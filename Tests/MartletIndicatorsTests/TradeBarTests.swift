import Martlet
import TestSupport
import Testing

/// Bars that the clock closes, made of trades.
struct TradeBarTests {
  static let second: Int64 = 1_000_000_000
  static let minute: Int64 = 60 * second

  /// A time as text, for example `14:30:05` of a day in UTC.
  static func at(_ text: String, _ day: String = "2024-07-01") throws -> Int64 {
    try Timestamp("\(day)T\(text)Z").nanoseconds
  }

  static func tick(_ time: String, _ price: Double = 10, _ size: Double = 1) throws -> Tick {
    Tick(time: try at(time), price: price, size: size)
  }

  private func minutes(
    _ symbols: [String] = ["A"], _ options: SamplingOptions = SamplingOptions(),
    clock: ExchangeClock = .utc, _ period: Period = .minutes(1)
  ) throws -> TradeBars {
    try TradeBars(symbols: symbols, rule: .time(period), clock: clock, options: options)
  }

  @Test func aBarHoldsWhatWasTraded() throws {
    var bars = try minutes(["A", "B"])
    var closed: [ClosedBar] = []
    for (time, price, size) in [
      ("10:00:00", 10.0, 3.0), ("10:00:20", 12, 1), ("10:00:59.999999999", 9, 2),
    ] { try bars.add(try Self.tick(time, price, size), symbol: "A", into: &closed) }
    #expect(closed.isEmpty)
    let forming = try #require(try bars.forming("A"))
    #expect(forming.endTime == (try Self.at("10:01:00")) && forming.bar.close == 9)
    #expect(try bars.forming("B") == nil && bars.lastTime("B") == nil)
    #expect(try bars.nextClose == Self.at("10:01:00"))
    try bars.add(try Self.tick("10:01:00", 11), symbol: "A", into: &closed)
    let bar = try #require(closed.first?.bar)
    #expect(closed.count == 1 && closed[0].symbol == "A" && bar == forming)
    #expect(
      bar.bar
        == Bar(time: try Self.at("10:00:00"), open: 10, high: 12, low: 9, close: 9, volume: 6))
    #expect(bar.notional == 60 && bar.vwap == 10 && bar.tradeCount == 3)
    #expect(!bar.isPartial && !bar.isStub && !bar.isFill)
    #expect(
      "\(bar)"
        == "2024-07-01T10:00:00Z to 2024-07-01T10:01:00Z: open 10.0, high 12.0, low 9.0, "
        + "close 9.0, volume 6.0, 3 trades")
    #expect(bars.counts.trades == 4 && bars.counts.bars == 1)
  }

  /// A bar is closed by the data's clock for all symbols, and not before it is over.
  @Test func theClockClosesWhatIsDue() throws {
    var bars = try minutes(["A", "B", "C"])
    var closed: [ClosedBar] = []
    try bars.add(try Self.tick("10:00:10"), symbol: "B", into: &closed)
    try bars.add(try Self.tick("10:01:30"), symbol: "A", into: &closed)
    #expect(try bars.nextClose == Self.at("10:01:00"))
    try bars.advance(to: try Self.at("10:00:59.999999999"), into: &closed)
    #expect(closed.isEmpty)
    try bars.advance(to: try Self.at("10:05:00"), into: &closed)
    #expect(closed.map(\.symbol) == ["B", "A"])
    #expect(bars.nextClose == nil)
    // What is told again, or of before, changes nothing.
    let state = bars.checkpoint()
    try bars.advance(to: try Self.at("10:05:00"), into: &closed)
    try bars.advance(to: try Self.at("10:02:00"), into: &closed)
    #expect(bars.checkpoint() == state && closed.count == 2)
    // A trade of a bar that has been closed is late, one of a later bar is not.
    expectError(.order, "symbol C", "was closed") {
      try bars.add(try Self.tick("10:04:59"), symbol: "C") { _, _ in }
    }
    #expect(bars.checkpoint() == state)
    try bars.advance(to: try Self.at("10:05:30"), into: &closed)
    try bars.add(try Self.tick("10:05:10"), symbol: "C", into: &closed)
    #expect(try bars.nextClose == Self.at("10:06:00"))
    try bars.add(try Self.tick("10:06:10"), symbol: "C", into: &closed)
    #expect(closed.count == 3 && closed[2].symbol == "C")
    #expect(try bars.nextClose == Self.at("10:07:00"))
  }

  @Test(arguments: SamplingOptions.FirstBar.allCases)
  func theFirstBarMayBePartial(policy: SamplingOptions.FirstBar) throws {
    let options = SamplingOptions(firstBar: policy)
    func first(_ start: String, _ told: String? = nil) throws -> [Bool] {
      var bars = try minutes(["A", "B"], options)
      var closed: [ClosedBar] = []
      if let told { try bars.advance(to: try Self.at(told), into: &closed) }
      try bars.add(try Self.tick(start), symbol: "A", into: &closed)
      try bars.add(try Self.tick("10:03:07"), symbol: "B", into: &closed)
      try bars.advance(to: try Self.at("10:09:00"), into: &closed)
      #expect(closed.last?.symbol == "B" && closed.last?.bar.isPartial == false)
      return closed.dropLast().map(\.bar.isPartial)
    }
    let partial: [Bool] =
      switch policy {
      case .emit: [false]
      case .skip: []
      case .mark: [true]
      }
    #expect(try first("10:00:07") == partial)
    #expect(try first("10:00:59", "10:00:00.000000001") == partial)
    // The data begin on the boundary, or before: whoever trades late in it has traded nothing
    // before.
    #expect(try first("10:00:00") == [false])
    #expect(try first("10:00:59", "10:00:00") == [false])
    #expect(try first("10:00:59", "09:58:31") == [false])
  }

  /// Symbols fed one after the other: a start on a boundary is not partial though others began
  /// later.
  @Test func symbolsNeedNotBeInStep() throws {
    var bars = try minutes(["A", "B"])
    var closed: [ClosedBar] = []
    for time in ["10:03:30", "10:04:00"] {
      try bars.add(try Self.tick(time), symbol: "A", into: &closed)
    }
    for time in ["10:00:00", "10:01:00", "10:02:00"] {
      try bars.add(try Self.tick(time), symbol: "B", into: &closed)
    }
    #expect(closed.map(\.bar.isPartial) == [true, false, false])
    #expect(try bars.nextClose == Self.at("10:03:00"))
    try bars.add(try Self.tick("10:05:00"), symbol: "B", into: &closed)
    #expect(try bars.nextClose == Self.at("10:05:00"))
  }

  @Test func theClosedSideHasAnEffect() throws {
    func closes(_ side: SamplingOptions.ClosedSide) throws -> (volumes: [Double], due: Int64?) {
      let options = SamplingOptions(closedSide: side)
      var bars = try minutes(["A"], options)
      var closed: [ClosedBar] = []
      try bars.advance(to: try Self.at("10:00:00"), into: &closed)
      for (time, size) in [("10:00:30", 1.0), ("10:01:00", 2), ("10:01:00.000000001", 4)] {
        try bars.add(try Self.tick(time, 10, size), symbol: "A", into: &closed)
      }
      let due = bars.nextClose
      // At the very end a trade of a bar that contains its end may still come.
      try bars.advance(to: try Self.at("10:02:00"), into: &closed)
      if side == .right {
        #expect(closed.count == 1)
        try bars.add(try Self.tick("10:02:00", 10, 8), symbol: "A", into: &closed)
        try bars.advance(to: try Self.at("10:02:00.000000001"), into: &closed)
      }
      #expect(closed.map(\.bar.startTime) == [try Self.at("10:00:00"), try Self.at("10:01:00")])
      return (closed.map(\.bar.bar.volume), due)
    }
    let (left, right) = (try closes(.left), try closes(.right))
    #expect(try left.volumes == [1, 6] && left.due == Self.at("10:02:00"))
    #expect(try right.volumes == [3, 12] && right.due == Self.at("10:02:00.000000001"))
  }

  /// The opening belongs to the first bar of a session, the close only to one that contains its
  /// end.
  @Test func openingAndCloseOfASession() throws {
    let clock = ExchangeClock.newYork.trading(try TradingHours(opensAt: 34_200, closesAt: 57_600))
    for side in SamplingOptions.ClosedSide.allCases {
      var bars = try minutes(["A"], SamplingOptions(closedSide: side), clock: clock, .hours(4))
      var closed: [ClosedBar] = []
      for time in ["13:29:59", "13:30:00", "19:00:00", "20:00:00", "20:00:01"] {
        try bars.add(try Self.tick(time), symbol: "A", into: &closed)
      }
      #expect(closed.map(\.bar.tradeCount) == (side == .left ? [1, 1] : [1, 2]))
      #expect(closed.map(\.bar.isStub) == [false, true])
      #expect(closed.map(\.bar.endTime) == [try Self.at("17:30:00"), try Self.at("20:00:00")])
      #expect(bars.counts.outside == (side == .left ? 3 : 2))
    }
  }

  @Test(arguments: StubPolicy.allCases)
  func theRestOfASession(stub: StubPolicy) throws {
    let clock = ExchangeClock.newYork.trading(try TradingHours(opensAt: 34_200, closesAt: 57_600))
    var bars = try minutes(["A"], SamplingOptions(stub: stub), clock: clock, .hours(4))
    var closed: [ClosedBar] = []
    for time in ["13:30:00", "17:30:00", "19:59:59"] {
      try bars.add(try Self.tick(time), symbol: "A", into: &closed)
    }
    try bars.advance(to: try Self.at("20:00:00"), into: &closed)
    let expected: ([Int], Bool, String, Int) =
      switch stub {
      case .emit: ([1, 2], true, "20:00:00", 0)
      case .merge: ([3], false, "20:00:00", 0)
      case .drop: ([1], false, "17:30:00", 2)
      }
    #expect(closed.map(\.bar.tradeCount) == expected.0)
    #expect(closed.last?.bar.isStub == expected.1)
    #expect(try closed.last?.bar.endTime == Self.at(expected.2))
    #expect(bars.counts.outside == expected.3)
  }

  /// Periods without trades, over a night, a weekend with the change to summer time, and a holiday.
  @Test func emptyPeriodsCarryTheClose() throws {
    let clock = ExchangeClock.newYork.trading(
      try TradingHours(
        opensAt: 34_200, closesAt: 57_600, earlyCloses: ["2024-03-08": 46_800],
        holidays: ["2024-03-11"]))
    var bars = try minutes(
      ["A", "B"], SamplingOptions(emptyBars: .carryClose), clock: clock, .hours(2))
    var closed: [ClosedBar] = []
    func add(_ text: String, _ price: Double) throws {
      let time = try Timestamp(text).nanoseconds
      try bars.add(Tick(time: time, price: price, size: 5), symbol: "A", into: &closed)
    }
    for price in [11.0, 8, 10] { try add("2024-03-08T09:31-05:00", price) }
    #expect(bars.nextClose == Timestamp("2024-03-08T11:30-05:00").nanoseconds)
    try add("2024-03-12T13:35-04:00", 12)
    let starts = [
      "2024-03-08T09:30-05:00", "2024-03-08T11:30-05:00", "2024-03-12T09:30-04:00",
      "2024-03-12T11:30-04:00",
    ]
    #expect(try closed.map(\.bar.startTime) == starts.map { try Timestamp($0).nanoseconds })
    #expect(closed.map(\.bar.isFill) == [false, true, true, true])
    #expect(closed.map(\.bar.isStub) == [false, true, false, false])
    let fill = closed[2].bar
    #expect(fill.bar.open == 10 && fill.bar.high == 10 && fill.bar.low == 10)
    #expect(fill.bar.close == 10 && fill.bar.volume == 0 && fill.tradeCount == 0)
    #expect(closed[0].bar.high == 11 && closed[0].bar.low == 8)
    #expect(fill.vwap.isNaN && fill.notional == 0)
    // The clock makes them without a trade; a symbol that has never traded has none.
    closed.removeAll()
    try bars.advance(to: Timestamp("2024-03-13T20:00Z").nanoseconds, into: &closed)
    #expect(closed.map(\.bar.bar.volume) == [5, 0, 0, 0, 0, 0])
    #expect(closed.map(\.bar.bar.close) == [12, 12, 12, 12, 12, 12])
    #expect(bars.counts.fills == 8 && closed.allSatisfy { $0.symbol == "A" })
    #expect(bars.nextClose == Timestamp("2024-03-14T11:30-04:00").nanoseconds)
    // A trade before the next session is outside of hours.
    try add("2024-03-14T09:29:59-04:00", 13)
    #expect(bars.counts.outside == 1)
    try add("2024-03-14T09:30-04:00", 14)
    let forming = try #require(try bars.forming("A"))
    #expect(forming.bar.open == 14 && forming.bar.high == 14 && !forming.isFill)
  }

  /// Every kind of period: what follows an end is the period of the first moment after it in which
  /// there is trading.
  @Test func aPeriodFollowsAnother() throws {
    let hours = try TradingHours(
      opensAt: 34_200, closesAt: 57_600, earlyCloses: ["2024-07-03": 46_800],
      holidays: ["2024-07-04"])
    let periods: [Period] = [
      .minutes(7), .hours(1), .hours(24), .session, .day, .week, .month, .quarter, .year,
    ]
    for clock in [ExchangeClock.newYork, .newYork.trading(hours), .utc, .sydney.trading(hours)] {
      for (period, stub) in periods.flatMap({ p in StubPolicy.allCases.map { (p, $0) } }) {
        // The moments of a walk, and the fills of one trade.
        var fills: [Int64] = []
        let start = try Self.at("15:00:00", "2024-07-02")
        var bars = try minutes(
          ["A"],
          SamplingOptions(
            firstBar: .emit, emptyBars: .carryClose, stub: stub, maximumStep: .seconds(900 * 86_400)
          ),
          clock: clock, period)
        try bars.add(Tick(time: start, price: 1, size: 1), symbol: "A") { _, _ in }
        guard try bars.forming("A") != nil else { continue }
        let end = start + (period == .year || period == .quarter ? 800 : 8) * 86_400 * Self.second
        try bars.advance(to: end) { fills.append($1.startTime) }
        var walked: [Int64] = []
        var seen = Int64.min
        var time = start
        let step: Int64 = (period == .minutes(7) ? 60 : 1800) * Self.second
        while time < end + 400 * step {
          let found = clock.interval(of: time, period, stub: stub)
          if found.contains, time < found.availableAt, found.availableAt <= end,
            seen != found.opening
          {
            seen = found.opening
            if clock.hours == nil || Self.isTraded(found, clock) { walked.append(seen) }
          }
          time += step
        }
        #expect(fills == walked, "\(period) \(stub) \(clock)")
      }
    }
  }

  /// Whether trading hours have a moment in a period.
  private static func isTraded(_ found: PeriodInterval, _ clock: ExchangeClock) -> Bool {
    var time = found.opening
    while time < found.availableAt {
      if clock.interval(of: time, .session).contains { return true }
      time += 1800 * second
    }
    return false
  }

  /// Local days of 23 and 25 hours.
  @Test func barsOverTheChangeOfTheClock() throws {
    for (day, length) in [("2024-03-10", 23), ("2024-11-03", 25), ("2024-07-01", 24)] {
      let begin = try Timestamp("\(day)T\(length == 23 ? "05" : "04"):00:00Z").nanoseconds
      let hours = (0..<length).map {
        Tick(time: begin + Int64($0) * 3600 * Self.second, price: 1, size: 1)
      }
      let end = begin + Int64(length) * 3600 * Self.second
      func bars(_ period: Period) throws -> [SampledBar] {
        try TradeBars.bars(of: hours, rule: .time(period), clock: .newYork, advancedTo: end)
      }
      #expect(try bars(.day).map(\.tradeCount) == [length])
      #expect(try bars(.day).first?.endTime == end)
      #expect(try bars(.hours(1)).count == length)
      let four = try bars(.hours(4))
      #expect(four.map(\.tradeCount).reduce(0, +) == length)
      #expect(four.last?.isStub == (length % 4 != 0) && four.last?.endTime == end)
    }
  }

  @Test func lateTradesAreRefusedOrDropped() throws {
    var strict = try minutes()
    var lenient = try minutes(["A"], SamplingOptions(lateTrades: .drop))
    for time in ["10:00:10", "10:00:10", "10:00:20"] {
      try strict.add(try Self.tick(time), symbol: "A") { _, _ in }
      try lenient.add(try Self.tick(time), symbol: "A") { _, _ in }
    }
    let state = strict.checkpoint()
    expectError(.order, "trades: symbol A", "10:00:19Z after one at 2024-07-01T10:00:20Z") {
      try strict.add(try Self.tick("10:00:19"), symbol: "A") { _, _ in }
    }
    #expect(strict.checkpoint() == state && strict.counts.late == 0)
    let before = try lenient.forming("A")
    try lenient.add(try Self.tick("10:00:19"), symbol: "A") { _, _ in }
    #expect(lenient.counts.late == 1 && lenient.counts.trades == 3)
    #expect(try lenient.forming("A") == before)
    #expect(try lenient.lastTime("A") == strict.lastTime("A"))
  }
}
