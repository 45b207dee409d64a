import CMartletZlib
import MartletArrays

/// One input: the first byte chooses the reader, the rest is the file.
///
/// Every reader must give a result or a `DataError`; a trap, a hang or a bad memory access is a
/// finding. Readers that must agree are compared.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let bytes = UnsafeRawBufferPointer(start: start + 1, count: count - 1)
  switch start[0] % 6 {
  case 0: fuzzTable(bytes)
  case 1: _ = try? BarTable(csv: bytes, name: "fuzz.csv.gz")
  case 2: if let array = try? NPYArray(npy: bytes, name: "fuzz.npy") { read(array) }
  case 3: fuzzArchive(bytes)
  case 4: fuzzJSON(bytes)
  default: fuzzNumber(bytes)
  }
  return 0
}

/// The same rows plain, through a buffer that is barely long enough, and as two gzip members.
private func fuzzTable(_ bytes: UnsafeRawBufferPointer) {
  let whole = Result { try BarTable(csv: bytes, name: "fuzz.csv") }
  let pieces = Result {
    try BarTable(ByteStream(bytes: bytes, name: "fuzz.csv"), longestRow: 200, nil)
  }
  if case .success(let a) = whole, case .success(let b) = pieces { expectEqual(a, b) }
  if bytes.starts(with: [0x1F, 0x8B]) { return }
  let half = bytes.count / 2
  let packed =
    gzip(UnsafeRawBufferPointer(rebasing: bytes[..<half]))
    + gzip(UnsafeRawBufferPointer(rebasing: bytes[half...]))
  let unpacked = Result {
    try packed.withUnsafeBytes { try BarTable(csv: $0, name: "fuzz.csv") }
  }
  switch (whole, unpacked) {
  case (.success(let a), .success(let b)): expectEqual(a, b)
  case (.failure(let a), .failure(let b)): precondition("\(a)" == "\(b)", "\(a) / \(b)")
  default: preconditionFailure("gzip changes the outcome: \(whole) / \(unpacked)")
  }
}

private func expectEqual(_ a: BarTable, _ b: BarTable) {
  func bits(_ values: [Double]) -> [UInt64] { values.map(\.bitPattern) }
  precondition(a.symbols == b.symbols && a.symbolIndex == b.symbolIndex && a.time == b.time)
  precondition(bits(a.open) == bits(b.open) && bits(a.high) == bits(b.high))
  precondition(bits(a.low) == bits(b.low) && bits(a.close) == bits(b.close))
  precondition(bits(a.volume) == bits(b.volume) && a.infinityCount == b.infinityCount)
  precondition(a.hasTimeOfDay == b.hasTimeOfDay && a.symbolIndex.count == a.close.count)
  precondition(Set(a.symbols).count == a.symbols.count)
}

/// What is read and written again is the same.
private func fuzzJSON(_ bytes: UnsafeRawBufferPointer) {
  guard let value = try? JSONValue(parsing: Array(bytes)) else { return }
  let again = try? JSONValue(parsing: value.text)
  precondition(again == value, "\(value.text)")
}

private func fuzzArchive(_ bytes: UnsafeRawBufferPointer) {
  guard let file = try? NPZFile(bytes: bytes, name: "fuzz.npz") else { return }
  for name in file.names.prefix(20) {
    if let array = try? file.array(name) { read(array) }
  }
}

private func read(_ array: NPYArray) {
  precondition(array.shape.reduce(1, *) == array.count)
  let doubles = try? array.doubles()
  let strings = try? array.strings()
  _ = try? array.floats()
  _ = try? array.int64s()
  precondition(doubles == nil || doubles?.count == array.count)
  precondition(strings == nil || strings?.count == array.count)
}

/// A number in a row of its own must be what the standard library makes of the same text.
private func fuzzNumber(_ bytes: UnsafeRawBufferPointer) {
  let text = String(decoding: bytes.filter { $0 >= 0x21 && $0 < 0x7F }.prefix(60), as: UTF8.self)
  guard !text.contains(","), !text.contains("\"") else { return }
  let row = Array("time,open,high,low,close\n2020-01-01,\(text),1,1,1\n".utf8)
  guard let table = try? row.withUnsafeBytes({ try BarTable(csv: $0, name: "fuzz") }) else {
    return
  }
  guard table.count == 1, let expected = Double(text), expected.isFinite else { return }
  precondition(table.open[0].bitPattern == expected.bitPattern, "\(text): \(table.open[0])")
}

private func gzip(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
  var stream = z_stream()
  martlet_deflate_init(&stream, 1, 31)
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
  let count = output.count
  output.withUnsafeMutableBufferPointer { target in
    stream.next_in = bytes.baseAddress.map {
      UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self))
    }
    stream.avail_in = UInt32(bytes.count)
    stream.next_out = target.baseAddress
    stream.avail_out = UInt32(count)
    precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
  }
  let written = count - Int(stream.avail_out)
  deflateEnd(&stream)
  return Array(output[..<written])
}
