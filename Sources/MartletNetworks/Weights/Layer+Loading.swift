import MartletArrays
public import MartletIO

extension Layer {
  /// The layer with the tensors of a file under the names of its parameters.
  ///
  /// - Parameter ignored: Whether a tensor that no parameter asks for may be there.
  /// - Throws: One `DataError` that lists the tensors that are missing, are not asked for, have another
  ///   shape or type, or hold values that are not finite; of many the first 50.
  public func loading(
    _ file: WeightFile, ignoring ignored: (String) -> Bool = { _ in false }
  ) throws(DataError) -> Self {
    var result = self
    var problems: [(kind: DataError.Kind, text: String)] = []
    var known: Set<String> = []
    let present = Set(file.names)
    // Looking for names that are near takes time, and the first few say what is wrong.
    func hint(_ name: String, among names: [String]) -> String {
      problems.count < 10 ? DataError.nearest(name, among: names) : ""
    }
    withoutActuallyEscaping({ (name: String, parameter: inout LayerParameter) in
      known.insert(name)
      guard present.contains(name) else {
        let hint = hint(name, among: file.names)
        problems.append(
          (.missing, "\(excerpt(name)) is missing, expected \(parameter.shape)\(hint)"))
        return
      }
      do throws(DataError) {
        let tensor = try file.tensor(name)
        guard tensor.shape == parameter.shape else {
          problems.append(
            (.wrongShape, "\(excerpt(name)) is \(tensor.shape), expected \(parameter.shape)"))
          return
        }
        guard tensor.dtype.isReal else {
          problems.append(
            (.wrongType, "\(excerpt(name)) holds \(tensor.dtype), expected real numbers"))
          return
        }
        let values = tensor.asType(.float32).eval()
        let odd = values.count - values.isFinite().countNonzero().item(as: Int.self)
        guard odd == 0 else {
          problems.append(
            (
              .outOfRange,
              "\(excerpt(name)) holds \(odd) value\(odd == 1 ? "" : "s") that are not finite"
            ))
          return
        }
        parameter.value = values
      } catch {
        problems.append((error.kind, error.description))
      }
    }) { body in
      var visitor = ParameterVisitor(body)
      result.visit(&visitor)
    }
    let names = known.sorted()
    for name in file.names where !known.contains(name) && !ignored(name) {
      problems.append(
        (.unknownName, "\(excerpt(name)) is not asked for\(hint(name, among: names))"))
    }
    guard let first = problems.first else { return result }
    let listed = problems.prefix(50).map(\.text).joined(separator: "; ")
    let rest = problems.count > 50 ? "; and \(problems.count - 50) more" : ""
    throw DataError(
      first.kind, in: file.path,
      problems.count == 1
        ? "tensor \(first.text)" : "\(problems.count) tensors: " + listed + rest)
  }
}
