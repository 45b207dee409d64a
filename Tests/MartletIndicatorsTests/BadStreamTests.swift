import Martlet
import TestSupport
import Testing

/// Wrong bars, symbols and checkpoints are refused, and a refusal changes nothing.
struct BadStreamTests {
  static func bar(_ time: Int64, _ price: Double = 10) -> Bar {
    Bar(time: time, open: price, high: price + 1, low: price - 1, close: price, volume: 5)
  }

  static func stream() throws -> BarStream {
    try BarStream(symbols: ["AAPL", "MSFT", "IBM"], indicators: [.rsi(3), .obv()])
  }

  @Test func makingOne() {
    expectError(.empty, "stream", "no symbols") {
      _ = try BarStream(symbols: [], indicators: [.rsi()])
    }
    expectError(.empty, "stream", "no results") {
      _ = try BarStream(symbols: ["A"], indicators: [])
    }
    expectError(.duplicate, "symbol B", "twice") {
      _ = try BarStream(symbols: ["A", "B", "B"], indicators: [.rsi()])
    }
    expectError(.empty, "no results") { _ = try BarStream(symbols: ["A"]) { _ in [Series]() } }
  }

  /// Every wrong call, on a stream and a twin that never sees it.
  @Test func aRefusedCallChangesNothing() throws {
    var stream = try Self.stream()
    var twin = try Self.stream()
    for time in 1...6 {
      let bars = (0..<3).map { Self.bar(Int64(10 * time), Double(20 + time * ($0 + 1) % 7)) }
      _ = try stream.update(bars)
      _ = try twin.update(bars)
    }
    let before = stream.checkpoint()
    expectError(.wrongShape, "stream", "2 bars for 3 symbols") {
      _ = try stream.update([Self.bar(70), nil])
    }
    expectError(.wrongShape, "4 bars for 3 symbols") {
      _ = try stream.update([nil, nil, nil, nil])
    }
    expectError(.order, "symbol MSFT", "60") {
      _ = try stream.update([Self.bar(70), Self.bar(60), Self.bar(70)])
    }
    expectError(.order, "symbol IBM", "-5", "60") {
      _ = try stream.update([Self.bar(70), nil, Self.bar(-5)])
    }
    for (number, name) in ["open", "high", "low", "close", "volume"].enumerated() {
      var columns = [[Double]](repeating: [1, 2, 3], count: 5)
      columns[number] = [1, 2]
      expectError(.wrongShape, "column \(name)", "2 values for 3 symbols") {
        _ = try stream.update(
          time: 70, open: columns[0], high: columns[1], low: columns[2], close: columns[3],
          volume: columns[4])
      }
    }
    expectError(.order, "symbol MSFT", "60") {
      let none = [Double.nan, 3, .nan]
      _ = try stream.update(time: 60, open: none, high: none, low: none, close: none, volume: none)
    }
    expectError(.unknownName, "APPL", "did you mean AAPL?") {
      _ = try stream.update(Self.bar(70), for: "APPL")
    }
    expectError(.unknownName, "no symbol", "XYZZY") {
      _ = try stream.preview(Self.bar(70), for: "XYZZY")
    }
    expectError(.order, "symbol IBM", "60") { _ = try stream.update(Self.bar(55), for: "IBM") }
    expectError(.order, "symbol IBM", "59") { _ = try stream.preview(Self.bar(59), for: "IBM") }
    let strangers = try Panel(["TSLA": [Self.bar(70)], "NVDA": [Self.bar(70)]])
    expectError(.unknownName, "none of the stream's symbols") { try stream.warmUp(with: strangers) }
    let late = try Panel(["AAPL": [Self.bar(70)], "IBM": [Self.bar(60), Self.bar(70)]])
    expectError(.order, "symbol IBM", "60") { _ = try stream.process(late) }

    #expect(stream.checkpoint() == before)
    #expect(stream.lastTimes == [60, 60, 60])
    for time in 7...9 {
      let bars = (0..<3).map { Self.bar(Int64(10 * time), Double(20 + time * ($0 + 2) % 5)) }
      let (a, b) = (try stream.update(bars), try twin.update(bars))
      for result in 0..<2 { #expect(sameBits(a.values(of: result), b.values(of: result))) }
    }
  }

  @Test func checkpointsOfSomethingElse() throws {
    let closure = try BarStream(symbols: ["A"]) { $0.close.rsi(3) }
    let saved = closure.checkpoint()
    expectError(.incompatible, "checkpoint", "closure") { _ = try BarStream(restoring: saved) }
    expectError(.incompatible, "checkpoint", "other series or parameters") {
      _ = try BarStream(restoring: saved) { $0.close.rsi(4) }
    }
    expectError(.incompatible, "checkpoint") {
      _ = try BarStream(restoring: saved) { ($0.close.rsi(3), $0.close.sma(3)) }
    }
    expectError(.malformed, "checkpoint") {
      _ = try BarStream(restoring: [UInt8](repeating: 7, count: 100))
    }
    expectError(.truncated, "checkpoint", "byte 0") { _ = try BarStream(restoring: []) }
    expectError(.malformed, "checkpoint", "after its end") {
      _ = try BarStream(restoring: try Self.stream().checkpoint() + [0])
    }
    var damaged = saved
    damaged[saved.count / 2] ^= 1
    expectError(.malformed, "checkpoint", "checksum") { _ = try BarStream(restoring: damaged) }
    // Formats 1 and 2, and one that is yet to come.
    for mark in ["MARTLCP1", "MARTLCP2", "MARTLPP1"] {
      expectError(.incompatible, "checkpoint", "format before 3", "history") {
        _ = try BarStream(restoring: Array(mark.utf8) + saved.dropFirst(8))
      }
    }
    expectError(.incompatible, "checkpoint", "of format 4", "reads format 3") {
      _ = try BarStream(restoring: saved[..<8] + [4, 0, 0, 0, 0, 0, 0, 0] + saved[16...])
    }
    expectError(.incompatible, "checkpoint", "version 99", "gain_loss_averages") {
      _ = try BarStream(restoring: Self.withVersion(99, of: "gain_loss_averages", saved)) {
        $0.close.rsi(3)
      }
    }
    expectError(.incompatible, "checkpoint", "loss_gain_averages", "does not have") {
      let name = "loss_gain_averages"
      let renamed = Self.replacing("gain_loss_averages", by: Array(name.utf8), in: saved)
      _ = try BarStream(restoring: renamed) { $0.close.rsi(3) }
    }
    #expect(throws: Never.self) { _ = try BarStream(restoring: saved) { $0.close.rsi(3) } }
  }

  /// Other bytes after the first place of a name, or instead of it, under a checksum that fits.
  static func replacing(_ name: String, by bytes: [UInt8], after: Bool = false, in saved: [UInt8])
    -> [UInt8]
  {
    var saved = saved
    let name = Array(name.utf8)
    let place = saved.indices.first { saved[$0...].starts(with: name) }!
    let start = after ? place + name.count : place
    saved.replaceSubrange(start..<start + bytes.count, with: bytes)
    return CheckpointFormat.sealed(saved)
  }

  static func withVersion(_ version: UInt8, of kernel: String, _ saved: [UInt8]) -> [UInt8] {
    replacing(kernel, by: [version], after: true, in: saved)
  }

  @Test func checkpointsCutOffAnywhere() throws {
    var stream = try Self.stream()
    _ = try stream.update([Self.bar(1), nil, Self.bar(2)])
    let saved = stream.checkpoint()
    for length in 0..<saved.count {
      let error = caught { _ = try BarStream(restoring: Array(saved[..<length])) }
      guard let error else { continue }
      if ![.truncated, .malformed].contains(error.kind) || error.subject != "checkpoint" {
        Issue.record("cut at \(length) of \(saved.count): \(error)")
      }
    }
  }

  /// Every byte wrong in three ways: refused or restored, and then good for a bar.
  ///
  /// In a process of its own, since a trap would end the others too.
  @Test func damagedCheckpointsNeverTrap() async {
    await #expect(processExitsWith: .success) {
      func bar(_ time: Int64) -> Bar { BadStreamTests.bar(time) }
      var stream = try BarStream(symbols: ["AAPL", "B"], indicators: [.rsi(2), .obv()])
      _ = try stream.update([bar(1), bar(1)])
      _ = try stream.update(bar(2), for: "B")
      let saved = stream.checkpoint()
      var (refused, restored) = (0, 0)
      for position in 0..<saved.count where position < 700 || position % 41 == 0 {
        for flip in [0xFF, 0x80, 0x01] as [UInt8] {
          var bytes = saved
          bytes[position] ^= flip
          // With a checksum that fits, since everything else must hold too.
          if position < saved.count - 8 { bytes = CheckpointFormat.sealed(bytes) }
          do {
            var other = try BarStream(restoring: bytes)
            for (number, symbol) in other.symbols.enumerated()
            where other.lastTimes[number] < Int64.max {
              _ = try other.update(bar(other.lastTimes[number] + 1), for: symbol)
            }
            restored += 1
          } catch is DataError {
            refused += 1
          }
        }
      }
      precondition(refused > 100 && restored > 100)
    }
  }
}
