import MartletCore

extension ArrayNode {
  /// One elementwise operation on few elements that are there: a call of its kernel, without a plan.
  ///
  /// False where there is more to do than that.
  func runAtOnce(_ kernels: ArrayKernels) -> Bool {
    guard operation.isElementwise, count < ElementwiseLoop.threadedWork else { return false }
    return computeAtOnce { inputs in
      var operands: (UnsafeRawPointer?, UnsafeRawPointer?, UnsafeRawPointer?)
      operands.0 = UnsafeRawPointer(inputs[0].elementBase)
      if inputs.count > 1 { operands.1 = UnsafeRawPointer(inputs[1].elementBase) }
      if inputs.count > 2 { operands.2 = UnsafeRawPointer(inputs[2].elementBase) }
      let kernel = kernels.map(operation, from: inputs[inputs.count - 1].dtype, to: dtype)
      let result = ArrayMemory(resultBuffer(&inputs), shape: shape, dtype: dtype)
      withUnsafeBytes(of: &operands) {
        kernel(
          $0.assumingMemoryBound(to: UnsafeRawPointer?.self).baseAddress, result.base, Int64(count))
      }
      return result
    }
  }

  /// New memory, or an input's that nobody else holds: kernels read each element before they write it.
  private func resultBuffer(_ inputs: inout [ArrayNode]) -> Buffer {
    let byteCount = count * dtype.size
    for k in inputs.indices
    where inputs[k].dtype.size == dtype.size && isKnownUniquelyReferenced(&inputs[k]) {
      if let buffer = inputs[k].donated(byteCount: byteCount) { return buffer }
    }
    return Buffer(uninitializedByteCount: byteCount)
  }
}
