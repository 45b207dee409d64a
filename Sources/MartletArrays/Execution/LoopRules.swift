import MartletCore

/// What must hold of a fused loop: every step finds in its slots what it reads.
struct LoopRules {
  enum Origin {
    case operand(Int)
    case constant
    case slot(Int)
  }

  /// An entry that is read, the size of its elements, and where they are looked for.
  typealias Operand = (entry: Int, size: Int, origin: Origin)

  struct Step {
    let entry: Int
    let size: Int
    var operands: [Operand]
    var slot: Int
  }

  let operandCount: Int
  var steps: [Step] = []

  /// The first rule that is broken, nil where all hold.
  var problem: String? {
    // Slot → the entry whose elements it holds.
    var holder: [Int: Int] = [:]
    for (number, step) in steps.enumerated() {
      for operand in step.operands {
        switch operand.origin {
        case .constant: break
        case .operand(let operand):
          guard (0..<operandCount).contains(operand) else {
            return "a loop's step \(number) reads array \(operand) of \(operandCount)"
          }
        case .slot(let slot):
          guard holder[slot] == operand.entry else {
            return "a loop's step \(number) reads a slot of another"
          }
          // Elements are written over one by one, so their sizes must agree.
          guard slot != step.slot || operand.size == step.size else {
            return "a loop's step \(number) writes over elements of another size"
          }
        }
      }
      holder[step.slot] = step.entry
    }
    return nil
  }
}
