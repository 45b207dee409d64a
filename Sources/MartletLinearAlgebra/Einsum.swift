import MartletArrays

extension NDArray {
  /// Einstein's summation: products of elements, summed over the indices that are not in the result.
  ///
  ///     NDArray.einsum("bij,bjk->bik", a, b)    // matrix products
  ///     NDArray.einsum("ii->i", a)              // the diagonal, a view
  ///     NDArray.einsum("...i,...i", a, b)       // inner products
  ///
  /// A letter names an axis and stands in each operand's part as often as it has such axes; a letter twice
  /// in one part takes the diagonal. `...` stands for all axes that have no letter and broadcasts, as do
  /// axes of length 1. Without `->` the result has the axes of `...`, then the letters that stand once, in
  /// alphabetical order. Several operands are contracted two at a time, those first that leave the least,
  /// by matrix products where an index is summed. The element type is the one in which all meet.
  public static func einsum(_ subscripts: String, _ operands: NDArray...) -> NDArray {
    einsum(subscripts, operands)
  }

  /// Einstein's summation: products of elements, summed over the indices that are not in the result.
  public static func einsum(_ subscripts: String, _ operands: [NDArray]) -> NDArray {
    let subscripts = EinsumSubscripts(subscripts, operands.map(\.shape))
    let promoted = operands.dropFirst().reduce(operands[0].dtype) { $0.promoted(with: $1.dtype) }
    var terms = zip(operands, subscripts.inputs).map { operand, labels in
      operand.asType(promoted).labelled(labels, lengths: subscripts.lengths)
    }
    func others(_ excluded: [Int]) -> Set<Int> {
      Set(subscripts.output).union(
        terms.indices.filter { !excluded.contains($0) }.flatMap { terms[$0].labels })
    }
    for k in terms.indices {
      let kept = others([k])
      terms[k] = terms[k].summing { !kept.contains($0) }
    }
    while terms.count > 1 {
      let (i, j) = nextPair(terms, subscripts, others)
      let product = terms[i].contracted(with: terms[j], keeping: others([i, j]))
      terms.remove(at: j)
      terms[i] = product
    }
    // Axes of length 1 that no operand was left with.
    let result = terms[0]
    let missing = subscripts.output.indices.filter {
      !result.labels.contains(subscripts.output[$0])
    }
    return result.ordered(subscripts.output.filter(result.labels.contains))
      .expandedDims(axes: missing)
  }

  /// The two terms whose product is smallest beside what they were; of equal ones the cheaper.
  private static func nextPair(
    _ terms: [LabelledArray], _ subscripts: EinsumSubscripts, _ others: ([Int]) -> Set<Int>
  ) -> (Int, Int) {
    func size(_ labels: Set<Int>) -> Double {
      labels.reduce(1) { $0 * Double(subscripts.lengths[$1] ?? 1) }
    }
    var best = (0, 1)
    var least = (growth: Double.infinity, work: Double.infinity)
    guard terms.count > 2 else { return best }
    for j in terms.indices.dropFirst() {
      for i in 0..<j {
        let (a, b) = (Set(terms[i].labels), Set(terms[j].labels))
        let union = a.union(b)
        let growth = size(union.intersection(others([i, j]))) - size(a) - size(b)
        if (growth, size(union)) < (least.growth, least.work) {
          (least, best) = ((growth, size(union)), (i, j))
        }
      }
    }
    return best
  }

  /// The array with named axes: diagonals of labels that stand twice, without axes of length 1 that
  /// broadcast.
  private func labelled(_ labels: [Int], lengths: [Int: Int]) -> LabelledArray {
    var map = ViewMap(starts: [Int](repeating: 0, count: ndim), axes: [])
    var (kept, result) = ([Int](), [Int]())
    for (axis, label) in labels.enumerated() where shape[axis] == lengths[label]! {
      let step = ViewMap.Step(axis, 1)
      if let index = kept.firstIndex(of: label) {
        map.axes[index].append(step)
      } else {
        kept.append(label)
        map.axes.append([step])
        result.append(shape[axis])
      }
    }
    if kept == labels { return LabelledArray(self, labels) }
    return LabelledArray(view(map, shape: result), kept)
  }
}

/// What an einsum string says about operands of given shapes.
struct EinsumSubscripts {
  /// A label for every axis of every operand: a letter's number, or −1, −2 … for the axes of an ellipsis,
  /// counted from the last.
  private(set) var inputs: [[Int]] = []
  private(set) var output: [Int] = []
  private(set) var lengths: [Int: Int] = [:]

  init(_ text: String, _ shapes: [[Int]]) {
    let letters = Array(text.utf8.filter { $0 != UInt8(ascii: " ") })
    let arrow = letters.indices.dropLast().first {
      letters[$0] == UInt8(ascii: "-") && letters[$0 + 1] == UInt8(ascii: ">")
    }
    let left = letters[..<(arrow ?? letters.count)]
    let parts = left.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    require(
      parts.count == shapes.count && !shapes.isEmpty,
      "einsum: \"\(text)\" is about \(parts.count) operands; there are \(shapes.count)")
    var widest = 0
    for (part, shape) in zip(parts, shapes) {
      let (labels, ellipsis) = Self.labels(Array(part), text)
      require(
        ellipsis == nil ? labels.count == shape.count : labels.count <= shape.count,
        "einsum: \"\(text)\" has \(labels.count) indices for the shape \(shape)")
      let spare = shape.count - labels.count
      widest = max(widest, spare)
      var all = labels
      if let ellipsis { all.insert(contentsOf: (0..<spare).map { $0 - spare }, at: ellipsis) }
      inputs.append(all)
      for (label, length) in zip(all, shape) {
        let known = lengths[label] ?? 1
        require(
          known == length || known == 1 || length == 1,
          "einsum: an index of \"\(text)\" has the lengths \(known) and \(length) in \(shapes)")
        lengths[label] = known == 1 ? length : known
      }
    }
    let dots = (0..<widest).map { $0 - widest }
    if let arrow {
      let (labels, ellipsis) = Self.labels(Array(letters[(arrow + 2)...]), text)
      require(
        Set(labels).count == labels.count && labels.allSatisfy { lengths[$0] != nil },
        "einsum: the result of \"\(text)\" has an index twice, or one that no operand has")
      require(
        ellipsis != nil || widest == 0, "einsum: \"\(text)\" drops the axes of its ellipsis")
      output = labels
      if let ellipsis { output.insert(contentsOf: dots, at: ellipsis) }
    } else {
      let all = inputs.joined().filter { $0 >= 0 }
      output = dots + Set(all).filter { label in all.count { $0 == label } == 1 }.sorted()
    }
  }

  /// The letters of one operand and where its ellipsis stands among them.
  private static func labels(_ part: [UInt8], _ text: String) -> ([Int], ellipsis: Int?) {
    var labels: [Int] = []
    var ellipsis: Int?
    var k = 0
    while k < part.count {
      switch part[k] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
        labels.append(Int(part[k]))
        k += 1
      default:
        require(
          part[k...].starts(with: "...".utf8) && ellipsis == nil,
          "einsum: \"\(text)\" is not made of letters, \"...\", \",\" and \"->\"")
        ellipsis = labels.count
        k += 3
      }
    }
    return (labels, ellipsis)
  }
}
