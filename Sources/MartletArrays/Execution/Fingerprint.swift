/// A number for a plan, the same on every run and machine (FNV-1a, Fowler, Noll, Vo 1991).
package struct Fingerprint: Sendable {
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  package mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    add(UInt8(0))
  }

  package mutating func add(_ number: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
}

extension Schedule {
  /// Equal for equal plans: what a checkpoint must fit.
  package var fingerprint: UInt64 {
    var print = Fingerprint()
    for step in steps {
      switch step.action {
      case .kernel(let kernel, let reals, let integers):
        print.add("\(kernel)")
        for real in reals { print.add(real.bitPattern) }
        for integer in integers { print.add(UInt64(bitPattern: Int64(integer))) }
      case .loop(let length): print.add("loop \(length)")
      case .output(let result): print.add("output \(result)")
      }
      print.add(UInt64(step.start))
      for operand in step.inputs { print.add("\(operand)") }
      for slot in step.outputs { print.add("\(slot)") }
    }
    for constant in constants { print.add(constant.bitPattern) }
    for input in inputs { print.add(UInt64(input.field)) }
    return print.value
  }
}
