/// Something that holds the rows that input nodes read: fields of [symbols, time].
package protocol SeriesSource: AnyObject, Sendable {
  var symbolCount: Int { get }
  var timeCount: Int { get }
  var element: ElementType { get }
  /// Whether the field has a value at every bar that the source has.
  func isComplete(_ field: Int) -> Bool
  /// The bars of the source, packed, with the given complete fields.
  func lanes(fields: [Int]) -> PackedLanes
  /// One symbol's values of a field at every time, NaN where there is none.
  func read(field: Int, symbol: Int, into values: UnsafeMutableBufferPointer<Double>)
}

/// Names one field of one source.
package struct InputKey: Hashable, Sendable {
  package let source: ObjectIdentifier
  package let field: Int

  package init(source: any SeriesSource, field: Int) {
    self.source = ObjectIdentifier(source)
    self.field = field
  }
}
