import CMartletKernels
import Martlet
import Testing

struct KernelListTests {
  @Test func theSwiftListIsTheListOfTheKernels() {
    #expect(Kernel.allCases.count == Int(mk_kernel_count))
    for (position, kernel) in Kernel.allCases.enumerated() {
      #expect(kernel.rawValue == Int32(position))
      let words = String(cString: mk_kernel_name(kernel.rawValue)).split(separator: "_")
      let tail = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
      #expect(words[0] + tail.joined() == "\(kernel)")
      #expect((1...Int(MK_MAX_OPERANDS)).contains(kernel.inputCount))
      #expect((1...Int(MK_MAX_OPERANDS)).contains(kernel.outputCount))
    }
  }

  @Test func everyKernelHasACase() {
    let covered = Set(KernelCase.all.map(\.kernel))
    for kernel in Kernel.allCases { #expect(covered.contains(kernel), "\(kernel)") }
    for one in KernelCase.all {
      #expect(one.inputs.count == one.kernel.inputCount, "\(one.testDescription)")
    }
  }

  @Test(arguments: [-1, Int32(mk_kernel_count), 1_000, .max])
  func numbersOutsideTheListAreRefused(number: Int32) {
    #expect(String(cString: mk_kernel_name(number)) == "unknown")
    #expect(mk_kernel_inputs(number) == 0)
    #expect(mk_kernel_outputs(number) == 0)
  }

  @Test func instructionSetsHaveNames() {
    let names = (-1...Int32(mk_isa_count)).map { String(cString: mk_isa_name($0)) }
    #expect(names == ["unknown", "baseline", "avx2", "avx512", "unknown"])
    #expect((0..<Int32(mk_isa_count)).contains(mk_isa_best()))
  }

  @Test func everyTableIsComplete() {
    for isa in instructionSets {
      for width in [64, 8, 1] {
        for size in [8, 4] {
          guard let table = Setup(isa: isa, width: width, size: size).table() else {
            Issue.record("no table for \(isa), \(width), \(size)")
            continue
          }
          #expect(table.width == width)
          #expect(table.element_size == size)
          for kernel in Kernel.allCases {
            #expect(table.wide[Int(kernel.rawValue)] != nil)
            #expect(table.lane[Int(kernel.rawValue)] != nil)
          }
        }
      }
    }
  }

  @Test func tablesThatDoNotExistAreRefused() {
    var table = mk_table()
    table.width = 77
    let bad: [(Int32, Int64, Int64)] = [
      (-1, 8, 8), (mk_isa_best() + 1, 8, 8), (Int32(mk_isa_count), 8, 8), (.max, 64, 8),
      (0, 0, 8), (0, 2, 8), (0, 16, 8), (0, -8, 8), (0, 128, 8), (0, 8, 0), (0, 8, 2),
      (0, 8, 16), (0, 8, -8),
    ]
    for (isa, width, size) in bad {
      #expect(mk_table_get(isa, width, size, &table) == 0, "\(isa) \(width) \(size)")
    }
    #expect(table.width == 77)
  }

  /// Every set has tables of its own, and who asks for one that is not there gets nothing.
  @Test func instructionSetsHaveTables() {
    func tables(_ isa: Int32) -> [UnsafeRawPointer?] {
      [
        mk_array_table_get(isa).map(UnsafeRawPointer.init),
        mk_sort_table_get(isa).map(UnsafeRawPointer.init),
        mk_random_table_get(isa).map(UnsafeRawPointer.init),
        mk_convolution_table_get(isa).map(UnsafeRawPointer.init),
        mk_math_get(isa, 0, 8).map { unsafeBitCast($0, to: UnsafeRawPointer.self) },
        mk_math_get(isa, 0, 4).map { unsafeBitCast($0, to: UnsafeRawPointer.self) },
      ]
    }
    var seen: Set<UnsafeRawPointer> = []
    for isa in 0...mk_isa_best() {
      let found = tables(isa)
      #expect(!found.contains(nil), "\(isa)")
      for place in found { #expect(seen.insert(place!).inserted, "\(isa)") }
      for kind in 0..<Int32(mk_step_count) where kind != Int32(mk_step_product_bfloat16) {
        #expect(mk_net_get(isa, kind) != nil, "\(isa): step \(kind)")
      }
    }
    for isa in [-1, mk_isa_best() + 1, Int32(mk_isa_count), .max] {
      #expect(tables(isa).allSatisfy { $0 == nil } && mk_net_get(isa, 0) == nil, "\(isa)")
    }
    #expect(mk_net_get(0, -1) == nil && mk_net_get(0, Int32(mk_step_count)) == nil)
  }

  /// A function that lanes and arrays both have has one name; what only one of them has stands here with the reason.
  @Test func elementwiseFunctionsOfLanesAndArrays() {
    let lanes = Set((0...Kernel.bands.rawValue).map { String(cString: mk_kernel_name($0)) })
    let arrays = Set((0..<Int32(mk_map_count)).map { String(cString: mk_map_name($0)) })
    // Several operations in one step, for plans with fewer steps; some with a rule of their own for zero, noise or
    // what is undefined.
    let steps: Set = [
      "affine", "linear", "share", "percent_change", "difference_sign", "divide_or",
      "divide_relative", "true_range", "typical", "directional_moves", "money_flows", "crossing",
      "bands",
      "positive_part", "negative_part", "is_defined",
    ]
    #expect(lanes.subtracting(arrays) == steps)
    // NumPy's functions of real numbers that series are composed without.
    let real: Set = [
      "square", "cube_root", "reciprocal", "round_even", "exponential2", "exponential_minus_one",
      "logarithm_plus_one", "area_sine", "area_cosine", "area_tangent",
      "complementary_error_function", "sigmoid", "sign_bit", "is_nan", "is_infinite", "is_finite",
      "floor_divide", "remainder", "arctangent2", "hypotenuse", "log_add_exp", "copy_sign",
      "next_after",
    ]
    // Of complex numbers and of integers, which lanes do not have.
    let complex: Set = ["conjugate", "real_part", "imaginary_part", "argument"]
    let integers: Set = [
      "bitwise_not", "bitwise_and", "bitwise_or", "bitwise_xor", "shift_left", "shift_right",
    ]
    #expect(arrays.subtracting(lanes) == real.union(complex).union(integers))
    for name in lanes.intersection(arrays) {
      let kernel = (0...Kernel.bands.rawValue).first { String(cString: mk_kernel_name($0)) == name }
      let map = (0..<Int32(mk_map_count)).first { String(cString: mk_map_name($0)) == name }
      #expect(mk_kernel_inputs(kernel!) == mk_map_inputs(map!), "\(name)")
    }
  }
}
