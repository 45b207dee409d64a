import CMartletKernels
import MartletCore

/// Running results along an axis: at each place, that of the elements up to it. Without an axis, of the
/// elements in row-major order. With `includeInitial` the axis is one longer and begins with the result of
/// nothing.
extension NDArray {
  /// Running sums.
  ///
  /// Integers and bools give int64, which wraps around, unless `dtype` says otherwise.
  /// Floating-point elements are added one after the other, in float64.
  public func cumsum(
    axis: Int? = nil, dtype: ElementType? = nil, includeInitial: Bool = false
  ) -> NDArray {
    scan(.sum, axis, dtype, includeInitial, "cumsum")
  }

  /// Running products.
  ///
  /// Integers and bools give int64, which wraps around, unless `dtype` says otherwise.
  /// Floating-point elements are multiplied one after the other, in float64.
  public func cumprod(
    axis: Int? = nil, dtype: ElementType? = nil, includeInitial: Bool = false
  ) -> NDArray {
    scan(.product, axis, dtype, includeInitial, "cumprod")
  }

  /// The greatest so far; NaN from the first NaN on.
  public func cummax(axis: Int? = nil) -> NDArray {
    scan(.maximum, axis, dtype, false, "cummax")
  }

  /// The smallest so far; NaN from the first NaN on.
  public func cummin(axis: Int? = nil) -> NDArray {
    scan(.minimum, axis, dtype, false, "cummin")
  }

  private func scan(
    _ kind: Scan.Kind, _ axis: Int?, _ dtype: ElementType?, _ includeInitial: Bool,
    _ operation: StaticString
  ) -> NDArray {
    guard let axis else {
      return flattened().scan(kind, 0, dtype, includeInitial, operation)
    }
    let position = self.axis(axis, operation)
    let isExtremum = kind == .maximum || kind == .minimum
    require(
      !isExtremum || !self.dtype.isComplex,
      "\(operation): not defined for elements of \(self.dtype)")
    let wanted = dtype ?? (self.dtype.isInexact ? self.dtype : .int64)
    // Wrapping around in int64 and then in a narrower type is the same as in that type.
    let working = isExtremum || wanted.isInexact ? wanted : .int64
    var result = shape
    if includeInitial { result[position] += 1 }
    return NDArray(
      Scan(kind: kind, axis: position, includeInitial: includeInitial), [asType(working)],
      shape: result, dtype: working
    ).asType(wanted)
  }
}

/// Running results along an axis.
private struct Scan: ArrayFunction {
  enum Kind {
    case sum
    case product
    case maximum
    case minimum
  }
  let kind: Kind
  let axis: Int
  let includeInitial: Bool

  var name: String { "cumulative \(kind)" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let memory = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    let source = inputs[0].contiguous
    let scan =
      switch kind {
      case .sum: mk_scan_sum
      case .product: mk_scan_product
      case .maximum: mk_scan_maximum
      case .minimum: mk_scan_minimum
      }
    let isThere = mk_scan(
      Int32(scan), Int32(result.dtype.index), source.base,
      Int64(source.shape[..<axis].reduce(1, *)), Int64(source.shape[axis]),
      Int64(source.shape[(axis + 1)...].reduce(1, *)), includeInitial ? 1 : 0, memory.base)
    require(isThere != 0, "NDArray: no \(name) of \(result.dtype)")
    withExtendedLifetime(source) {}
    return memory
  }
}
