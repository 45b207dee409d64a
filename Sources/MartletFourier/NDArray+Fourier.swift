import MartletArrays

/// How transforms and their inverses share the factor n, as NumPy names it.
public enum FourierNorm: String, Hashable, Sendable, CaseIterable {
  /// 1 forward, 1/n back.
  case backward
  /// 1/√n both ways.
  case ortho
  /// 1/n forward, 1 back.
  case forward

  fileprivate func factor(_ length: Int, isInverse: Bool) -> Double {
    switch self {
    case .backward: isInverse ? 1 / Double(length) : 1
    case .ortho: 1 / Double(length).squareRoot()
    case .forward: isInverse ? 1 : 1 / Double(length)
    }
  }

  fileprivate var swapped: FourierNorm {
    switch self {
    case .backward: .forward
    case .ortho: .ortho
    case .forward: .backward
    }
  }
}

/// Discrete Fourier transforms along one axis: by FFTW where the package is built with the trait `FFTW` on Linux,
/// else by the package itself.
///
/// float32 and complex64 are transformed in single precision and give complex64; everything else in double
/// precision and gives complex128. An axis of another length than `n` is cut or filled with zeros at its
/// end. Any length is done in O(n log n). The bits of a line depend on its values and its length alone, not on
/// threads, on strides or on the lines beside it; FFTW's on its build and the processor too.
///
/// Plans are made once and kept for the process: the 64 used last. FFTW makes plans on one thread at a
/// time; Martlet sees to that among its own, and a program that plans with FFTW itself calls
/// `fftw_make_planner_thread_safe`.
extension NDArray {
  /// The discrete Fourier transform along an axis.
  ///
  /// - Parameter n: Points transformed; nil for the axis as it is.
  public func fft(n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> NDArray {
    transformed("fft", n, axis, norm, isInverse: false)
  }

  /// The inverse of `fft`.
  public func ifft(n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> NDArray {
    transformed("ifft", n, axis, norm, isInverse: true)
  }

  /// The first n/2 + 1 elements of the transform of real numbers; the others are their conjugates.
  public func rfft(n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> NDArray {
    realTransformed("rfft", n, axis, norm)
  }

  /// The inverse of `rfft`: real numbers from the first n/2 + 1 elements of a transform.
  ///
  /// - Parameter n: Real numbers in the result; nil for 2 (m - 1), m being the length of the axis.
  public func irfft(n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> NDArray {
    halfTransformed("irfft", n, axis, norm)
  }

  /// The transform, which is real, of n numbers of which the first n/2 + 1 are given and the others are
  /// their conjugates.
  ///
  /// - Parameter n: Real numbers in the result; nil for 2 (m - 1), m being the length of the axis.
  public func hfft(n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> NDArray {
    conj().halfTransformed("hfft", n, axis, norm.swapped)
  }

  /// The inverse of `hfft`.
  public func ihfft(n: Int? = nil, axis: Int = -1, norm: FourierNorm = .backward) -> NDArray {
    realTransformed("ihfft", n, axis, norm.swapped).conj()
  }

  private func transformed(
    _ operation: StaticString, _ n: Int?, _ axis: Int, _ norm: FourierNorm, isInverse: Bool
  ) -> NDArray {
    let index = self.axis(axis, operation)
    let length = fourierLength(operation, n ?? shape[index])
    let input = asType(dtype.inexactType)
    let kind: FourierKey.Kind =
      input.dtype.isReal ? .realToHalf : isInverse ? .backward : .forward
    let function = FourierTransform(
      key: FourierKey(kind: kind, length: length, isSingle: input.dtype.realType == .float32),
      isWhole: input.dtype.isReal, isConjugated: input.dtype.isReal && isInverse, axis: index,
      factor: norm.factor(length, isInverse: isInverse))
    return input.along(index, length, function, input.dtype.complexType)
  }

  private func realTransformed(
    _ operation: StaticString, _ n: Int?, _ axis: Int, _ norm: FourierNorm
  ) -> NDArray {
    require(!dtype.isComplex, "\(operation): the elements are \(dtype); expected real ones")
    let index = self.axis(axis, operation)
    let length = fourierLength(operation, n ?? shape[index])
    let input = asType(dtype.inexactType)
    let function = FourierTransform(
      key: FourierKey(kind: .realToHalf, length: length, isSingle: input.dtype == .float32),
      isWhole: false, isConjugated: false, axis: index,
      factor: norm.factor(length, isInverse: false))
    return input.along(index, length / 2 + 1, function, input.dtype.complexType)
  }

  private func halfTransformed(
    _ operation: StaticString, _ n: Int?, _ axis: Int, _ norm: FourierNorm
  ) -> NDArray {
    let index = self.axis(axis, operation)
    let length = fourierLength(operation, n ?? 2 * (shape[index] - 1))
    let input = asType(dtype.complexType)
    let function = FourierTransform(
      key: FourierKey(kind: .halfToReal, length: length, isSingle: input.dtype == .complex64),
      isWhole: false, isConjugated: false, axis: index,
      factor: norm.factor(length, isInverse: true))
    return input.along(index, length, function, input.dtype.realType)
  }

  private func fourierLength(_ operation: StaticString, _ length: Int) -> Int {
    require(length > 0, "\(operation): \(length) points of the shape \(shape)")
    return length
  }

  private func along(
    _ axis: Int, _ length: Int, _ function: FourierTransform, _ dtype: ElementType
  ) -> NDArray {
    var result = shape
    result[axis] = length
    _ = Self.checkedCount(result, "fft")
    return NDArray(function, [self], shape: result, dtype: dtype)
  }
}

/// Transforms along several axes, one after the other.
extension NDArray {
  /// The discrete Fourier transform along the last two axes, or those given.
  public func fft2(
    shape: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward
  ) -> NDArray { fftn(shape: shape, axes: axes, norm: norm) }

  /// The inverse of `fft2`.
  public func ifft2(
    shape: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward
  ) -> NDArray { ifftn(shape: shape, axes: axes, norm: norm) }

  /// `fft2` of real numbers: along the last axis only the first n/2 + 1 elements.
  public func rfft2(
    shape: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward
  ) -> NDArray { rfftn(shape: shape, axes: axes, norm: norm) }

  /// The inverse of `rfft2`.
  public func irfft2(
    shape: [Int]? = nil, axes: [Int] = [-2, -1], norm: FourierNorm = .backward
  ) -> NDArray { irfftn(shape: shape, axes: axes, norm: norm) }

  /// The discrete Fourier transform along several axes.
  ///
  /// - Parameters:
  ///   - shape: Points along each of the axes, cut or filled with zeros; nil for the axes as they are.
  ///   - axes: nil for the last ones, as many as `shape` has, or for all.
  public func fftn(
    shape: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward
  ) -> NDArray {
    fourierPlan("fftn", shape, axes).reversed().reduce(self) {
      $0.fft(n: $1.length, axis: $1.axis, norm: norm)
    }
  }

  /// The inverse of `fftn`.
  public func ifftn(
    shape: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward
  ) -> NDArray {
    fourierPlan("ifftn", shape, axes).reversed().reduce(self) {
      $0.ifft(n: $1.length, axis: $1.axis, norm: norm)
    }
  }

  /// `fftn` of real numbers: along the last of the axes only the first n/2 + 1 elements.
  public func rfftn(
    shape: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward
  ) -> NDArray {
    let plan = fourierPlan("rfftn", shape, axes)
    guard let last = plan.last else { fatalError("rfftn: no axes of \(self.shape)") }
    let first = rfft(n: last.length, axis: last.axis, norm: norm)
    return plan.dropLast().reversed().reduce(first) {
      $0.fft(n: $1.length, axis: $1.axis, norm: norm)
    }
  }

  /// The inverse of `rfftn`; without a shape the last of the axes gets 2 (m - 1) elements.
  public func irfftn(
    shape: [Int]? = nil, axes: [Int]? = nil, norm: FourierNorm = .backward
  ) -> NDArray {
    let plan = fourierPlan("irfftn", shape, axes)
    guard let last = plan.last else { fatalError("irfftn: no axes of \(self.shape)") }
    return plan.dropLast().reduce(self) { $0.ifft(n: $1.length, axis: $1.axis, norm: norm) }
      .irfft(n: last.length, axis: last.axis, norm: norm)
  }

  private func fourierPlan(_ operation: StaticString, _ lengths: [Int]?, _ axes: [Int]?)
    -> [(axis: Int, length: Int?)]
  {
    let count = axes?.count ?? lengths?.count ?? ndim
    require(
      count <= ndim || axes != nil, "\(operation): \(count) lengths for the shape \(shape)")
    let indices = axes?.map { axis($0, operation) } ?? Array(ndim - count..<ndim)
    require(
      lengths == nil || lengths?.count == indices.count,
      "\(operation): lengths \(lengths ?? []) for axes \(indices)")
    return indices.enumerated().map { ($1, lengths?[$0]) }
  }
}
