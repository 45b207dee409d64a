import MartletArrays
import MartletIO
import Testing

/// The bytes of an npy file with this header text and these data.
private func file(
  _ header: String, _ data: [UInt8] = [], version: UInt8 = 1, length: Int? = nil
) -> [UInt8] {
  let text = Array(header.utf8)
  let count = length ?? text.count
  let size = version == 1 ? littleEndian(UInt16(count)) : littleEndian(UInt32(count))
  return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, version, 0] + size + text + data
}

private func header(_ descr: String, _ shape: String, fortran: Bool = false) -> String {
  "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
}

@Suite("npy arrays")
struct NPYTests {
  @Test func readsDoubles() throws {
    let array = try npy(NumPyFixture.float64)
    #expect(array.shape == [2, 2])
    #expect(array.elementType == .float64)
    let values = try array.doubles()
    #expect(values[0] == 1.5 && values[1] == -.infinity && values[2].isNaN && values[3] == 4)
    #expect(try array.floats()[1] == -.infinity)
    #expect(throws: DataError.self) { try array.int64s() }
    #expect(throws: DataError.self) { try array.strings() }
    #expect(array.withBytes { $0.count } == 32)
  }

  @Test func convertsOrderAndBytes() throws {
    let cube = (0..<24).map(Int64.init)
    #expect(try npy(NumPyFixture.int64Fortran).int64s() == cube)
    #expect(try npy(NumPyFixture.int64Fortran).shape == [2, 3, 4])
    let integers = try npy(NumPyFixture.int32BigEndianFortran)
    #expect(integers.elementType == .int32 && integers.shape == [3, 4])
    #expect(try integers.int64s() == Array(cube[..<12]))
    let floats = try npy(NumPyFixture.float32BigEndian)
    #expect(floats.elementType == .float32)
    #expect(try floats.floats() == [1.5, -2.25])
    #expect(try floats.doubles() == [1.5, -2.25])
    let texts = try npy(NumPyFixture.unicodeBigEndianFortran)
    #expect(try texts.strings() == ["a", "bc", "d", ""])
  }

  @Test func widensIntegers() throws {
    #expect(try npy(NumPyFixture.int16).elementType == .int32)
    #expect(try npy(NumPyFixture.int16).int64s() == [-300, 7])
    #expect(try npy(NumPyFixture.uint8).elementType == .uint8)
    #expect(try npy(NumPyFixture.uint8).doubles() == [0, 255])
    #expect(try npy(NumPyFixture.uint64).int64s() == [7, .max])
    let error = #expect(throws: DataError.self) { try npy(NumPyFixture.uint64TooLarge) }
    #expect(error?.kind == .outOfRange && error?.location == "element 1")
    let flags = try npy(NumPyFixture.bool)
    #expect(flags.elementType == .bool)
    #expect(try flags.doubles() == [1, 0, 1])
    #expect(try flags.int64s() == [1, 0, 1])
  }

  @Test func readsTexts() throws {
    let array = try npy(NumPyFixture.unicode)
    #expect(array.elementType == .unicode)
    #expect(try array.strings() == ["AAPL", "é😀", ""])
    #expect(throws: DataError.self) { try array.doubles() }
    #expect(throws: DataError.self) { try array.floats() }
    #expect(throws: DataError.self) { try array.int64s() }
    #expect(try npy(NumPyFixture.byteTexts).strings() == ["ab", "c", ""])
    // A surrogate is no character, and no byte text is UTF-8 with a lone continuation byte.
    let surrogate = try npy(file(header("<U1", "(1,)"), [0, 0xD8, 0, 0]))
    #expect(throws: DataError.self) { try surrogate.strings() }
    let bad = try npy(file(header("|S1", "(1,)"), [0x80]))
    #expect(throws: DataError.self) { try bad.strings() }
  }

  @Test func readsTimes() throws {
    let day: Int64 = 86_400_000_000_000
    #expect(try npy(NumPyFixture.days).int64s() == [16447 * day, .min, -day])
    #expect(try npy(NumPyFixture.seconds).int64s() == [16447 * day + 3_723_000_000_000])
    #expect(try npy(NumPyFixture.nanoseconds).int64s() == [16447 * day + 3_723_000_000_001])
    let late = file(header("<M8[D]", "(1,)"), littleEndian(Int64(1_000_000)))
    let error = #expect(throws: DataError.self) { try npy(late) }
    #expect(error?.kind == .outOfRange)
  }

  @Test func readsSingleAndEmptyArrays() throws {
    let single = try npy(NumPyFixture.single)
    #expect(single.shape == [] && single.count == 1)
    #expect(try single.doubles() == [7])
    let empty = try npy(NumPyFixture.empty)
    #expect(empty.shape == [0, 3] && empty.count == 0)
    #expect(try empty.doubles() == [])
    #expect(try npy(NumPyFixture.version2).doubles() == [1, 2])
    #expect(try npy(NumPyFixture.version3).doubles() == [1, 2])
  }

  @Test func readsHeadersInAnySpelling() throws {
    let data = littleEndian(Int32(5))
    for text in [
      "{\"shape\":(1,),\"descr\":\"<i4\",\"fortran_order\":False}",
      "{'shape': (1L,), 'fortran_order': True, 'descr': '=i4'}   \n",
      " { 'descr' : '<i4' , 'fortran_order' : False , 'shape' : ( 1 ) , } ",
    ] {
      #expect(try npy(file(text, data)).int64s() == [5])
      #expect(try npy(file(text, data, version: 2)).int64s() == [5])
    }
  }

  @Test(
    arguments: [
      ([], .truncated, "too short"),
      (Array(NumPyFixture.float64[..<9]), .truncated, "too short"),
      (Array(NumPyFixture.float64[..<60]), .truncated, "header"),
      (NumPyFixture.float64.dropLast().map { $0 }, .truncated, "needs"),
      (NumPyFixture.float64 + [0], .malformed, "only"),
      (NumPyFixture.float64.flipped(0), .malformed, "not an npy"),
      (file(header("<f8", "()"), version: 4), .incompatible, "version 4"),
      (file("", version: 1), .malformed, "npy header"),
      (file("{}"), .malformed, "missing"),
      (file("{'descr': '<f8'}"), .malformed, "missing"),
      (file("{'descr': '<f8', 'descr': '<f8'}"), .malformed, "there twice"),
      (file("{'other': 1}"), .malformed, "unknown"),
      (file("{'descr': '<f8"), .malformed, "not closed"),
      (file("{'descr': 8}"), .malformed, "does not start a text"),
      (file("{'fortran_order': 1}"), .malformed, "neither"),
      (file("{'shape': (-1,)}"), .malformed, "no extent"),
      (file("{'shape': (99999999999999999999,)}"), .malformed, "too large"),
      (file("{'shape': (1 2)}"), .malformed, "byte"),
      (file(header("<f8", "(\(String(repeating: "1,", count: 65)))")), .malformed, "64 axes"),
      (file(header("<f8", "()") + "x"), .malformed, "follows"),
      (file(header("<f8", "(4611686018427387904, 4)")), .outOfRange, "too large"),
      (file(header("<f8", "(2305843009213693952,)")), .outOfRange, "too large"),
      (file(header("<f8", "(0, 4611686018427387904, 4)")), .outOfRange, "too large"),
      (file(header("<f8", "(1152921504606846900,)")), .truncated, "needs"),
      (file(header("<f8", "(2,)"), [0]), .truncated, "needs"),
      (file(header("<U0", "(4611686018427387904,)")), .malformed, "no bytes"),
      (file(header("<U999999999", "(9223372036854775807,)")), .outOfRange, "too large"),
      (file(header("<f8", "()"), version: 2, length: 0xFFFF_FFFF), .truncated, "header"),
      (NumPyFixture.structured, .wrongType, "structured"),
      (NumPyFixture.complex, .wrongType, "<c16"),
      (NumPyFixture.objects, .wrongType, "|O"),
      (NumPyFixture.half, .wrongType, "<f2"),
      (file(header("<m8[ns]", "()")), .wrongType, "<m8[ns]"),
      (file(header("<M8[M]", "()")), .wrongType, "<M8[M]"),
      (file(header("<M8[25s]", "()")), .wrongType, "<M8[25s]"),
      (file(header("f8", "()")), .wrongType, "f8"),
      (file(header("<f16", "()")), .wrongType, "<f16"),
      (file(header("<i3", "()")), .wrongType, "<i3"),
      (file(header("", "()")), .wrongType, "\"\""),
      (file(header("<U-1", "()")), .wrongType, "<U-1"),
    ] as [([UInt8], DataError.Kind, String)])
  func refuses(_ bytes: [UInt8], _ kind: DataError.Kind, _ mentions: String) throws {
    let error = #expect(throws: DataError.self) { try npy(bytes) }
    #expect(error?.kind == kind)
    #expect(error?.subject == "a.npy")
    #expect(error?.description.contains(mentions) == true, "\(String(describing: error))")
  }

  @Test func readsFiles() throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(npy: folder.file("a.npy", NumPyFixture.float64))
    #expect(array.shape == [2, 2])
    #expect(throws: DataError.self) { try NPYArray(npy: folder.path + "/b.npy") }
  }
}
