import Martlet

/// What the names in the cases call.
enum NumPyFunctions {
  typealias Call = @Sendable (NumPyCase) throws -> [NDArray]

  static let all: [String: Call] = {
    var all: [String: Call] = [:]
    for table in [
      elementwise, operators, choosing, reductions, views, linearAlgebra, sorting, fourier,
      creation,
      joining, byIndex, running, masked,
    ] {
      all.merge(table) { _, _ in preconditionFailure("NumPyFunctions: a name twice") }
    }
    return all
  }()

  /// A function of one array.
  static func one(_ body: @escaping @Sendable (NDArray) -> NDArray) -> Call {
    { [body($0.a)] }
  }

  /// A function of two arrays, or of an array and a number.
  static func two(
    _ arrays: @escaping @Sendable (NDArray, NDArray) -> NDArray,
    _ second: (@Sendable (NDArray, Scalar) -> NDArray)? = nil,
    _ first: (@Sendable (Scalar, NDArray) -> NDArray)? = nil
  ) -> Call {
    { test in
      if test.inputs[1].isNumber, let second { return [second(test.a, test.inputs[1].number)] }
      if test.inputs[0].isNumber, let first { return [first(test.inputs[0].number, test.b)] }
      return [arrays(test.a, test.b)]
    }
  }

  /// A reduction along axes.
  static func reduction(
    _ body: @escaping @Sendable (NumPyCase, any AxisSet, Bool) throws -> NDArray
  )
    -> Call
  {
    { test in [try test.axes { try body(test, $0, try test.flag("keepDims")) }] }
  }

  static let elementwise: [String: Call] = [
    "exp": one { $0.exp() }, "exp2": one { $0.exp2() }, "expm1": one { $0.expm1() },
    "log": one { $0.log() }, "log2": one { $0.log2() }, "log10": one { $0.log10() },
    "log1p": one { $0.log1p() }, "cbrt": one { $0.cbrt() }, "sin": one { $0.sin() },
    "cos": one { $0.cos() }, "tan": one { $0.tan() }, "asin": one { $0.asin() },
    "acos": one { $0.acos() }, "atan": one { $0.atan() }, "sinh": one { $0.sinh() },
    "cosh": one { $0.cosh() }, "tanh": one { $0.tanh() }, "asinh": one { $0.asinh() },
    "acosh": one { $0.acosh() }, "atanh": one { $0.atanh() }, "erf": one { $0.erf() },
    "erfc": one { $0.erfc() },
    "sigmoid": one { $0.sigmoid() }, "sqrt": one { $0.sqrt() },
    "reciprocal": one { $0.reciprocal() }, "abs": one { $0.abs() }, "sign": one { $0.sign() },
    "square": one { $0.square() }, "floor": one { $0.floor() }, "ceil": one { $0.ceil() },
    "trunc": one { $0.trunc() }, "round": one { $0.round() },
    "round decimals": { [$0.a.round(decimals: try $0.int("decimals"))] },
    "conj": one { $0.conj() }, "real": one { $0.real }, "imag": one { $0.imag },
    "angle": one { $0.angle() }, "signbit": one { $0.signbit() }, "isNaN": one { $0.isNaN() },
    "isInf": one { $0.isInf() }, "isFinite": one { $0.isFinite() },
    "asType": { test in [test.a.asType(try test.dtype()!)] },
  ]

  static let operators: [String: Call] = [
    "prefix -": one { -$0 }, "prefix +": one { +$0 }, "prefix !": one { !$0 },
    "prefix ~": one { ~$0 },
    "+": two({ $0 + $1 }, { $0 + $1 }, { $0 + $1 }),
    "-": two({ $0 - $1 }, { $0 - $1 }, { $0 - $1 }),
    "*": two({ $0 * $1 }, { $0 * $1 }, { $0 * $1 }),
    "/": two({ $0 / $1 }, { $0 / $1 }, { $0 / $1 }),
    "%": two({ $0 % $1 }, { $0 % $1 }, { $0 % $1 }),
    "floorDivided": two({ $0.floorDivided(by: $1) }, { $0.floorDivided(by: $1) }),
    "power": two({ $0.power($1) }, { $0.power($1) }),
    "maximum": two({ $0.maximum($1) }, { $0.maximum($1) }),
    "minimum": two({ $0.minimum($1) }, { $0.minimum($1) }),
    ".<": two({ $0 .< $1 }, { $0 .< $1 }, { $0 .< $1 }),
    ".<=": two({ $0 .<= $1 }, { $0 .<= $1 }, { $0 .<= $1 }),
    ".>": two({ $0 .> $1 }, { $0 .> $1 }, { $0 .> $1 }),
    ".>=": two({ $0 .>= $1 }, { $0 .>= $1 }, { $0 .>= $1 }),
    ".==": two({ $0 .== $1 }, { $0 .== $1 }, { $0 .== $1 }),
    ".!=": two({ $0 .!= $1 }, { $0 .!= $1 }, { $0 .!= $1 }),
    ".&": two { $0 .& $1 }, ".|": two { $0 .| $1 }, ".^": two { $0 .^ $1 },
    "&": two({ $0 & $1 }, { $0 & $1 }, { $0 & $1 }),
    "|": two({ $0 | $1 }, { $0 | $1 }, { $0 | $1 }),
    "^": two({ $0 ^ $1 }, { $0 ^ $1 }, { $0 ^ $1 }),
    "<<": two({ $0 << $1 }, { $0 << $1 }, { $0 << $1 }),
    ">>": two({ $0 >> $1 }, { $0 >> $1 }, { $0 >> $1 }),
    "atan2": two({ $0.atan2($1) }, { $0.atan2($1) }),
    "hypot": two({ $0.hypot($1) }, { $0.hypot($1) }),
    "logaddexp": two({ $0.logaddexp($1) }, { $0.logaddexp($1) }),
    "copysign": two({ $0.copysign($1) }, { $0.copysign($1) }),
    "nextafter": two({ $0.nextafter($1) }, { $0.nextafter($1) }),
  ]

  static let choosing: [String: Call] = [
    "where": { test in
      if test.inputs[1].isNumber {
        return [NDArray.where(test.a, test.inputs[1].number, test[2])]
      }
      if test.inputs[2].isNumber {
        return [NDArray.where(test.a, test.b, test.inputs[2].number)]
      }
      return [NDArray.where(test.a, test.b, test[2])]
    },
    "clip": { [$0.a.clip(try $0.numberOrNil("least"), try $0.numberOrNil("most"))] },
    "clip arrays": { [$0.a.clip($0.b, $0[2])] },
  ]

  static let reductions: [String: Call] = [
    "sum": reduction { $0.a.sum(axis: $1, keepDims: $2) },
    "product": reduction { $0.a.prod(axis: $1, keepDims: $2) },
    "max": reduction { $0.a.max(axis: $1, keepDims: $2) },
    "min": reduction { $0.a.min(axis: $1, keepDims: $2) },
    "any": reduction { $0.a.any(axis: $1, keepDims: $2) },
    "all": reduction { $0.a.all(axis: $1, keepDims: $2) },
    "countNonzero": reduction { $0.a.countNonzero(axis: $1, keepDims: $2) },
    "countDefined": reduction { $0.a.countDefined(axis: $1, keepDims: $2) },
    "mean": reduction { $0.a.mean(axis: $1, keepDims: $2) },
    "variance": reduction {
      $0.a.variance(axis: $1, ddof: try $0.number("correction"), keepDims: $2)
    },
    "std": reduction { $0.a.std(axis: $1, ddof: try $0.number("correction"), keepDims: $2) },
    "nansum": reduction { $0.a.nansum(axis: $1, keepDims: $2) },
    "nanproduct": reduction { $0.a.nanprod(axis: $1, keepDims: $2) },
    "nanmax": reduction { $0.a.nanmax(axis: $1, keepDims: $2) },
    "nanmin": reduction { $0.a.nanmin(axis: $1, keepDims: $2) },
    "nanmean": reduction { $0.a.nanmean(axis: $1, keepDims: $2) },
    "nanvariance": reduction {
      $0.a.nanvariance(axis: $1, ddof: try $0.number("correction"), keepDims: $2)
    },
    "nanstd": reduction {
      $0.a.nanstd(axis: $1, ddof: try $0.number("correction"), keepDims: $2)
    },
    "argmax": { [$0.a.argmax(axis: try $0.intOrNil("axis"), keepDims: try $0.flag("keepDims"))] },
    "argmin": { [$0.a.argmin(axis: try $0.intOrNil("axis"), keepDims: try $0.flag("keepDims"))] },
    "nanargmax": {
      [$0.a.nanargmax(axis: try $0.intOrNil("axis"), keepDims: try $0.flag("keepDims"))]
    },
    "nanargmin": {
      [$0.a.nanargmin(axis: try $0.intOrNil("axis"), keepDims: try $0.flag("keepDims"))]
    },
  ]

  static let views: [String: Call] = [
    "slice": { test in
      [test.a.selecting(try test.indices())]
    },
    "transposed": { [$0.a.transposed(try $0.ints("axes"))] },
    "transposed all": { [$0.a.transposed(nil)] },
    "matrixTransposed": one { $0.matrixTransposed },
    "swappedAxes": { [$0.a.swappedAxes(try $0.int("first"), try $0.int("second"))] },
    "movedAxis": { [$0.a.movedAxis(from: try $0.int("from"), to: try $0.int("to"))] },
    "movedAxes": { [$0.a.movedAxes(from: try $0.ints("from"), to: try $0.ints("to"))] },
    "expandedDims": { [$0.a.expandedDims(axes: try $0.ints("axes"))] },
    "expandedDims axis": { [$0.a.expandedDims(axis: try $0.int("axis"))] },
    "squeezed": { [$0.a.squeezed(axes: try $0.ints("axes"))] },
    "squeezed all": one { $0.squeezed() },
    "squeezed axis": { [$0.a.squeezed(axis: try $0.int("axis"))] },
    "broadcast": { [$0.a.broadcast(to: try $0.ints("shape"))] },
    "broadcast arrays": { NDArray.broadcast([$0.a, $0.b]) },
    "flipped": { [$0.a.flipped(axes: try $0.ints("axes"))] },
    "flipped all": one { $0.flipped() },
    "flipped axis": { [$0.a.flipped(axis: try $0.int("axis"))] },
    "flattened": one { $0.flattened() },
    "reshaped": { [$0.a.reshaped(try $0.ints("shape"))] },
    "row": { [$0.a.row(try $0.int("index"))] },
    "slidingWindows": {
      [$0.a.slidingWindows(try $0.int("length"), axis: try $0.int("axis"))]
    },
    "diagonal": {
      [
        $0.a.diagonal(
          offset: try $0.int("offset"), axis1: try $0.int("axis1"), axis2: try $0.int("axis2"))
      ]
    },
  ]
}
