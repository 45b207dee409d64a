import Martlet
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A checkpoint that was saved by an earlier build goes on in this one with the same bits.
///
/// Where a kernel's version or the format is another, the file is recorded anew: run with `MARTLET_RECORD=1`.
struct SavedStreamTests {
  private static let path =
    String(#filePath.dropLast("SavedStreamTests.swift".count)) + "Reference/stream.checkpoint"

  /// Kernels of every kind: averages, windows, machines, a recurrence, what reads the time.
  private static func series(_ bars: Bars) -> [Series] {
    let loop = Recurrence(seed: bars.close) { 0.9 * $0 + 0.1 * bars.close }.series
    return [
      bars.close.rsi(5), bars.close.macd().histogram, bars.close.hma(9), bars.atr(5),
      bars.close.kama(4), bars.close.rollingMedian(5), bars.close.linReg(7).r2, bars.obv(),
      bars.sar().sar, bars.superTrend(4).line, bars.close.rollingMax(6),
      bars.zigZag(2).lastPivot,
      bars.close.rollingCorr(8, with: bars.volume), loop,
      bars.volume.cumsum(restartingWhen: bars.begins(.day)), bars.dmi(4).adx,
    ]
  }

  @Test func itGoesOn() throws {
    let market = Market.dense(3, 60, seed: 77)
    let panel = try market.panel(hours: { 400_000 + 8 * $0 })
    var stream = try BarStream(symbols: panel.symbols, clock: .newYork) { Self.series($0) }
    for time in 0..<41 {
      var row = panel.row(time)
      // One symbol stands at another bar.
      if time % 10 == 3 { row[1] = nil }
      _ = try stream.update(row)
    }
    if getenv("MARTLET_RECORD") != nil {
      let bytes = stream.checkpoint()
      let file = try #require(fopen(Self.path, "wb"))
      fwrite(bytes, 1, bytes.count, file)
      fclose(file)
    }
    let file = try #require(fopen(Self.path, "rb"))
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    fclose(file)
    var saved = try BarStream(restoring: bytes) { Self.series($0) }
    #expect(saved.checkpoint() == bytes)
    #expect(saved.lastTimes == stream.lastTimes && saved.clock == .newYork)
    for time in 41..<60 {
      let (a, b) = (try stream.update(panel.row(time)), try saved.update(panel.row(time)))
      for result in stream.names.indices {
        #expect(sameBits(a.values(of: result), b.values(of: result)), "result \(result), \(time)")
      }
    }
  }
}
