import Martlet
import TestSupport
import Testing

@testable import MartletIO

@Suite("npz files")
struct NPZTests {
  private static let arrays: [(name: String, array: NDArray)] = [
    ("close", NDArray([1.5, -.infinity, .nan, 4, 5, 6], shape: [2, 3])),
    ("macd.signal", NDArray([0.25, -1] as [Float])),
    ("time", NDArray([.min, -1, .max] as [Int64], shape: [3, 1])),
    ("flags", NDArray([true, false])),
    ("waves", NDArray([Complex(1.0, -2)])),
    ("single", NDArray(7.0)),
    ("empty", NDArray([Double](), shape: [0, 5])),
    ("turned", NDArray([1, 2, 3, 4, 5, 6] as [Int32], shape: [2, 3]).transposed()),
    ("../../climbing", NDArray([1] as [UInt8])),
  ]

  private static func expectArrays(_ file: NPZFile) throws {
    #expect(file.names == arrays.map(\.name))
    for (name, array) in arrays {
      let found = try file.array(name)
      #expect(found.shape == array.shape && found.dtype == array.dtype, "\(name)")
      #expect(elementBytes(found) == elementBytes(array), "\(name)")
    }
  }

  @Test(arguments: [false, true])
  func comeBack(_ compressed: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npz"
    try NDArray.write(npz: path, Self.arrays, compressed: compressed)
    try Self.expectArrays(NPZFile(path: path))
    #expect(folder.names == ["a.npz"])
    // In memory it is the same file.
    let bytes = try NDArray.npzBytes(Self.arrays, compressed: compressed)
    #expect(try folder.contents("a.npz") == bytes)
    try Self.expectArrays(npz(bytes))
  }

  /// Every number of the directory in 64 bits, as in files of more than 4 GB.
  @Test(arguments: [0, 1, 200])
  func comeBackWithWideSizes(_ wideFrom: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npz"
    var writer = try NPZWriter(path: path, compressed: false, wideFrom: wideFrom)
    for (name, array) in Self.arrays { try writer.write(name, array) }
    try writer.finish()
    try Self.expectArrays(NPZFile(path: path))
  }

  @Test(arguments: [false, true])
  func holdTexts(_ compressed: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npz"
    var writer = try NPZWriter(path: path, compressed: compressed)
    try writer.write("symbols", ["", "AAPL", "é😀", "B"], shape: [2, 2])
    try writer.write("none", [String]())
    let error = #expect(throws: DataError.self) { try writer.write("x", ["A"], shape: [2]) }
    #expect(error?.description == "\(path): array x: 1 texts do not fill the shape [2]")
    try writer.finish()
    let file = try NPZFile(path: path)
    #expect(file.names == ["symbols", "none"])
    #expect(try file.strings("symbols") == ["", "AAPL", "é😀", "B"])
    #expect(try file.strings("none") == [])
    let numbers = #expect(throws: DataError.self) { try file.array("symbols") }
    #expect(numbers?.kind == .wrongType)
  }

  /// `np.savez(file, close=…, symbols=…)` byte by byte.
  @Test func areWrittenAsNumPyWritesThem() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npz"
    var writer = try NPZWriter(path: path)
    try writer.write("close", NDArray([1.0, 2], shape: [1, 2]))
    try writer.write("symbols", ["A"])
    try writer.finish()
    #expect(try folder.contents("a.npz") == NumPyFixture.stored)
  }

  @Test func areReadFromNumPy() throws {
    let stored = try npz(NumPyFixture.stored)
    #expect(stored.names == ["close", "symbols"])
    #expect(try stored.array("close").doubles == [1, 2])
    #expect(try stored.strings("symbols") == ["A"])
    #expect(stored.contains("close") && !stored.contains("open"))
    let deflated = try npz(NumPyFixture.deflated)
    #expect(try deflated.array("close").doubles == [Double](repeating: 0, count: 100))
    #expect(try deflated.strings("symbols") == ["A", "BC"])
  }

  @Test(arguments: [false, true])
  func takeArraysInPieces(_ compressed: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npz"
    let count = 100_000
    var generator = SplitMix(state: 3)
    let values = (0..<count).map { _ in Double(generator.next() % 1000) / 10 }
    var writer = try NPZWriter(path: path, compressed: compressed)
    try writer.write("x", dtype: .float64, shape: [2, count / 2]) { sink throws(DataError) in
      var start = 0
      var size = 1
      while start < count {
        let end = min(count, start + size)
        var failure: DataError?
        values[start..<end].withUnsafeBytes { raw in
          do throws(DataError) { try sink.write(raw) } catch { failure = error }
        }
        if let failure { throw failure }
        start = end
        size = size * 2 + 1
      }
    }
    try writer.write("flags", NDArray([false, true]))
    try writer.finish()
    let file = try NPZFile(path: path)
    #expect(try file.array("x").doubles == values)
    #expect(try file.array("flags").elements(as: Bool.self) == [false, true])
  }

  @Test func areWholeOrNotThere() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npz"
    func abandon() throws {
      var writer = try NPZWriter(path: path)
      try writer.write("x", NDArray([1.0]))
      // Nothing where the file system has files without names.
      #expect(folder.names == [] || folder.names == ["a.npz.martlet-0.tmp"])
    }
    try abandon()
    #expect(folder.names == [])

    let one = NDArray([1.0])
    try NDArray.write(npz: path, [("x", one)])
    let before = try folder.contents("a.npz")
    let duplicate = #expect(throws: DataError.self) {
      try NDArray.write(npz: path, [("x", one), ("x", one)])
    }
    #expect(duplicate?.kind == .duplicate)
    #expect(duplicate?.description == "\(path): array x: was written before")
    for shape in [[2], [-1], [.max, .max], [Int](repeating: 1, count: 65)] {
      var writer = try NPZWriter(path: path)
      let error = #expect(throws: DataError.self) {
        try writer.write("x", dtype: .float64, shape: shape) { sink throws(DataError) in }
      }
      #expect(error?.kind == .wrongShape)
    }
    #expect(throws: DataError.self) {
      try NDArray.write(npz: path, [(String(repeating: "x", count: 65532), one)])
    }
    #expect(throws: DataError.self) {
      try NDArray.write(npz: folder.path + "/no/a.npz", [("x", one)])
    }
    #expect(throws: DataError.self) { try NDArray.write(npz: folder.path, []) }
    #expect(throws: DataError.self) { try NDArray.write(npz: "/dev/null", []) }
    #expect(folder.names == ["a.npz"])
    #expect(try folder.contents("a.npz") == before)
  }

  @Test func areGivenUpAfterABrokenArray() throws {
    let folder = try TemporaryFolder()
    func write() throws {
      var writer = try NPZWriter(path: folder.path + "/a.npz")
      // A rejected call changes nothing.
      #expect(throws: DataError.self) { try writer.write("x", ["A"], shape: [2]) }
      try writer.write("x", NDArray([1.0]))
      #expect(throws: DataError.self) {
        try writer.write("y", dtype: .float64, shape: [2]) { sink throws(DataError) in
          throw DataError(.empty, in: "test", "nothing to write")
        }
      }
      let error = #expect(throws: DataError.self) { try writer.write("z", NDArray([1.0])) }
      #expect(error?.kind == .incompatible)
      try writer.finish()
    }
    #expect(throws: DataError.self) { try write() }
    #expect(folder.names == [])
  }

  @Test func writeThroughLinksAndReplaceFiles() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.npz", [1, 2, 3])
    try NDArray.write(npz: path, Self.arrays)
    try Self.expectArrays(NPZFile(path: path))
  }

  @Test func sayWhatIsMissing() throws {
    let file = try npz(NumPyFixture.stored)
    let error = #expect(throws: DataError.self) { try file.array("open") }
    #expect(error?.kind == .missing)
    #expect(error?.description.contains("array open") == true)
    #expect(error?.description.contains("close, symbols") == true)
    #expect(throws: DataError.self) { try npz([]) }
    #expect(throws: DataError.self) { try npz(Array("not a zip file, but long enough".utf8)) }
  }

  /// A byte of an array that was flipped is found, compressed or not.
  @Test func findDamagedArrays() throws {
    for bytes in [NumPyFixture.stored, NumPyFixture.deflated] {
      // The array follows its header of 30 bytes, name and NumPy's zip64 field.
      let damaged = bytes.flipped(30 + 9 + 20 + 8)
      let file = try npz(damaged)
      let error = #expect(throws: DataError.self) { try file.array("close") }
      #expect(error?.kind == .malformed)
    }
  }

  /// Whatever is cut off or flipped: an array or an error.
  @Test func surviveDamage() throws {
    for bytes in [NumPyFixture.stored, NumPyFixture.deflated] {
      for place in bytes.indices {
        var damaged = [bytes[..<place].map { $0 }]
        for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
          var copy = bytes
          copy[place] = value
          damaged.append(copy)
        }
        for bytes in damaged {
          guard let file = try? npz(bytes) else { continue }
          for name in file.names {
            if let array = try? file.array(name) { _ = array.doubles }
            _ = try? file.strings(name)
          }
        }
      }
    }
  }

  /// A directory that promises a thousand times what its bytes can hold asks for no memory.
  @Test func doNotBelieveSizes() throws {
    var bytes = NumPyFixture.deflated
    let directory = try #require(
      bytes.indices.dropLast(4).first { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4B, 1, 2] })
    for byte in 0..<4 { bytes[directory + 24 + byte] = [0, 0, 0, 0x70][byte] }
    let file = try npz(bytes)
    let error = #expect(throws: DataError.self) { try file.array("close") }
    #expect(error?.kind == .malformed)
    #expect(error?.description.contains("claims a size") == true)
  }
}
