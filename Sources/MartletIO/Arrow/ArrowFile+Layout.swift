import MartletArrays

extension ArrowFile {
  /// Rows at the beginning and at the end that the layout is found in.
  private static let firstCount = 250
  private static let lastCount = 60

  /// How the bars in it lie, by the rules for text, as far as `given` does not say it.
  func layout(_ given: CSVLayout) throws(DataError) -> BarLayout {
    try LayoutDetector.detect(sample(), name: path, given)
  }

  private func sample() throws(DataError) -> ColumnSample {
    let head = 0..<min(count, Self.firstCount)
    let tail = max(head.upperBound, count - Self.lastCount)..<count
    var first = head.map { SampleRow(fields: [], line: $0, lines: 1) }
    var last = tail.map { SampleRow(fields: [], line: $0, lines: 1) }
    var times: [Int: String] = [:]
    for column in types.indices {
      guard types[column].isRead else {
        for row in first.indices { first[row].fields.append("") }
        for row in last.indices { last[row].fields.append("") }
        continue
      }
      let isDate = types[column].isTime ? try areDates(column) : false
      if types[column].isTime { times[column] = columns[column].type }
      try sample(column, head, isDate: isDate, into: &first)
      try sample(column, tail, isDate: isDate, into: &last)
    }
    return ColumnSample(
      kind: kind, names: columns.map(\.name), types: columns.map(\.type), times: times,
      unread: Set(types.indices.filter { !types[$0].isRead }), first: first, last: last)
  }

  private var kind: String {
    var words = isStream ? "Arrow stream" : "Arrow"
    if compression != .none { words += ", \(compression.rawValue)" }
    if batchCount > 1 { words += ", \(batchCount) batches" }
    return words
  }

  private func sample(
    _ column: Int, _ rows: Range<Int>, isDate: Bool, into sample: inout [SampleRow]
  ) throws(DataError) {
    for batch in batches.indices {
      let first = firstRows[batch]
      let own = rows.clamped(to: first..<first + batches[batch].rowCount)
      guard !own.isEmpty else { continue }
      let chunk = try chunk(column, batch)
      for row in own {
        sample[row - rows.lowerBound].fields.append(
          try chunk.sampleText(row - first, isDate: isDate))
      }
    }
  }

  /// Whether all times are midnights, which are dates where they have no zone: pandas and others have no other way to
  /// write a date.
  private func areDates(_ column: Int) throws(DataError) -> Bool {
    guard case .timestamp(let unit, nil) = types[column] else {
      if case .timestamp = types[column].plain { return false }
      if case .date(let unit?) = types[column] { return try areMidnights(column, unit) }
      return true
    }
    return try areMidnights(column, unit)
  }

  private func areMidnights(_ column: Int, _ unit: CSVLayout.Unit) throws(DataError) -> Bool {
    let perDay = Calendar.nanosecondsPerDay / unit.nanoseconds
    for batch in batches.indices where batches[batch].rowCount > 0 {
      let chunk = try chunk(column, batch)
      for row in 0..<chunk.count where chunk.load(row, Int64.self) % perDay != 0 {
        if chunk.isThere(row) { return false }
      }
    }
    return true
  }
}
