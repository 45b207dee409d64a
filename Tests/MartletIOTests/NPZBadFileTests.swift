import Martlet
import Testing

/// An entry of a zip file that is put together by hand; what is nil is as it should be.
private struct Member: CustomTestStringConvertible {
  var name = "x.npy"
  var localName: String?
  var packed = NumPyFixture.float64
  var signature: UInt32 = 0x0403_4B50
  var flags: UInt16 = 0
  var method: UInt16 = 0
  var checksum: UInt32?
  var packedSize: UInt32?
  var size: UInt32?
  var offset: UInt32?

  /// Not every byte.
  var testDescription: String { "\(name), \(packed.count) bytes" }
}

/// A zip file of these entries and what may be wrong with its end.
private func zip(
  _ members: [Member], directorySignature: UInt32 = 0x0201_4B50, count: UInt16? = nil,
  directorySize: UInt32? = nil, directoryStart: UInt32? = nil, beforeEnd: [UInt8] = []
) -> [UInt8] {
  var file: [UInt8] = []
  var directory: [UInt8] = []
  for member in members {
    let name = Array(member.name.utf8)
    let localName = Array((member.localName ?? member.name).utf8)
    let offset = member.offset ?? UInt32(file.count)
    let size = UInt32(member.packed.count)
    let common =
      littleEndian(member.flags) + littleEndian(member.method) + littleEndian(UInt32(0x21_0000))
      + littleEndian(member.checksum ?? referenceChecksum(member.packed))
      + littleEndian(member.packedSize ?? size) + littleEndian(member.size ?? size)
    file += littleEndian(member.signature) + littleEndian(UInt16(20)) + common
    file += littleEndian(UInt16(localName.count)) + [0, 0] + localName + member.packed
    directory += littleEndian(directorySignature) + littleEndian(UInt16(20))
    directory += littleEndian(UInt16(20)) + common + littleEndian(UInt16(name.count))
    directory += [UInt8](repeating: 0, count: 12) + littleEndian(offset) + name
  }
  let start = UInt32(file.count)
  let entries = littleEndian(count ?? UInt16(members.count))
  return file + directory + beforeEnd + littleEndian(UInt32(0x0605_4B50)) + [0, 0, 0, 0] + entries
    + entries + littleEndian(directorySize ?? UInt32(directory.count))
    + littleEndian(directoryStart ?? start) + [0, 0]
}

/// Bytes as one stored block of deflate.
private func deflated(_ bytes: [UInt8]) -> [UInt8] {
  [1] + littleEndian(UInt16(bytes.count)) + littleEndian(~UInt16(bytes.count)) + bytes
}

/// The locator of a zip64 end record at `place`.
private func locator(_ place: UInt64) -> [UInt8] {
  littleEndian(UInt32(0x0706_4B50)) + [0, 0, 0, 0] + littleEndian(place) + [1, 0, 0, 0]
}

@Suite("bad npz files")
struct NPZBadFileTests {
  private static let array = NumPyFixture.float64
  private static let packed = deflated(array)

  @Test func theirHandmadeFilesAreGoodOtherwise() throws {
    let file = try npz(
      zip([
        Member(),
        Member(
          name: "y.npy", packed: Self.packed, method: 8,
          checksum: referenceChecksum(Self.array), size: UInt32(Self.array.count)),
        Member(name: "readme.txt", packed: [1, 2, 3]),
        Member(name: "/etc/passwd.npy"), Member(name: "..\\..\\z.npy"), Member(name: ".npy"),
      ]))
    // Names are keys: one that climbs is looked up like any other, and nothing is written.
    #expect(file.names == ["x", "y", "/etc/passwd", "..\\..\\z", ""])
    for name in file.names {
      #expect(elementBytes(try file.array(name)) == Array(Self.array.suffix(32)))
    }
  }

  @Test(
    arguments: FileBytes.cases([
      ([], .malformed, "is not a zip file, or its end is missing"),
      ([UInt8](repeating: 0, count: 100), .malformed, "is not a zip file, or its end is missing"),
      (zip([Member()]).dropLast(), .malformed, "is not a zip file, or its end is missing"),
      (zip([Member()]) + [0], .malformed, "is not a zip file, or its end is missing"),
      (zip([Member()], count: 2), .malformed, "the zip directory does not fit the file"),
      (zip([Member()], directorySize: 400), .malformed, "the zip directory does not fit the file"),
      (
        zip([Member()], directoryStart: 0x7FFF_FFFF), .malformed,
        "the zip directory does not fit the file"
      ),
      (
        zip([Member()], directorySignature: 0x0201_4B51), .malformed,
        "entry 0 of the zip directory is damaged"
      ),
      (
        zip([Member(), Member()], count: 1, directorySize: 49), .malformed,
        "entry 0 of the zip directory is cut off"
      ),
      (zip([Member(), Member()]), .duplicate, "array x: is there twice"),
      (
        zip([Member()], count: 0xFFFF, beforeEnd: locator(3)), .malformed,
        "the zip64 end record is not where it should be"
      ),
      (
        zip([Member()], count: 0xFFFF, beforeEnd: locator(.max)), .malformed,
        "the zip file holds an absurd size"
      ),
      (
        zip([Member()], count: 0xFFFF, beforeEnd: locator(1 << 40)), .truncated,
        "the zip file is cut off"
      ),
    ]))
  func areNotOpened(_ bytes: FileBytes, _ kind: DataError.Kind, _ problem: String) {
    let error = #expect(throws: DataError.self) { try npz(bytes.all) }
    #expect(error?.kind == kind)
    #expect(error?.description == "a.npz: " + problem)
  }

  @Test(
    arguments: [
      (Member(flags: 1), .incompatible, "is encrypted"),
      (
        Member(method: 12), .incompatible,
        "is compressed by method 12; stored and deflated arrays can be read"
      ),
      (Member(size: 161), .malformed, "is stored, but its two sizes differ"),
      (Member(checksum: 0), .malformed, "is damaged: its checksum is wrong"),
      (
        Member(signature: 0x0403_4B51), .malformed,
        "does not start where the zip directory says"
      ),
      (Member(offset: 1), .malformed, "does not start where the zip directory says"),
      (Member(offset: 0x7FFF_FFFF), .truncated, "the zip file is cut off"),
      (Member(localName: "z.npy"), .malformed, "has another name in the zip directory"),
      (
        Member(packedSize: 0x7FFF_FFFF, size: 0x7FFF_FFFF), .truncated,
        "reaches beyond the end of the file"
      ),
      (
        Member(packedSize: 161, size: 161), .malformed,
        "reaches into what follows it in the file"
      ),
      (
        Member(packed: packed, method: 8, size: 0x7FFF_FFFF), .malformed,
        "claims a size that its bytes cannot inflate to"
      ),
      (
        Member(packed: packed, method: 8, size: 159), .malformed,
        "does not inflate to exactly 159 bytes"
      ),
      (
        Member(packed: packed, method: 8, size: 161), .malformed,
        "inflates to 160 bytes, not to 161"
      ),
      (
        Member(packed: packed + [0], method: 8, size: 160), .malformed,
        "inflates to 160 bytes, not to 160"
      ),
      (
        Member(packed: packed.dropLast(), method: 8, size: 160), .malformed,
        "does not inflate to exactly 160 bytes"
      ),
      (
        Member(packed: packed.flipped(3), method: 8, size: 160), .malformed,
        "the deflated bytes are damaged: invalid stored block lengths"
      ),
      (
        Member(packed: packed, method: 8, size: 160), .malformed,
        "is damaged: its checksum is wrong"
      ),
      (Member(packed: [1, 2, 3]), .truncated, "is too short for an npy array"),
      (
        Member(packed: array + [0]), .malformed,
        "has 161 bytes, its shape [2, 2] needs only 160"
      ),
      (
        Member(packed: NumPyFixture.objects), .wrongType,
        "has elements of the type \"|O\", which cannot be read; numbers up to 64 bits, booleans, "
          + "complex numbers, texts and datetime64 can"
      ),
    ] as [(Member, DataError.Kind, String)])
  fileprivate func arrayIsRefused(_ member: Member, _ kind: DataError.Kind, _ problem: String)
    throws
  {
    let file = try npz(zip([member, Member(name: "y.npy")]))
    let error = #expect(throws: DataError.self) { try file.array("x") }
    #expect(error?.kind == kind)
    #expect(error?.description == "a.npz: array x: " + problem)
    // The other one is as good as before.
    #expect(try file.array("y").shape == [2, 2])
  }

  /// Many entries over the same bytes would unpack to far more than the file holds.
  @Test func doNotShareBytes() throws {
    var second = Member(name: "y.npy")
    second.offset = 0
    let file = try npz(zip([Member(), second]))
    let shared = file.names.filter { (try? file.array($0)) != nil }
    #expect(shared.count < 2)
  }
}
