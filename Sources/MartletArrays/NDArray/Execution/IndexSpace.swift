import CMartletKernels

/// The indices that a loop runs over, in row-major order, with every operand's strides along them.
///
/// Neighbouring axes that all operands cross without a gap are one axis.
package struct IndexSpace {
  package private(set) var shape: [Int]
  /// Elements per step along each axis, for each operand.
  package private(set) var strides: [[Int]]
  package let count: Int

  package init(_ fullShape: [Int], _ operands: [[Int]]) {
    count = fullShape.reduce(1, *)
    shape = []
    strides = operands.map { _ in [] }
    for axis in fullShape.indices where fullShape[axis] != 1 {
      let length = fullShape[axis]
      if let last = shape.last,
        operands.indices.allSatisfy({ strides[$0][shape.count - 1] == operands[$0][axis] * length })
      {
        shape[shape.count - 1] = last * length
        for k in operands.indices { strides[k][shape.count - 1] = operands[k][axis] }
      } else {
        shape.append(length)
        for k in operands.indices { strides[k].append(operands[k][axis]) }
      }
    }
    if shape.isEmpty {
      shape = [1]
      strides = operands.map { _ in [1] }
    }
    precondition(
      shape.count <= Int(MK_MAX_RANK), "NDArray: \(shape.count) axes; at most \(MK_MAX_RANK)")
  }

  /// `count` elements, one after the other, in all operands.
  package init(flat count: Int, operands: Int) {
    self.count = count
    shape = [count]
    strides =
      operands == 1 ? Self.oneOperand : [[Int]](repeating: Self.oneOperand[0], count: operands)
  }
  private static let oneOperand = [[1]]

  /// How operands lie over `shape`, which their shapes broadcast to.
  package init(_ operands: [ArrayMemory], _ shape: [Int]) {
    if operands.allSatisfy({ $0.isContiguous && $0.shape == shape }) {
      self.init(flat: shape.reduce(1, *), operands: operands.count)
    } else {
      self.init(shape, operands.map { Self.broadcastStrides($0, to: shape) })
    }
  }

  /// How `memory` lies over `shape`, which its own shape broadcasts to.
  package static func broadcastStrides(_ memory: ArrayMemory, to shape: [Int]) -> [Int] {
    if memory.shape == shape { return memory.strides }
    var strides = [Int](repeating: 0, count: shape.count)
    let lead = shape.count - memory.shape.count
    for axis in memory.shape.indices where memory.shape[axis] != 1 {
      strides[lead + axis] = memory.strides[axis]
    }
    return strides
  }
}
