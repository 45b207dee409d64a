import MartletArrays

/// Which elements of a convolution are wanted.
public enum ConvolutionMode: String, Hashable, Sendable, CaseIterable {
  /// All n + m - 1, wherever the two overlap.
  case full
  /// max(n, m) of them, from the middle.
  case same
  /// max(n, m) - min(n, m) + 1 of them, where the shorter lies wholly on the longer.
  case valid
}

/// How a convolution is computed.
public enum ConvolutionMethod: String, Hashable, Sendable, CaseIterable {
  /// By what was measured to be faster; whole numbers always by definition, which is exact.
  case automatic
  /// By definition: O(n · m).
  case direct
  /// By Fourier transforms of parts: O(n log m), with an error relative to the largest values near by.
  /// Whole numbers are rounded, NaN and infinities spread over a part.
  case fft
}

/// Convolution and correlation along the last axis, as NumPy's `convolve` and `correlate` have them for
/// one axis; the axes before it broadcast.
extension NDArray {
  /// The convolution along the last axis: element k is Σ self[k - j] · other[j].
  ///
  /// The elements are of the type that both promote to. Both axes must have elements.
  public func convolved(
    with other: NDArray, mode: ConvolutionMode = .full, method: ConvolutionMethod = .automatic
  ) -> NDArray {
    let (n, m) = Self.slidingLengths("convolved", self, other)
    let (long, short) = n >= m ? (self, other) : (other, self)
    let (length, taps) = (Swift.max(n, m), Swift.min(n, m))
    let part =
      switch mode {
      case .full: 0..<length + taps - 1
      case .same: (taps - 1) / 2..<(taps - 1) / 2 + length
      case .valid: taps - 1..<length
      }
    return Self.sliding("convolved", long, short.reversedInTime, part, method)
  }

  /// The correlation along the last axis: element k is Σ self[k + j] · conj(other[j]), k counting from
  /// 1 - m in full.
  ///
  /// The elements are of the type that both promote to. Both axes must have elements.
  public func correlated(
    with other: NDArray, mode: ConvolutionMode = .valid, method: ConvolutionMethod = .automatic
  ) -> NDArray {
    let (n, m) = Self.slidingLengths("correlated", self, other)
    let (length, taps) = (Swift.max(n, m), Swift.min(n, m))
    // Of two middles NumPy takes the one nearer to the start of the longer operand.
    let middle = n >= m ? (taps - 1) / 2 : taps / 2
    let part =
      switch mode {
      case .full: 0..<length + taps - 1
      case .same: middle..<middle + length
      case .valid: taps - 1..<length
      }
    if n >= m { return Self.sliding("correlated", self, other.conj(), part, method) }
    return Self.sliding(
      "correlated", other.conj().reversedInTime, self.reversedInTime, part, method)
  }

  private var reversedInTime: NDArray { flipped(axis: -1) }

  private static func slidingLengths(_ operation: StaticString, _ a: NDArray, _ b: NDArray) -> (
    Int, Int
  ) {
    require(
      (a.shape.last ?? 0) > 0 && (b.shape.last ?? 0) > 0,
      "\(operation): nothing along the last axis of \(a.shape) or \(b.shape)")
    return (a.shape[a.ndim - 1], b.shape[b.ndim - 1])
  }

  /// Sums of products of `long` with `taps` laid over it at every place, the first reaching in with one
  /// element: those numbered `part`.
  private static func sliding(
    _ operation: StaticString, _ long: NDArray, _ taps: NDArray, _ part: Range<Int>,
    _ method: ConvolutionMethod
  ) -> NDArray {
    let promoted = long.dtype.promoted(with: taps.dtype)
    if promoted == .bool {
      // Whether one product is true.
      return sliding(operation, long.asType(.int64), taps.asType(.int64), part, method)
        .asType(.bool)
    }
    let lead = broadcast(Array(long.shape.dropLast()), Array(taps.shape.dropLast()), operation)
    let shape = lead + [part.count]
    _ = checkedCount(shape, operation)
    let (n, m) = (long.shape[long.ndim - 1], taps.shape[taps.ndim - 1])
    let usesFourier =
      method == .fft
      || method == .automatic && promoted.isInexact && Convolution.isFasterByFourier(n, m, promoted)
    if usesFourier, !promoted.isInexact {
      let real = NDArray(
        Convolution(start: part.lowerBound, usesFourier: true),
        [long.asType(.float64), taps.asType(.float64)], shape: shape, dtype: .float64)
      // Through int64, so that what does not fit wraps around as everywhere.
      return real.round().asType(.int64).asType(promoted)
    }
    return NDArray(
      Convolution(start: part.lowerBound, usesFourier: usesFourier),
      [long.asType(promoted), taps.asType(promoted)], shape: shape, dtype: promoted)
  }
}
