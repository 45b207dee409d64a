import Martlet
import ProgramSupport

Program(
  "trend",
  "Classifies the trend of every symbol by the vote of 54 moving averages, each by what following it earned.",
  options: [
    .values("--input", "FILE...", BarInput.help, isRequired: true),
    BarInput.layoutOption,
    .value(
      "--profile", "NAME",
      """
      pine (default), the script on TradingView; port, its first port to Python; lts, that port's
      later form.
      """),
    .value(
      "--robustness", "NAME", "How far the lengths lie apart: narrow, medium (default), wide."),
    .value("--length", "N", "The length that all nine of a family lie around; default 28."),
    .value(
      "--lambda", "X", "How fast later returns count for more, in thousandths a bar; default 0.02."),
    .value("--decay", "X", "What equities lose, in percent a bar; default 0.03."),
    .value("--cutout", "N", "The bar at which equities begin; default 0."),
    .value("--long", "X", "The average above which a trend is up; default 0.1."),
    .value("--short", "X", "The average below which it is down; default -0.1."),
    .flag("--scan", "Only each symbol's last bar; no history is kept."),
    .value(
      "--threshold", "X",
      """
      With --scan: only symbols whose average is at least X, or at most -X. One length a family rules
      out the others in markets of 200 symbols and more; what is printed is exact.
      """),
    .value("--within", "AGE", Arguments.withinHelp),
    .value("--top", "N", "Rows of the table from either end; default 10."),
    .value(
      "--output", "FILE",
      """
      .npz with average, direction, age, and per family signal and equity (s.ema … s.kama,
      e.ema … e.kama), [symbols, time]; with --scan [symbols]. Or .csv.
      """),
    .value("--threads", "N", "By default one per core."),
  ],
  notes: """
    The direction is 1 since the average crossed above --long, -1 since it crossed below --short; its age
    is bars since then. An output file appears when it is complete.
    """
).run { arguments in
  try TrendRun(arguments).main()
}
