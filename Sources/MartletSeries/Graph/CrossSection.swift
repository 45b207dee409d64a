package import CMartletKernels
import MartletArrays
import MartletIO

/// A function of all symbols that have a value at one time.
package struct CrossSection: Hashable, Sendable {
  package enum Function: Int32, Hashable, Sendable, CaseIterable {
    case rank, zScore, demean, scale, mean, sum, count, share
  }

  package enum Ties: Int32, Hashable, Sendable, CaseIterable {
    case average, minimum, maximum, dense
  }

  package var function: Function
  package var ties = Ties.average
  /// Degrees of freedom of `zScore`, total of `scale`.
  package var parameter = 0.0
  /// Fewest members of a group.
  package var minimum = 1
  /// Whether the second input is the code of a group.
  package var isGrouped = false
  /// Whether the last input is a weight.
  package var isWeighted = false

  package init(_ function: Function) { self.function = function }

  /// How its inputs follow each other.
  package var inputCount: Int { 1 + (isGrouped ? 1 : 0) + (isWeighted ? 1 : 0) }

  package var raw: mk_cross_section {
    mk_cross_section(
      function: function.rawValue, ties: ties.rawValue, parameter: parameter,
      minimum: Int64(minimum))
  }
}

/// Computes rows of the market; its memory is used again from row to row.
package final class CrossSectionRows {
  private let section: CrossSection
  private let count: Int
  private let memory: Buffer

  package init(_ section: CrossSection, symbols: Int) {
    self.section = section
    count = symbols
    memory = Buffer(uninitializedByteCount: Int(mk_cross_section_bytes(Int64(symbols))))
  }

  /// One time: a value per symbol in `inputs`, NaN where it has none, and one in `result`.
  package func run(
    _ inputs: [UnsafePointer<Double>], to result: UnsafeMutablePointer<Double>,
    _ set: InstructionSet
  ) {
    var raw = section.raw
    mk_cross_section_run(
      set.rawValue, &raw, inputs[0], section.isGrouped ? inputs[1] : nil,
      section.isWeighted ? inputs[inputs.count - 1] : nil, Int64(count), memory.base, result)
  }
}
