import Martlet
import TestSupport
import Testing

/// A safetensors file of this header and so many bytes of tensors.
private func file(_ header: String, _ count: Int = 0, length: UInt64? = nil) -> [UInt8] {
  littleEndian(length ?? UInt64(header.utf8.count)) + header.utf8
    + (0..<count).map { UInt8(truncatingIfNeeded: $0) }
}

/// A member of a header.
private func tensor(
  _ name: String, _ type: String, _ shape: String, _ offsets: String, _ more: String = ""
) -> String {
  "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)\(more)}"
}

private func open(_ bytes: [UInt8]) throws(DataError) -> SafetensorsFile {
  try SafetensorsFile(bytes: bytes, name: "a.st")
}

@Suite("safetensors files")
struct SafetensorsTests {
  @Test(arguments: [true, false])
  func areRead(isAligned: Bool) throws {
    let fixture = try ArrayFixture.all.get()
    let bytes = (isAligned ? fixture.safetensors : fixture.unalignedSafetensors).bytes
    let folder = try TemporaryFolder()
    for file in [
      try open(bytes), try SafetensorsFile(path: folder.file("a.safetensors", bytes)),
    ] {
      #expect(Set(file.names) == Set(fixture.tensors.map(\.name)))
      for tensor in fixture.tensors {
        let array = try file.array(tensor.name)
        #expect(array.dtype == tensor.dtype && array.shape == tensor.shape, "\(tensor.name)")
        #expect(file.shape(of: tensor.name) == tensor.shape && file.contains(tensor.name))
        #expect(elementBytes(array) == tensor.elements.bytes, "\(tensor.name)")
      }
      #expect(!file.contains("other") && file.shape(of: "other") == nil)
    }
  }

  @Test func holdMetadata() throws {
    let fixture = try ArrayFixture.all.get()
    let file = try open(fixture.safetensors.bytes)
    #expect(file.metadata == ["format": "np", "made": "é by hand"])
    #expect(try open(fixture.unalignedSafetensors.bytes).metadata == [:])
    // The order is that of the bytes.
    #expect(file.names.first == "t.F64" && file.names.last == "empty")
    #expect(try open(MartletIOTests.file("{}")).names == [])
    #expect(try open(MartletIOTests.file("{\"__metadata__\":{}}   ")).metadata == [:])
  }

  /// The array outlives the file's object and its name.
  @Test func stayMapped() throws {
    let folder = try TemporaryFolder()
    let header = "{" + tensor("x", "F32", "[2,3]", "[0,24]") + "}  "
    let path = try folder.file("a.st", MartletIOTests.file(header, 24))
    func mapped() throws -> NDArray { try SafetensorsFile(path: path).array("x") }
    let array = try mapped()
    _ = try folder.file("b.st", [])
    #expect(elementBytes(array) == (0..<24).map { UInt8($0) })
    #expect((array * 0).doubles == [0, 0, 0, 0, 0, 0])
  }

  @Test func sayWhatIsNotThere() throws {
    let header =
      "{" + tensor("weight", "F32", "[1]", "[0,4]") + ","
      + tensor("odd", "F8_E4M3", "[4]", "[4,8]") + "}"
    let file = try open(MartletIOTests.file(header, 8))
    let missing = #expect(throws: DataError.self) { try file.array("weigth") }
    #expect(missing?.kind == .missing)
    #expect(
      missing?.description
        == "a.st: tensor weigth: is not there; there are: weight, odd; did you mean weight?")
    let odd = #expect(throws: DataError.self) { try file.array("odd") }
    #expect(odd?.kind == .wrongType)
    #expect(
      odd?.description
        == "a.st: tensor odd: has elements of the type \"F8_E4M3\", which cannot be read; F64 F32 "
        + "F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL C64 can")
    #expect(file.shape(of: "odd") == [4])
    let large = try open(
      MartletIOTests.file("{" + tensor("x", "U64", "[1]", "[0,8]") + "}") + littleEndian(UInt64.max)
    )
    let error = #expect(throws: DataError.self) { try large.array("x") }
    #expect(error?.kind == .outOfRange)
    #expect(
      error?.description
        == "a.st: tensor x: element 0: 18446744073709551615 does not fit 64 signed bits")
    #expect(throws: DataError.self) { try SafetensorsFile(path: "/nowhere/a.st") }
  }

  private static let two = tensor("a", "U8", "[4]", "[0,4]")

  @Test(
    arguments: FileBytes.cases([
      ([], .truncated, "is too short for a safetensors file"),
      ([1, 2, 3, 4, 5, 6, 7], .truncated, "is too short for a safetensors file"),
      (
        file("{}", length: 1 << 63), .malformed,
        "is no safetensors file: its header of 9223372036854775808 bytes is longer than 100000000"
      ),
      (file("{}", length: 3), .truncated, "ends inside of the header of 3 bytes"),
      (file(""), .malformed, "is no safetensors file: its header is no JSON object"),
      (file("[]"), .malformed, "is no safetensors file: its header is no JSON object"),
      (file(" {}"), .malformed, "is no safetensors file: its header is no JSON object"),
      (file("{"), .truncated, "line 1, column 2: the end; expected a name in quotation marks"),
      (file("{}x"), .malformed, "line 1, column 3: \"x\"; expected the end"),
      (
        file("{\(two),\(two)}", 4), .duplicate,
        "line 1, column 54: the name \"a\" is there twice"
      ),
      (
        file("{\"a\":\(String(repeating: "[", count: 200))}"), .outOfRange,
        "line 1, column 133: more than 128 levels of arrays and objects"
      ),
      (
        file("{\"__metadata__\":[]}"), .wrongType, "__metadata__: an array; expected an object"
      ),
      (
        file("{\"__metadata__\":{\"n\":1}}"), .wrongType,
        "__metadata__: n: a number; expected a text"
      ),
      (file("{\"a\":1}"), .wrongType, "tensor a: a number; expected an object"),
      (file("{\"a\":{}}"), .missing, "tensor a: no member dtype"),
      (file("{\"a\":{\"dtype\":\"U8\"}}"), .missing, "tensor a: no member shape"),
      (
        file("{\"a\":{\"dtype\":\"U8\",\"shape\":[]}}"), .missing,
        "tensor a: no member data_offsets"
      ),
      (
        file("{\"a\":{\"dtype\":8,\"shape\":[],\"data_offsets\":[0,1]}}", 1), .wrongType,
        "tensor a: dtype: a number; expected a text"
      ),
      (
        file("{" + tensor("a", "U8", "[1]", "[0,1]", ",\"shpe\":1") + "}", 1), .unknownName,
        "tensor a: no member shpe is known; did you mean shape?"
      ),
      (
        file("{" + tensor("a", "U8", "4", "[0,4]") + "}", 4), .wrongType,
        "tensor a: shape: a number; expected an array"
      ),
      (
        file("{" + tensor("a", "U8", "[-4]", "[0,4]") + "}", 4), .outOfRange,
        "tensor a: shape[0]: -4.0; expected a whole number 0…9007199254740992"
      ),
      (
        file("{" + tensor("a", "U8", "[2,1.5]", "[0,3]") + "}", 3), .outOfRange,
        "tensor a: shape[1]: 1.5; expected a whole number 0…9007199254740992"
      ),
      (
        file("{" + tensor("a", "U8", "[1e300]", "[0,3]") + "}", 3), .outOfRange,
        "tensor a: shape[0]: 1e+300; expected a whole number 0…9007199254740992"
      ),
      (
        file("{" + tensor("a", "U8", "[4294967296,4294967296]", "[0,0]") + "}"), .outOfRange,
        "tensor a: has a shape too large for any memory: [4294967296, 4294967296]"
      ),
      (
        file("{" + tensor("a", "U8", "[0,4294967296,4294967296]", "[0,0]") + "}"), .outOfRange,
        "tensor a: has a shape too large for any memory: [0, 4294967296, 4294967296]"
      ),
      (
        file("{" + tensor("a", "F64", "[4503599627370496,32]", "[0,0]") + "}"), .malformed,
        "tensor a: has 0 bytes; the shape [4503599627370496, 32] of F64 needs 1152921504606846976"
      ),
      (
        file("{" + tensor("a", "U8", "[4]", "[0]") + "}", 4), .malformed,
        "tensor a: data_offsets: 1 numbers; expected where it starts and ends"
      ),
      (
        file("{" + tensor("a", "U8", "[4]", "[0,4,8]") + "}", 4), .malformed,
        "tensor a: data_offsets: 3 numbers; expected where it starts and ends"
      ),
      (
        file("{" + tensor("a", "U8", "[4]", "[-1,3]") + "}", 4), .outOfRange,
        "tensor a: data_offsets[0]: -1.0; expected a whole number 0…9007199254740992"
      ),
      (
        file("{" + tensor("a", "U8", "[4]", "[4,0]") + "}", 4), .malformed,
        "tensor a: data_offsets: ends at 0, before 4"
      ),
      (
        file("{" + tensor("a", "U8", "[5]", "[0,5]") + "}", 4), .truncated,
        "tensor a: data_offsets: ends at 5; the file has 4 bytes of tensors"
      ),
      (
        file("{" + tensor("a", "F32", "[2]", "[0,4]") + "}", 4), .malformed,
        "tensor a: has 4 bytes; the shape [2] of F32 needs 8"
      ),
      (
        file("{" + tensor("a", "F32", "[]", "[0,0]") + "}"), .malformed,
        "tensor a: has 0 bytes; the shape [] of F32 needs 4"
      ),
      (
        file("{\(two)," + tensor("b", "U8", "[4]", "[2,6]") + "}", 6), .malformed,
        "tensor b: starts at 2 and overlaps the tensor before it, which ends at 4"
      ),
      (
        file("{\(two)," + tensor("b", "U8", "[4]", "[0,4]") + "}", 4), .malformed,
        "tensor b: starts at 0 and overlaps the tensor before it, which ends at 4"
      ),
      (
        file("{\(two)," + tensor("b", "U8", "[4]", "[5,9]") + "}", 9), .malformed,
        "tensor b: starts at 5 and leaves a hole behind the tensor before it, which ends at 4"
      ),
      (file("{\(two)}", 5), .malformed, "has 5 bytes of tensors; its header describes 4"),
      (file("{}", 1), .malformed, "has 1 bytes of tensors; its header describes 0"),
    ]))
  func areRefused(_ bytes: FileBytes, _ kind: DataError.Kind, _ problem: String) {
    let error = #expect(throws: DataError.self) { try open(bytes.all) }
    #expect(error?.kind == kind)
    #expect(error?.description == "a.st: " + problem)
  }

  /// Whatever is cut off or flipped: tensors or an error.
  @Test func surviveDamage() throws {
    let bytes = MartletIOTests.file(
      "{\(Self.two)," + tensor("b", "F16", "[2,0]", "[4,4]") + ","
        + tensor("c", "BOOL", "[2]", "[4,6]") + ",\"__metadata__\":{\"k\":\"v\"}}", 6)
    _ = try open(bytes)
    for place in bytes.indices {
      var damaged = [bytes[..<place].map { $0 }]
      for value: UInt8 in [0, 0x22, 0x30, 0x39, 0x7D, 0xFF] {
        var copy = bytes
        copy[place] = value
        damaged.append(copy)
      }
      for bytes in damaged {
        guard let file = try? open(bytes) else { continue }
        for name in file.names { _ = (try? file.array(name))?.doubles }
      }
    }
  }
}
