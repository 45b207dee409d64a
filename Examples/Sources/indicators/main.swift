import ProgramSupport

Program(
  "indicators",
  "Computes indicators over the bars of a market.",
  options: [
    .values("--input", "FILE...", BarInput.help, isRequired: true),
    BarInput.layoutOption,
    .value(
      "--indicators", "LIST",
      Request.help, isRequired: true),
    .value(
      "--output", "FILE",
      """
      Results: .npz with one array [symbols, time] per output (rsi, macd.signal, ...),
      symbols and time; or .csv, .arrow or .feather with one row per bar: symbol, time and a
      column per output.
      With --chart the drawing: .svg or .html; by default SYMBOL.svg.
      """),
    .value(
      "--chart", "SYMBOL",
      """
      Draws a symbol's prices with the indicators instead: those in the unit of prices over
      them, others below, patterns as arrows.
      """),
    .value("--bars", "N", "With --chart: only the last N times; by default all."),
    .value(
      "--mode", "MODE",
      """
      batch (default), stream (bar by bar through the live form) or chunk:N (N times after
      N times). The results are the same.
      """),
    .flag(
      "--last",
      """
      Only each symbol's last bar; no history is kept. Arrays are [symbols], and time holds
      each symbol's last time.
      """),
    .value("--within", "AGE", "With --last. " + Arguments.withinHelp),
    .value("--dtype", "TYPE", "float64 (default) or float32."),
    .value(
      "--clock", "NAME",
      "By which days and sessions begin: utc (default), newYork, london, tokyo, ..."),
    .value("--threads", "N", "Threads for batch and chunk; by default one per core."),
  ],
  notes: """
    An output file appears when it is complete. After an error there is none, and one that was
    there before is as it was.
    """
).run { arguments in
  if arguments.has("--chart") {
    try ChartRun(arguments).main()
  } else {
    try Run(arguments).main()
  }
}
