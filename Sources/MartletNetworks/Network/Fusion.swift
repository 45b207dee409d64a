import CMartletKernels

/// Joins what can be computed in one step: a product, the function behind it, and a sum with what was there
/// before.
struct Fusion {
  private var operations: [NetworkBuilder.Operation]
  private let keeps: Set<Int>
  private let values: [NetworkBuilder.Value]

  /// `kept`: values that must stay because somebody outside asks for them.
  static func fused(_ builder: NetworkBuilder, keeping kept: [Int]) -> [NetworkBuilder.Operation] {
    var fusion = Fusion(operations: builder.operations, keeps: Set(kept), values: builder.values)
    return fusion.run()
  }

  private init(
    operations: [NetworkBuilder.Operation], keeps: Set<Int>, values: [NetworkBuilder.Value]
  ) {
    (self.operations, self.keeps, self.values) = (operations, keeps, values)
  }

  private mutating func run() -> [NetworkBuilder.Operation] {
    var result: [NetworkBuilder.Operation] = []
    // The step that computes a value, and who reads it.
    var producer: [Int: Int] = [:]
    var readers: [Int: Int] = [:]
    var isViewed: Set<Int> = []
    for operation in operations {
      for input in operation.inputs { readers[input, default: 0] += 1 }
    }
    for value in values {
      if case .columns(let base, _) = value.origin { isViewed.insert(base) }
    }
    func isFree(_ value: Int) -> Bool {
      readers[value] == 1 && !keeps.contains(value) && !isViewed.contains(value)
        && values[value].origin == .computed
    }
    for operation in operations {
      if let index = producer[operation.x], isFree(operation.x),
        operation.kind == mk_step_activation,
        result[index].canActivate, values[operation.out].origin == .computed
      {
        result[index].activation = operation.activation
        result[index].out = operation.out
        producer[operation.out] = index
        continue
      }
      if operation.kind == mk_step_add {
        // The other side must be there when the product runs.
        var joined = false
        for (side, other) in [(operation.x, operation.y), (operation.y, operation.x)] {
          guard let index = producer[side], isFree(side), result[index].canAdd, side != other,
            values[other].isWhole, !isViewed.contains(other), (producer[other] ?? -1) < index
          else { continue }
          result[index].y = other
          result[index].out = operation.out
          producer[operation.out] = index
          joined = true
          break
        }
        if joined { continue }
      }
      producer[operation.out] = result.count
      result.append(operation)
    }
    return result
  }
}

extension NetworkBuilder.Value {
  /// Whether it is not some columns of another one.
  fileprivate var isWhole: Bool {
    if case .columns = origin { return false }
    return true
  }
}

extension NetworkBuilder.Operation {
  /// Values that are read.
  var inputs: [Int] { [x, y, z].filter { $0 >= 0 } }

  /// Values that are written: besides the result, what attention reports.
  var outputs: [Int] { w >= 0 ? [out, w] : [out] }

  var isRowwise: Bool { mk_step_unit(Int32(kind)) == mk_unit_rows }

  /// Steps behind which a function and a sum can follow.
  private var finishes: Bool { kind == mk_step_product || kind == mk_step_layer_norm }
  fileprivate var canActivate: Bool { finishes && activation == .identity && y < 0 }
  fileprivate var canAdd: Bool { finishes && y < 0 }
}
