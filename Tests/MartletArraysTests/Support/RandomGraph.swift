import Martlet
import TestSupport

/// A random expression over some arrays, as a list of steps that can be built again and again.
struct RandomGraph {
  struct Step {
    let inputs: [Int]
    let title: String
    let make: @Sendable ([NDArray]) -> NDArray
  }

  let leaves: [NDArray]
  private(set) var steps: [Step] = []
  /// Nodes that the graph is evaluated for.
  let results: [Int]

  /// Elements of one node at most.
  private static let most = 400_000

  /// - Parameter isLarge: With arrays of several blocks, and some that several threads work on.
  init(seed: UInt64, length: Int, isLarge: Bool) {
    var random = SeededGenerator(seed)
    var leaves = Self.smallShapes.map { Self.leaf($0, &random) }
    if isLarge { leaves += Self.largeShapes.map { Self.leaf($0, &random) } }
    self.leaves = leaves
    var nodes = leaves
    while steps.count < length {
      // Now and then the same once more: equal operations become one.
      let again = random.below(6) == 0 ? steps.suffix(8).randomElement(using: &random) : nil
      guard let step = again ?? Self.step(nodes, &random) else { continue }
      let node = step.make(step.inputs.map { nodes[$0] })
      guard node.count <= Self.most, node.ndim <= 6 else { continue }
      steps.append(step)
      nodes.append(node)
    }
    let first = leaves.count
    results = [nodes.count - 1] + (0..<2).map { _ in first + random.below(length) }
  }

  /// Every node; `after` sees each one as soon as it is made.
  func build(after: (Int, NDArray, [NDArray]) -> Void = { _, _, _ in }) -> [NDArray] {
    var nodes = leaves
    for step in steps {
      let node = step.make(step.inputs.map { nodes[$0] })
      nodes.append(node)
      after(nodes.count - 1, node, nodes)
    }
    return nodes
  }

  /// The steps that a node hangs on, for messages.
  func story(of node: Int) -> String {
    var wanted: Set = [node]
    var lines: [String] = []
    for k in (leaves.count..<leaves.count + steps.count).reversed() where wanted.contains(k) {
      let step = steps[k - leaves.count]
      wanted.formUnion(step.inputs)
      lines.append("\(k) = \(step.title) of \(step.inputs)")
    }
    for k in leaves.indices where wanted.contains(k) {
      lines.append("\(k) = \(leaves[k].dtype) \(leaves[k].shape)")
    }
    return lines.reversed().joined(separator: "; ")
  }
}

extension RandomGraph {
  private static let smallShapes = [
    [], [1], [7], [3, 4], [4, 1], [2, 3, 4], [5, 1, 3], [2, 1, 3, 2], [0, 3], [64], [33, 40],
  ]
  private static let largeShapes = [[1025], [3, 1500], [1500, 3], [300_000], [2, 150_000]]

  private static func leaf(_ shape: [Int], _ random: inout SeededGenerator) -> NDArray {
    let count = shape.reduce(1, *)
    let corners = [0, -0.0, 1, -1, Double.nan, .infinity, -.infinity, 0x1p-1060, 1e300, -2.5]
    let values = (0..<count).map { _ in
      random.below(12) == 0 ? corners[random.below(10)] : 20 * (random.unit() - 0.5)
    }
    let types: [ElementType] = [
      .float64, .float64, .float32, .float32, .int64, .int32, .uint8, .bool, .complex128,
    ]
    let array = NDArray(values, shape: shape).asType(types[random.below(types.count)])
    return array.eval()
  }

  private static let unary: [(String, @Sendable (NDArray) -> NDArray)] = [
    ("-", { -$0 }), ("abs", { $0.abs() }), ("square", { $0.square() }), ("sign", { $0.sign() }),
    ("exp", { $0.exp() }), ("log", { $0.log() }), ("sin", { $0.sin() }), ("tanh", { $0.tanh() }),
    ("sqrt", { $0.sqrt() }), ("reciprocal", { $0.reciprocal() }), ("isNaN", { $0.isNaN() }),
    ("!", { !$0 }), ("+ 1", { $0 + 1 }), ("2.5 *", { 2.5 * $0 }), ("conj", { $0.conj() }),
    ("real", { $0.real }), ("> 0", { $0.real .> 0 }), ("clip", { $0.real.clip(-3, 3) }),
    ("/ 3", { $0 / 3 }), ("x + x", { $0 + $0 }), ("x * x - x", { $0 * $0 - $0 }),
  ]

  private static let binary: [(String, @Sendable (NDArray, NDArray) -> NDArray)] = [
    ("+", { $0 + $1 }), ("-", { $0 - $1 }), ("*", { $0 * $1 }), ("/", { $0 / $1 }),
    ("<", { $0.real .< $1.real }), ("==", { $0 .== $1 }), (".&", { $0 .& $1 }),
    ("maximum", { $0.real.maximum($1.real) }), ("minimum", { $0.real.minimum($1.real) }),
  ]

  private static let reductions: [(String, @Sendable (NDArray, [Int], Bool) -> NDArray)] = [
    ("sum", { $0.sum(axis: $1, keepDims: $2) }), ("mean", { $0.mean(axis: $1, keepDims: $2) }),
    ("product", { $0.prod(axis: $1, keepDims: $2) }),
    ("variance", { $0.variance(axis: $1, keepDims: $2) }),
    ("any", { $0.any(axis: $1, keepDims: $2) }), ("all", { $0.all(axis: $1, keepDims: $2) }),
    ("countNonzero", { $0.countNonzero(axis: $1, keepDims: $2) }),
    ("nansum", { $0.nansum(axis: $1, keepDims: $2) }),
  ]
  // These need something to reduction.
  private static let extremes: [(String, @Sendable (NDArray, [Int], Bool) -> NDArray)] = [
    ("max", { $0.real.max(axis: $1, keepDims: $2) }),
    ("min", { $0.real.min(axis: $1, keepDims: $2) }),
    ("nanmax", { $0.real.nanmax(axis: $1, keepDims: $2) }),
    ("argmax", { $0.real.argmax(axis: $1.first, keepDims: $2) }),
    ("argmin", { $0.real.argmin(axis: $1.first, keepDims: $2) }),
  ]

  private static func broadcasts(_ a: [Int], _ b: [Int]) -> Bool {
    zip(a.reversed(), b.reversed()).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 }
  }

  private static func step(_ nodes: [NDArray], _ random: inout SeededGenerator) -> Step? {
    // Rather what was made last, so that chains get long.
    let recent = random.below(3) > 0
    let k = recent ? nodes.count - 1 - random.below(min(6, nodes.count)) : random.below(nodes.count)
    let a = nodes[k]
    func partner(_ shape: [Int], _ random: inout SeededGenerator) -> Int? {
      let fitting = nodes.indices.filter { broadcasts(nodes[$0].shape, shape) }
      return fitting.isEmpty ? nil : fitting[random.below(fitting.count)]
    }
    switch random.below(12) {
    case 0...2:
      let (title, make) = unary[random.below(unary.count)]
      return Step(inputs: [k], title: title) { make($0[0]) }
    case 3...5:
      guard let other = partner(a.shape, &random) else { return nil }
      let (title, make) = binary[random.below(binary.count)]
      return Step(inputs: [k, other], title: title) { make($0[0], $0[1]) }
    case 6:
      guard let yes = partner(a.shape, &random) else { return nil }
      let shape = NDArray.broadcast([a, nodes[yes]])[0].shape
      guard let no = partner(shape, &random) else { return nil }
      return Step(inputs: [k, yes, no], title: "where") { NDArray.where($0[0], $0[1], $0[2]) }
    case 7:
      let types = ElementType.allCases
      let type = types[random.below(types.count)]
      return Step(inputs: [k], title: "as \(type)") { $0[0].asType(type) }
    case 8, 9: return view(k, a, &random)
    default: return reduction(k, a, &random)
    }
  }

  private static func reduction(_ k: Int, _ a: NDArray, _ random: inout SeededGenerator) -> Step? {
    var axes = a.shape.indices.filter { _ in random.below(2) == 0 }
    if random.below(4) == 0 { axes = Array(a.shape.indices) }
    let keepDims = random.below(2) == 0
    let isExtreme = random.below(3) == 0
    guard !isExtreme || a.count > 0 && !axes.isEmpty else { return nil }
    let choices = isExtreme ? extremes : reductions
    let (title, make) = choices[random.below(choices.count)]
    return Step(inputs: [k], title: "\(title) \(axes)\(keepDims ? " kept" : "")") {
      [axes] in make($0[0], axes, keepDims)
    }
  }

  private static func view(_ k: Int, _ a: NDArray, _ random: inout SeededGenerator) -> Step? {
    let shape = a.shape
    func step(_ title: String, _ make: @escaping @Sendable (NDArray) -> NDArray) -> Step {
      Step(inputs: [k], title: title) { make($0[0]) }
    }
    switch random.below(9) {
    case 0:
      var order = Array(shape.indices)
      order.shuffle(using: &random)
      return step("transposed \(order)") { [order] in $0.transposed(order) }
    case 1:
      let axes = shape.indices.filter { _ in random.below(2) == 0 }
      return step("flipped \(axes)") { $0.flipped(axes: axes) }
    case 2:
      let parts = shape.map { length -> ArrayIndex in
        let steps = [1, 1, 2, -1, -3]
        return .slice(
          random.below(2) == 0 ? nil : random.below(length + 1),
          random.below(2) == 0 ? nil : random.below(length + 1), step: steps[random.below(5)])
      }
      return step("slice") { $0.selecting(parts) }
    case 3:
      let place = random.below(a.ndim + 1)
      return step("expandedDims \(place)") { $0.expandedDims(axis: place) }
    case 4: return step("squeezed") { $0.squeezed() }
    case 5:
      let target = [random.below(3) + 1] + shape.map { $0 == 1 ? random.below(4) + 1 : $0 }
      return step("broadcast \(target)") { $0.broadcast(to: target) }
    case 6: return step("flattened") { $0.flattened() }
    case 7:
      guard let last = shape.last, last > 1 else { return nil }
      let length = random.below(min(last, 5)) + 1
      return step("slidingWindows \(length)") { $0.slidingWindows(length) }
    default:
      guard a.ndim >= 2 else { return nil }
      let offset = random.below(3) - 1
      return step("diagonal \(offset)") { $0.diagonal(offset: offset) }
    }
  }
}
