#if BLAS
  import Martlet
  import Synchronization
  import Testing

  /// What BLAS is asked to do: strides are passed on, not copied away.
  struct LinearAlgebraPlanTests {
    private typealias Operand = ProductPlan.Operand

    private static func array(_ shape: Int...) -> NDArray {
      NDArray((0..<shape.reduce(1, *)).map { Double($0) }, shape: shape)
    }

    private static func plan(_ a: NDArray, _ b: NDArray) -> ProductPlan {
      let product = a.matmul(b)
      return Product(a.memory, b.memory, ResultType(product.shape, product.dtype)).plan
    }

    private static func dense(_ leading: Int, transposed: Bool = false) -> Operand {
      Operand(isTransposed: transposed, leading: leading, isCopied: false)
    }

    @Test func transposesArePassed() {
      let (a, b) = (Self.array(4, 5), Self.array(5, 6))
      let plain = Self.plan(a, b)
      #expect(plain.routine == .gemm && plain.calls == 1)
      #expect(plain.rows == 4 && plain.columns == 6 && plain.depth == 5)
      #expect(plain.a == Self.dense(5) && plain.b == Self.dense(6))
      let both = Self.plan(b.transposed(), a.transposed())
      #expect(
        both.a == Self.dense(6, transposed: true) && both.b == Self.dense(5, transposed: true))
      let stack = Self.array(3, 5, 4)
      let batched = Self.plan(stack.matrixTransposed, Self.array(3, 5, 6))
      #expect(batched.calls == 3 && batched.a == Self.dense(4, transposed: true))
      #expect(batched.b == Self.dense(6))
    }

    @Test func rowsMayLieApart() {
      let wide = Self.array(8, 10)
      let part = Self.plan(wide[.slice(step: 2), 2..<7], wide[0..<5, 3..<9])
      #expect(part.a == Self.dense(20) && part.b == Self.dense(10))
      let turned = Self.plan(wide[0..<5, 3..<9].transposed(), wide[0..<5, .slice(step: 3)])
      #expect(turned.a == Self.dense(10, transposed: true))
      // Neither rows nor columns are dense.
      #expect(turned.b == Operand(isTransposed: false, leading: 4, isCopied: true))
      #expect(Self.plan(wide[.all, .slice(step: -1)], Self.array(10, 2)).a.isCopied)
      // Rows overlap in windows, which BLAS does not read.
      #expect(Self.plan(Self.array(9).slidingWindows(4), Self.array(4, 2)).a.isCopied)
    }

    @Test func batchesOnTheLeftAreOneCall() {
      let merged = Self.plan(Self.array(2, 3, 4, 5), Self.array(5, 6))
      #expect(merged.routine == .gemm && merged.calls == 1 && merged.rows == 24)
      #expect(Self.plan(Self.array(7, 4, 5), Self.array(5)).rows == 28)
      #expect(Self.plan(Self.array(7, 1, 5), Self.array(5, 6)).routine == .gemm)
      #expect(Self.plan(Self.array(7, 4, 5), Self.array(1, 5, 6)).calls == 1)
      // Every second row and matrix still lies at one distance; without the last rows they do not.
      let even = Self.array(3, 4, 5)[.all, .slice(step: 2), .all]
      #expect(Self.plan(even, Self.array(5, 6)).a == Self.dense(10))
      #expect(Self.plan(Self.array(3, 4, 5)[.all, 0..<3, .all], Self.array(5, 6)).calls == 3)
      #expect(Self.plan(Self.array(5, 6), Self.array(3, 6, 4)).calls == 3)
    }

    @Test func broadcastAxesAreNotCopied() {
      let many = Self.array(1, 4, 5).broadcast(to: [1000, 4, 5])
      let plan = Self.plan(many, Self.array(1000, 5, 2))
      #expect(plan.calls == 1000 && plan.a == Self.dense(5))
      let odd = Self.array(4, 10)[.all, .slice(step: 2)]
      #expect(Self.plan(odd, Self.array(3, 5, 2)).a.isCopied)
      let results = odd.broadcast(to: [3, 4, 5]).matmul(Self.array(3, 5, 2))
      // Row 1 is 10 12 14 16 18; column 1 of the last matrix 21 23 25 27 29.
      #expect(results[2, 1, 1] == 1790)
    }

    @Test func vectorsAreNotMatrices() {
      let a = Self.array(4, 5)
      let back = Self.array(10)[.slice(step: -2)]
      let right = Self.plan(a, back)
      #expect(right.routine == .gemv && right.a == Self.dense(5))
      #expect(right.b == Operand(isTransposed: false, leading: -2, isCopied: false))
      let left = Self.plan(back, a.transposed())
      #expect(left.routine == .gevm && left.a.leading == -2)
      #expect(left.b == Self.dense(5, transposed: true))
      #expect(a.matmul(back).doubles == [30, 155, 280, 405])
      let inner = Self.plan(back, Self.array(5))
      #expect(inner.routine == .dot && inner.a.leading == -2 && inner.b.leading == 1)
      #expect(back.matmul(Self.array(5)).doubles == [30])
      #expect(Self.plan(a, NDArray(2.0).broadcast(to: [5])).b.isCopied)
    }

    @Test func emptyAndWholeProducts() {
      #expect(Self.plan(Self.array(4, 0), Self.array(0, 3)).routine == .none)
      #expect(Self.plan(Self.array(0, 4), Self.array(4, 3)).routine == .none)
      let whole = NDArray([1, 2, 3, 4] as [Int], shape: [2, 2])
      #expect(Self.plan(whole, whole).routine == .loop)
    }

    @Test func threadsBelongToTheLibrary() {
      let before = BLAS.threads
      _ = Self.array(100, 100).matmul(Self.array(100, 100)).eval(threads: 1)
      #expect(BLAS.threads == before)
    }

    /// In a process of its own, where nobody else has threads: the pool has fewer while the library computes.
    @Test func threadsOfTheLibraryCount() async {
      await #expect(processExitsWith: .success) {
        func parts() -> Int {
          let parts = Mutex(0)
          WorkerPool.shared.runTogether(threads: 99) { part, barrier in
            if part == 0 { parts.withLock { $0 = barrier.parts } }
          }
          return parts.withLock { $0 }
        }
        let all = WorkerPool.shared.limit + 1
        BLAS.threads = 2
        precondition(parts() == all)
        precondition(BLAS.run(products: 1 << 20) { parts() } == max(1, all - 1))
        precondition(BLAS.run(products: 100) { parts() } == all)
        BLAS.threads = 1
        precondition(BLAS.run(products: 1 << 20) { parts() } == all)
      }
    }
  }
#endif
