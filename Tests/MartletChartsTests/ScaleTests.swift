import Martlet
import Testing

@testable import MartletCharts

@Suite("Scales of charts")
struct ScaleTests {
  @Test func ticksAreRoundAndApart() {
    for power in stride(from: -12, through: 12, by: 3) {
      for (low, high) in [(0.0, 1.0), (-3.7, 9.1), (99.1, 103.3), (-0.62, -0.11), (17, 17.004)] {
        var factor = 1.0
        for _ in 0..<power.magnitude { factor *= power < 0 ? 0.1 : 10 }
        let scale = ValueScale(low * factor...high * factor, top: 0, height: 240)
        let ticks = scale.ticks()
        #expect((1...5).contains(ticks.count))
        #expect(Set(ticks.map(\.text)).count == ticks.count)
        for (a, b) in zip(ticks, ticks.dropFirst()) {
          #expect((a.position - b.position).magnitude >= 42)
          let step = (b.value - a.value) / factor
          let isRound = [1, 2, 2.5, 5].contains { (one: Double) in
            var step = step * 1e6
            while step > 9.99 { step /= 10 }
            return (step - one).magnitude < 1e-3
          }
          #expect(isRound, "\(step)")
        }
      }
    }
  }

  @Test func logarithmicTicks() {
    func texts(_ range: ClosedRange<Double>) -> [String] {
      ValueScale(range, logarithmic: true, top: 0, height: 600).ticks(atMost: 6).map(\.text)
    }
    #expect(texts(0.9...130) == ["1", "10", "100"])
    #expect(texts(0.9...30) == ["1", "2", "5", "10", "20"])
    #expect(texts(100...180) == ["100", "120", "140", "160", "180"])
    #expect(texts(1...1e12) == ["1", "100", "10K", "1M", "100M", "10B", "1T"])
  }

  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (1.0, "1.00"), (123.456, "123.46"), (12_345.67, "12345.7"),
      (-2_345_678, "−2.35M"), (1.5e9, "1.50B"), (0.000123456, "0.0001235"), (0.05, "0.05000"),
      (1.2e-9, "1.20e−9"), (3e20, "3.00e20"), (.nan, "–"), (.infinity, "∞"),
    ] as [(Double, String)])
  func valuesOfLegends(value: Double, text: String) {
    #expect(value.short == text)
  }

  // MARK: Times

  private func texts(_ times: [Int64], _ clock: ExchangeClock = .utc, font: Int = 30) -> [String] {
    TimeTicks(times[...], clock, BarAxis(count: times.count, left: 14, width: 1300))
      .ticks(font: font).map(\.text)
  }

  /// Trading days, Mondays to Fridays.
  private func days(_ count: Int, from first: Int) -> [Int64] {
    (first..<first + 2 * count + 7).filter { ($0 + 3) % 7 < 5 }.prefix(count).map {
      Int64($0) * day
    }
  }

  @Test func labelsNeverTouch() {
    let steps: [Int64] = [
      1, 1_000_000, 1_000_000_000, 60_000_000_000, 5 * 60_000_000_000, hour, 4 * hour, day, 7 * day,
      30 * day, 365 * day,
    ]
    for step in steps {
      for count in [1, 2, 3, 10, 50, 150, 400, 1500, 20_000] {
        guard Double(step) * Double(count) < 5e18 else { continue }
        let times = (0..<count).map { 19_700 * day / 2 + Int64($0) * step }
        for font in [SVGDrawing.font, SVGDrawing.fontNarrow] {
          let ticks = TimeTicks(times[...], .newYork, BarAxis(count: count, left: 14, width: 1300))
            .ticks(font: font)
          #expect(!ticks.isEmpty)
          for (a, b) in zip(ticks, ticks.dropFirst()) {
            let room =
              (SVGDrawing.width(of: a.text, font: font) + SVGDrawing.width(of: b.text, font: font))
              / 2
            #expect(b.textX - a.textX >= room, "\(step) \(count) \(a) \(b)")
          }
        }
      }
    }
  }

  @Test func yearsAndMonths() {
    // 2015-01-02, a Friday after New Year.
    #expect(
      texts(days(1510, from: 16_437)) == [
        "2015", "2016", "Jul", "2017", "Jul", "2018", "Jul", "2019", "Jul", "2020", "Jul",
      ])
    #expect(
      texts(days(12_000, from: 3_652), font: 42).allSatisfy { Int($0).map { $0 % 5 == 0 } ?? false }
    )
    // The month is named where the label of its first day has no room.
    let sessions = days(18, from: 19_779)
    let hours = sessions.flatMap { start in (14...20).map { start + Int64($0) * hour } }
    #expect(texts(hours).prefix(3) == ["27 Feb", "29", "4 Mar"])
    // Over the end of a year, in weeks.
    #expect(texts(days(40, from: 19_692)) == ["4 Dec", "11", "18", "25", "2024", "8", "15", "22"])
  }

  @Test func hoursOverChangesOfTheClock() {
    // New York, from 2024-03-08 and from 2024-11-01, around the clock.
    for first in [19_790, 20_028] as [Int64] {
      let times = (0..<24 * 6).map { first * day + 5 * hour + Int64($0) * hour }
      let axis = BarAxis(count: times.count, left: 14, width: 1300)
      let ticks = TimeTicks(times[...], .newYork, axis).ticks(font: 30)
      let dates = ticks.filter { !$0.text.contains(":") }
      #expect(dates.count >= 5)
      for tick in dates {
        // Where a date stands, it is the first bar of that day there.
        let bar = times.indices.first { axis.x($0) >= tick.x - 1 }!
        #expect(LocalTime(times[bar], .newYork).second < 3600)
        let time = LocalTime(times[bar], .newYork)
        #expect([time.dayAndMonth, time.dayOfMonth].contains(tick.text))
      }
    }
    // 01:00 is there twice on 2024-11-03, and shown once.
    let night = (0..<8).map { Int64(20_030) * day + 3 * hour + Int64($0) * hour }
    let texts = texts(night, .newYork)
    #expect(texts.filter { $0 == "01:00" }.count == 1)
    #expect(texts.contains("02:00"))
  }

  @Test func spans() {
    #expect(spanText([0], .utc) == "1970-01-01")
    #expect(spanText([0, 365 * day], .utc) == "1970-01-01 – 1971-01-01")
    #expect(spanText([0, 90 * 60_000_000_000], .utc) == "1970-01-01 00:00 – 01:30")
    #expect(spanText([-day, hour], .utc) == "1969-12-31 00:00 – 1970-01-01 01:00")
    #expect(spanText([Int64.min, Int64.max], .utc) == "1677-09-21 00:12 – 2262-04-11 23:47")
  }
}
