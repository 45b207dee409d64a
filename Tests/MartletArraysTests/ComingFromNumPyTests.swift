import Foundation
import Martlet
import Testing

/// The page "Coming from NumPy and MLX" names every public function of arrays.
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
}
