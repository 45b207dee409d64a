import Martlet
import ProgramSupport

Program(
  "bars",
  "Converts files of bars to one bar file, appends to it and shows what is in it.",
  operands: "convert INPUT... FILE | append INPUT... FILE | info FILE",
  options: [
    BarInput.layoutOption,
    .value("--dtype", "TYPE", "convert: float64 (default) or float32."),
    .flag(
      "--raw",
      "convert: columns as they lie in memory; by default they are compressed, without loss."),
    .value(
      "--compression", "KIND",
      "convert: of the buffers of a FILE .arrow or .feather: none (default), lz4 or zstd."),
    .flag(
      "--skip-old",
      """
      append: leaves out bars that are not later than their symbol's last one in the file;
      by default they are an error.
      """),
    .flag("--symbols", "info: a line for every symbol."),
  ],
  notes: """
    convert reads what the other programs read, and a bar file too; a FILE that ends in .csv is
    written as text, one in .arrow or .feather for pandas, polars and DuckDB. A FILE of convert
    appears when it is complete, and one of append is the old or the new one whenever the program
    ends: after an error both are as they were.
    """
).run { arguments in
  var words = arguments.operands[...]
  guard let command = words.popFirst() else {
    throw Failure.badInput("no command; expected convert, append or info")
  }
  let file = words.popLast()
  switch command {
  case "convert":
    guard let file, !words.isEmpty else {
      throw Failure.badInput("convert: expected one or more inputs and the file to write")
    }
    try convert(try BarInput(Array(words), arguments, option: "convert"), to: file, arguments)
  case "append":
    guard let file, !words.isEmpty else {
      throw Failure.badInput("append: expected one or more inputs and the bar file")
    }
    try append(try BarInput(Array(words), arguments, option: "append"), to: file, arguments)
  case "info":
    guard let file, words.isEmpty else { throw Failure.badInput("info: expected a bar file") }
    try show(try BarFile(path: file), listsSymbols: arguments.has("--symbols"))
  default:
    throw Failure.badInput(
      "\"\(command)\": no such command; expected convert, append or info"
        + DataError.nearest(command, among: ["convert", "append", "info"]))
  }
}
