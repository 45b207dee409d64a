public import MartletArrays

/// Writes a long-form CSV file: `symbol,time` and columns of doubles.
///
/// Numbers are the shortest text that reads back to the same bits; NaN is an empty field, and
/// infinities are `inf` and `-inf`. The file appears under its name, and is on the disk, when `finish()` returns, and not
/// at all otherwise: what was written so far goes with the writer. Where the file system has no files without names,
/// it lies under `name.martlet-0.tmp` until then; if the program is killed, the next writing of the file removes that.
public struct CSVWriter: ~Copyable {
  /// How times are written.
  public enum TimeFormat: Hashable, Sendable {
    /// `2015-01-12`; a time of day is cut off.
    case date
    /// `2015-01-12T09:30:00Z`, with as many decimals as the nanoseconds need.
    case dateTime
  }

  private let file: OutputFile
  private let columnCount: Int
  private let timeFormat: TimeFormat
  private var line: [UInt8] = []
  private var symbol = ""
  private var symbolBytes: [UInt8] = []
  private var day = Int.min
  private var dayBytes: [UInt8] = []

  /// Starts a file that will stand at `path`, or replace the regular file that stands there, and
  /// writes its header.
  ///
  /// Throws `DataError` of kind `unreadable` where the folder cannot be written to.
  public init(
    path: String, columns: [String], timeFormat: TimeFormat = .dateTime
  ) throws(DataError) {
    let file = try OutputFile(path: path)
    var header = Array("symbol,time".utf8)
    for column in columns { header += [0x2C] + Self.quoted(column) }
    try file.write(header + [0x0A])
    self.file = file
    columnCount = columns.count
    self.timeFormat = timeFormat
    line.reserveCapacity(64 + columns.count * 25)
  }

  /// Writes one row; `time` is in nanoseconds since 1970-01-01 UTC.
  ///
  /// Throws `DataError` of kind `wrongShape` where there are not as many values as columns, of kind
  /// `unreadable` where the disk refuses. Costs no allocation per value of up to 15 characters.
  public mutating func write(
    symbol: String, time: Int64, _ values: UnsafeBufferPointer<Double>
  ) throws(DataError) {
    guard values.count == columnCount else {
      throw DataError(
        .wrongShape, in: file.path, "a row of \(values.count) values for \(columnCount) columns")
    }
    if symbol != self.symbol || symbolBytes.isEmpty {
      self.symbol = symbol
      symbolBytes = Self.quoted(symbol)
    }
    line.removeAll(keepingCapacity: true)
    line += symbolBytes
    line.append(0x2C)
    append(time: time)
    for value in values {
      line.append(0x2C)
      append(value)
    }
    line.append(0x0A)
    try file.write(line)
  }

  /// Writes one row; `time` is in nanoseconds since 1970-01-01 UTC.
  ///
  /// Throws `DataError` as the method for buffers does.
  public mutating func write(
    symbol: String, time: Int64, _ values: [Double]
  ) throws(DataError) {
    var failure: DataError?
    values.withUnsafeBufferPointer { buffer in
      do throws(DataError) {
        try write(symbol: symbol, time: time, buffer)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Completes the file and gives it its name.
  ///
  /// Throws `DataError` of kind `unreadable` where the disk refuses; then there is no file.
  public consuming func finish() throws(DataError) {
    try file.commit()
  }

  // MARK: Fields

  /// The field for a text, quoted if it must be.
  private static func quoted(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let isPlain =
      !bytes.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
      && bytes.first != 0x20 && bytes.last != 0x20
    if isPlain { return bytes }
    return [0x22] + bytes.flatMap { $0 == 0x22 ? [$0, $0] : [$0] } + [0x22]
  }

  private mutating func append(_ value: Double) {
    if value.isNaN { return }
    // Most volumes and prices are integers or short; the description of a double is the shortest.
    if let integer = Int64(exactly: value), integer.magnitude < 1 << 53, value != 0 {
      append(integer)
      return
    }
    line += value.description.utf8
    // "0.0" says no more than "0".
    if line.suffix(2).elementsEqual([0x2E, 0x30]) { line.removeLast(2) }
  }

  private mutating func append(_ value: Int64) {
    if value < 0 { line.append(0x2D) }
    append(Int(value.magnitude), digits: 1)
  }

  /// Appends a number that is not negative, with at least so many digits.
  private mutating func append(_ value: Int, digits: Int) {
    let start = line.count
    var rest = value
    repeat {
      line.append(0x30 + UInt8(rest % 10))
      rest /= 10
    } while rest > 0 || line.count - start < digits
    line[start...].reverse()
  }

  private mutating func append(time: Int64) {
    let perDay = Calendar.nanosecondsPerDay
    var (days, rest) = time.quotientAndRemainder(dividingBy: perDay)
    if rest < 0 { (days, rest) = (days - 1, rest + perDay) }
    if Int(days) != day {
      let start = line.count
      let date = Calendar.date(ofDay: Int(days))
      append(date.year, digits: 4)
      line.append(0x2D)
      append(date.month, digits: 2)
      line.append(0x2D)
      append(date.day, digits: 2)
      dayBytes = Array(line[start...])
      day = Int(days)
    } else {
      line += dayBytes
    }
    guard timeFormat == .dateTime else { return }
    line.append(0x54)
    let (seconds, nanoseconds) = Int(rest).quotientAndRemainder(dividingBy: 1_000_000_000)
    append(seconds / 3600, digits: 2)
    line.append(0x3A)
    append(seconds / 60 % 60, digits: 2)
    line.append(0x3A)
    append(seconds % 60, digits: 2)
    if nanoseconds > 0 {
      line.append(0x2E)
      append(nanoseconds, digits: 9)
      while line.last == 0x30 { line.removeLast() }
    }
    line.append(0x5A)
  }
}
