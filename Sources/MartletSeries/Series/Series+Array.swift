public import MartletArrays
import MartletIO

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

  /// The values as a lazy array, `[symbols, time]` or `[time]`: computed, on all cores, when somebody looks at its
  /// elements.
  public var array: NDArray {
    let sources = Value.sources(of: [value])
    guard let source = sources.first else { fatalError("array: a constant has no bars") }
    let isFlat = sources.allSatisfy { ($0 as? FieldSource)?.isFlat == true }
    return NDArray(
      SeriesValues(value: value), [],
      shape: (isFlat ? [] : [source.symbolCount]) + [source.timeCount], dtype: source.element)
  }
}

/// The values of a series as a function of arrays, of none.
private struct SeriesValues: ArrayFunction {
  let value: Value
  let name = "series"

  static func == (a: SeriesValues, b: SeriesValues) -> Bool {
    a.value.node === b.value.node && a.value.output == b.value.output
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(value.node))
    hasher.combine(value.output)
  }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    ArrayMemory(
      Evaluation(threads: threads).values(of: [value])[0], shape: result.shape,
      dtype: result.dtype)
  }
}

extension FieldSource {
  /// Arrays of one shape, `[time]` or `[symbols, time]`; a bar is there when one of its fields is finite.
  package convenience init(fields: [NDArray], isFlat: Bool) {
    let shape = fields[0].shape
    let times = shape.last ?? 0
    let symbols = shape.count == 1 ? 1 : shape[0]
    var rows = BarRows(
      arrays: fields.map { BarRows.Column($0) }, symbols: symbols, times: times,
      element: fields[0].dtype)
    rows.keepFinite()
    self.init(rows, isFlat: isFlat)
  }
}

extension BarRows.Column {
  /// The elements of an array in row-major order, in place where they are real numbers.
  init(_ array: NDArray) {
    let array = array.dtype.isReal ? array : array.asType(.float64)
    let (buffer, offset) = array.storage
    if offset == 0 {
      self.init(buffer, array.dtype)
    } else {
      let size = array.dtype.size
      self.init(
        Buffer(
          viewing: buffer.base + offset * size, byteCount: array.count * size, owner: buffer),
        array.dtype)
    }
  }
}
