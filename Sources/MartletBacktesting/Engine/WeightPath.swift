import MartletCore

/// The equity of a lane that holds a weight of its equity, restored at each open, as a product of factors.
///
/// For fractional units, costs in proportion to what is traded, and weights that are sized at the fill; equal to the
/// book's equity but for rounding, and a fraction of its work.
struct WeightPath {
  /// Whether rules and costs allow it.
  static func isFit(_ terms: Terms, _ feed: Feed, hasBarsWithoutVolume: Bool) -> Bool {
    feed.target != nil && feed.outside == nil && feed.income == nil && terms.isSizedAtFill
      && terms.rebalances && terms.fill == .nextOpen && terms.isFeeReserved && !terms.hasBracket
      && terms.lot == 0 && terms.fee.perUnit == 0 && terms.fee.minimum == 0 && terms.impact == 0
      && terms.borrowPerDay == 0 && terms.participation == .infinity && terms.maintenance == 0
      && terms.margin == 1 && (!hasBarsWithoutVolume || terms.fillsWithoutVolume)
  }

  /// Totals of a range of bars, without what trades would say; nil for weights that need leverage.
  static func run(
    _ terms: Terms, _ feed: Feed, _ range: Range<Int>, capital: Double,
    samples: UnsafePointer<UInt64>?, equities: UnsafeMutablePointer<Double>?
  ) -> BookTotals? {
    var totals = BookTotals(capital: capital)
    guard let target = feed.target, !range.isEmpty else { return totals }
    var equity = capital
    var weight = 0.0
    var last = feed.close[range.lowerBound]
    var wanted = Double.nan
    for bar in range {
      let (open, close) = (feed.open[bar], feed.close[bar])
      let ratio = open / last
      let growth = 1 + weight * (ratio - 1)
      var held = growth == 0 ? 0 : weight * ratio / growth
      equity *= growth
      if wanted == wanted, equity <= 0 {
        // Of nothing no weight can be held.
        totals.close(equity * held, terms)
        held = 0
      } else if wanted == wanted, wanted != held {
        // Pays the cost of what is traded and holds exactly the weight of what is left.
        let side = wanted > held ? 1.0 : -1.0
        let cost = side * terms.proportion(side, price: open)
        let factor = (1 + cost * held) / (1 + cost * wanted)
        let rest = equity * factor
        let traded = abs(wanted * rest - held * equity) * (1 + side * terms.worsening)
        totals.fills += 1
        totals.traded += traded
        totals.fees += terms.fee.rate * traded
        (equity, held) = (rest, wanted)
      }
      let step = close / open
      let day = 1 + held * (step - 1)
      let value = equity * held * step
      equity *= day
      weight = day == 0 ? 0 : held * step / day
      if held != 0 { totals.barsHeld += 1 }
      last = close
      if equity <= 0, !totals.isBankrupt {
        // What is held is closed all the same.
        totals.close(value, terms)
        (equity, weight) = (0, 0)
        totals.isBankrupt = true
      }
      if bar == range.upperBound - 1, terms.closesAtEnd, weight != 0 {
        let side = weight > 0 ? -1.0 : 1.0
        totals.close(weight * equity, terms)
        equity *= 1 + side * terms.proportion(side, price: close) * weight
      }
      totals.mark(
        equity, isSample: samples == nil || Feed.bit(samples, bar), downside: terms.downside)
      equities?[bar] = equity
      if totals.isBankrupt {
        wanted = .nan
      } else if target[bar] == target[bar] {
        guard abs(target[bar]) <= 1 else { return nil }
        wanted = terms.allowsShort ? target[bar] : max(target[bar], 0)
      }
    }
    return totals
  }
}

extension BookTotals {
  /// Counts the end of a position that is worth so much.
  fileprivate mutating func close(_ value: Double, _ terms: Terms) {
    guard value != 0 else { return }
    let notional = abs(value) * (1 + (value > 0 ? -1 : 1) * terms.worsening)
    fills += 1
    traded += notional
    fees += terms.fee.rate * notional
  }
}
