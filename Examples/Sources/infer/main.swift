import Martlet
import ProgramSupport

Program(
  "infer",
  "Runs a model over the samples of a file.",
  options: [
    .value(
      "--model", "FILE",
      """
      The model: .npz or .safetensors with its tensors, or a folder of Hugging Face's form. Its
      description is in the file, or lies beside it as config.json.
      """, isRequired: true),
    .value(
      "--config", "FILE", "The description of the model, instead of that in or beside the file."),
    .flag("--list", "Prints the names, shapes and types of the tensors, and ends."),
    .value(
      "--input", "FILE",
      """
      .npz with an array for each input of the model, by name (input; values and context; ids and
      lengths); the first axis is the samples.
      """),
    .value("--output", "FILE", ".npz for the outputs, by name."),
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
  if arguments.has("--list") {
    try list(WeightFile(path: try arguments.required("--model")))
  } else {
    try Inference(arguments).main()
  }
}
