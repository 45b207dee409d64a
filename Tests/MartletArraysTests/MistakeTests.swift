import Martlet
import TestSupport
import Testing

/// What the programmer wrote wrong stops the program and says what was asked and what there is, in release builds too.
struct MistakeTests {
  @Test func aRowReadAsANumber() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let a: NDArray = [[1.0, 2], [3, 4]]
      print(a[0] as Double)
    }
    #expect(result.standardErrorContent.says("NDArray: 1 indices for the shape [2, 2]"))
  }

  @Test func indicesOutside() async throws {
    let element = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let a: NDArray = [[1.0, 2], [3, 4]]
      print(a[1, -3])
    }
    #expect(element.standardErrorContent.says("NDArray: index [1, -3] outside the shape [2, 2]"))
    let part = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let a: NDArray = [[1.0, 2], [3, 4]]
      print(a[.all, 2])
    }
    #expect(part.standardErrorContent.says("NDArray: index 2 outside axis 1 of the shape [2, 2]"))
  }

  @Test func shapesThatDoNotFit() async throws {
    let reshaped = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { print(NDArray.ones([6]).reshaped(4, 2)) }
    #expect(reshaped.standardErrorContent.says("[4, 2]"))
    let sum = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { print(NDArray.ones([3]) + NDArray.ones([4])) }
    #expect(sum.standardErrorContent.says("the shapes [3] and [4] do not broadcast"))
    let large = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { print(NDArray.ones([3]).tiled([.max]), NDArray.ones([3]).repeated(.max)) }
    #expect(large.standardErrorContent.says("is too large"))
  }

  /// Numbers at the ends of their range overflow nowhere.
  @Test func offsetsAndStepsBeyondEverything() {
    let square: NDArray = [[1.0, 2], [3, 4]]
    #expect(square.diagonal(offset: .min).count == 0 && square.diagonal(offset: .max).count == 0)
    #expect(NDArray.eye(2, offset: .min) == NDArray.zeros([2, 2]))
    #expect(NDArray.eye(2, offset: .max) == NDArray.zeros([2, 2]))
    #expect(square.tril(offset: .max) == square && square.triu(offset: .min) == square)
    #expect(square.tril(offset: .min) == square * 0 && square.triu(offset: .max) == square * 0)
    let row: NDArray = [1.0, 2, 3]
    #expect(row[ArrayIndex.slice(nil, nil, step: .max)] == [1.0])
    #expect(row[ArrayIndex.slice(nil, nil, step: .min)] == [3.0])
    #expect(row[ArrayIndex.slice(.min, .max, step: 2)] == [1.0, 3])
    #expect(row[ArrayIndex.slice(.max, .min, step: -2)] == [3.0, 1])
    #expect(row.round(decimals: .min).shape == [3])
  }

  @Test func threadsThatAreNone() async throws {
    let arrays = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { (NDArray.ones([3]) + 1).eval(threads: -3) }
    #expect(arrays.standardErrorContent.says("threads: -3; expected 1 or more"))
  }

  @Test func whatComplexNumbersDoNotHave() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { print(NDArray([Complex<Double>(1, 2)]).floor()) }
    #expect(result.standardErrorContent.says("rounding: not defined for elements of complex128"))
  }
}
