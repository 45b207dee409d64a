import MartletArrays
import MartletIO

/// Steps that depend on their own path and have a kernel of their own.
extension Series {
  /// Wilder's directional moves: by how much the high rose and the low fell, whichever is more;
  /// moves that differ by so many `epsilons` of the prices are equal, and neither counts.
  package static func directionalMoves(high: Series, low: Series, epsilons: Double)
    -> (plus: Series, minus: Series)
  {
    let inputs = [high, high.shift(1), low, low.shift(1)]
    return (
      Series(.directionalMoves, inputs, reals: [epsilons]),
      Series(.directionalMoves, inputs, reals: [epsilons], output: 1)
    )
  }

  /// |price| · weight, on the side to which the price moved; a move within so many `epsilons` of the
  /// prices is rounding noise and counts for neither.
  package func flows(weight: Series, epsilons: Double) -> (up: Series, down: Series) {
    let inputs = [self, shift(1), weight]
    return (
      Series(.moneyFlows, inputs, reals: [epsilons]),
      Series(.moneyFlows, inputs, reals: [epsilons], output: 1)
    )
  }
}
