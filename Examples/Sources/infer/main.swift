import ProgramSupport

Program(
  "infer",
  "Runs a model over the samples of a file.",
  options: [
    .value(
      "--model", "FILE",
      """
      The model: .npz or .safetensors with its tensors, and its description as config where the
      tensors do not say what it is.
      """, isRequired: true),
    .value(
      "--input", "FILE",
      """
      .npz with an array for each input of the model, by name (input; values and context; ids and
      lengths); the first axis is the samples.
      """, isRequired: true),
    .value("--output", "FILE", ".npz for the outputs, by name.", isRequired: true),
    .value("--precision", "NAME", "float32 (default), int8 or bfloat16."),
    .value("--quantize", "NAME", "int8, the same as --precision int8."),
    .value("--batch", "N", "Samples that are handed over at once; default 1024."),
    .value("--threads", "N", "By default one per core."),
  ],
  notes: """
    The output file appears when it is complete. After an error there is none, and one that was
    there before is as it was.
    """
).run { arguments in
  try Inference(arguments).main()
}
