import MartletArrays

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension BarTable {
  /// Adjusts prices and volumes for splits, and for dividends where that is asked for.
  ///
  /// A split is where close over adjusted close jumps to about n:1, or where a column of ratios has one, and the
  /// close jumps with it: a price that does not jump is adjusted already.
  mutating func adjust(_ layout: BarLayout, adjustedClose: [Double], splits: [Double]) {
    let mode = layout.layout.adjusted
    guard mode != .no, layout.hasAdjustedClose || layout.hasSplit else {
      if mode == .no { notes.append("prices are as they stand in the file (adjusted=no)") }
      return
    }
    // The closes of the file: later ones are adjusted before earlier ones are compared with them.
    let raw = close
    var events: [String] = []
    var largest = 1.0
    var drift = 0.0
    for rows in rowsBySymbol() {
      var factor = 1.0
      var ratio = 1.0
      var later: Int?
      for row in rows.reversed() {
        if let later, time[later] != time[row],
          let split = Self.split(raw, row, later, adjustedClose, splits)
        {
          factor *= split
          if events.count < 4 {
            events.append(
              "\(excerpt(symbols[Int(symbolIndex[row])])) \(Timestamp(nanoseconds: time[later])) \(Self.text(split))"
            )
          } else if events.count == 4 {
            events.append("…")
          }
          largest = max(largest, factor, 1 / factor)
        }
        if raw[row].isFinite, raw[row] > 0 { later = row }
        if layout.hasAdjustedClose {
          let found = adjustedClose[row] / raw[row]
          if found.isFinite, found > 0 { ratio = found }
          drift = max(drift, abs(ratio * factor - 1))
        }
        apply(row, mode == .all ? 1 / ratio : factor, volume: factor)
      }
    }
    if !events.isEmpty {
      notes.append(
        "adjusted for splits: \(events.joined(separator: ", ")); prices before them divided by up to \(Self.text(largest)), volumes multiplied (adjusted=no leaves them)"
      )
    } else if splits.contains(where: { $0.isFinite && $0 > 0 && $0 != 1 }) {
      notes.append("no close jumps with a split: prices are adjusted for splits already")
    }
    guard layout.hasAdjustedClose else { return }
    let percent = (drift * 10_000).rounded() / 100
    if mode == .all {
      notes.append(
        "prices are adjusted for dividends as the adjusted close has it, by up to \(percent) %")
    } else if drift > 1e-4 {
      notes.append(
        "prices are not adjusted for dividends; the adjusted close differs by up to \(percent) % (adjusted=all uses it)"
      )
    }
  }

  private mutating func apply(_ row: Int, _ price: Double, volume factor: Double) {
    if price != 1 {
      open[row] /= price
      high[row] /= price
      low[row] /= price
      close[row] /= price
    }
    if factor != 1 { volume[row] *= factor }
  }

  /// How many shares one became between two bars; nil where there was no split.
  private static func split(
    _ raw: [Double], _ row: Int, _ later: Int, _ adjustedClose: [Double], _ splits: [Double]
  ) -> Double? {
    let jump = raw[row] / raw[later]
    guard jump.isFinite, jump > 0 else { return nil }
    /// Whether what is left of the jump is a usual move, and less than the jump.
    func explains(_ ratio: Double) -> Bool {
      let rest = abs(log(jump / ratio))
      return rest < 0.35 && rest < abs(log(jump))
    }
    if !splits.isEmpty, splits[later].isFinite, splits[later] > 0, splits[later] != 1 {
      for ratio in [splits[later], 1 / splits[later]] where abs(log(ratio)) > 0.2 && explains(ratio)
      {
        return ratio
      }
    }
    if !adjustedClose.isEmpty {
      let before = raw[row] / adjustedClose[row]
      let after = raw[later] / adjustedClose[later]
      let ratio = before / after
      guard ratio.isFinite, ratio > 0, let split = SplitRatio(near: ratio)?.value, explains(split)
      else { return nil }
      return split
    }
    return nil
  }

  private static func text(_ ratio: Double) -> String {
    SplitRatio(near: ratio)?.description ?? "\((ratio * 1000).rounded() / 1000)"
  }

  /// Each symbol's rows in order of time.
  private func rowsBySymbol() -> [[Int]] {
    var rows = Array(repeating: [Int](), count: symbols.count)
    for (row, symbol) in symbolIndex.enumerated() { rows[Int(symbol)].append(row) }
    for symbol in rows.indices {
      let own = rows[symbol]
      if zip(own, own.dropFirst()).allSatisfy({ time[$0] <= time[$1] }) { continue }
      if zip(own, own.dropFirst()).allSatisfy({ time[$0] >= time[$1] }) {
        rows[symbol].reverse()
      } else {
        rows[symbol].sort { (time[$0], $0) < (time[$1], $1) }
      }
    }
    return rows
  }
}

/// A ratio of shares that companies split by.
package struct SplitRatio: Hashable, Sendable, CustomStringConvertible {
  private let numerator: Int
  private let denominator: Int

  /// Shares that one became.
  package var value: Double { Double(numerator) / Double(denominator) }

  /// Whether it is n:1 or 1:n.
  package var isWhole: Bool { numerator == 1 || denominator == 1 }

  package var description: String { "\(numerator):\(denominator)" }

  /// The ratio that a number is within a part of; nil where it is none.
  package init?(near ratio: Double, within part: Double = 0.015) {
    guard ratio > 1 / 210.0, ratio < 210, abs(log(ratio)) > 0.2 else { return nil }
    let isReverse = ratio < 1
    let size = isReverse ? 1 / ratio : ratio
    for denominator in 1...4 {
      let numerator = Int((size * Double(denominator)).rounded())
      guard numerator > denominator, denominator == 1 || numerator <= 7 else { continue }
      if abs(size * Double(denominator) / Double(numerator) - 1) < part {
        (self.numerator, self.denominator) =
          isReverse ? (denominator, numerator) : (numerator, denominator)
        return
      }
    }
    return nil
  }
}
