import CMartletKernels
import Testing

/// Every function of math.def, in both dtypes, against values computed with hundreds of digits.
struct MathFunctionTests {
  /// What the issue allows, and less where more is promised.
  private static let bounds: [String: Double] = [
    "exp": 1.5, "log": 1.5, "sin": 1.5, "cos": 1.5, "atan": 1.5, "tanh": 1.5, "erf": 1.5,
  ]

  private static var names: [String] {
    (0..<Int32(mk_math_count)).map { String(cString: mk_math_name($0)) }
  }

  @Test func theReferenceCoversTheList() throws {
    let points = try MathPoint.all()
    let names = Self.names
    #expect(Set(points.keys) == Set(names + names.map { $0 + "32" }))
    #expect(points.values.map(\.count).reduce(0, +) == 25_145)
    for (index, name) in names.enumerated() {
      let arity = Int(mk_math_arity(Int32(index)))
      #expect(points[name]?.allSatisfy { $0.arguments.count == arity } == true)
      #expect(points[name + "32"]?.allSatisfy { $0.arguments.count == arity } == true)
    }
  }

  @Test func everyDoubleIsWithinItsBound() throws {
    let all = try MathPoint.all()
    for name in Self.names {
      let bound = Self.bounds[name] ?? 2
      let results = try evaluate(name, all[name] ?? [], as: Double.self)
      for (point, got) in zip(all[name] ?? [], results) {
        check(name, point, got, ordered(got), ordered(point.result), point.result, bound)
      }
    }
  }

  @Test func everyFloatIsWithinItsBound() throws {
    let all = try MathPoint.all()
    for name in Self.names {
      let points = all[name + "32"] ?? []
      for (point, got) in zip(points, try evaluate(name, points, as: Float.self)) {
        let want = Float(point.result)
        check(name, point, got, ordered(got), ordered(want), want, 2)
      }
    }
  }

  @Test func unknownFunctionsAreRefused() {
    let x = [1.0]
    var result = [1.0]
    #expect(mk_math_test(0, "none", 8, x, x, &result, 1) == 0)
    #expect(mk_math_test(0, "exp", 2, x, x, &result, 1) == 0)
    #expect(mk_math_test(99, "exp", 8, x, x, &result, 1) == 0)
    #expect(result == [1])
    #expect(mk_math_get(0, Int32(mk_math_count), 8) == nil)
    #expect(mk_math_arity(-1) == 0)
  }

  private func check<T: BinaryFloatingPoint>(
    _ name: String, _ point: MathPoint, _ got: T, _ gotBits: Int64, _ wantBits: Int64, _ want: T,
    _ bound: Double
  ) {
    if let rest = point.rest {
      let distance = gotBits.subtractingReportingOverflow(wantBits)
      let error = (Double(distance.partialValue) - rest).magnitude
      let isWithin = !got.isNaN && !distance.overflow && error <= bound
      #expect(isWithin, "\(name) \(point.arguments): \(got), \(error) ulp")
    } else if gotBits != wantBits || got.isNaN != want.isNaN {
      Issue.record("\(name) \(T.self) \(point.arguments): \(got), not \(want)")
    }
  }

  /// The results of the baseline; those of every other instruction set and of every other place in
  /// a block, in place too, must have the same bits.
  private func evaluate<T: BinaryFloatingPoint & BitwiseCopyable>(
    _ name: String, _ points: [MathPoint], as type: T.Type
  ) throws -> [T] {
    let size = Int32(MemoryLayout<T>.size)
    let x = points.map { T($0.arguments[0]) }
    let y = points.map { T($0.arguments[$0.arguments.count - 1]) }
    var results = [T](repeating: 0, count: points.count)
    guard mk_math_test(0, name, size, x, y, &results, Int64(points.count)) == 1 else {
      throw Failure("\(name) is missing")
    }
    let reversedResults: [T] = results.reversed()
    for isa in instructionSets {
      for skipped in [0, 1, 5, 63] {
        var again = [T](x.reversed().dropFirst(skipped))
        let others = [T](y.reversed().dropFirst(skipped))
        again.withUnsafeMutableBytes { buffer in
          let place = buffer.baseAddress
          _ = mk_math_test(isa, name, size, place, others, place, Int64(others.count))
        }
        let isSame = zip(again, reversedResults.dropFirst(skipped)).allSatisfy {
          ordered($0) == ordered($1)
        }
        #expect(isSame, "\(name), instruction set \(isa), float\(8 * size), from \(skipped)")
      }
    }
    return results
  }

  /// The bits as an integer that grows with the number by one for each unit of the last place.
  private func ordered<T: BinaryFloatingPoint>(_ x: T) -> Int64 {
    if let x = x as? Float { return ordered(bits: UInt64(x.bitPattern), sign: 1 << 31) }
    return ordered(bits: Double(x).bitPattern, sign: 1 << 63)
  }
  private func ordered(bits: UInt64, sign: UInt64) -> Int64 {
    bits & sign == 0 ? Int64(bits) : -Int64(bits & (sign - 1)) - 1
  }
}
