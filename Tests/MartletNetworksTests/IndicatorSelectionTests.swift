import Martlet
import Testing

/// Selections and pairs, counted by hand.
@Suite("Indicator selection")
struct IndicatorSelectionTests {
  private static func scores(
    _ p: [[Float]], ids: [[Int32]]? = nil, attention: [Float]? = nil
  ) -> IndicatorProbabilities {
    let (samples, tokens) = (p.count, p[0].count)
    func array(_ rows: [[Float]]) -> NDArray {
      NDArray(rows.flatMap { $0 }, shape: [samples, tokens])
    }
    let usual = p.map { _ in (0..<tokens).map(Int32.init) }
    return IndicatorProbabilities(
      names: (0..<tokens).map { "i\($0)" },
      ids: NDArray((ids ?? usual).flatMap { $0 }, shape: [samples, tokens]),
      values: array(p.map { row in row.indices.map { Float($0) * 10 } }), logits: array(p),
      probabilities: array(p), weights: array(p.map { row in row.map { $0 / 4 } }),
      attention: attention.map { NDArray($0, shape: [samples, tokens, tokens]) })
  }

  @Test func theMostProbableComeFirst() {
    let chosen = Self.scores([[0.2, 0.9, 0.5, 0.31], [0.3, 0.1, 0.4, 0.2]]).select()
    #expect(chosen[0].map(\.index) == [1, 2, 3])
    let best = chosen[0][0]
    #expect(best.name == "i1" && best.probability == 0.9 && best.weight == 0.225)
    #expect(best.value == 10)
    // 0.3 is not above 0.3.
    #expect(chosen[1].map(\.index) == [2])
  }

  @Test func tiesGoToTheLowerIndex() {
    let scores = Self.scores([[0.5, 0.7, 0.5, 0.7, 0.5]])
    #expect(scores.select()[0].map(\.index) == [1, 3, 0, 2, 4])
    #expect(scores.select(topK: 3)[0].map(\.index) == [1, 3, 0])
    #expect(scores.select(topK: 0) == [[]])
    #expect(scores.select(threshold: 0.5)[0].map(\.index) == [1, 3])
    #expect(scores.select(threshold: 1) == [[]])
  }

  @Test func twentyAreTakenUnlessToldOtherwise() {
    let scores = Self.scores([(0..<30).map { 0.4 + Float($0) / 100 }])
    #expect(scores.select()[0].map(\.index) == (10..<30).reversed())
    #expect(scores.select(topK: 100)[0].count == 30)
  }

  @Test func thresholdsBelongToIndicators() {
    // The token's indicator decides, not its place; the best two are taken before thresholds are asked.
    let scores = Self.scores([[0.6, 0.5, 0.4]], ids: [[2, 0, 1]])
    let chosen = scores.select(topK: 2, thresholds: [0.1, 0.1, 0.9])[0]
    #expect(chosen.map(\.index) == [1])
    #expect(chosen.map(\.name) == ["i0"])
    #expect(scores.select(thresholds: [0.45, 0.45, 0.45])[0].map(\.name) == ["i2", "i0"])
  }

  @Test func pairsAreThoseAboveThePercentile() {
    // Pairs (0,1) … (2,3): 5, 1, 3, 2, 6, 4 in tenths; what stands on and below the diagonal does not count.
    let attention: [Float] = [
      9, 5, 1, 3,
      9, 9, 2, 6,
      9, 9, 9, 4,
      9, 9, 9, 9,
    ]
    let scores = Self.scores(
      [[0, 0, 0, 0]], ids: [[3, 2, 1, 0]], attention: attention.map { $0 / 10 })
    // Of six numbers the 90th percentile is 5.5.
    let best = scores.attentionPairs()[0]
    #expect(best.map { [$0.first, $0.second] } == [[1, 3]])
    #expect(best.map { [$0.firstName, $0.secondName] } == [["i2", "i0"]])
    #expect(best.map(\.weight) == [0.6])
    // The 80th is 5, which is not above itself; the 50th is 3.5.
    #expect(scores.attentionPairs(percentile: 80)[0].map(\.second) == [3])
    let half = scores.attentionPairs(percentile: 50)[0]
    #expect(half.map { [$0.first, $0.second] } == [[1, 3], [0, 1], [2, 3]])
    #expect(scores.attentionPairs(count: 2, percentile: 50)[0].count == 2)
    #expect(scores.attentionPairs(percentile: 0)[0].count == 5)
    #expect(scores.attentionPairs(percentile: 100)[0].isEmpty)
  }

  @Test func equalPairsStayInOrder() {
    var attention = [Float](repeating: 0, count: 25)
    for place in [(0, 3), (1, 2), (2, 4)] { attention[place.0 * 5 + place.1] = 0.5 }
    attention[0 * 5 + 4] = 0.75
    let pairs = Self.scores([[0, 0, 0, 0, 0]], attention: attention)
      .attentionPairs(percentile: 50)[0]
    #expect(pairs.map { [$0.first, $0.second] } == [[0, 4], [0, 3], [1, 2], [2, 4]])
  }

  @Test func atMostTenPairsAreReported() {
    // 30 tokens have 435 pairs, of which 43 are above the percentile.
    let attention = (0..<900).map { Float($0 % 30 * 30 + $0 / 30) }
    let scores = Self.scores([[Float](repeating: 0, count: 30)], attention: attention)
    let pairs = scores.attentionPairs()[0]
    #expect(pairs.count == 10)
    #expect(pairs.map(\.first) == (19...28).reversed())
    #expect(pairs.allSatisfy { $0.second == 29 })
    #expect(scores.attentionPairs(count: 1000)[0].count == 44)
  }

  @Test func oneTokenHasNoPairs() {
    #expect(Self.scores([[0.5], [0.1]], attention: [1, 1]).attentionPairs() == [[], []])
  }
}
