import CMartletKernels
import MartletArrays
import MartletIO

extension Kernel {
  /// What an elementwise kernel of one input makes of one number: for the weights of a window, which
  /// then have the same bits on every processor.
  package func applied(to number: Double) -> Double {
    require(isElementwise && inputCount == 1 && outputCount == 1, "\(self): not of one number")
    var table = mk_table()
    guard mk_table_get(Int32(mk_isa_baseline), 1, 8, &table) == 1,
      let body = table.wide[Int(rawValue)]
    else { fatalError("no kernel \(self)") }
    var result = 0.0
    withUnsafeBytes(of: number) { input in
      withUnsafeMutableBytes(of: &result) { output in
        var call = mk_call()
        call.in.0 = mk_operand(base: input.baseAddress, mask: -1, lag: 0)
        call.out.0 = mk_operand(base: output.baseAddress, mask: -1, lag: 0)
        call.rows = 1
        call.stride = 1
        body(&call)
      }
    }
    return result
  }
}
