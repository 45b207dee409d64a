import Martlet

extension NumPyFunctions {
  static let sorting: [String: Call] = [
    "sorted": {
      [$0.a.sorted(axis: try $0.int("axis"), descending: try $0.flag("descending"))]
    },
    "argsort": {
      [$0.a.argsort(axis: try $0.int("axis"), descending: try $0.flag("descending"))]
    },
    "top": { test in
      let (values, indices) = test.a.top(try test.int("count"), axis: try test.int("axis"))
      return [values, indices]
    },
    "searchsorted": {
      [$0.a.searchsorted($0.b, side: try $0.text("side") == "left" ? .left : .right)]
    },
    "searchsorted sorter": { [$0.a.searchsorted($0.b, sorter: $0[2])] },
    "unique": one { $0.unique() },
    "uniqueCounts": { test in
      let (values, counts) = test.a.uniqueCounts()
      return [values, counts]
    },
    "uniqueInverse": { test in
      let (values, inverse) = test.a.uniqueInverse()
      return [values, inverse]
    },
    "uniqueAll": { test in
      let (values, indices, inverse, counts) = test.a.uniqueAll()
      return [values, indices, inverse, counts]
    },
    "isIn": two { $0.isIn($1) }, "union": two { $0.union($1) },
    "intersection": two { $0.intersection($1) },
    "setDifference": two { $0.setDifference($1) },
    "symmetricDifference": two { $0.symmetricDifference($1) },
    "median": reduction { $0.a.median(axis: $1, keepDims: $2) },
    "nanmedian": reduction { $0.a.nanmedian(axis: $1, keepDims: $2) },
    "quantile": reduction { $0.a.quantile(try $0.number("q"), axis: $1, keepDims: $2) },
    "nanquantile": reduction { $0.a.nanquantile(try $0.number("q"), axis: $1, keepDims: $2) },
    "percentile": reduction { $0.a.percentile(try $0.number("q"), axis: $1, keepDims: $2) },
    "nanpercentile": reduction { $0.a.nanpercentile(try $0.number("q"), axis: $1, keepDims: $2) },
    "quantiles": reduction { $0.a.quantile(try $0.numbers("q"), axis: $1, keepDims: $2) },
    "nanquantiles": reduction { $0.a.nanquantile(try $0.numbers("q"), axis: $1, keepDims: $2) },
    "percentiles": reduction { $0.a.percentile(try $0.numbers("q"), axis: $1, keepDims: $2) },
    "nanpercentiles": reduction { $0.a.nanpercentile(try $0.numbers("q"), axis: $1, keepDims: $2) },
    "quantile method": { test in
      let method = QuantileMethod(rawValue: try test.text("method"))!
      return [test.a.quantile(try test.number("q"), method: method)]
    },
    "ptp": reduction { $0.a.ptp(axis: $1, keepDims: $2) },
    "average": reduction { $0.a.average(weights: $0.b, axis: $1, keepDims: $2) },
    "average along": {
      [$0.a.average(weights: try $0.numbers("weights"), axis: try $0.int("axis"))]
    },
    "cov": { [$0.a.cov(ddof: try $0.number("correction"))] },
    "corrcoef": one { $0.corrcoef() },
  ]
}
