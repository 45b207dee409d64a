import MartletArrays
import Testing

@testable import MartletIO

@Suite("npz files")
struct NPZTests {
  private static let arrays: [(name: String, values: NPZValues, shape: [Int]?)] = [
    ("close", .float64([1.5, -.infinity, .nan, 4, 5, 6]), [2, 3]),
    ("macd.signal", .float32([0.25, -1]), nil),
    ("time", .int64([.min, -1, .max]), [3, 1]),
    ("symbols", .strings(["", "AAPL", "é😀"]), nil),
    ("single", .float64([7]), []),
    ("empty", .float64([]), [0, 5]),
    ("none", .strings([]), nil),
    ("../../climbing", .int64([1]), nil),
  ]

  private static func expectArrays(_ file: NPZFile) throws {
    #expect(file.names == arrays.map(\.name))
    let close = try file.array("close")
    #expect(close.shape == [2, 3] && close.elementType == .float64)
    #expect(bits(try close.doubles()) == bits([1.5, -.infinity, .nan, 4, 5, 6]))
    #expect(try file.array("macd.signal").floats() == [0.25, -1])
    #expect(try file.array("time").int64s() == [.min, -1, .max])
    #expect(try file.array("time").shape == [3, 1])
    #expect(try file.array("symbols").strings() == ["", "AAPL", "é😀"])
    #expect(try file.array("single").shape == [])
    #expect(try file.array("empty").shape == [0, 5])
    #expect(try file.array("none").strings() == [])
    #expect(try file.array("../../climbing").int64s() == [1])
  }

  @Test(arguments: [false, true])
  func comeBack(_ compressed: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npz"
    try writeNPZ(to: path, arrays: Self.arrays, compressed: compressed)
    try Self.expectArrays(NPZFile(path: path))
    #expect(folder.names == ["a.npz"])
    // Equal arrays give equal files.
    try writeNPZ(to: folder.path + "/b.npz", arrays: Self.arrays, compressed: compressed)
    #expect(try folder.contents("a.npz") == folder.contents("b.npz"))
    try Self.expectArrays(npz(folder.contents("a.npz")))
  }

  /// Every number of the directory in 64 bits, as in files of more than 4 GB.
  @Test(arguments: [0, 1, 200])
  func comeBackWithWideSizes(_ wideFrom: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npz"
    var writer = try NPZWriter(path: path, compressed: false, wideFrom: wideFrom)
    for array in Self.arrays {
      switch array.values {
      case .float64(let values): try writer.write(array.name, values, shape: array.shape)
      case .float32(let values): try writer.write(array.name, values, shape: array.shape)
      case .int64(let values): try writer.write(array.name, values, shape: array.shape)
      case .strings(let values): try writer.write(array.name, values, shape: array.shape)
      }
    }
    try writer.finish()
    try Self.expectArrays(NPZFile(path: path))
  }

  @Test func areReadFromNumPy() throws {
    let stored = try npz(NumPyFixture.stored)
    #expect(stored.names == ["close", "symbols"])
    #expect(try stored.array("close").doubles() == [1, 2])
    #expect(try stored.array("symbols").strings() == ["A"])
    #expect(stored.contains("close") && !stored.contains("open"))
    let deflated = try npz(NumPyFixture.deflated)
    #expect(try deflated.array("close").doubles() == [Double](repeating: 0, count: 100))
    #expect(try deflated.array("symbols").strings() == ["A", "BC"])
  }

  @Test(arguments: [false, true])
  func takeArraysInPieces(_ compressed: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npz"
    let count = 100_000
    var generator = SplitMix(state: 3)
    let values = (0..<count).map { _ in Double(generator.next() % 1000) / 10 }
    var writer = try NPZWriter(path: path, compressed: compressed)
    try writer.write("x", type: .float64, shape: [2, count / 2]) { sink throws(DataError) in
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
    let flags: [UInt8] = [0, 1]
    let result = flags.withUnsafeBytes { raw in
      Result { () throws(DataError) in
        try writer.write("flags", type: .bool, shape: [2], bytes: raw)
      }
    }
    try result.get()
    try writer.finish()
    let file = try NPZFile(path: path)
    #expect(try file.array("x").doubles() == values)
    #expect(try file.array("flags").elementType == .bool)
  }

  @Test func areWholeOrNotThere() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.npz"
    func abandon() throws {
      var writer = try NPZWriter(path: path)
      try writer.write("x", [1.0])
      #expect(folder.names.count == 1 && folder.names != ["a.npz"])
    }
    try abandon()
    #expect(folder.names == [])

    try writeNPZ(to: path, arrays: [("x", .float64([1]), nil)])
    let before = try folder.contents("a.npz")
    let duplicate = #expect(throws: DataError.self) {
      try writeNPZ(to: path, arrays: [("x", .float64([1]), nil), ("x", .float64([2]), nil)])
    }
    #expect(duplicate?.kind == .duplicate)
    let shape = #expect(throws: DataError.self) {
      try writeNPZ(to: path, arrays: [("x", .float64([1]), [2])])
    }
    #expect(shape?.kind == .wrongShape)
    #expect(throws: DataError.self) {
      try writeNPZ(to: path, arrays: [("x", .float64([1]), [-1])])
    }
    #expect(throws: DataError.self) {
      try writeNPZ(to: path, arrays: [("x", .float64([1]), [.max, .max])])
    }
    #expect(throws: DataError.self) {
      try writeNPZ(to: folder.path + "/no/a.npz", arrays: [("x", .float64([1]), nil)])
    }
    #expect(throws: DataError.self) { try writeNPZ(to: folder.path, arrays: []) }
    #expect(throws: DataError.self) { try writeNPZ(to: "/dev/null", arrays: []) }
    #expect(folder.names == ["a.npz"])
    #expect(try folder.contents("a.npz") == before)
  }

  @Test func areGivenUpAfterABrokenArray() throws {
    let folder = try TemporaryFolder()
    func write() throws {
      var writer = try NPZWriter(path: folder.path + "/a.npz")
      // A rejected call changes nothing.
      #expect(throws: DataError.self) { try writer.write("x", [1.0], shape: [2]) }
      try writer.write("x", [1.0])
      #expect(throws: DataError.self) {
        try writer.write("y", type: .float64, shape: [2]) { sink throws(DataError) in
          throw DataError(.empty, in: "test", "nothing to write")
        }
      }
      let error = #expect(throws: DataError.self) { try writer.write("z", [1.0]) }
      #expect(error?.kind == .incompatible)
      try writer.finish()
    }
    #expect(throws: DataError.self) { try write() }
    #expect(folder.names == [])
  }

  @Test func writeThroughLinksAndReplaceFiles() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.npz", [1, 2, 3])
    try writeNPZ(to: path, arrays: Self.arrays)
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
            guard let array = try? file.array(name) else { continue }
            _ = try? array.doubles()
            _ = try? array.strings()
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
