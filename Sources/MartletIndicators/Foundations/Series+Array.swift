public import MartletArrays

extension Series {
  /// One series of numbers; NaN and infinities are bars that did not happen.
  public init(_ values: [Double]) { self.init(NDArray(values)) }

  /// An array `[time]` or `[symbols, time]`.
  ///
  /// One series without gaps is not copied.
  public init(_ array: NDArray) {
    require(
      (1...2).contains(array.shape.count),
      "Series: an array of shape \(array.shape); expected [time] or [symbols, time]")
    require(
      !array.dtype.isComplex, "Series: elements of \(array.dtype); expected real numbers")
    let array = array.asType(array.dtype.inexactType)
    let source = FieldSource(fields: [array], isFlat: array.shape.count == 1)
    self.init(.input(0, of: source))
  }

  /// The values as an array; the same as `values()`.
  public var array: NDArray { values() }
}

extension FieldSource {
  /// Arrays of one shape, `[time]` or `[symbols, time]`.
  package convenience init(fields: [NDArray], isFlat: Bool) {
    let shape = fields[0].shape
    let times = shape.last ?? 0
    let symbols = shape.count == 1 ? 1 : shape[0]
    let element = fields[0].dtype
    if symbols == 1, fields.allSatisfy({ $0.dtype == element && $0.isAllFinite }) {
      self.init(
        series: fields.map { $0.contiguous }, count: times, element: element, isFlat: isFlat)
      return
    }
    self.init(
      symbols: symbols, times: times, fields: fields.count, element: element, isFlat: isFlat
    ) { field, symbol, values in
      for time in 0..<times { values[time] = fields[field].element(symbol * times + time) }
    }
  }
}

extension NDArray {
  /// Whether no element is NaN or infinite.
  var isAllFinite: Bool { isFinite().all().item(as: Bool.self) }

  /// The memory from the first element on.
  fileprivate var contiguous: Buffer {
    let (buffer, offset) = storage
    if offset == 0 { return buffer }
    return Buffer(
      viewing: buffer.base + offset * dtype.size, byteCount: count * dtype.size, owner: buffer)
  }
}
