import Martlet

extension NumPyFunctions {
  static let creation: [String: Call] = [
    "arange": { test in
      [
        NDArray.arange(
          try test.int("start"), try test.int("stop"), step: try test.int("step"),
          dtype: try test.dtype()!)
      ]
    },
    "arange real": { test in
      [
        NDArray.arange(
          try test.number("start"), try test.number("stop"), step: try test.number("step"),
          dtype: try test.dtype()!)
      ]
    },
    "linspace": { test in
      [
        NDArray.linspace(
          try test.number("start"), try test.number("stop"), count: try test.int("count"),
          endpoint: try test.flag("endpoint"), dtype: try test.dtype()!)
      ]
    },
    "logspace": { test in
      [
        NDArray.logspace(
          try test.number("start"), try test.number("stop"), count: try test.int("count"),
          base: try test.number("base"))
      ]
    },
    "eye": { test in
      [
        NDArray.eye(
          try test.int("rows"), try test.intOrNil("columns"), offset: try test.int("offset"),
          dtype: try test.dtype()!)
      ]
    },
    "zeros": { [NDArray.zeros(try $0.ints("shape"), dtype: try $0.dtype()!)] },
    "ones": { [NDArray.ones(try $0.ints("shape"), dtype: try $0.dtype()!)] },
    "full": { [NDArray.full(try $0.ints("shape"), $0.inputs[0].number, dtype: try $0.dtype()!)] },
    "zerosLike": one { NDArray.zerosLike($0) }, "onesLike": one { NDArray.onesLike($0) },
    "fullLike": { [NDArray.fullLike($0.a, $0.inputs[1].number)] },
    "tril": { [$0.a.tril(offset: try $0.int("offset"))] },
    "triu": { [$0.a.triu(offset: try $0.int("offset"))] },
    "diag": { [NDArray.diag($0.a, offset: try $0.int("offset"))] },
    "meshgrid": { test in
      NDArray.meshgrid(
        test.inputs.map(\.array), indexing: try test.text("indexing") == "xy" ? .xy : .ij)
    },
  ]

  static let joining: [String: Call] = [
    "concatenated": {
      [NDArray.concatenated($0.inputs.map(\.array), axis: try $0.intOrNil("axis"))]
    },
    "stacked": { [NDArray.stacked($0.inputs.map(\.array), axis: try $0.int("axis"))] },
    "unstacked": { $0.a.unstacked(axis: try $0.int("axis")) },
    "split into": { $0.a.split(into: try $0.int("count"), axis: try $0.int("axis")) },
    "split at": { $0.a.split(at: try $0.ints("places"), axis: try $0.int("axis")) },
    "tiled": { [$0.a.tiled(try $0.ints("counts"))] },
    "repeated": { [$0.a.repeated(try $0.int("count"), axis: try $0.intOrNil("axis"))] },
    "repeated counts": { [$0.a.repeated(try $0.ints("counts"), axis: try $0.intOrNil("axis"))] },
    "rolled": { [$0.a.rolled(by: try $0.int("shift"), axis: try $0.intOrNil("axis"))] },
    "rolled axes": { [$0.a.rolled(by: try $0.ints("shifts"), axes: try $0.ints("axes"))] },
    "rot90": { test in
      let axes = try test.ints("axes")
      return [test.a.rot90(try test.int("times"), axes: (axes[0], axes[1]))]
    },
  ]

  static let byIndex: [String: Call] = [
    "take": { [try $0.a.take($0.b, axis: try $0.intOrNil("axis"))] },
    "takeAlongAxis": { [try $0.a.takeAlongAxis($0.b, axis: try $0.int("axis"))] },
    "putting": { [try $0.a.putting($0.b, at: $0[2])] },
    "puttingAlongAxis": {
      [try $0.a.puttingAlongAxis($0.b, at: $0[2], axis: try $0.int("axis"))]
    },
    "adding": { [try $0.a.adding($0.b, at: $0[2], axis: try $0.int("axis"))] },
  ]
}
