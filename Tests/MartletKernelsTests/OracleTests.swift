import CMartletKernels
import Martlet
import Testing

/// Every kernel against plain code for one lane.
struct OracleTests {
  @Test(arguments: KernelCase.all)
  func kernelsDoWhatTheySay(one: KernelCase) throws {
    for size in [8, 4] {
      let inputs = one.rows(size: size)
      let outputs = try one.runner.run(inputs, Setup(size: size))
      var wrong: [String] = []
      // The same code serves both sizes; a quarter of the lanes shows that a float is only stored.
      for lane in 0..<(size == 8 ? InputKind.lanes : 16) {
        // The size of an element comes last, for what rounds between two steps.
        let parameters = one.f + [Double(size)]
        let expected = one.kernel.oracle.answer(inputs.map { $0.lane(lane) }, parameters, one.i)
        #expect(expected.count == outputs.count)
        for (k, expected) in expected.enumerated() {
          let agreement = one.kernel.oracle.agreement
          if let problem = disagreement(outputs[k], lane, expected, agreement) {
            wrong.append("lane \(lane), output \(k), \(problem)")
          }
        }
      }
      #expect(wrong.first == nil, "float\(8 * size), \(wrong.count) lanes")
    }
  }

  private func disagreement(
    _ output: Rows, _ lane: Int, _ expected: Expected, _ agreement: Agreement
  ) -> String? {
    for (bar, want) in expected.values.enumerated() {
      let slack = expected.slack.isEmpty ? 0 : expected.slack[bar]
      let got = output[bar, lane]
      if !agreement.holds(got, want, slack: slack, size: output.size) {
        return "bar \(bar): \(got), not \(want), slack \(slack)"
      }
    }
    return nil
  }
}
