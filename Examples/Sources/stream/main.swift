import ProgramSupport

Program(
  "stream",
  "Warms indicators up on the first half of a market's bars and replays the rest live.",
  options: [
    .value(
      "--input", "FILE",
      """
      Bars: .csv or .csv.gz with the columns symbol,time|date,open,high,low,close,volume,
      or .npz with the arrays open high low close volume [symbols, time], symbols, time.
      """, isRequired: true),
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
  let input = try arguments.required("--input")
  let panel = try MarketFile.panel(
    input, option: "--input", dtype: dtype, clock: try arguments.clock())
  try replay(panel, named: input, request)
}
