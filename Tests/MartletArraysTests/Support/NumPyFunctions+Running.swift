import Martlet

extension NumPyFunctions {
  static let running: [String: Call] = [
    "cumulativeSum": {
      [
        $0.a.cumsum(
          axis: try $0.intOrNil("axis"), includeInitial: try $0.flag("includeInitial"))
      ]
    },
    "cumulativeProduct": {
      [
        $0.a.cumprod(
          axis: try $0.intOrNil("axis"), includeInitial: try $0.flag("includeInitial"))
      ]
    },
    "cumulativeMax": { [$0.a.cummax(axis: try $0.intOrNil("axis"))] },
    "cumulativeMin": { [$0.a.cummin(axis: try $0.intOrNil("axis"))] },
    "diff": { [$0.a.diff(n: try $0.int("n"), axis: try $0.int("axis"))] },
    "diff ends": {
      [$0.a.diff(n: try $0.int("n"), axis: try $0.int("axis"), prepend: $0.b, append: $0[2])]
    },
    "gradient": {
      [
        $0.a.gradient(
          spacing: try $0.number("spacing"), axis: try $0.int("axis"),
          edgeOrder: try $0.int("edgeOrder"))
      ]
    },
    "gradient at": {
      [$0.a.gradient(at: $0.b, axis: try $0.int("axis"), edgeOrder: try $0.int("edgeOrder"))]
    },
    "trapezoid": {
      [$0.a.trapezoid(spacing: try $0.number("spacing"), axis: try $0.int("axis"))]
    },
    "trapezoid at": { [$0.a.trapezoid(at: $0.b, axis: try $0.int("axis"))] },
    "padded": { test in
      let modes: [String: PaddingMode] = [
        "constant": .constant, "edge": .edge, "reflect": .reflect, "symmetric": .symmetric,
        "wrap": .wrap,
      ]
      let widths = try test.elements("widths").map { place in
        let pair = try place.ints
        return (before: pair[0], after: pair[1])
      }
      return [test.a.padded(widths: widths, mode: modes[try test.text("mode")]!)]
    },
    "padded width": { [$0.a.padded(try $0.int("width"), mode: .edge)] },
  ]

  static let masked: [String: Call] = [
    "mask": { [$0.a[$0.b]] },
    "mask assigned": { test in
      var array = test.a
      array[test.b] = test[2]
      return [array]
    },
    "replacing": { [$0.a.replacing(where: $0.b, with: $0[2])] },
    "compress": { [try $0.a.compress($0.b, axis: try $0.intOrNil("axis"))] },
    "nonzero": { $0.a.nonzero() }, "argwhere": one { $0.argwhere() },
    "flatnonzero": one { $0.flatnonzero() },
    "assigned": { test in
      var array = test.a
      let i = try test.indices()
      switch i.count {
      case 1: array[i[0]] = test.b
      case 2: array[i[0], i[1]] = test.b
      default: array[i[0], i[1], i[2]] = test.b
      }
      return [array]
    },
    "histogram": { test in
      let limits = try test.has("range") ? try test.numbers("range") : nil
      let (counts, edges) = try test.a.histogram(
        bins: try test.int("bins"), range: limits.map { $0[0]...$0[1] },
        density: try test.flag("density"))
      return [counts, edges]
    },
    "histogram edges": { test in
      let weights = test.inputs.count > 2 ? test[2] : nil
      let (counts, edges) = try test.a.histogram(edges: test.b, weights: weights)
      return [counts, edges]
    },
    "digitize": { [try $0.a.digitize($0.b, right: try $0.flag("right"))] },
    "bincount": { test in
      [
        try test.a.bincount(
          weights: test.inputs.count > 1 ? test.b : nil, minLength: try test.int("minLength"))
      ]
    },
    "interp": { test in
      [
        NDArray.interp(
          test.a, test.b, test[2], left: try test.numberOrNil("left"),
          right: try test.numberOrNil("right"))
      ]
    },
  ]
}
