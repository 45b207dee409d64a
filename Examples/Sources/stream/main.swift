import ProgramSupport

Program(
  "stream",
  "Warms indicators up on the first half of a market's bars and replays the rest live.",
  options: [
    .values("--input", "FILE...", BarInput.help, isRequired: true),
    BarInput.layoutOption,
    .value(
      "--indicators", "LIST",
      Request.help, isRequired: true),
    .value("--dtype", "TYPE", "float64 (default) or float32."),
    .value(
      "--clock", "NAME",
      "By which days and sessions begin: utc (default), newYork, london, tokyo, ..."),
  ],
  notes: """
    Prints how long one row of the market and one bar of one symbol take, and whether every value
    had the bits of a batch over the same bars. Exit status 1 when one had not.
    """
).run { arguments in
  let request = try arguments.request()
  let dtype = try arguments.dtype()
  guard let input = try BarInput(arguments) else { throw Failure.badInput("--input: missing") }
  let panel = try input.panel(dtype: dtype, clock: try arguments.clock())
  try replay(panel, named: input.name, request)
}
