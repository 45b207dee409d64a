public import MartletArrays
import MartletIO

extension Panel {
  /// A panel from an npz file: arrays `open high low close` of shape [symbols, time] or [time], and if present
  /// `volume`, `symbols` (text) and `time`.
  ///
  /// Times are NumPy dates, or numbers in the unit that makes them moments of 1900 to 2100: dates such as 20240105,
  /// seconds, milliseconds, microseconds or nanoseconds since 1970. Which it was stands in the panel's `report`.
  public init(
    npz path: String, dtype: ElementType = .float64, checks: BarChecks = .standard
  ) throws(DataError) {
    let file = try NPZFile(path: path)
    var fields: [NDArray?] = []
    for name in ["open", "high", "low", "close", "volume"] {
      guard name != "volume" || file.contains(name) else {
        fields.append(nil)
        continue
      }
      let array = try file.array(name)
      guard (1...2).contains(array.shape.count) else {
        throw DataError(
          .wrongShape, in: path, at: "array \(name)",
          "shape \(array.shape); expected [symbols, time] or [time]")
      }
      guard !array.dtype.isComplex else {
        throw DataError(
          .wrongType, in: path, at: "array \(name)", "\(array.dtype); expected real numbers")
      }
      fields.append(array.dtype.isReal ? array : array.asType(.float64))
    }
    var notes: [String] = []
    if fields[4] == nil { notes.append("there is no array volume: what needs it is missing") }
    let symbols = file.contains("symbols") ? try Self.symbols(of: file) : nil
    var time: [Int64]?
    if file.contains("time") {
      let found = try NPZTimes(file, in: path)
      time = found.time
      if let note = found.note { notes.append(note) }
    }
    guard let open = fields[0], let high = fields[1], let low = fields[2], let close = fields[3]
    else {
      throw DataError(.missing, in: path, "a field is not there")
    }
    try self.init(
      symbols: symbols, time: time, open: open, high: high, low: low, close: close,
      volume: fields[4],
      name: path, dtype: dtype, checks: checks, reading: notes)
  }

  private static func symbols(of file: NPZFile) throws(DataError) -> [String] {
    do throws(DataError) {
      return try file.strings("symbols")
    } catch  where error.kind == .wrongType {
      throw DataError(
        .wrongType, in: error.subject, at: error.location,
        "\(error.problem); symbols must be text: symbols=np.array(symbols, dtype=str) when the file is saved"
      )
    }
  }
}

/// The times of an npz file as nanoseconds, and what they were taken for.
private struct NPZTimes {
  private(set) var time: [Int64]
  private(set) var note: String?

  init(_ file: NPZFile, in path: String) throws(DataError) {
    let array = try file.array("time")
    guard !array.dtype.isComplex else {
      throw DataError(
        .wrongType, in: path, at: "array time", "\(array.dtype); expected whole numbers")
    }
    time = []
    if array.dtype.isReal {
      for (element, value) in array.doubles.enumerated() {
        guard let number = Int64(exactly: value) else {
          throw DataError(
            .outOfRange, in: path, at: "array time, element \(element)",
            "\(value) is not an integer")
        }
        time.append(number)
      }
    } else {
      time = array.elements(as: Int64.self)
    }
    if try file.isDate("time") { return }
    try convert(path)
  }

  /// Small numbers count places, not moments, and stay as they are.
  private mutating func convert(_ path: String) throws(DataError) {
    guard let first = time.first, let last = time.last,
      time.contains(where: { $0.magnitude >= 20_000 })
    else {
      return
    }
    guard let unit = NumberedTimes(time) else {
      throw DataError(
        .outOfRange, in: path, at: "array time",
        "\(first) to \(last) are no times of 1900 to 2100 in seconds, milliseconds, microseconds or nanoseconds; "
          + "save them as NumPy dates (datetime64)")
    }
    time = unit.nanoseconds
    note = unit.note
  }
}
