import Foundation
import Martlet
import Testing

@testable import MartletCharts

@Suite("Heat maps, histograms and reports")
struct FigureTests {
  @Test func cellsWithoutValuesAreHatched() {
    let map = HeatMap(
      "m", rows: ["a", "b"], columns: ["x", "y"], values: [[0, .nan], [1, .infinity]])
    #expect(map.svg.paths("nan").count == 2)
    #expect(map.svg.contains("no value"))
    #expect(map.svg.path("s0").split(separator: "M").count == 1)
    #expect(map.svg.contains(">1.00</text>"))
    let whole = HeatMap("m", rows: ["a"], columns: ["x", "y"], values: [[0, 1]])
    #expect(whole.svg.paths("nan").isEmpty)
  }

  @Test func coloursDivergeFromTheMiddle() {
    let map = HeatMap(
      "m", rows: ["a"], columns: ["x", "y", "z"], values: [[-1, 0, 3]],
      colors: .diverging(around: 0))
    // −1 of ±3, the middle and the end; each besides the scale's own.
    for step in [5, 8, 16] { #expect(map.svg.paths("d\(step)").count == 2) }
    #expect(map.svg.paths("d0").count == 1)
  }

  @Test func largeMatricesAreSmall() {
    let names = (0..<400).map { "n\($0)" }
    let values = (0..<400).map { row in
      (0..<400).map { Double((row * 7919 + $0 * 104_729) % 1000) }
    }
    let svg = HeatMap("m", rows: names, columns: names, values: values).svg
    #expect(svg.utf8.count < 400_000)
    #expect(svg.contains("means of about 3 × 3"))
    #expect(problem(inXML: svg) == nil)
    // Of neighbours of which one has no value, the other counts.
    var holes = values
    for row in 0..<400 {
      holes[row] = holes[row].enumerated().map { $0.offset % 2 == 0 ? 5 : .nan }
    }
    #expect(HeatMap("m", rows: names, columns: names, values: holes).svg.paths("nan").count == 1)
  }

  @Test func anArrayIsAMatrix() {
    let array = NDArray([1.0, 2, 3, 4, 5, 6], shape: [2, 3])
    let map = HeatMap("m", rows: ["a", "b"], columns: ["x", "y", "z"], values: array)
    let same = HeatMap(
      "m", rows: ["a", "b"], columns: ["x", "y", "z"], values: [[1, 2, 3], [4, 5, 6]])
    #expect(map.svg == same.svg)
  }

  @Test func quantilesAreNumPys() {
    let svg = Histogram("h", [4, 1, 3, 2, .nan], quantiles: [0.25, 0.5, 1]).svg
    #expect(svg.contains(">25% 1.75</text>"))
    #expect(svg.contains(">50% 2.50</text>"))
    #expect(svg.contains(">100% 4.00</text>"))
    #expect(svg.contains("not finite"))
  }

  @Test func columnsCountTheirValues() {
    let svg = Histogram("h", [0, 0.1, 0.2, 0.9, 5], bins: 2, quantiles: [], range: 0...1).svg
    let heights = svg.path("f0").matches(of: /v(\d+)/).compactMap { Int($0.output.1) }
    #expect(heights.count == 2)
    let difference = (heights.first ?? 0) - 3 * (heights.last ?? 0)
    #expect(difference.magnitude < 3)
    #expect(svg.contains("outside"))
  }

  @Test func numbersOfTablesAreAlignedToTheRight() {
    let table = ReportTable(
      ["name", "value", "when"],
      rows: [["A", "−1.5%", "2024-01-02"], ["B", "–", "2024-01-03"], ["C", "$1,203", ""]])
    let html = HTMLReport("r", [.table(table)]).html
    #expect(html.count(of: "class=\"r\"") == 8)
    #expect(html.contains("<td>A</td>"))
  }

  @Test func filesAreToldByTheirNames() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: path) }
    let folder = path.path()
    let figure = Histogram("h", [1, 2, 3])
    try figure.write(to: folder + "/a.svg")
    try figure.write(to: folder + "/a.HTML".lowercased())
    func begin(_ name: String) throws -> String {
      String(try String(contentsOfFile: folder + "/" + name, encoding: .utf8).prefix(15))
    }
    #expect(try begin("a.svg").hasPrefix("<svg xmlns="))
    #expect(try begin("a.html") == "<!DOCTYPE html>")
    #expect(throws: DataError.self) { try figure.write(to: folder + "/a.png") }
    #expect(throws: DataError.self) { try figure.write(to: folder + "/none/a.svg") }
  }
}
