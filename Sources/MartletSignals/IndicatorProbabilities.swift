public import MartletFeatures
import MartletNetworks

/// An indicator that was selected.
public struct IndicatorSelection: Hashable, Sendable {
  /// Its token in the sample.
  public let index: Int
  /// Its name.
  public let name: String
  /// Of being selected.
  public let probability: Float
  /// Its share in the weights of the sample.
  public let weight: Float
  /// What went into the model.
  public let value: Float
}

/// Two indicators of which the first attends to the second.
public struct AttentionPair: Hashable, Sendable {
  /// The token that attends, in the sample.
  public let first: Int
  /// The token that it attends to, a later one.
  public let second: Int
  /// The indicator of the first.
  public let firstName: String
  /// The indicator of the second.
  public let secondName: String
  /// The share of the first one's attention.
  public let weight: Float
}

/// What an indicator transformer says about samples.
public struct IndicatorProbabilities: Sendable {
  /// Names of indicators by their number.
  public let names: [String]
  /// The indicator of each token, int32 [samples, tokens].
  public let ids: NDArray
  /// What went into the model, float32 [samples, tokens], as the arrays that follow.
  public let values: NDArray
  /// What the head for the selection gives.
  public let logits: NDArray
  /// Probabilities of being selected: σ of the logits.
  public let probabilities: NDArray
  /// Weights, with sum 1 or, in variant A, 0 where no probability is above one half.
  public let weights: NDArray
  /// The last layer's attention, the mean over its heads, [samples, tokens, tokens]; nil unless it was asked
  /// for.
  ///
  /// It is the share of each token, the last axis, in what a token sees.
  public let attention: NDArray?

  package init(
    names: [String], ids: NDArray, values: NDArray, logits: NDArray, probabilities: NDArray,
    weights: NDArray, attention: NDArray?
  ) {
    (self.names, self.ids, self.values) = (names, ids, values)
    (self.logits, self.probabilities) = (logits, probabilities)
    (self.weights, self.attention) = (weights, attention)
  }

  /// The `topK` most probable indicators of each sample, without those that are not above the threshold:
  /// the most probable first, of equal ones the lower index.
  public func select(topK: Int = 20, threshold: Double = 0.3) -> [[IndicatorSelection]] {
    select(topK: topK, thresholds: names.map { _ in threshold })
  }

  /// The same with a threshold for each indicator, by its number; see `IndicatorModel.thresholds`.
  public func select(topK: Int = 20, thresholds: [Double]) -> [[IndicatorSelection]] {
    require(
      thresholds.count == names.count,
      "select: \(thresholds.count) thresholds for \(names.count) indicators")
    require(topK >= 0, "select: topK \(topK)")
    // Compared in float32, where 0.3 is not above 0.3.
    let limits = thresholds.map(Float.init)
    let tokens = values.shape[1]
    let (ids, values) = (ids.elements(as: Int32.self), values.elements(as: Float.self))
    let p = probabilities.elements(as: Float.self)
    let weights = weights.elements(as: Float.self)
    return (0..<self.values.shape[0]).map { sample in
      let start = sample * tokens
      let order = (0..<tokens).sorted {
        (p[start + $1], $0) < (p[start + $0], $1)
      }
      return order.prefix(topK).compactMap { token in
        let position = start + token
        let id = Int(ids[position])
        guard p[position] > limits[id] else { return nil }
        return IndicatorSelection(
          index: token, name: names[id], probability: p[position], weight: weights[position],
          value: values[position])
      }
    }
  }

  /// The strongest pairs of each sample: of all pairs of a token and a later one those whose attention is
  /// above the percentile of them all (with linear interpolation), the strongest `count`; of equal ones the
  /// earlier.
  ///
  /// The model must have been made with `reportsAttention`.
  public func attentionPairs(count: Int = 10, percentile: Double = 90) -> [[AttentionPair]] {
    guard let attention else {
      fatalError("attentionPairs: the model was made without reportsAttention")
    }
    require(
      count >= 0 && percentile >= 0 && percentile <= 100,
      "attentionPairs: \(count) pairs above the percentile \(percentile)")
    let tokens = values.shape[1]
    let ids = ids.elements(as: Int32.self)
    let shares = attention.elements(as: Float.self)
    return (0..<values.shape[0]).map { sample in
      var pairs: [(first: Int, second: Int, weight: Float)] = []
      for first in 0..<tokens {
        for second in first + 1..<max(tokens, first + 1) {
          pairs.append((first, second, shares[(sample * tokens + first) * tokens + second]))
        }
      }
      guard !pairs.isEmpty else { return [] }
      let sorted = pairs.map { Double($0.weight) }.sorted()
      let position = percentile / 100 * Double(sorted.count - 1)
      let (below, rest) = (Int(position), position - position.rounded(.down))
      let limit =
        sorted[below] + rest * (sorted[min(below + 1, sorted.count - 1)] - sorted[below])
      // Pairs are in the order of their indices, which a stable order keeps.
      return pairs.filter { Double($0.weight) > limit }.enumerated()
        .sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
        .prefix(count).map { _, pair in
          AttentionPair(
            first: pair.first, second: pair.second,
            firstName: names[Int(ids[sample * tokens + pair.first])],
            secondName: names[Int(ids[sample * tokens + pair.second])], weight: pair.weight)
        }
    }
  }
}
