import Martlet
import TestSupport
import Testing

/// Random graphs: whatever is computed together or apart, on as many threads and whichever instruction
/// set, the bits are the same.
struct RandomGraphTests {
  @Test(arguments: 0..<12) func smallGraphs(_ group: Int) {
    for k in 0..<25 { check(seed: UInt64(group * 25 + k), length: 40, isLarge: false) }
  }

  @Test(arguments: 0..<6) func graphsOfManyBlocks(_ group: Int) {
    for k in 0..<3 { check(seed: 1000 + UInt64(group * 3 + k), length: 40, isLarge: true) }
  }

  private func check(seed: UInt64, length: Int, isLarge: Bool) {
    let graph = RandomGraph(seed: seed, length: length, isLarge: isLarge)
    let leaves = graph.leaves.map { $0.withUnsafeBytes { [UInt8]($0) } }
    // Every operation by itself, on the plainest instruction set.
    let expected = graph.build { _, node, _ in node.eval(.baseline) }

    func compare(_ nodes: [(Int, NDArray)], _ way: String) {
      for (k, node) in nodes {
        guard let difference = difference(node, expected[k]) else { continue }
        Issue.record("seed \(seed), node \(k), \(way): \(difference)\n\(graph.story(of: k))")
        return
      }
    }
    /// The results only, so that everything else may be written over.
    func results(after: (Int, NDArray, [NDArray]) -> Void = { _, _, _ in }) -> [(Int, NDArray)] {
      let nodes = graph.build(after: after)
      return graph.results.map { ($0, nodes[$0]) }
    }

    for threads in [1, 2] {
      let whole = results()
      NDArray.eval(whole.map(\.1), threads: threads)
      compare(whole, "whole, \(threads) threads")
      for set in InstructionSet.available {
        let apart = results()
        for (_, node) in apart { node.eval(set, threads: threads) }
        compare(apart, "one result after the other, \(set), \(threads) threads")
      }
    }
    let held = graph.build()
    NDArray.eval(graph.results.map { held[$0] }, threads: 2)
    compare(Array(held.enumerated()).map { ($0.offset, $0.element) }, "with every node looked at")

    var random = SeededGenerator(seed &+ 77)
    for turn in 0..<3 {
      let threads = random.below(2) + 1
      let grouped = results { _, node, nodes in
        switch random.below(8) {
        case 0: node.eval(threads: threads)
        case 1:
          NDArray.eval(
            (0..<random.below(4)).map { _ in nodes[random.below(nodes.count)] }, threads: threads)
        default: break
        }
      }
      compare(grouped, "grouping \(turn), \(threads) threads")
    }
    for (k, bytes) in leaves.enumerated() {
      let isSame = graph.leaves[k].withUnsafeBytes { now in
        bytes.withUnsafeBytes { equalBytes(now, $0) }
      }
      #expect(isSame, "seed \(seed): leaf \(k) has changed")
    }
  }

  /// Where two arrays differ; every NaN counts as the same.
  private func difference(_ a: NDArray, _ b: NDArray) -> String? {
    if a.shape != b.shape || a.dtype != b.dtype {
      return "\(a.dtype)\(a.shape) and \(b.dtype)\(b.shape)"
    }
    if a.hasSameBytes(as: b) { return nil }
    guard a.dtype.isInexact else {
      let (x, y) = (a.elements(as: Int.self), b.elements(as: Int.self))
      let at = x.indices.first { x[$0] != y[$0] } ?? 0
      return "at \(at): \(x[at]) and \(y[at])"
    }
    return firstDifference(a.parts, b.parts)
  }
}
