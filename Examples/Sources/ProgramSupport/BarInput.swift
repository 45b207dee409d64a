public import Martlet

/// The bars that a program is started with: files, folders or archives, and what they do not say.
public struct BarInput {
  /// As they were given.
  public let paths: [String]
  private let option: String
  private let layout: CSVLayout

  /// What `--input` and `--layout` say; nil where no input is named.
  public init?(_ arguments: Arguments, option: String = "--input") throws {
    guard let paths = arguments.all(option) else {
      guard arguments["--layout"] == nil else {
        throw Failure.badInput("--layout: goes with \(option) only")
      }
      return nil
    }
    try self.init(paths, arguments, option: option)
  }

  /// These files, and what `--layout` says.
  public init(_ paths: [String], _ arguments: Arguments, option: String) throws {
    let layout = arguments["--layout"]
    self.paths = paths
    self.option = option
    do {
      self.layout = try layout.map { try CSVLayout(parsing: $0) } ?? CSVLayout()
    } catch let error as DataError {
      throw Failure.badInput("--layout: \(error.location.map { "\($0): " } ?? "")\(error.problem)")
    }
  }

  /// What the input is called in what is printed.
  public var name: String { paths.count == 1 ? paths[0] : "\(paths.count) inputs" }

  /// The bars.
  public func panel(dtype: ElementType = .float64, clock: ExchangeClock = .utc) throws -> Panel {
    var panel: Panel
    if paths.contains(where: { Self.isNPZ($0) || BarFile.isOne($0) }) {
      guard paths.count == 1 else {
        throw Failure.badInput(
          "\(option): an npz or bar file holds a whole market and stands alone")
      }
      panel =
        try Self.isNPZ(paths[0])
        ? Panel(npz: paths[0], dtype: dtype) : Panel(barFile: paths[0], dtype: dtype)
    } else {
      var bar = ProgressBar("Reading")
      panel = try Panel(csv: paths, layout: layout, dtype: dtype) { bar.show($0) }
      ProgressBar.clear()
    }
    panel.clock = clock
    return panel
  }

  private static func isNPZ(_ path: String) -> Bool { path.lowercased().hasSuffix(".npz") }

  /// Whether a file is one of the inputs.
  public func contains(_ path: String) -> Bool {
    paths.contains { MarketFile.areSame($0, path) }
  }

  /// What `--input` may be, for `--help`.
  public static let help = """
    Bars: text in any usual layout (.csv, .txt, .tsv, with the columns that your source
    writes), gzipped, packed by zstd or in a .zip, and Arrow files (Feather); several files
    and folders, one symbol a file named by the file unless a column says it; or .npz with
    the arrays open high low close volume [symbols, time], symbols, time; or a bar file (see
    the program bars). How it was read stands in the report.
    """

  /// The option that says what a file does not.
  public static let layoutOption = Option.value(
    "--layout", "TEXT",
    """
    What the files do not say, such as dates=dmy,zone=newYork,symbol=Name,adjusted=splits.
    Keys: separator encoding skip header columns shape time symbol open high low close
    volume adjustedClose split dates unit zone day midnight decimal scale adjusted repeats.
    """)
}
