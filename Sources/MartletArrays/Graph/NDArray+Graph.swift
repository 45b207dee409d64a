import MartletCore

extension NDArray {
  /// What reading this array would run, one line an operation: its number, what it does, what it gives,
  /// which earlier ones it reads, and in which loop it runs when several are fused.
  public var graph: String {
    var tape = ArrayTape()
    tape.append([self], isRehearsal: true)
    var lines: [String] = []
    for k in tape.entries.indices {
      let entry = tape.entries[k]
      if entry.group == ArrayTape.Entry.unread { continue }
      let inputs = entry.inputs.map { "#\(tape.operands[$0])" }.joined(separator: ", ")
      let loop = entry.group == k ? "" : "  in the loop of #\(entry.group)"
      lines.append(
        tape.with(k) { node in
          let operation = entry.isThere ? ArrayOperation.memory : node.operation
          return "#\(k)  \(operation.title)(\(inputs))  \(node.shape) \(node.dtype)\(loop)"
        })
    }
    withExtendedLifetime(self) {}
    return lines.joined(separator: "\n")
  }
}

extension ArrayOperation {
  fileprivate var title: String {
    switch self {
    case .memory: "elements"
    case .constant(let scalar): "constant \(scalar.title)"
    case .map(let map): "\(map)"
    case .cast: "cast"
    case .view: "view"
    case .reshape: "reshape"
    case .reduction(let reduction, let axes, _): "\(reduction.title) along \(axes)"
    case .function(let function): function.name
    }
  }
}

extension Scalar {
  fileprivate var title: String {
    switch self {
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .real(let value): value.text
    case .complex(let value): "\(value)"
    }
  }
}
