import MartletArrays
import MartletIO

extension Evaluation {
  /// The whole history at the bars that there are; nil where that would not spare half of `[symbols, time]`, and for
  /// values of several sources.
  ///
  /// A column per value, NaN at the bars that a value does not see.
  package func raggedValues(of values: [Value]) -> RaggedColumns? {
    let sources = checkedSources(of: values)
    let source = sources[0]
    guard sources.count == 1 else { return nil }
    let bars = source.presence.reduce(0) { $0 + $1.count }
    guard bars < source.symbolCount * source.timeCount / 2 else { return nil }
    let layout = RaggedLayout(source.presence, timeCount: source.timeCount)
    let columns = RaggedColumns(layout, columns: values.count, element: source.element)
    run(values, over: sources, into: columns)
    return columns
  }
}

extension RaggedColumns {
  /// A column as an array `[symbols, time]`, which is made when somebody looks at its elements.
  package func array(_ column: Int) -> NDArray {
    NDArray(
      DenseRows(columns: selecting([column]), column: 0), [],
      shape: [layout.symbolCount, layout.timeCount], dtype: element)
  }
}

extension NDArray {
  /// The column that the array is made of, nil for other arrays; nothing is computed.
  package var raggedColumn: (columns: RaggedColumns, column: Int)? {
    guard case .function(let function) = node.operation, let rows = function as? DenseRows else {
      return nil
    }
    return (rows.columns, rows.column)
  }
}

/// `[symbols, time]` from values at bars.
private struct DenseRows: ArrayFunction {
  let columns: RaggedColumns
  let column: Int

  let name = "bars"

  private var buffer: Buffer { columns.columns[column] }

  static func == (a: DenseRows, b: DenseRows) -> Bool {
    a.buffer === b.buffer && a.columns.layout === b.columns.layout
  }

  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(buffer)) }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    ArrayMemory(
      columns.dense(column, threads: threads), shape: result.shape, dtype: result.dtype)
  }
}
