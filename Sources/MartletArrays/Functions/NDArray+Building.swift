import MartletCore

/// How functions make nodes: operands meet in one element type and one shape.
extension NDArray {
  /// The same elements as another type.
  ///
  /// To integers toward zero, saturating, NaN as 0; to bool whether it is not zero; from complex the
  /// real part.
  public func asType(_ dtype: ElementType) -> NDArray {
    if dtype == self.dtype { return self }
    if case .constant(let scalar) = node.operation {
      return NDArray(
        node: ArrayNode(.constant(scalar.cast(self.dtype)), [], shape: shape, dtype: dtype))
    }
    return NDArray(.cast, [self], shape: shape, dtype: dtype)
  }

  /// A number that broadcasts, as an element of `dtype`.
  package static func constant(_ scalar: Scalar, _ dtype: ElementType) -> NDArray {
    NDArray(node: ArrayNode(.constant(scalar), [], shape: [], dtype: dtype))
  }

  /// A map of one operand, which is converted to `dtype` first.
  package func map(_ map: ArrayMap, as dtype: ElementType? = nil) -> NDArray {
    let operand = dtype.map(asType) ?? self
    require(
      map.exists(for: operand.dtype), "\(map): not defined for elements of \(self.dtype)")
    return NDArray(
      node: ArrayNode(
        .map(map), [operand.node], shape: shape, dtype: map.result(of: operand.dtype)))
  }

  /// A map of two operands of types that meet in `dtype`.
  package static func map(
    _ map: ArrayMap, _ a: NDArray, _ b: NDArray, as dtype: ElementType? = nil
  ) -> NDArray {
    let promoted = dtype ?? a.dtype.promoted(with: b.dtype)
    if a.dtype != promoted || b.dtype != promoted {
      return self.map(map, a.asType(promoted), b.asType(promoted), as: promoted)
    }
    require(map.exists(for: promoted), "\(map): not defined for elements of \(promoted)")
    return NDArray(
      node: ArrayNode(
        .map(map), [a.node, b.node],
        shape: a.shape == b.shape ? a.shape : broadcastShape(a.shape, b.shape, map),
        dtype: map.result(of: promoted)))
  }

  private static func broadcastShape(_ a: [Int], _ b: [Int], _ map: ArrayMap) -> [Int] {
    if a.isEmpty { return b }
    if b.isEmpty { return a }
    return broadcast(a, b, map.title)
  }

  /// An operator of two arrays.
  package static func arithmetic(_ map: ArrayMap, _ a: NDArray, _ b: NDArray) -> NDArray {
    let promoted = a.dtype.promoted(with: b.dtype)
    return self.map(map, a, b, as: arithmeticType(map, promoted))
  }

  /// An operator of an array and a number, which takes the array's type where it can.
  package static func arithmetic(_ map: ArrayMap, _ a: NDArray, _ b: some ScalarConvertible)
    -> NDArray
  {
    let scalar = b.scalar
    let type = arithmeticType(map, promotedType(map, scalar, a.dtype))
    return self.map(map, a, constant(scalar, type), as: type)
  }

  /// An operator of a number and an array.
  package static func arithmetic(_ map: ArrayMap, _ a: some ScalarConvertible, _ b: NDArray)
    -> NDArray
  {
    let scalar = a.scalar
    let type = arithmeticType(map, promotedType(map, scalar, b.dtype))
    return self.map(map, constant(scalar, type), b, as: type)
  }

  /// Comparisons see a whole number that the array's type cannot hold as it is.
  private static func promotedType(
    _ map: ArrayMap, _ scalar: Scalar, _ other: ElementType
  ) -> ElementType {
    let type = scalar.dtype(beside: other)
    guard case .int(let value) = scalar, let range = type.integers, !range.contains(value) else {
      return type
    }
    switch map {
    case .less, .lessEqual, .equal, .notEqual: return .int64
    default: return type
    }
  }

  private static func arithmeticType(_ map: ArrayMap, _ type: ElementType) -> ElementType {
    switch map {
    case .divide, .arctangent2, .hypotenuse, .logAddExp, .copySign, .nextAfter: type.inexactType
    // Bools count.
    case .add, .subtract, .multiply, .power, .floorDivide, .remainder, .shiftLeft, .shiftRight:
      type == .bool ? .int64 : type
    default: type
    }
  }

  /// A map of real or complex numbers; others are converted to float64.
  package func inexact(_ map: ArrayMap) -> NDArray { self.map(map, as: dtype.inexactType) }

  /// A reduction along axes.
  package func reduction(_ reduction: ArrayReduction, _ axes: some AxisSet, keepDims: Bool)
    -> NDArray
  {
    let title: StaticString = reduction.title
    let axes = axes.axes(of: self, title)
    let isOfRows = dtype.isComplex && !reduction.hasIdentity
    require(
      isOfRows || ArrayKernels.current.reduction(reduction, dtype) != nil,
      "\(title): not defined for elements of \(dtype)")
    require(
      reduction.hasIdentity || axes.allSatisfy { shape[$0] > 0 },
      "\(title): nothing to fold in the shape \(shape)")
    let kept = shape.indices.filter { !axes.contains($0) }
    let result =
      keepDims
      ? shape.indices.map { axes.contains($0) ? 1 : shape[$0] } : kept.map { shape[$0] }
    if isOfRows {
      let length = axes.reduce(1) { $0 * shape[$1] }
      let rows = transposed(kept + axes).reshaped(kept.map { shape[$0] } + [length])
      return NDArray(
        ComplexExtremum(reduction: reduction), [rows], shape: result,
        dtype: reduction.result(of: dtype))
    }
    return NDArray(
      .reduction(reduction, axes: axes, keepDims: keepDims), [self], shape: result,
      dtype: reduction.result(of: dtype))
  }
}

extension Scalar {
  /// The number after a cast to `dtype`, so that a second cast sees what the first one left.
  fileprivate func cast(_ dtype: ElementType) -> Scalar {
    withBytes(of: dtype) { bytes in
      switch dtype {
      case .float32: .real(Double(bytes.load(as: Float.self)))
      case .float64: .real(bytes.load(as: Double.self))
      case .int32: .int(Int(bytes.load(as: Int32.self)))
      case .int64: .int(Int(bytes.load(as: Int64.self)))
      case .uint8: .int(Int(bytes.load(as: UInt8.self)))
      case .bool: .bool(bytes.load(as: UInt8.self) != 0)
      case .complex64:
        .complex(
          Complex(
            Double(bytes.load(as: Complex<Float>.self).real),
            Double(bytes.load(as: Complex<Float>.self).imaginary)))
      case .complex128: .complex(bytes.load(as: Complex<Double>.self))
      }
    }
  }
}

/// Axes to reduction: an `Int`, an array of them, or all.
public protocol AxisSet {
  /// The axes counted from the front, sorted; a precondition fails for one that is not there.
  func axes(of array: NDArray, _ operation: StaticString) -> [Int]
}

/// Every axis of an array.
public struct AllAxes: AxisSet {
  /// Every axis.
  public init() {}
  /// The axes counted from the front, sorted.
  public func axes(of array: NDArray, _ operation: StaticString) -> [Int] {
    Array(array.shape.indices)
  }
}

extension Int: AxisSet {
  /// The axes counted from the front, sorted.
  public func axes(of array: NDArray, _ operation: StaticString) -> [Int] {
    [array.axis(self, operation)]
  }
}

extension [Int]: AxisSet {
  /// The axes counted from the front, sorted.
  public func axes(of array: NDArray, _ operation: StaticString) -> [Int] {
    let axes = map { array.axis($0, operation) }
    require(Set(axes).count == count, "\(operation): an axis twice in \(self)")
    return axes.sorted()
  }
}

extension ArrayReduction {
  /// The function's name in messages.
  package var title: StaticString {
    switch self {
    case .sum: "sum"
    case .product: "product"
    case .maximum: "max"
    case .minimum: "min"
    case .any: "any"
    case .all: "all"
    case .nonzero: "countNonzero"
    case .argumentMaximum: "argmax"
    case .argumentMinimum: "argmin"
    }
  }
}

extension ArrayMap {
  /// The function's name in messages about shapes.
  var title: StaticString {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .floorDivide: "floorDivided"
    case .remainder: "%"
    case .power: "power"
    case .less, .lessEqual, .equal, .notEqual: "comparison"
    case .maximum: "maximum"
    case .minimum: "minimum"
    default: "elementwise operation"
    }
  }
}
