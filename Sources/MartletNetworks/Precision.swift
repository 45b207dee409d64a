/// What the products of a network are computed with; everything else is float32.
public enum Precision: String, CaseIterable, Hashable, Sendable {
  /// IEEE single precision.
  case float32
  /// Weights per output channel and activations per row as 8-bit integers, sums in 32 bits.
  case int8
  /// Weights and activations rounded to bfloat16, sums in float32; only where the processor has it.
  case bfloat16
}
