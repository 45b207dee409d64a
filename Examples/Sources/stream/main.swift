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
      "all, or a list such as \"rsi(14),macd(fast=12,slow=26,signal=9)\".", isRequired: true),
    .value("--dtype", "TYPE", "float64 (default) or float32."),
  ],
  notes: """
    Prints how long one row of the market and one bar of one symbol take, and whether every value
    had the bits of a batch over the same bars. Exit status 1 when one had not.
    """
).run { arguments in
  let indicators = try arguments.indicators()
  let dtype = try arguments.dtype()
  let input = try arguments.required("--input")
  let panel = try MarketFile.panel(input, option: "--input", dtype: dtype)
  try replay(panel, named: input, indicators)
}
