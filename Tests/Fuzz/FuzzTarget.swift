import CMartletKernels
import CMartletZlib
import MartletArrays

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One input: the first byte chooses the reader, the rest is the file.
///
/// Every reader must give a result or a `DataError`; a trap, a hang or a bad memory access is a
/// finding. Readers that must agree are compared.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let bytes = UnsafeRawBufferPointer(start: start + 1, count: count - 1)
  switch start[0] % 12 {
  case 0: fuzzTable(bytes)
  case 1: _ = try? BarTable(csv: bytes, name: "fuzz.csv.gz")
  case 2: fuzzArray(bytes)
  case 3: fuzzArchive(bytes)
  case 4: fuzzJSON(bytes)
  case 5: fuzzNumber(bytes)
  case 6: fuzzTensors(bytes)
  case 7: fuzzMapped(bytes)
  case 8: fuzzArrow(bytes)
  case 9: fuzzLayout(bytes)
  case 10: fuzzBarFile(bytes)
  default: fuzzBlock(bytes)
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

/// Every column of an Arrow file, and the bars in it.
private func fuzzArrow(_ bytes: UnsafeRawBufferPointer) {
  guard let file = try? ArrowFile(bytes: bytes, name: "fuzz.arrow") else { return }
  for column in file.columns.prefix(40) {
    if let array = try? file.array(column.name) { precondition(array.count == file.count) }
    if let texts = try? file.strings(column.name) { precondition(texts.count == file.count) }
  }
  guard let table = try? BarTable(file, layout: CSVLayout(), progress: nil) else { return }
  precondition(table.symbolIndex.count == table.close.count)
  precondition(table.symbolIndex.allSatisfy { table.symbols.indices.contains(Int($0)) })
}

/// What is read and written again is the same layout; followed, it gives a table or an error.
private func fuzzLayout(_ bytes: UnsafeRawBufferPointer) {
  let line = bytes.prefix { $0 != 0x0A }
  guard let layout = try? CSVLayout(parsing: String(decoding: line, as: UTF8.self)) else { return }
  precondition(CSVLayout(layout.description) == layout, layout.description)
  let rest = UnsafeRawBufferPointer(rebasing: bytes[min(line.count + 1, bytes.count)...])
  _ = try? BarTable(csv: rest, name: "fuzz.csv", layout: layout)
}

/// A bar file and all of its rows, of how many words of rows there are, those, and the directory.
///
/// The header's checksum is put right, or nothing would be reached.
private func fuzzBarFile(_ bytes: UnsafeRawBufferPointer) {
  let path = "bars-\(getpid()).bars"
  let rowBytes = min(8 * Int(bytes.first ?? 0), max(0, bytes.count - 1))
  let directory = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(1 + rowBytes))
  let header = BarFileHeader(
    sequence: 1, directoryOffset: BarFileHeader.pageSize + rowBytes,
    directoryCount: directory.count, directoryChecksum: checksum(directory))
  var page = header.bytes
  page += [UInt8](repeating: 0, count: BarFileHeader.pageSize - page.count)
  page += bytes.dropFirst()
  guard let file = fopen(path, "wb") else { preconditionFailure("no file") }
  fwrite(page, 1, page.count, file)
  fclose(file)
  guard let bars = try? BarFile(path: path) else { return }
  _ = bars.times
  _ = bars.columnBytes
  _ = try? bars.rows(threads: 1)
}

/// A block of a bar file: its type and its number of values, then its bytes.
private func fuzzBlock(_ bytes: UnsafeRawBufferPointer) {
  guard bytes.count > 3, let base = bytes.baseAddress else { return }
  let types = [mk_block_int64, mk_block_float64, mk_block_float32]
  let type = Int32(types[Int(bytes[0]) % 3])
  let count = 1 + Int(bytes[1]) | Int(bytes[2]) << 8
  let size = type == Int32(mk_block_float32) ? 4 : 8
  let values = UnsafeMutableRawPointer.allocate(byteCount: count * size, alignment: 16)
  defer { values.deallocate() }
  // Exactly as long as the input, so that a read behind it is seen.
  let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count - 3, alignment: 1)
  defer { block.deallocate() }
  block.copyMemory(from: UnsafeRawBufferPointer(start: base + 3, count: bytes.count - 3))
  _ = mk_block_decode(
    type, block.baseAddress!.assumingMemoryBound(to: UInt8.self), Int64(block.count), values,
    Int64(count))
}

/// Read and viewed it is the same array, and written and read again.
private func fuzzArray(_ bytes: UnsafeRawBufferPointer) {
  guard let array = try? NDArray(npy: bytes, name: "fuzz.npy") else {
    _ = try? NPYFile(bytes, name: "fuzz.npy").texts()
    return
  }
  read(array)
  // At the start of a block, where elements can be aligned.
  guard let block = try? HeapBytes(bytes, for: "fuzz.npy"),
    let stored = try? NPYFile(UnsafeRawBufferPointer(block.bytes), name: "fuzz.npy").numbers()
  else { preconditionFailure("what can be read can be read again") }
  if let view = stored.view(owner: block) { expectEqual(view, array) }
}

/// The same through a file.
private func fuzzMapped(_ bytes: UnsafeRawBufferPointer) {
  let path = "mapped-\(getpid()).npy"
  guard let file = fopen(path, "wb") else { preconditionFailure("no file") }
  fwrite(bytes.baseAddress ?? UnsafeRawPointer(file), 1, bytes.count, file)
  fclose(file)
  let read = try? NDArray(npy: path)
  guard let mapped = try? NDArray(mappedNPY: path) else { return }
  guard let read else { preconditionFailure("what can be mapped can be read") }
  expectEqual(mapped, read)
}

private func fuzzArchive(_ bytes: UnsafeRawBufferPointer) {
  guard let file = try? NPZFile(bytes: bytes, name: "fuzz.npz") else { return }
  for name in file.names.prefix(20) {
    if let array = try? file.array(name) { read(array) }
    _ = try? file.strings(name)
  }
}

private func fuzzTensors(_ bytes: UnsafeRawBufferPointer) {
  guard let file = try? SafetensorsFile(bytes: bytes, name: "fuzz.safetensors") else { return }
  for name in file.names.prefix(20) {
    guard let array = try? file.array(name) else { continue }
    precondition(file.shape(of: name) == array.shape)
    read(array)
  }
}

private func read(_ array: NDArray) {
  precondition(array.shape.reduce(1, *) == array.count)
  precondition(array.doubles.count == array.count)
  guard let again = try? array.npyBytes(), let back = try? NDArray(npy: again) else {
    // Only an array of too many axes cannot be written.
    precondition(array.ndim > 64)
    return
  }
  expectEqual(back, array)
}

private func expectEqual(_ a: NDArray, _ b: NDArray) {
  precondition(a.shape == b.shape && a.dtype == b.dtype)
  precondition(a.withUnsafeBytes { Array($0) } == b.withUnsafeBytes { Array($0) })
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
