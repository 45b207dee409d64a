import Martlet
import TestSupport
import Testing

struct NDArrayTests {
  private final class Memory: Sendable {
    nonisolated(unsafe) let base = UnsafeMutablePointer<Double>.allocate(capacity: 6)
    let onFree: @Sendable () -> Void

    init(onFree: @escaping @Sendable () -> Void) {
      self.onFree = onFree
      for k in 0..<6 { base[k] = Double(k) }
    }

    deinit {
      base.deallocate()
      onFree()
    }
  }

  @Test func elementsAndShapes() {
    let array = NDArray([1, 2, 3, 4, 5, 6] as [Double], shape: [2, 3])
    #expect(array.count == 6)
    #expect(array.dtype == .float64)
    #expect(array[0, 0] == 1 && array[1, 2] == 6 && array[-1, -3] == 4)
    #expect(array.doubles == [1, 2, 3, 4, 5, 6])
    #expect(array.row(1).shape == [3])
    #expect(array.row(1).doubles == [4, 5, 6])
    #expect(array.row(1)[0] == 4)
    let single = NDArray([1.5, .nan] as [Float], shape: [2])
    #expect(single.dtype == .float32)
    #expect(single[0] == 1.5 && single[1].isNaN)
    #expect(NDArray([]).count == 0)
    #expect(NDArray([] as [Double], shape: [3, 0]).doubles.isEmpty)
    #expect(NDArray([7] as [Double], shape: []).element(0) == 7)
    let cube = NDArray((0..<24).map { Double($0) }, shape: [2, 3, 4])
    #expect(cube.row(1).row(2).doubles == [20, 21, 22, 23])
    #expect(cube[1, 2, 3] == 23)
    #expect(ElementType.float32.size == 4 && ElementType.float64.size == 8)
  }

  @Test func copiesAndRowsShareMemory() {
    let array = NDArray([1, 2, 3, 4] as [Double], shape: [2, 2])
    let copy = array
    func address(_ array: NDArray) -> UnsafeRawPointer? { array.withUnsafeBytes { $0.baseAddress } }
    #expect(address(array) == address(copy))
    #expect(address(array.row(1)) == address(array)?.advanced(by: 16))
    #expect(array.row(1).withUnsafeBytes { $0.count } == 16)
  }

  @Test func viewsKeepTheirOwnerAlive() async {
    await confirmation { freed in
      var memory: Memory? = Memory { freed() }
      let bytes = UnsafeRawBufferPointer(start: memory!.base, count: 48)
      var array: NDArray? = NDArray(viewing: bytes, shape: [2, 3], dtype: .float64, owner: memory!)
      var row: NDArray? = array!.row(1)
      memory = nil
      array = nil
      #expect(row!.doubles == [3, 4, 5])
      row = nil
    }
  }

  @Test func wrongShapesAreRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = NDArray([1.0, 2.0] as [Double], shape: [3])
    }
    await #expect(processExitsWith: .failure) {
      _ = NDArray([1.0, 2.0] as [Double], shape: [-1, -2])
    }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0, 2.0])[2] }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0, 2.0])[0, 0] }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0, 2.0]).row(2) }
  }
}
