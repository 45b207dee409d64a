import Martlet
import Testing

@Suite("Precision")
struct PrecisionTests {
  @Test func namesAreThoseOfThePrograms() {
    #expect(Precision.allCases.map(\.rawValue) == ["float32", "int8", "bfloat16"])
  }
}
