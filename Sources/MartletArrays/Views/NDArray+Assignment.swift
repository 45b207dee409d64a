import MartletCore

/// Assignment to parts of an array. The array is a value: others that share its memory keep what they had.
/// Where nobody shares it, the elements are written in place, so filling an array part by part takes
/// time in proportion to what is written.
extension NDArray {
  /// Writes values, which take the array's type, to a part of it that they broadcast to.
  ///
  /// It consumes them, since a part of the array itself would keep the memory shared.
  package mutating func assign(
    _ values: consuming NDArray, to indices: [any ArrayIndexConvertible]
  ) {
    let (map, part) = part(at: indices)
    values = values.asType(dtype)
    // As in NumPy, a value may have more axes of length 1 in front.
    while values.ndim > part.count, values.shape[0] == 1 { values = values.squeezed(axis: 0) }
    require(
      NDArray.broadcast(values.shape, part, "assignment") == part,
      "assignment: values of the shape \(values.shape) for the shape \(part)")
    var source = values.memory
    if source.buffer === memory.buffer {
      let copy = ArrayMemory(uninitialized: source.shape, dtype: dtype)
      copy.assign(source)
      source = copy
    }
    values = NDArray(source)
    withOwnMemory { map.apply($0, shape: part).assign(source) }
  }

  /// Calls `body` with row-major memory of the array that nobody else can see and that it may write to.
  mutating func withOwnMemory(_ body: (ArrayMemory) -> Void) {
    let shape = shape
    if node.memory == nil { eval() }
    if let buffer = reusableStorage(byteCount: count * dtype.size) {
      return body(ArrayMemory(buffer, shape: shape, dtype: dtype))
    }
    let own = ArrayMemory(uninitialized: shape, dtype: dtype)
    own.assign(memory)
    body(own)
    self = NDArray(own)
  }
}
