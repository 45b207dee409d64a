#if BLAS
  import CMartletBLAS
  import MartletArrays

  #if canImport(Glibc)
    import Glibc
  #else
    import Darwin
  #endif

  /// Linear equations and what belongs to them, for matrices in the last two axes and stacks of them in the
  /// axes before. Computed at once, by LAPACK, in O(n³) per matrix. Integers and bools become float64.
  extension NDArray {
    /// The x with `self` · x = `b`.
    ///
    /// - Parameter b: A vector of n elements, if it has one axis, or matrices [..., n, k] whose stack
    ///   broadcasts with this one's.
    /// - Returns: The shape [..., n] or [..., n, k].
    /// - Throws: `DataError` if a matrix is exactly singular.
    public func solve(_ b: NDArray) throws(DataError) -> NDArray {
      checkMatrices("solve", square: true)
      require(
        b.ndim >= 1 && b.shape[b.ndim == 1 ? 0 : b.ndim - 2] == shape[ndim - 1],
        "solve: the shapes \(shape) and \(b.shape) do not fit")
      return try solution("solve", b)
    }

    private func solution(_ operation: String, _ b: NDArray) throws(DataError) -> NDArray {
      let dtype = dtype.promoted(with: b.dtype).inexactType
      let own = Array(shape.dropLast(2))
      let right = b.ndim == 1 ? b.expandedDims(axis: 1) : b
      let batch = NDArray.broadcast(own, Array(right.shape.dropLast(2)), "solve, stack axes")
      right.checkMatrices("solve")
      let (factors, pivots) = try asType(dtype).factored(operation)
      let solution = MatrixStack(
        right.asType(dtype).broadcast(to: batch + Array(right.shape.suffix(2))))
      let n = Int32(solution.rows)
      // Which factors belong to each matrix of the broadcast stack.
      let indices = NDArray((0..<factors.count).map { Int64($0) }, shape: own)
        .broadcast(to: batch).elements(as: Int64.self)
      for (k, index) in indices.enumerated() where n > 0 && solution.columns > 0 {
        _ = BLAS.run(products: solution.rows * solution.rows * solution.columns) {
          martlet_getrs(
            factors.kind, n, Int32(solution.columns), factors.matrix(Int(index)), n,
            pivots.pointer(to: Int32.self) + Int(index) * Int(n), solution.matrix(k), n)
        }
      }
      withExtendedLifetime((factors.buffer, pivots)) {}
      let result = solution.array()
      return b.ndim == 1 ? result.squeezed(axis: -1) : result
    }

    /// The inverse matrices.
    ///
    /// - Throws: `DataError` if a matrix is exactly singular.
    public func inverse() throws(DataError) -> NDArray {
      checkMatrices("inverse", square: true)
      return try solution("inverse", NDArray.eye(shape[ndim - 1], dtype: dtype.inexactType))
    }

    /// The determinants, of the stack's shape; 0 of singular matrices, NaN where NaN takes part.
    public func det() -> NDArray {
      checkMatrices("det", square: true)
      let products = pivotProducts()
      return NDArray.from(products.map(\.value), Array(shape.dropLast(2)), dtype.inexactType)
    }

    /// Sign (or phase) and logarithm of the absolute value of the determinants, where those themselves
    /// would overflow; 0 and −∞ of singular matrices.
    public func slogdet() -> (sign: NDArray, logarithm: NDArray) {
      checkMatrices("slogdet", square: true)
      let products = pivotProducts()
      let batch = Array(shape.dropLast(2))
      let type = dtype.inexactType
      return (
        NDArray.from(products.map(\.phase), batch, type),
        NDArray.from(products.map { Complex($0.logarithm) }, batch, type.realType)
      )
    }

    /// The triangular factors of L·U and their row exchanges.
    private func factored(
      _ operation: String, allowSingular: Bool = false
    ) throws(DataError) -> (MatrixStack, pivots: Buffer) {
      let stack = MatrixStack(self)
      let n = Int32(stack.rows)
      let pivots = Buffer(uninitializedByteCount: stack.count * Int(n) * 4)
      for k in 0..<stack.count where n > 0 {
        let status = BLAS.run(products: stack.products) {
          martlet_getrf(
            stack.kind, n, n, stack.matrix(k), n, pivots.pointer(to: Int32.self) + k * Int(n))
        }
        if status > 0, !allowSingular {
          throw stack.error(operation, k, "is singular: pivot \(status) of \(n) is zero")
        }
      }
      return (stack, pivots)
    }

    private func pivotProducts() -> [ScaledProduct] {
      guard let (stack, pivots) = try? factored("det", allowSingular: true) else { return [] }
      let n = stack.rows
      let diagonals = stack.array().diagonal().elements(as: Complex<Double>.self)
      defer { withExtendedLifetime(pivots) {} }
      return (0..<stack.count).map { k in
        var product = ScaledProduct()
        for j in 0..<n {
          product.multiply(diagonals[k * n + j])
          // Every row that went elsewhere turns the sign.
          if pivots.pointer(to: Int32.self)[k * n + j] != Int32(j + 1) { product.negate() }
        }
        return product
      }
    }

    /// Numbers as elements of `dtype`.
    fileprivate static func from(
      _ numbers: [Complex<Double>], _ shape: [Int], _ dtype: ElementType
    ) -> NDArray {
      NDArray(numbers, shape: shape).asType(dtype).eval()
    }
  }

  /// A product of many numbers that neither overflows nor vanishes on the way.
  private struct ScaledProduct {
    private var mantissa = Complex<Double>(1)
    private var exponent = 0

    mutating func negate() { mantissa = Complex(-mantissa.real, -mantissa.imaginary) }

    mutating func multiply(_ factor: Complex<Double>) {
      let (a, first) = Self.split(mantissa)
      let (b, second) = Self.split(factor)
      mantissa = Complex(
        a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
      exponent += first + second
    }

    /// A number with parts of at most 2, and the power of two that is left.
    private static func split(_ z: Complex<Double>) -> (Complex<Double>, Int) {
      let size = Swift.max(z.real.magnitude, z.imaginary.magnitude)
      guard size.isFinite, size > 0 else { return (z, 0) }
      let power = Int(size.exponent)
      return (
        Complex(
          Double(sign: .plus, exponent: -power, significand: z.real),
          Double(sign: .plus, exponent: -power, significand: z.imaginary)), power
      )
    }

    var value: Complex<Double> {
      Complex(
        Double(sign: .plus, exponent: exponent, significand: mantissa.real),
        Double(sign: .plus, exponent: exponent, significand: mantissa.imaginary))
    }

    private var size: Double {
      (mantissa.real * mantissa.real + mantissa.imaginary * mantissa.imaginary).squareRoot()
    }

    /// The number divided by its absolute value; 0 of 0.
    var phase: Complex<Double> {
      size == 0 ? Complex(0) : Complex(mantissa.real / size, mantissa.imaginary / size)
    }

    var logarithm: Double { log(size) + Double(exponent) * 0.693_147_180_559_945_3 }
  }
#endif
