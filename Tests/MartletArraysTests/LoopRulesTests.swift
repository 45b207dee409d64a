import Testing

@testable import MartletArrays

/// A loop that breaks a rule is found out; every other test of arrays in a debug build shows that real ones keep them.
struct LoopRulesTests {
  /// c = a + b into slot 0, d = c * c into slot 0, e = float32 of d into slot 1, f = e + a float32 array.
  static func loop() -> LoopRules {
    var rules = LoopRules(operandCount: 3)
    rules.steps = [
      .init(entry: 10, size: 8, operands: [(1, 8, .operand(0)), (2, 8, .operand(1))], slot: 0),
      .init(entry: 11, size: 8, operands: [(10, 8, .slot(0)), (10, 8, .slot(0))], slot: 0),
      .init(entry: 12, size: 4, operands: [(11, 8, .slot(0))], slot: 1),
      .init(entry: 13, size: 4, operands: [(12, 4, .slot(1)), (3, 4, .operand(2))], slot: 1),
    ]
    return rules
  }

  @Test func brokenLoopsAreFound() {
    #expect(Self.loop().problem == nil)
    var rules = Self.loop()
    rules.steps[2].slot = 0
    rules.steps[3].operands[0].origin = .slot(0)
    #expect(rules.problem?.contains("another size") == true)
    rules = Self.loop()
    rules.steps[3].operands[0].origin = .slot(0)
    #expect(rules.problem?.contains("slot of another") == true)
    rules = Self.loop()
    rules.steps[2].operands[0].origin = .slot(7)
    #expect(rules.problem?.contains("slot of another") == true)
    rules = Self.loop()
    rules.steps.swapAt(0, 1)
    #expect(rules.problem?.contains("slot of another") == true)
    for operand in [-1, 3] {
      rules = Self.loop()
      rules.steps[0].operands[0].origin = .operand(operand)
      #expect(rules.problem?.contains("array \(operand) of 3") == true)
    }
  }
}
