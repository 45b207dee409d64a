import Martlet

extension NumPyFunctions {
  static let linearAlgebra = products.merging(factorizations) { first, _ in first }

  private static let products: [String: Call] = [
    "matmul": two { $0.matmul($1) }, "dot": two { $0.dot($1) }, "inner": two { $0.inner($1) },
    "vdot": two { $0.vdot($1) }, "outer": two { $0.outer($1) }, "kron": two { $0.kron($1) },
    "vecdot": { [$0.a.vecdot($0.b, axis: try $0.int("axis"))] },
    "cross": { [$0.a.cross($0.b, axis: try $0.int("axis"))] },
    "tensordot": { [$0.a.tensordot($0.b, axes: try $0.int("axes"))] },
    "tensordot axes": {
      [$0.a.tensordot($0.b, axes: try $0.ints("axes"), try $0.ints("others"))]
    },
    "einsum": { [NDArray.einsum(try $0.text("subscripts"), $0.inputs.map(\.array))] },
    "trace": { [$0.a.trace(offset: try $0.int("offset"))] },
    "norm": { test in
      let order =
        switch try test.parameter("order").value {
        case .text(let name): name == "inf" ? Double.infinity : -.infinity
        default: try test.number("order")
        }
      let keep = try test.flag("keepDims")
      return [try test.axes { test.a.anyNorm(order, $0, keep) }]
    },
  ]

  #if BLAS
    private static let factorizations: [String: Call] = [
      "matrixPower": { [try $0.a.matrixPower(try $0.int("exponent"))] },
      "matrixNorm": { test in
        let name = try test.text("norm")
        let axes = try test.ints("axes")
        let norm = NDArray.MatrixNorm.allCases.first { "\($0)" == name }!
        return [
          test.a.matrixNorm(
            norm, axes: (rows: axes[0], columns: axes[1]), keepDims: try test.flag("keepDims"))
        ]
      },
      "inverse": { [try $0.a.inverse()] }, "solve": { [try $0.a.solve($0.b)] },
      "det": one { $0.det() }, "pinv": { [try $0.a.pinv()] },
      "slogdet": { test in
        let (sign, logarithm) = test.a.slogdet()
        return [sign, logarithm]
      },
      "lstsq": { test in
        let found = try test.a.lstsq(test.b)
        return [found.solution, found.residuals, found.rank, found.singularValues]
      },
      "matrixRank": { [try $0.a.matrixRank()] },
      "cholesky": { [try $0.a.cholesky(upper: try $0.flag("upper"))] },
      // Factors are not unique: what they make together is.
      "qr": { test in
        let (q, r) = test.a.qr(try test.text("mode") == "complete" ? .complete : .reduced)
        return [q.matmul(r), q.adjoint.matmul(q), r - r.upperTriangle]
      },
      "svd": { test in
        let (u, s, vh) = try test.a.svd(fullMatrices: try test.flag("fullMatrices"))
        let least = s.shape[s.ndim - 1]
        let scaled = u[.ellipsis, 0..<least] * s.expandedDims(axis: -2)
        let product = scaled.matmul(vh[.ellipsis, 0..<least, .all])
        return [product, u.adjoint.matmul(u), vh.matmul(vh.adjoint), s]
      },
      "svdvals": { [try $0.a.svdvals()] },
      "eigh": { test in
        let (values, vectors) = try test.a.eigh()
        let product = (vectors * values.expandedDims(axis: -2)).matmul(vectors.adjoint)
        return [product, vectors.adjoint.matmul(vectors), values]
      },
      "eigvalsh": { [try $0.a.eigvalsh()] },
      "eig": { test in
        let (values, vectors) = try test.a.eig()
        let left = test.a.matmul(vectors) - vectors * values.expandedDims(axis: -2)
        return [polynomial(values), left]
      },
      "eigvals": { [polynomial(try $0.a.eigvals())] },
    ]
  #else
    private static let factorizations: [String: Call] = [:]
  #endif

  /// The polynomial with these zeros at the three points of the script, whatever their order.
  private static func polynomial(_ zeros: NDArray) -> NDArray {
    let points = NDArray([Complex(0.5, 1), Complex(-2, -3), Complex(30, 0)], shape: [3, 1])
    return (points - zeros.expandedDims(axis: -2)).prod(axis: -1)
  }
}

extension NDArray {
  fileprivate var adjoint: NDArray { conj().matrixTransposed }

  fileprivate var upperTriangle: NDArray {
    let rows = NDArray((0..<shape[ndim - 2]).map { Int64($0) }).expandedDims(axis: 1)
    let columns = NDArray((0..<shape[ndim - 1]).map { Int64($0) })
    return NDArray.where(rows .<= columns, self, 0)
  }

  fileprivate func anyNorm(_ order: Double, _ axis: some AxisSet, _ keepDims: Bool) -> NDArray {
    norm(order: order, axis: axis, keepDims: keepDims)
  }
}
