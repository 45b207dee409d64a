package import CMartletKernels
import MartletCore

/// The maps over elements, in the order of `maps.def`; a test compares the two lists.
package enum ArrayMap: Int32, CaseIterable, Sendable {
  case copy
  case negate
  case absolute
  case sign
  case square
  case squareRoot
  case cubeRoot
  case reciprocal
  case roundDown
  case roundUp
  case roundTowardZero
  case roundEven
  case exponential
  case exponential2
  case exponentialMinusOne
  case logarithm
  case logarithm2
  case logarithm10
  case logarithmPlusOne
  case sine
  case cosine
  case tangent
  case arcsine
  case arccosine
  case arctangent
  case hyperbolicSine
  case hyperbolicCosine
  case hyperbolicTangent
  case areaSine
  case areaCosine
  case areaTangent
  case errorFunction
  case complementaryErrorFunction
  case sigmoid
  case conjugate
  case realPart
  case imaginaryPart
  case argument
  case signBit
  case isNaN
  case isInfinite
  case isFinite
  case logicalNot
  case bitwiseNot
  case add
  case subtract
  case multiply
  case divide
  case floorDivide
  case remainder
  case power
  case arctangent2
  case hypotenuse
  case logAddExp
  case copySign
  case nextAfter
  case maximum
  case minimum
  case less
  case lessEqual
  case equal
  case notEqual
  case logicalAnd
  case logicalOr
  case logicalXor
  case bitwiseAnd
  case bitwiseOr
  case bitwiseXor
  case shiftLeft
  case shiftRight
  case choose

  /// The element type of the results for operands of type `dtype`.
  package func result(of dtype: ElementType) -> ElementType {
    switch mk_map_result(rawValue) {
    case 1: .bool
    case 2: dtype.realType
    default: dtype
    }
  }

  /// Whether there is a kernel for operands of type `dtype`.
  package func exists(for dtype: ElementType) -> Bool {
    ArrayKernels.current.map(self, dtype) != nil
  }
}

/// The reductions along axes, in the order of `reductions.def`; a test compares the two lists.
package enum ArrayReduction: Int32, CaseIterable, Sendable {
  case sum
  case product
  case maximum
  case minimum
  case any
  case all
  case nonzero
  case argumentMaximum
  case argumentMinimum

  /// The element type of the results for operands of type `dtype`.
  package func result(of dtype: ElementType) -> ElementType {
    switch self {
    case .sum, .product: dtype.isInexact ? dtype : .int64
    case .maximum, .minimum: dtype
    case .any, .all: .bool
    case .nonzero, .argumentMaximum, .argumentMinimum: .int64
    }
  }

  /// Whether a reduction over nothing has a value.
  package var hasIdentity: Bool {
    switch self {
    case .sum, .product, .any, .all, .nonzero: true
    case .maximum, .minimum, .argumentMaximum, .argumentMinimum: false
    }
  }
}

/// The kernels of one instruction set.
package struct ArrayKernels: @unchecked Sendable {
  private let table: UnsafePointer<mk_array_table>

  package init(_ set: InstructionSet) {
    guard let table = mk_array_table_get(set.rawValue) ?? mk_array_table_get(0) else {
      fatalError("ArrayKernels: no table for \(set)")
    }
    self.table = table
  }

  package static let current = ArrayKernels(.current)

  func map(_ map: ArrayMap, _ dtype: ElementType) -> mk_map? {
    let maps = UnsafeRawPointer(table).assumingMemoryBound(to: mk_map?.self)
    return maps[Int(map.rawValue) * Int(mk_dtype_count) + dtype.index]
  }

  /// The kernel of an elementwise operation.
  func map(
    _ operation: ArrayOperation, from operand: ElementType, to result: ElementType
  ) -> mk_map {
    let found =
      switch operation {
      case .map(let map): self.map(map, operand)
      case .cast: cast(operand, result)
      default: nil as mk_map?
      }
    guard let found else {
      fatalError("NDArray: no kernel for \(operation) of \(operand)")
    }
    return found
  }

  func cast(_ from: ElementType, _ to: ElementType) -> mk_map? {
    let casts = UnsafeRawPointer(table).assumingMemoryBound(to: mk_map?.self)
    return casts[
      (Int(mk_map_count) + from.index) * Int(mk_dtype_count) + to.index]
  }

  func reduction(_ reduction: ArrayReduction, _ dtype: ElementType) -> mk_array_reduction? {
    let start = Int(mk_map_count) + Int(mk_dtype_count)
    let reductions =
      (UnsafeRawPointer(table) + start * Int(mk_dtype_count) * MemoryLayout<mk_map?>.stride)
      .assumingMemoryBound(to: mk_array_reduction.self)
    let found = reductions[Int(reduction.rawValue) * Int(mk_dtype_count) + dtype.index]
    return found.row == nil ? nil : found
  }

  /// The matrix product of real and complex types.
  package func product(_ dtype: ElementType) -> mk_matrix_product? {
    var products = table.pointee.products
    return withUnsafeBytes(of: &products) {
      $0.bindMemory(to: mk_matrix_product?.self)[dtype.index]
    }
  }
}
