import Martlet
import TestSupport
import Testing

@testable import MartletIO

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

/// The message about elements of this type.
private func unreadable(_ descr: String) -> String {
  "has elements of the type \"\(descr)\", which cannot be read; numbers up to 64 bits, booleans, "
    + "complex numbers, texts and datetime64 can"
}

/// Reads the texts of an npy file.
private func texts(_ bytes: [UInt8]) throws(DataError) -> [String] {
  try bytes.withUnsafeBytesThrowing { raw throws(DataError) in
    try NPYFile(raw, name: "a.npy").texts()
  }
}

@Suite("npy files")
struct NPYTests {
  @Test func thereAreFixtures() throws { #expect(try ArrayFixture.all.get().npy.count == 97) }

  @Test(arguments: ArrayFixture.npy)
  func areReadAsNumPyReadsThem(_ test: ArrayCase) throws {
    let array = try npy(test.file.bytes)
    #expect(array.dtype == test.dtype)
    #expect(array.shape == test.shape)
    #expect(elementBytes(array) == test.elements.bytes)
  }

  @Test(arguments: ArrayFixture.npy)
  func areMappedOrRefused(_ test: ArrayCase) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.npy", test.file.bytes)
    let header = String(decoding: test.file.bytes.prefix(60), as: UTF8.self)
    let isElement = ["f4", "f8", "i4", "i8", "u1", "b1", "c8", "c16", "M8[ns]"].contains {
      header.contains("<\($0)'") || header.contains("|\($0)'")
    }
    guard isElement else {
      let error = #expect(throws: DataError.self) { try NDArray(mappedNPY: path) }
      #expect(error?.kind == .incompatible)
      #expect(error?.problem.contains("cannot be mapped: its elements are") == true)
      return
    }
    let array = try NDArray(mappedNPY: path)
    #expect(array.dtype == test.dtype && array.shape == test.shape)
    #expect(elementBytes(array) == test.elements.bytes)
  }

  @Test(arguments: ArrayFixture.npy.filter(\.isWritten))
  func areWrittenAsNumPyWritesThem(_ test: ArrayCase) throws {
    // Fortran order is kept, so that what was read is written again.
    let array = try npy(test.file.bytes)
    #expect(try array.npyBytes() == test.file.bytes)
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npy"
    try array.write(npy: path)
    #expect(try folder.contents("a.npy") == test.file.bytes)
    #expect(folder.names == ["a.npy"])
    #expect(elementBytes(try NDArray(npy: path)) == test.elements.bytes)
  }

  /// What is neither row-major nor in Fortran order, and what is not computed yet.
  @Test func areWrittenOfViewsAndLazyArrays() throws {
    let array = NDArray((0..<24).map(Double.init), shape: [4, 6])
    let strided = array[.slice(step: 2), .slice(step: -3)]
    #expect(strided.strides == [12, -3])
    let file = try #require(ArrayFixture.npy.first { $0.name == "strided" })
    #expect(try strided.npyBytes() == file.file.bytes)
    #expect(try (strided + 1 - 1).npyBytes() == file.file.bytes)
    let transposed = try npy(strided.transposed().npyBytes())
    #expect(transposed.shape == [2, 2] && transposed.doubles == [5, 17, 2, 14])
    let repeated = try npy(NDArray([1.0, 2]).broadcast(to: [3, 2]).npyBytes())
    #expect(repeated.doubles == [1, 2, 1, 2, 1, 2])
    // A transposed array lies in Fortran order and is not copied.
    let turned = array.transposed()
    let bytes = try turned.npyBytes()
    #expect(String(decoding: bytes.prefix(70), as: UTF8.self).contains("'fortran_order': True"))
    #expect(Array(bytes.suffix(192)) == elementBytes(array))
    #expect(try npy(bytes).doubles == turned.doubles)
    let deep = NDArray([1.0]).reshaped([Int](repeating: 1, count: 65))
    let error = #expect(throws: DataError.self) { try deep.npyBytes() }
    #expect(error?.description == "npy: an array of 65 axes; npy files hold up to 64")
  }

  @Test func readsHalfPrecision() throws {
    #if !(os(macOS) && arch(x86_64))
      for bits in UInt16.min ... .max {
        let expected = Float(Float16(bitPattern: bits))
        let found = float(half: bits)
        #expect(expected.isNaN ? found.isNaN : found.bitPattern == expected.bitPattern)
      }
    #endif
    #expect(float(half: 0x7E01).bitPattern == 0x7FC0_2000)
  }

  @Test func takesFortranOrderAsStrides() throws {
    let cube = try npy(NumPyFixture.int64Fortran)
    #expect(cube.strides == [1, 2, 6])
    #expect(cube.elements(as: Int.self) == Array(0..<24))
    let folder = try TemporaryFolder()
    let mapped = try NDArray(mappedNPY: folder.file("a.npy", NumPyFixture.int64Fortran))
    #expect(mapped.strides == [1, 2, 6])
    #expect((mapped + 1).elements(as: Int.self) == Array(1...24))
  }

  /// The array keeps the file, whatever happens to its name.
  @Test func staysMapped() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npy"
    let values = (0..<100_000).map { Double($0) }
    try NDArray(values).write(npy: path)
    let mapped = try NDArray(mappedNPY: path)
    let read = try NDArray(npy: path)
    try NDArray([1.0]).write(npy: path)
    #expect(mapped.doubles == values && read.doubles == values)
    #expect(mapped[.slice(step: 99_999)].doubles == [0, 99_999])
    #expect(try NDArray(npy: path).doubles == [1])
    // What is computed from it does not write to it.
    let next = mapped + 1
    #expect(next.doubles[99_999] == 100_000 && mapped.doubles == values)
  }

  @Test func takesBoolsBesidesZeroAndOneAsTrue() throws {
    let bytes = file(header("|b1", "(3,)"), [0, 1, 2])
    #expect(elementBytes(try npy(bytes)) == [0, 1, 1])
    let folder = try TemporaryFolder()
    let path = try folder.file("a.npy", bytes)
    let error = #expect(throws: DataError.self) { try NDArray(mappedNPY: path) }
    #expect(
      error?.description
        == "\(path): cannot be mapped: it holds bools besides 0 and 1; read it instead")
  }

  @Test func refusesToMapWhatIsNotAligned() throws {
    let folder = try TemporaryFolder()
    let bytes = file(header("<f8", "(1,)") + " ", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    try #require((bytes.count - 8) % 8 != 0)
    let path = try folder.file("a.npy", bytes)
    #expect(try NDArray(npy: path).doubles == [1])
    let error = #expect(throws: DataError.self) { try NDArray(mappedNPY: path) }
    #expect(error?.kind == .incompatible)
    #expect(error?.problem.contains("do not lie at multiples of their size") == true)
  }

  @Test func readsIntegersThatFit() throws {
    #expect(try npy(NumPyFixture.uint64).elements(as: Int64.self) == [7, .max])
    let error = #expect(throws: DataError.self) { try npy(NumPyFixture.uint64TooLarge) }
    #expect(
      error?.description == "a.npy: element 1: 9223372036854775808 does not fit 64 signed bits")
  }

  @Test func readsTexts() throws {
    #expect(try texts(NumPyFixture.unicode) == ["AAPL", "é😀", ""])
    #expect(try texts(NumPyFixture.byteTexts) == ["ab", "c", ""])
    #expect(try texts(NumPyFixture.unicodeBigEndianFortran) == ["a", "bc", "d", ""])
    let error = #expect(throws: DataError.self) { try texts(NumPyFixture.float64) }
    #expect(error?.description == "a.npy: holds float64 elements, not texts")
    // A surrogate is no character, and no byte text is UTF-8 with a lone continuation byte.
    for bytes in [
      file(header("<U1", "(1,)"), [0, 0xD8, 0, 0]), file(header("|S1", "(1,)"), [0x80]),
    ] {
      let error = #expect(throws: DataError.self) { try texts(bytes) }
      #expect(error?.description == "a.npy: element 0: is not Unicode text")
    }
  }

  @Test func readsTimes() throws {
    let day: Int64 = 86_400_000_000_000
    func times(_ bytes: [UInt8]) throws -> [Int64] { try npy(bytes).elements() }
    #expect(try times(NumPyFixture.days) == [16447 * day, .min, -day])
    #expect(try times(NumPyFixture.seconds) == [16447 * day + 3_723_000_000_000])
    #expect(try times(NumPyFixture.nanoseconds) == [16447 * day + 3_723_000_000_001])
    let late = file(header("<M8[D]", "(1,)"), littleEndian(Int64(1_000_000)))
    let error = #expect(throws: DataError.self) { try npy(late) }
    #expect(error?.kind == .outOfRange)
    #expect(
      error?.description == "a.npy: element 0: the time does not fit 64 bits of nanoseconds")
  }

  @Test func readsHeadersInAnySpelling() throws {
    let data = littleEndian(Int32(5))
    for text in [
      "{\"shape\":(1,),\"descr\":\"<i4\",\"fortran_order\":False}",
      "{'shape': (1L,), 'fortran_order': True, 'descr': '=i4'}   \n",
      " { 'descr' : '<i4' , 'fortran_order' : False , 'shape' : ( 1 ) , } ",
    ] {
      #expect(try npy(file(text, data)).elements(as: Int32.self) == [5])
      #expect(try npy(file(text, data, version: 2)).elements(as: Int32.self) == [5])
    }
  }

  @Test(
    arguments: FileBytes.cases([
      ([], .truncated, "is too short for an npy array"),
      (Array(NumPyFixture.float64[..<9]), .truncated, "is too short for an npy array"),
      (Array(NumPyFixture.float64[..<60]), .truncated, "ends inside of the npy header"),
      (
        NumPyFixture.float64.dropLast().map { $0 }, .truncated,
        "has 159 bytes, its shape [2, 2] needs 160"
      ),
      (NumPyFixture.float64 + [0], .malformed, "has 161 bytes, its shape [2, 2] needs only 160"),
      (
        NumPyFixture.float64.flipped(0), .malformed,
        "is not an npy array: its first bytes are wrong"
      ),
      (
        file(header("<f8", "()"), version: 4), .incompatible,
        "has npy version 4; versions 1, 2 and 3 are known"
      ),
      (file("", version: 1), .malformed, "npy header: byte 0 is not {"),
      (file("{}"), .malformed, "npy header: descr, fortran_order or shape is missing"),
      (
        file("{'descr': '<f8'}"), .malformed, "npy header: descr, fortran_order or shape is missing"
      ),
      (
        file("{'descr': '<f8', 'descr': '<f8'}"), .malformed,
        "npy header: the key \"descr\" is unknown or there twice"
      ),
      (file("{'other': 1}"), .malformed, "npy header: the key \"other\" is unknown or there twice"),
      (file("{'descr': '<f8"), .malformed, "npy header: a text is not closed"),
      (file("{'descr': 8}"), .malformed, "npy header: byte 10 does not start a text"),
      (
        file("{'fortran_order': 1}"), .malformed,
        "npy header: fortran_order is neither True nor False"
      ),
      (
        file("{'shape': (-1,)}"), .malformed,
        "npy header: the shape holds something that is no extent"
      ),
      (
        file("{'shape': (99999999999999999999,)}"), .malformed, "npy header: an extent is too large"
      ),
      (file("{'shape': (1 2)}"), .malformed, "npy header: byte 13 is not )"),
      (
        file(header("<f8", "(\(String(repeating: "1,", count: 65)))")), .malformed,
        "npy header: the shape has more than 64 axes"
      ),
      (file(header("<f8", "()") + "x"), .malformed, "npy header: text follows the dictionary"),
      (
        file(header("<f8", "(4611686018427387904, 4)")), .outOfRange,
        "has a shape too large for any memory: [4611686018427387904, 4]"
      ),
      (
        file(header("<f8", "(2305843009213693952,)")), .outOfRange,
        "has a shape too large for any memory: [2305843009213693952]"
      ),
      (
        file(header("<f8", "(0, 4611686018427387904, 4)")), .outOfRange,
        "has a shape too large for any memory: [0, 4611686018427387904, 4]"
      ),
      (
        file(header("<f8", "(144115188075855872,)")), .truncated,
        "has 85 bytes, its shape [144115188075855872] needs 1152921504606847061"
      ),
      (file(header("<f8", "(2,)"), [0]), .truncated, "has 69 bytes, its shape [2] needs 84"),
      (file(header("<U0", "(4,)")), .malformed, "has elements of no bytes"),
      (
        file(header("<U999999999", "(9223372036854775807,)")), .outOfRange,
        "has a shape too large for any memory: [9223372036854775807]"
      ),
      (
        file(header("<f8", "()"), version: 2, length: 0xFFFF_FFFF), .truncated,
        "ends inside of the npy header"
      ),
      (NumPyFixture.structured, .wrongType, "has structured elements, which cannot be read"),
      (NumPyFixture.unicode, .wrongType, "holds texts, not numbers"),
      (NumPyFixture.byteTexts, .wrongType, "holds texts, not numbers"),
      (NumPyFixture.objects, .wrongType, unreadable("|O")),
      (file(header("<m8[ns]", "()")), .wrongType, unreadable("<m8[ns]")),
      (file(header("<M8[M]", "()")), .wrongType, unreadable("<M8[M]")),
      (file(header("<M8[25s]", "()")), .wrongType, unreadable("<M8[25s]")),
      (file(header("f8", "()")), .wrongType, unreadable("f8")),
      (file(header("<f16", "()")), .wrongType, unreadable("<f16")),
      (file(header("<i3", "()")), .wrongType, unreadable("<i3")),
      (file(header("<c32", "()")), .wrongType, unreadable("<c32")),
      (file(header("|V8", "()")), .wrongType, unreadable("|V8")),
      (file(header("|V1", "()")), .wrongType, unreadable("|V1")),
      (file(header("<b2", "()")), .wrongType, unreadable("<b2")),
      (file(header("<f08", "()")), .wrongType, unreadable("<f08")),
      (
        file(header("<f8", "(288230376151711744,)")), .outOfRange,
        "has a shape too large for any memory: [288230376151711744]"
      ),
      (
        file(header("<f8", "(0, 288230376151711744)")), .outOfRange,
        "has a shape too large for any memory: [0, 288230376151711744]"
      ),
      (
        NumPyFixture.float64.prefix(128) + [], .truncated,
        "has 128 bytes, its shape [2, 2] needs 160"
      ),
      (file(header("", "()")), .wrongType, unreadable("")),
      (file(header("<U-1", "()")), .wrongType, unreadable("<U-1")),
    ]))
  func refuses(_ bytes: FileBytes, _ kind: DataError.Kind, _ problem: String) throws {
    let error = #expect(throws: DataError.self) { try npy(bytes.all) }
    #expect(error?.kind == kind)
    #expect(error?.subject == "a.npy")
    #expect(error?.description == "a.npy: " + problem)
  }

  @Test func readsFiles() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.npy", NumPyFixture.float64)
    #expect(try NDArray(npy: path).shape == [2, 2])
    for path in [folder.path + "/b.npy", folder.path, try folder.file("c.npy", [])] {
      #expect(throws: DataError.self) { try NDArray(npy: path) }
      #expect(throws: DataError.self) { try NDArray(mappedNPY: path) }
    }
    // What cannot be written leaves nothing behind, and what was there.
    #expect(throws: DataError.self) { try NDArray([1.0]).write(npy: folder.path + "/no/a.npy") }
    #expect(throws: DataError.self) { try NDArray([1.0]).write(npy: folder.path) }
    #expect(try folder.contents("a.npy") == NumPyFixture.float64)
    #expect(folder.names == ["a.npy", "c.npy"])
  }
}
