#if BLAS
  import Martlet
  import Testing

  /// Equations and factorizations against NumPy's values, and put together again in plain loops.
  struct LinearAlgebraFactorizationTests {
    private static let tolerance = (double: 1e-12, single: 2e-4)

    private static func limit(_ array: NDArray) -> Double {
      array.dtype.realType == .float32 ? 2e-5 : 1e-13
    }

    @Test func equations() throws {
      try LinearAlgebraCases.check(["solve", "inverse", "det", "slogdet"]) { all, test in
        let x = all.operands(test)
        switch test.function {
        case "solve": return all.difference(try x[0].solve(x[1]), test.outputs[0], Self.tolerance)
        case "inverse": return all.difference(try x[0].inverse(), test.outputs[0], Self.tolerance)
        case "det": return all.difference(x[0].det(), test.outputs[0], Self.tolerance)
        default:
          let (sign, logarithm) = x[0].slogdet()
          return all.difference(sign, test.outputs[0], Self.tolerance)
            ?? all.difference(logarithm, test.outputs[1], Self.tolerance)
        }
      }
    }

    @Test func leastSquares() throws {
      try LinearAlgebraCases.check(["lstsq", "pinv", "matrixRank"]) { all, test in
        let x = all.operands(test)
        switch test.function {
        case "pinv":
          return all.difference(try x[0].pinv(tolerance: 1e-6), test.outputs[0], Self.tolerance)
        case "matrixRank":
          return all.difference(
            try x[0].matrixRank(tolerance: 1e-6), test.outputs[0], Self.tolerance)
        default:
          let found = try x[0].lstsq(x[1], tolerance: 1e-6)
          // What is left of an exact solution is rounding.
          let (left, expected) = (
            found.residuals.elements(as: Complex<Double>.self), all.numbers(test.outputs[1])
          )
          for (a, b) in zip(left, expected) {
            let error = (a.real - b.real).magnitude
            if error > (found.residuals.dtype == .float32 ? 1e-3 : 1e-11) * max(1, b.real) {
              return "residual \(a), expected \(b)"
            }
          }
          if found.residuals.shape != test.outputs[1].shape { return "residuals" }
          return all.difference(found.solution, test.outputs[0], Self.tolerance)
            ?? all.difference(found.rank, test.outputs[2], Self.tolerance)
            ?? all.difference(found.singularValues, test.outputs[3], Self.tolerance)
        }
      }
    }

    @Test func cholesky() throws {
      try LinearAlgebraCases.check(["cholesky"]) { all, test in
        let x = all.operands(test)[0]
        let upper = test.arguments.upper!
        let factor = try x.cholesky(upper: upper)
        let plain = PlainMatrices(factor)
        let again = upper ? plain.adjoint * plain : plain * plain.adjoint
        return all.difference(factor, test.outputs[0], Self.tolerance)
          ?? farthest(again.numbers, PlainMatrices(x).numbers, Self.limit(factor))
      }
    }

    @Test func qr() throws {
      try LinearAlgebraCases.check(["qr"]) { all, test in
        let x = all.operands(test)[0]
        let (q, r) = x.qr(test.arguments.mode! == "complete" ? .complete : .reduced)
        if q.shape != test.arguments.q! || r.shape != test.arguments.r! {
          return "shapes \(q.shape) and \(r.shape)"
        }
        let (first, second) = (PlainMatrices(q), PlainMatrices(r))
        for k in second.numbers.indices
        where k % second.columns < k / second.columns % second.rows
          && second.numbers[k] != Complex(0)
        {
          return "r is no triangle"
        }
        // Signs are the method's; the sizes of the diagonal are not.
        return all.difference(r.diagonal().abs(), test.outputs[0], (1e-12, 1e-4))
          ?? (first.adjoint * first).differenceFromIdentity(Self.limit(q))
          ?? farthest((first * second).numbers, PlainMatrices(x).numbers, Self.limit(q))
      }
    }

    @Test func svd() throws {
      try LinearAlgebraCases.check(["svd"]) { all, test in
        let x = all.operands(test)[0]
        let (u, s, vh) = try x.svd(fullMatrices: test.arguments.full!)
        if u.shape != test.arguments.u! || vh.shape != test.arguments.vh! {
          return "shapes \(u.shape) and \(vh.shape)"
        }
        let (left, right) = (PlainMatrices(u), PlainMatrices(vh))
        let least = s.shape.last!
        let some = PlainMatrices(u[.ellipsis, 0..<least]).scalingColumns(s)
        let alone = try x.svdvals()
        return all.difference(s, test.outputs[0], (1e-13, 1e-5))
          ?? all.difference(alone, test.outputs[0], (1e-13, 1e-5))
          ?? (left.adjoint * left).differenceFromIdentity(Self.limit(u))
          ?? (right * right.adjoint).differenceFromIdentity(Self.limit(u))
          ?? farthest(
            (some * PlainMatrices(vh[.ellipsis, 0..<least, .all])).numbers,
            PlainMatrices(x).numbers, Self.limit(u))
      }
    }

    @Test func symmetricEigenvalues() throws {
      try LinearAlgebraCases.check(["eigh"]) { all, test in
        let x = all.operands(test)[0]
        let (values, vectors) = try x.eigh()
        let plain = PlainMatrices(vectors)
        let alone = try x.eigvalsh()
        return all.difference(values, test.outputs[0], (1e-13, 2e-5))
          ?? all.difference(alone, test.outputs[0], (1e-13, 2e-5))
          ?? (plain.adjoint * plain).differenceFromIdentity(Self.limit(vectors))
          ?? farthest(
            (plain.scalingColumns(values) * plain.adjoint).numbers, all.numbers(test.outputs[1]),
            2 * Self.limit(vectors))
      }
    }

    @Test func generalEigenvalues() throws {
      try LinearAlgebraCases.check(["eig"]) { all, test in
        let x = all.operands(test)[0]
        let (values, vectors) = try x.eig()
        let stored = test.outputs[0]
        if values.shape != stored.shape || vectors.shape != x.shape
          || values.dtype.rawValue != stored.dtype || vectors.dtype != values.dtype
        {
          return "\(values.dtype)\(values.shape), \(vectors.dtype)\(vectors.shape)"
        }
        let single = values.dtype == .complex64
        for found in [values, try x.eigvals()] {
          if let problem = Self.otherSet(
            found.elements(as: Complex<Double>.self), all.numbers(stored), stored.shape.last!,
            single ? 2e-3 : 1e-7)
          {
            return problem
          }
        }
        let plain = PlainMatrices(vectors)
        let n = x.shape.last!
        for (k, z) in (plain.adjoint * plain).numbers.enumerated()
        where k % n == k / n % n && abs(z.real - 1) > (single ? 1e-5 : 1e-13) {
          return "an eigenvector of the squared length \(z.real)"
        }
        return farthest(
          (PlainMatrices(x) * plain).numbers, plain.scalingColumns(values).numbers,
          single ? 1e-4 : 1e-12)
      }
    }

    /// Where two stacks of sets of numbers differ; each number is taken for the nearest that is left.
    private static func otherSet(
      _ a: [Complex<Double>], _ b: [Complex<Double>], _ length: Int, _ tolerance: Double
    ) -> String? {
      for start in stride(from: 0, to: a.count, by: max(1, length)) {
        var left = Array(b[start..<(start + length)])
        for x in a[start..<(start + length)] {
          func distance(_ y: Complex<Double>) -> Double {
            max((x.real - y.real).magnitude, (x.imaginary - y.imaginary).magnitude)
          }
          let near = left.indices.min { distance(left[$0]) < distance(left[$1]) }!
          if distance(left[near]) > tolerance * 10 { return "eigenvalue \(x); left are \(left)" }
          left.remove(at: near)
        }
      }
      return nil
    }

    // What arrives as data

    private static let stack = NDArray(
      [4, 1, 1, 3, 1, 2, 2, 4, 1, 0, 0, 1] as [Double], shape: [1, 3, 2, 2])

    private func problem(_ body: () throws(DataError) -> Void) -> DataError? {
      do {
        try body()
        return nil
      } catch {
        return error
      }
    }

    @Test func errorsSayWhichMatrix() {
      let singular = problem { () throws(DataError) in _ = try Self.stack.inverse() }
      #expect(singular?.kind == .unsolvable && singular?.location == "matrix [0, 1]")
      #expect(singular?.description == "inverse: matrix [0, 1]: is singular: pivot 2 of 2 is zero")
      let vector = NDArray([1.0, 2.0])
      #expect(
        problem { () throws(DataError) in _ = try Self.stack.solve(vector) }?.description
          == "solve: matrix [0, 1]: is singular: pivot 2 of 2 is zero")
      let indefinite = NDArray([1, 2, 2, 1] as [Double], shape: [2, 2])
      let refused = problem { () throws(DataError) in _ = try indefinite.cholesky() }
      #expect(
        refused?.description
          == "cholesky: is not positive definite: its leading minor of order 2 is not positive")
      #expect(
        problem { () throws(DataError) in _ = try Self.stack.cholesky() }?.location
          == "matrix [0, 1]")
      #expect(problem { () throws(DataError) in _ = try Self.stack.matrixPower(-1) } != nil)
      #expect(problem { () throws(DataError) in _ = try Self.stack.matrixPower(3) } == nil)
    }

    @Test(arguments: [Double.nan, .infinity])
    func undefinedElementsAreReported(_ value: Double) throws {
      for dtype in [ElementType.float32, .float64, .complex64, .complex128] {
        for size in [2, 40] {
          var numbers = (0..<(2 * size * size)).map { Double($0 * 31 % 17) - 8 }
          numbers[size * size + size] = value
          let a = NDArray(numbers, shape: [2, size, size]).asType(dtype)
          let place = "matrix [1]"
          #expect(problem { () throws(DataError) in _ = try a.svd() }?.location == place)
          #expect(problem { () throws(DataError) in _ = try a.svdvals() }?.location == place)
          #expect(problem { () throws(DataError) in _ = try a.eigh() }?.location == place)
          #expect(problem { () throws(DataError) in _ = try a.eigvalsh() }?.location == place)
          #expect(problem { () throws(DataError) in _ = try a.eig() }?.location == place)
          #expect(problem { () throws(DataError) in _ = try a.eigvals() }?.location == place)
          #expect(problem { () throws(DataError) in _ = try a.pinv() }?.location == place)
          #expect(problem { () throws(DataError) in _ = try a.matrixRank() }?.location == place)
          #expect(problem { () throws(DataError) in _ = try a.lstsq(a) }?.location == place)
          let norms = a.matrixNorm(.nuclear).doubles
          #expect(norms[0] > 0 && norms[1].isNaN)
          // These go through.
          #expect(a.qr().r.shape == [2, size, size])
          #expect(a.det().doubles[1].isNaN || size == 2)
          _ = a.slogdet()
          _ = try? a.inverse()
          _ = try? a.cholesky()
          _ = try? a.solve(a)
        }
      }
    }

    @Test func onlyTheAskedTriangleIsRead() throws {
      let lower = NDArray([4, .nan, 2, 5] as [Double], shape: [2, 2])
      #expect(try lower.cholesky().doubles == [2, 0, 1, 2])
      #expect(try lower.transposed().cholesky(upper: true).doubles == [2, 1, 0, 2])
      let values = try lower.eigvalsh().doubles
      #expect(abs(values[0] + values[1] - 9) < 1e-14 && abs(values[0] * values[1] - 16) < 1e-13)
    }

    @Test func inputsStayAsTheyWere() throws {
      let a = NDArray([4, 1, 1, 3] as [Double], shape: [2, 2])
      let turned = a.transposed()
      let b = NDArray([1, 2] as [Double], shape: [2, 1])
      _ = try (a.inverse(), turned.inverse(), a.solve(b), turned.cholesky(), turned.eigh())
      _ = try (turned.eig(), turned.svd(), turned.lstsq(b))
      _ = (turned.qr(), turned.det())
      #expect(a.doubles == [4, 1, 1, 3] && b.doubles == [1, 2])
    }

    @Test func defaultTolerances() throws {
      let low = NDArray((0..<12).map { Double($0) }, shape: [4, 3])
      #expect(try low.matrixRank().item(as: Int.self) == 2)
      #expect(try low.asType(.float32).matrixRank().item(as: Int.self) == 2)
      #expect(try NDArray([0.0, 0.0]).matrixRank().item(as: Int.self) == 0)
      #expect(try NDArray([0.0, 2.0]).matrixRank().item(as: Int.self) == 1)
      let found = try low.lstsq(NDArray([1.0, 2.0, 3.0, 4.0]))
      #expect(found.rank.item(as: Int.self) == 2 && found.residuals.doubles[0] < 1e-25)
      let inverse = try low.pinv()
      let again = low.matmul(inverse).matmul(low).doubles
      #expect(zip(again, low.doubles).allSatisfy { abs($0 - $1) < 1e-13 })
    }
  }
#endif
