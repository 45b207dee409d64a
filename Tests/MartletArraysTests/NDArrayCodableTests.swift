import Foundation
import Martlet
import Testing

@Suite("Coding and memory of arrays")
struct NDArrayCodableTests {
  private static let arrays: [NDArray] = [
    NDArray([0.0, -0.0, 1 / 3, .nan, -.infinity, Double(bitPattern: 0x7FF8_0000_0000_1234)]),
    NDArray([1.5, .nan, .infinity, .leastNonzeroMagnitude] as [Float], shape: [2, 2]),
    NDArray([.min, -1, .max] as [Int32], shape: [3, 1]),
    NDArray([.min, 1 << 53 + 1, .max] as [Int64]),
    NDArray([0, 255] as [UInt8]),
    NDArray([true, false, true]),
    NDArray([Complex<Float>(1, -2), Complex<Float>(.nan, 0)]),
    NDArray([Complex<Double>(1, -2)]),
    NDArray(7.0),
    NDArray([Double](), shape: [0, 3]),
  ]

  private static func bytes(_ array: NDArray) -> [UInt8] { array.withUnsafeBytes { Array($0) } }

  @Test(arguments: arrays.indices)
  func comeBackBitForBit(_ number: Int) throws {
    let array = Self.arrays[number]
    let coders: [(NDArray) throws -> NDArray] = [
      { try JSONDecoder().decode(NDArray.self, from: JSONEncoder().encode($0)) },
      { try PropertyListDecoder().decode(NDArray.self, from: PropertyListEncoder().encode($0)) },
    ]
    for code in coders {
      let back = try code(array)
      #expect(back.shape == array.shape && back.dtype == array.dtype)
      #expect(Self.bytes(back) == Self.bytes(array))
    }
  }

  /// The text is Foundation's base64 of the elements' bytes, for every remainder of three.
  @Test(arguments: 0..<8)
  func areCodedAsBase64(_ count: Int) throws {
    let values = (0..<count).map { UInt8($0 * 37 & 255) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(NDArray(values)), as: UTF8.self)
    #expect(
      text
        == "{\"base64\":\"\(Data(values).base64EncodedString())\",\"dtype\":\"uint8\",\"shape\":[\(count)]}"
    )
  }

  @Test func ofViewsAreTheirElements() throws {
    let array = NDArray((0..<6).map(Double.init), shape: [2, 3]).transposed() + 1
    let back = try JSONDecoder().decode(NDArray.self, from: JSONEncoder().encode(array))
    #expect(back.shape == [3, 2] && back.doubles == [1, 4, 2, 5, 3, 6])
    let documented = #"{"shape": [2], "dtype": "float32", "base64": "AACAPwAAAEA="}"#
    let read = try JSONDecoder().decode(NDArray.self, from: Data(documented.utf8))
    #expect(read.elements(as: Float.self) == [1, 2])
  }

  @Test(
    arguments: [
      (#"{"shape":[-1],"dtype":"uint8","base64":""}"#, "NDArray: [-1] is no shape"),
      (
        #"{"shape":[9223372036854775807,2],"dtype":"uint8","base64":""}"#,
        "NDArray: [9223372036854775807, 2] is no shape"
      ),
      (
        #"{"shape":[0,9223372036854775807],"dtype":"uint8","base64":""}"#,
        "NDArray: [0, 9223372036854775807] is no shape"
      ),
      (
        #"{"shape":[144115188075855872],"dtype":"float64","base64":"AA=="}"#,
        "NDArray: 4 characters; the shape [144115188075855872] of float64 needs 1537228672809129304"
      ),
      (
        #"{"shape":[1],"dtype":"uint8","base64":""}"#,
        "NDArray: 0 characters; the shape [1] of uint8 needs 4"
      ),
      (
        #"{"shape":[2],"dtype":"uint8","base64":"AA=="}"#,
        "NDArray: this is not base64 of 2 bytes"
      ),
      (#"{"shape":[1],"dtype":"uint8","base64":"A==="}"#, "NDArray: this is not base64 of 1 bytes"),
      (#"{"shape":[1],"dtype":"uint8","base64":"AB=="}"#, "NDArray: this is not base64 of 1 bytes"),
      (#"{"shape":[3],"dtype":"uint8","base64":"AA A"}"#, "NDArray: this is not base64 of 3 bytes"),
      (#"{"shape":[3],"dtype":"uint8","base64":"AAA-"}"#, "NDArray: this is not base64 of 3 bytes"),
      (#"{"shape":[1],"dtype":"bool","base64":"Ag=="}"#, "NDArray: a bool is neither 0 nor 1"),
    ])
  func malformedTextIsRefused(_ text: String, _ problem: String) {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(NDArray.self, from: Data(text.utf8))
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription == problem)
  }

  @Test(
    arguments: [
      #"{"dtype":"uint8","base64":""}"#, #"{"shape":[0],"base64":""}"#,
      #"{"shape":[0],"dtype":"uint8"}"#, #"{"shape":[0],"dtype":"uint7","base64":""}"#,
      #"{"shape":["0"],"dtype":"uint8","base64":""}"#,
      #"{"shape":[0.5],"dtype":"uint8","base64":""}"#,
      #"{"shape":[0],"dtype":"uint8","base64":1}"#, "[]",
    ])
  func otherJSONIsRefused(_ text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(NDArray.self, from: Data(text.utf8))
    }
  }

  // MARK: Memory

  @Test func spansShowTheElements() {
    let array = NDArray((0..<6).map(Double.init), shape: [2, 3])
    let sum = array.transposed().withSpan(of: Double.self) { span in
      var found: [Double] = []
      for index in span.indices { found.append(span[index]) }
      return found
    }
    #expect(sum == [0, 3, 1, 4, 2, 5])
    #expect((array + 1).withSpan(of: Double.self) { $0[5] } == 6)
    #expect(NDArray([true, false]).withSpan(of: Bool.self) { $0[0] && !$0[1] })
    #expect(NDArray([Float]()).withSpan(of: Float.self) { $0.isEmpty })
    let bytes = NDArray([1, 256] as [Int32]).withRawSpan { span in
      (span.byteCount, span.unsafeLoad(fromByteOffset: 4, as: Int32.self))
    }
    #expect(bytes.0 == 8 && bytes.1 == 256)
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try array.withSpan(of: Double.self) { _ throws(Failure) in throw Failure() }
    }
  }

  /// A large Swift array is kept where it is, and copied by whoever changes it.
  @Test func largeSwiftArraysAreNotCopied() {
    var values = (0..<10_000).map(Double.init)
    let place = values.withUnsafeBytes { $0.baseAddress }
    let array = NDArray(values, shape: [100, 100])
    #expect(array.withUnsafeBytes { $0.baseAddress } == place)
    values[0] = -1
    #expect(array.doubles[0] == 0 && values[0] == -1)
    // Results never go into it, though nobody else reads the array.
    func twice(_ values: [Double]) -> NDArray { NDArray(values) * 2 }
    #expect(twice(values).doubles[1] == 2 && values[1] == 1)
    func kept() -> NDArray { NDArray((0..<10_000).map { Float($0) }) }
    #expect(kept()[9999] == 9999)
    let flags = NDArray([Bool](repeating: true, count: 20_000))
    #expect(flags.withSpan(of: Bool.self) { $0[19_999] })
  }

  /// Any bytes whose owner is an object, here Foundation's.
  @Test func bytesOfAnOwnerAreNotCopied() throws {
    final class Owner: Sendable {
      let data: Data
      let whenGone: @Sendable () -> Void
      init(_ data: Data, _ whenGone: @escaping @Sendable () -> Void) {
        (self.data, self.whenGone) = (data, whenGone)
      }
      deinit { whenGone() }
    }
    final class Flag: @unchecked Sendable { var isUp = false }
    let flag = Flag()
    func view() throws -> (NDArray, UnsafeRawPointer) {
      let data = [1.0, 2, 3].withUnsafeBytes { Data($0) } + Data(count: 4096)
      let owner = Owner(data) { flag.isUp = true }
      return try owner.data.withUnsafeBytes { bytes in
        (
          NDArray(
            viewing: UnsafeRawBufferPointer(rebasing: bytes[..<24]), shape: [3], dtype: .float64,
            owner: owner), try #require(bytes.baseAddress)
        )
      }
    }
    func use() throws {
      let (array, place) = try view()
      #expect(!flag.isUp)
      #expect(array.withUnsafeBytes { $0.baseAddress } == place)
      #expect((array[1...] + 1).doubles == [3, 4])
    }
    try use()
    #expect(flag.isUp)
  }
}
