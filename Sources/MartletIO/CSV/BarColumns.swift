import MartletArrays

/// The columns being read: a block of rows at fixed addresses, and the arrays it is appended to.
struct BarColumns: ~Copyable {
  static let blockRows = 1024

  /// Columns of numbers: open, high, low, close, volume, and where there are any adjusted close and split.
  let slotCount: Int
  /// A stretch of a block's rows for each of them.
  let numbers: UnsafeMutablePointer<Double>
  let times: UnsafeMutablePointer<Int64>
  let symbols: UnsafeMutablePointer<Int32>
  /// Rows in the block.
  var filled = 0

  var number: [[Double]]
  var time: [Int64] = []
  var symbol: [Int32] = []

  init(slotCount: Int) {
    self.slotCount = slotCount
    number = Array(repeating: [], count: slotCount)
    numbers = .allocate(capacity: Self.blockRows * slotCount)
    numbers.initialize(repeating: .nan, count: Self.blockRows * slotCount)
    times = .allocate(capacity: Self.blockRows)
    times.initialize(repeating: 0, count: Self.blockRows)
    symbols = .allocate(capacity: Self.blockRows)
    symbols.initialize(repeating: 0, count: Self.blockRows)
  }

  deinit {
    numbers.deallocate()
    times.deallocate()
    symbols.deallocate()
  }

  /// Rows read so far.
  var count: Int { time.count + filled }

  /// Moves the block to the arrays.
  mutating func flush() {
    for column in 0..<slotCount {
      number[column].append(
        contentsOf: UnsafeBufferPointer(start: numbers + column * Self.blockRows, count: filled))
    }
    time.append(contentsOf: UnsafeBufferPointer(start: times, count: filled))
    symbol.append(contentsOf: UnsafeBufferPointer(start: symbols, count: filled))
    filled = 0
  }

  /// Reserves what the file seems to need, given the part of it that the rows so far come from,
  /// when the arrays cannot take as many rows as came last; no more than a file can promise then.
  mutating func reserve(share: Double, added: Int) {
    guard share > 0, share < 1, count + added > time.capacity else { return }
    let limit = count * 8 + (1 << 20)
    let promised = Double(count) / share * 1.02 + 1024
    let rows = promised < Double(limit) ? Int(promised) : limit
    guard rows > time.capacity else { return }
    for column in 0..<slotCount { Self.reserve(rows, in: &number[column]) }
    Self.reserve(rows, in: &time)
    Self.reserve(rows, in: &symbol)
  }

  /// In huge pages where there are any: a fault for each small one takes as long as reading what goes there.
  private static func reserve<Element>(_ rows: Int, in column: inout [Element]) {
    column.reserveCapacity(rows)
    let byteCount = column.capacity * MemoryLayout<Element>.stride
    column.withUnsafeMutableBytes { bytes in
      if let base = bytes.baseAddress { LargeMemory.advise(base, byteCount) }
    }
  }
}
