import Martlet

@testable import MartletCharts

let day: Int64 = 86_400_000_000_000
let hour: Int64 = 3_600_000_000_000

/// What keeps a text from being well-formed XML; nil where nothing does.
func problem(inXML text: String) -> String? {
  var open: [String] = []
  var hasRoot = false
  var rest = Substring(text)
  while !rest.isEmpty {
    guard rest.first == "<" else {
      let part = rest.prefix { $0 != "<" }
      rest = rest.dropFirst(part.count)
      if let wrong = problem(inText: part) { return wrong }
      if open.isEmpty, part.contains(where: { !$0.isWhitespace }) { return "text outside: \(part)" }
      continue
    }
    guard let end = rest.firstIndex(of: ">") else { return "a tag without an end" }
    let tag = rest[rest.index(after: rest.startIndex)..<end]
    rest = rest[rest.index(after: end)...]
    if tag.hasPrefix("/") {
      guard open.popLast() == String(tag.dropFirst()) else { return "</\(tag)> closes nothing" }
      continue
    }
    let isEmpty = tag.hasSuffix("/")
    guard let match = tag.wholeMatch(of: /([a-z]+)((?:\s+[A-Za-z0-9:-]+="[^"<]*")*)\s*\/?/) else {
      return "not a tag: <\(tag)>"
    }
    if let wrong = problem(inText: match.output.2) { return wrong }
    if open.isEmpty {
      if hasRoot { return "two roots" }
      hasRoot = true
    }
    if !isEmpty { open.append(String(match.output.1)) }
  }
  return open.isEmpty ? hasRoot ? nil : "no root" : "open: \(open)"
}

private func problem(inText text: Substring) -> String? {
  for scalar in text.unicodeScalars
  where (scalar.value < 0x20 && scalar != "\n") || scalar.value & 0xFFFE == 0xFFFE {
    return "a character that XML cannot hold: \(scalar.value)"
  }
  var rest = text
  while let start = rest.firstIndex(of: "&") {
    rest = rest[rest.index(after: start)...]
    guard rest.prefixMatch(of: /(amp|lt|gt|quot|#39);/) != nil else { return "a bare &" }
  }
  return nil
}

/// A symbol's bars from closes, a day apart; NaN where there is none.
func panel(_ closes: [Double], symbol: String = "A", time: [Int64]? = nil) throws -> Panel {
  let count = closes.count
  let opens = closes.indices.map { $0 == 0 || closes[$0 - 1].isNaN ? closes[$0] : closes[$0 - 1] }
  func field(_ value: (Double, Double) -> Double) -> NDArray {
    NDArray(zip(opens, closes).map { $1.isNaN ? .nan : value($0, $1) }, shape: [1, count])
  }
  return try Panel(
    symbols: [symbol], time: time ?? (0..<count).map { Int64(17_000 + $0) * day },
    open: field { $0 + 0 * $1 }, high: field { max($0, $1) + 1 }, low: field { min($0, $1) - 1 },
    close: field { $1 },
    volume: NDArray(closes.map { $0.isNaN ? .nan : 1000 }, shape: [1, count]), name: "test")
}

/// A walk that is the same in every run.
func walk(_ count: Int, seed: UInt64 = 1) -> [Double] {
  var (state, value) = (seed, 100.0)
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    value *= 1 + (Double(state >> 40) / Double(1 << 24) - 0.5) * 0.02
    return value
  }
}

/// Numbers from 0 to 200 in no order, the same in every run.
func noise(_ count: Int) -> [Double] {
  var state: UInt64 = 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 40) / Double(1 << 24) * 200
  }
}

extension String {
  /// The `d` of the paths with a class.
  func paths(_ name: String) -> [Substring] {
    matches(of: /<path class="([^"]*)"[^>]* d="([^"]*)"/).filter {
      $0.output.1.split(separator: " ").contains(Substring(name))
    }.map(\.output.2)
  }

  /// The first of these, or nothing.
  func path(_ name: String) -> Substring { paths(name).first ?? "" }

  func count(of part: String) -> Int { ranges(of: part).count }
}
