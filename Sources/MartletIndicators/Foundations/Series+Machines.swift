import MartletArrays

/// Steps that depend on their own path and have a kernel of their own.
extension Series {
  /// Wilder's directional moves: by how much the high rose and the low fell, whichever is more.
  package static func directionalMoves(high: Series, low: Series) -> (plus: Series, minus: Series) {
    let inputs = [high, high.lagged(1), low, low.lagged(1)]
    return (Series(.directionalMoves, inputs), Series(.directionalMoves, inputs, output: 1))
  }

  /// price · weight, on the side to which the price moved; a move within `bound` of the price is
  /// rounding noise and counts for neither.
  package func flows(weight: Series, bound: Double) -> (up: Series, down: Series) {
    let inputs = [self, lagged(1), weight]
    return (
      Series(.moneyFlows, inputs, reals: [bound]),
      Series(.moneyFlows, inputs, reals: [bound], output: 1)
    )
  }
}
