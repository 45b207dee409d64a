import Martlet
import TestSupport
import Testing

/// After warm-up a stream's heap does not grow, whatever comes.
///
/// In a process of its own, where next to nobody else allocates.
struct AllocationTests {
  @Test(.enabled(if: heapBytesInUse() != nil))
  func updatesKeepTheHeapAsItIs() async {
    await #expect(processExitsWith: .success) {
      let market = Market.ragged(70, 60, seed: 98)
      let panel = try market.panel()
      let rows = panel.time.indices.map { panel.row($0) }
      let full = Market.dense(70, 60, seed: 99)
      let columns = (0..<60).map { time in
        full.fields.map { field in (0..<70).map { field[$0 * 60 + time] } }
      }
      var stream = try BarStream(symbols: panel.symbols, indicators: Indicator.all)
      var time: Int64 = 0
      func step(_ stream: inout BarStream, _ k: Int) throws {
        time += 1
        let row =
          switch k % 3 {
          case 0:
            try stream.update(
              rows[k % 60].map { bar in
                guard var bar else { return nil }
                bar.time = time
                return bar
              })
          case 1:
            try stream.update(
              time: time, open: columns[k % 60][0], high: columns[k % 60][1],
              low: columns[k % 60][2], close: columns[k % 60][3], volume: columns[k % 60][4])
          default: try stream.update(Bar(time: time, open: 1, high: 2, low: 1, close: 2), for: "S7")
          }
        _ = row[0, symbol: 7]
        let next = Bar(time: time + 1, open: 5, high: 6, low: 4, close: 5, volume: 9)
        _ = try stream.preview(next, for: "S12")[3]
      }
      for k in 0..<180 { try step(&stream, k) }
      // What an update kept would show in every stretch; the test's own machinery does not.
      var growth: [Int] = []
      for _ in 0..<5 {
        let before = heapBytesInUse() ?? 0
        for k in 0..<120 { try step(&stream, k) }
        growth.append((heapBytesInUse() ?? 0) - before)
      }
      precondition(growth.contains { $0 <= 0 }, "bytes in 120 rows: \(growth)")
    }
  }
}
