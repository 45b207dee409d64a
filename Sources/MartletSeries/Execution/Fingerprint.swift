import CMartletKernels
import MartletArrays
import MartletIO

/// A number for bytes, the same on every run and machine (FNV-1a, Fowler, Noll, Vo 1991).
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

  /// Many bytes, a word at a time in four rows beside each other, so that the memory sets the pace.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var rows = SIMD4<UInt64>(value, value ^ 1, value ^ 2, value ^ 3)
    let whole = bytes.count / 32 * 32
    for position in stride(from: 0, to: whole, by: 32) {
      for row in 0..<4 {
        let word = bytes.loadUnaligned(fromByteOffset: position + 8 * row, as: UInt64.self)
        let mixed = (rows[row] ^ UInt64(littleEndian: word)) &* 0x0000_0100_0000_01B3
        // A product moves nothing downwards.
        rows[row] = mixed ^ (mixed >> 29)
      }
    }
    for row in 0..<4 { add(rows[row]) }
    for byte in bytes[whole...] { add(byte) }
    add(UInt64(bytes.count))
  }
}

extension Kernel {
  /// Its name in `kernels.def`.
  package var name: String { String(cString: mk_kernel_name(rawValue)) }

  /// The version of what it computes and remembers.
  package var version: Int { Int(mk_kernel_version(rawValue)) }
}

extension Schedule {
  /// The kernels of the steps, in their order.
  package var kernels: [Kernel] {
    steps.compactMap { step in
      if case .kernel(let kernel, _, _) = step.action { kernel } else { nil }
    }
  }

  /// Equal for equal plans: what a checkpoint must fit.
  ///
  /// Every part is written with a tag of its own; no name of a Swift type comes in.
  package var fingerprint: UInt64 {
    var print = Fingerprint()
    func add(_ slot: Slot) {
      switch slot {
      case .value(let reference):
        print.add("value")
        print.add(UInt64(reference.entry))
        print.add(UInt64(reference.output))
      case .state(let token, let index):
        print.add("state")
        print.add(UInt64(bitPattern: Int64(token)))
        print.add(UInt64(index))
      }
    }
    for step in steps {
      switch step.action {
      case .kernel(let kernel, let reals, let integers):
        print.add("kernel")
        print.add(kernel.name)
        for real in reals { print.add(real.bitPattern) }
        for integer in integers { print.add(UInt64(bitPattern: Int64(integer))) }
      case .loop(let length):
        print.add("loop")
        print.add(UInt64(length))
      case .output(let result):
        print.add("output")
        print.add(UInt64(result))
      }
      print.add("from")
      print.add(UInt64(step.start))
      for operand in step.inputs {
        print.add("reads")
        add(operand.slot)
        print.add(UInt64(operand.lag))
      }
      for slot in step.outputs {
        print.add("makes")
        add(slot)
      }
    }
    for constant in constants {
      print.add("constant")
      print.add(constant.bitPattern)
    }
    for input in inputs {
      print.add(input.edge == nil ? "field" : "link")
      print.add(UInt64(input.field))
    }
    return print.value
  }
}
