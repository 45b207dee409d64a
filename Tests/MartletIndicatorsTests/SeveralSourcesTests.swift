import Martlet
import TestSupport
import Testing

/// Values of several sources that are asked for together.
struct SeveralSourcesTests {
  /// Each has the numbers of its own source, as if it were asked for alone.
  @Test func sourcesAreNotTakenForEachOther() throws {
    let (a, b) = (Series([1, 2, 3, 4]), Series([10, 20, 40, 80]))
    let all = [a.sma(2), b.sma(2), a + b, b.ema(2), a.shift(1)]
    for (together, one) in zip(Series.values(of: all), all) {
      #expect(sameBits(together, one.values()))
    }
    #expect(Series.values(of: all)[1].doubles.dropFirst() == [15, 30, 60])
    for (together, one) in zip(Series.latest(of: all), all) {
      #expect(sameBits(together, one.latest()))
    }
  }

  @Test func panelsOfTheSameAxesKeepTheirOwnHoles() throws {
    let (a, b) = (
      try Market.ragged(20, 50, seed: 3).panel(), try Market.ragged(20, 50, seed: 4).panel()
    )
    let all = [
      a.bars.close.sma(3), b.bars.close.sma(3), b.bars.volume.ema(4), a.bars.hl2(b),
      a.bars.close.rank(), b.bars.close.rank(),
    ]
    for (together, one) in zip(Series.values(of: all), all) {
      #expect(sameBits(together, one.values()))
    }
  }
}

extension Bars {
  /// A value of two panels.
  fileprivate func hl2(_ other: Panel) -> Series { (high + other.bars.low) / 2 }
}
