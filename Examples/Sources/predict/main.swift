import ProgramSupport

Program(
  "predict",
  "From bars to a ranked table of what a model says about each symbol's last bar.",
  options: [
    .value(
      "--model", "FILE",
      "The model: .npz, .safetensors or a folder, with its features in its description."),
    .value(
      "--config", "FILE", "The description of the model, instead of that in or beside the file."),
    .value(
      "--architecture", "NAME",
      """
      Without --model: weights drawn from --seed for transformer, residual_mlp,
      indicator_transformer, ... or for the .json file of a description.
      """),
    .value("--seed", "N", "The seed of --architecture; default 0."),
    .values("--input", "FILE...", BarInput.help),
    BarInput.layoutOption,
    .value("--symbols", "N", "Without --input: a market that is made up, of so many symbols."),
    .value("--bars", "N", "Bars of each of its symbols; default 1500."),
    .value(
      "--features", "SET",
      """
      What the model is fed with, in place of what its description says: the .json file of a
      feature set, or the name of one, every column standardised over the bars given. A model
      that does not say gets transformer111.
      """),
    .value("--window", "N", "Bars that a prediction looks at, in place of what the model says."),
    .value("--precision", "NAME", "float32 (default), int8 or bfloat16."),
    .value("--quantize", "NAME", "int8, the same as --precision int8."),
    .value("--within", "AGE", Arguments.withinHelp),
    .value("--top", "N", "Rows of the table; default 20."),
    .value("--by", "NAME", "The output that ranks; default the last one."),
    .value("--output", "FILE", ".csv with every symbol that counts, in the order of the ranking."),
    .value(
      "--write-model", "FILE",
      ".npz for the model with the features and their statistics in its description."),
    .value(
      "--clock", "NAME",
      "By which days and sessions begin: utc (default), newYork, london, tokyo, ..."),
    .value("--threads", "N", "By default one per core."),
  ],
  notes: """
    Output files appear when they are complete. After an error there are none, and those that were
    there before are as they were.
    """
).run { arguments in
  try Prediction(arguments).main()
}
