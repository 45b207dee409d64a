import Foundation
import Martlet
import Testing

/// The page "Coming from NumPy and MLX" names every public function of arrays, and its sample runs.
struct ComingFromNumPyTests {
  private func page() throws -> String {
    try String(
      contentsOf: PublicNames.root.appending(
        path: "DocsSource/Martlet.docc/Articles/ComingFromNumPy.md"), encoding: .utf8)
  }

  @Test func thePageNamesEveryFunction() throws {
    let page = try page()
    let words = Set(page.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
    let found = try PublicNames.inArrays()
    #expect(found.count > 150)
    // What other protocols ask for.
    for name in found.subtracting(["description", "stream"]).sorted() where !words.contains(name) {
      Issue.record("\(name) is not on the page")
    }
  }

  @Test func theSampleDoesWhatItSays() throws {
    // sample
    var prices: NDArray = [[100.0, 102, 101, 105], [50.0, 49, 51, 52]]
    let returns = prices.log().diff(axis: 1)  // nothing is computed yet
    let risk = returns.std(axis: 1, correction: 1)
    let best = returns.sum(axis: 1).argmax()
    NDArray.eval([risk, best])  // both, and what they share once
    let winner = best.item(as: Int.self)  // 0

    let second = prices[1, .ellipsis]  // a view, not a copy
    prices[.all, 0] = NDArray(0.0)  // `second` keeps its elements
    let (before, after) = (second[0], prices[1, 0])  // 50 and 0

    let rising = returns .> 0
    let gains = returns[rising]  // 4 elements, computed at once
    // end of the sample
    #expect(winner == 0 && before == 50 && after == 0 && gains.count == 4)

    func lines(_ text: Substring) -> [String] {
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let source = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
    let sample = try #require(source.firstMatch(of: /\/\/ sample\n((?s).*?)\/\/ end of/))
    let shown = try #require(try page().firstMatch(of: /```swift\n((?s).*?)```/))
    #expect(lines(sample.1).filter { !$0.isEmpty } == lines(shown.1).filter { !$0.isEmpty })
  }
}
