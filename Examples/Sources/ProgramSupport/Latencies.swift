/// Times of many equal pieces of work.
public struct Latencies {
  private var times: [Int] = []

  /// None yet.
  public init() {}

  /// One more, in nanoseconds.
  public mutating func add(_ nanoseconds: Int) { times.append(nanoseconds) }

  /// The time that a part of the work, 0…1, did not exceed; NaN without any.
  public func percentile(_ part: Double) -> Double { percentiles([part])[0] }

  private func percentiles(_ parts: [Double]) -> [Double] {
    let sorted = times.sorted()
    return parts.map { part in
      guard !sorted.isEmpty else { return .nan }
      let rank = (part * Double(sorted.count)).rounded(.up)
      return Double(sorted[max(0, min(sorted.count, Int(rank)) - 1)])
    }
  }

  /// Name, count, p50, p90, p99, max, and the median per bar that an update took in.
  public func row(_ name: String, bars: Int) -> [String] {
    let values = percentiles([0.5, 0.9, 0.99, 1])
    let barsPerUpdate = Double(bars) / Double(max(times.count, 1))
    return [name, times.count.grouped] + values.map { $0.isNaN ? "–" : $0.asTime }
      + [times.isEmpty ? "–" : (values[0] / max(barsPerUpdate, 1e-9)).asTime]
  }
}
