import CMartletKernels
import Martlet
import Testing

/// Width, instruction set, cuts, rings, lags and the first bar change no bit.
struct SameBitsTests {
  /// What is run of each width: where its lanes begin in the 64.
  private static let groups: [(width: Int, firstLanes: [Int])] = [
    (64, [0]), (8, [0, 8, 48]), (1, [0, 3, 7, 50]),
  ]
  private static let cuts = [1, 3, 7, 8, 64]

  @Test(arguments: KernelCase.all)
  func theWayOfRunningChangesNoBit(one: KernelCase) throws {
    for size in [8, 4] {
      let inputs = one.rows(size: size)
      let reference = try one.runner.run(inputs, Setup(size: size))
      for isa in instructionSets {
        for (turn, cut) in Self.cuts.enumerated() {
          for (k, group) in Self.groups.enumerated() {
            for (m, firstLane) in group.firstLanes.enumerated() {
              let setup = Setup(
                isa: isa, width: group.width, size: size, cut: cut,
                ring: (turn + k + m + Int(isa)) % 2 == 0, origin: [0, 5, 13][(turn + k) % 3],
                lag: turn + m, firstLane: firstLane)
              try compare(one, inputs, setup, reference)
            }
          }
        }
        for ring in [false, true] {
          let lanes = ring ? [0, 5, 48, 63] : [7, 50]
          let wide = Setup(isa: isa, size: size, single: lanes, cut: 1, ring: ring, origin: 3)
          try compare(one, inputs, wide, reference)
          let narrow = Setup(
            isa: isa, width: 8, size: size, single: [1, 7], cut: 1, ring: ring, lag: 2,
            firstLane: 8)
          try compare(one, inputs, narrow, reference)
          let alone = Setup(
            isa: isa, width: 1, size: size, single: [0], cut: 1, ring: ring, firstLane: 3)
          try compare(one, inputs, alone, reference)
        }
      }
    }
  }

  @Test(arguments: KernelCase.all)
  func aConstantIsARowThatIsNotStepped(one: KernelCase) throws {
    // Inputs that a kernel looks back to are never constants.
    let able = one.inputs.indices.filter { $0 > 0 || one.kernel.isElementwise }
    for size in [8, 4] {
      for (turn, k) in able.enumerated() {
        var inputs = one.rows(size: size)
        let value = [1.5, 0, -2.25, 0.125, 3][k]
        let row = [Double](repeating: value, count: InputKind.bars)
        inputs[k] = Rows([[Double]](repeating: row, count: InputKind.lanes), size: size)
        let reference = try one.runner.run(inputs, Setup(size: size))
        for isa in instructionSets {
          for (m, cut) in Self.cuts.enumerated() {
            let (width, firstLane) = [(64, 0), (8, 8), (1, 7)][(m + turn) % 3]
            let setup = Setup(
              isa: isa, width: width, size: size, cut: cut, ring: m % 2 == 0, origin: m,
              constants: [k], firstLane: firstLane)
            try compare(one, inputs, setup, reference)
          }
          let single = Setup(
            isa: isa, size: size, single: [2, 40], cut: 1, ring: true, constants: [k])
          try compare(one, inputs, single, reference)
        }
      }
    }
  }

  private func compare(
    _ one: KernelCase, _ inputs: [Rows], _ setup: Setup, _ reference: [Rows]
  ) throws {
    let outputs = try one.runner.run(inputs, setup)
    for (k, output) in outputs.enumerated() {
      let difference = output.difference(
        from: reference[k], firstLane: setup.firstLane, lanes: setup.single)
      #expect(difference == nil, "output \(k), \(setup)")
      guard let single = setup.single else { continue }
      let strays = (0..<setup.width).filter {
        !single.contains($0) && !output.isFiller(InputKind.bars - 1, $0)
      }
      #expect(strays.isEmpty, "lanes that were not run, \(setup)")
    }
  }
}
