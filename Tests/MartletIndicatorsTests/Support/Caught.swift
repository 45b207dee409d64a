import Martlet
import Testing

/// The `DataError` that `body` throws; anything else is noted.
func caught(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> DataError? {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  } catch let error as DataError {
    return error
  } catch {
    Issue.record("\(error)", sourceLocation: sourceLocation)
  }
  return nil
}

/// Checks kind and message of the `DataError` that `body` throws.
func expectError(
  _ kind: DataError.Kind, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  guard let error = caught(sourceLocation: sourceLocation, body) else { return }
  #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
  for part in parts {
    #expect(
      error.description.contains(part), "\"\(part)\" not in: \(error)",
      sourceLocation: sourceLocation)
  }
}
