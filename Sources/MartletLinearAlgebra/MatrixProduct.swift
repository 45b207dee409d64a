import CMartletKernels
import MartletArrays

#if BLAS
  import CMartletBLAS
#endif

/// Products of stacks of matrices; batch axes broadcast.
package struct MatrixProduct: ArrayFunction {
  package var name: String { "matmul" }
  private let usesBLAS: Bool

  /// - Parameter usesBLAS: False for our own kernel, which tests compare.
  package init(usesBLAS: Bool = BLAS.isThere) { self.usesBLAS = usesBLAS }

  package func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let product = Product(inputs[0], inputs[1], result, usesBLAS: usesBLAS)
    let memory = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    let plan = product.plan
    switch plan.routine {
    case .none, .loop: product.run(into: memory.base)
    case .kernel: product.runKernel(into: memory.base, threads: threads)
    case .gemm, .gemv, .gevm, .dot:
      BLAS.run(products: plan.rows * plan.columns * plan.depth) { product.run(into: memory.base) }
    }
    return memory
  }
}

/// One product with its operands laid out.
package struct Product: Sendable {
  package private(set) var plan: ProductPlan
  private var a: ProductOperand
  private var b: ProductOperand
  private var batch: [Int]
  private let dtype: ElementType

  /// - Parameter result: The product's shape decides its batch axes.
  package init(
    _ a: ArrayMemory, _ b: ArrayMemory, _ result: ResultType, usesBLAS: Bool = BLAS.isThere
  ) {
    dtype = result.dtype
    let own = (a.shape.count > 1 ? 1 : 0) + (b.shape.count > 1 ? 1 : 0)
    batch = Array(result.shape.dropLast(own))
    self.a = ProductOperand(a, isLeft: true, batch: batch)
    self.b = ProductOperand(b, isLeft: false, batch: batch)
    var routine = ProductPlan.Routine.loop
    if result.shape.contains(0) || self.a.columns == 0 {
      routine = .none
    } else if dtype.isInexact, !usesBLAS {
      routine = .kernel
    } else if dtype.isInexact {
      // One matrix on the right for all: one call.
      if !batch.isEmpty, self.b.batchStrides.allSatisfy({ $0 == 0 }),
        let merged = self.a.merged(batch)
      {
        self.a = merged
        batch = []
        self.b.batchStrides = []
      }
      routine = self.b.columns == 1 ? .gemv : self.a.rows == 1 ? .gevm : .gemm
      if routine == .gemv, self.a.rows == 1, !dtype.isComplex { routine = .dot }
    }
    switch routine {
    case .gemm:
      self.a.lay()
      self.b.lay()
    case .gemv:
      self.a.lay()
      self.b.layVector()
    case .gevm:
      self.a.layVector()
      self.b.lay()
    case .dot:
      self.a.layVector()
      self.b.layVector()
    case .none, .kernel, .loop: break
    }
    plan = ProductPlan(
      routine: routine, calls: batch.reduce(1, *), rows: self.a.rows, columns: self.b.columns,
      depth: self.a.columns, a: self.a.layout, b: self.b.layout)
  }

  /// Calls `body` with the elements of each matrix of a, b and the product.
  private func eachMatrix(
    _ out: UnsafeMutableRawPointer,
    _ body: (UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void
  ) {
    let size = dtype.size
    var index = [Int](repeating: 0, count: batch.count)
    var (x, y, z) = (a.memory.base, b.memory.base, out)
    for _ in 0..<plan.calls {
      body(x, y, z)
      z += plan.rows * plan.columns * size
      for axis in batch.indices.reversed() {
        index[axis] += 1
        x += a.batchStrides[axis] * size
        y += b.batchStrides[axis] * size
        if index[axis] < batch[axis] { break }
        x -= batch[axis] * a.batchStrides[axis] * size
        y -= batch[axis] * b.batchStrides[axis] * size
        index[axis] = 0
      }
    }
  }

  /// Writes the product's elements in row-major order.
  func run(into out: UnsafeMutableRawPointer) {
    switch plan.routine {
    case .none:
      out.initializeMemory(
        as: UInt8.self, repeating: 0, count: plan.calls * plan.rows * plan.columns * dtype.size)
    case .gemm, .gemv, .gevm, .dot: runBLAS(into: out)
    case .kernel: runKernel(into: out, threads: 1)
    case .loop:
      switch dtype {
      case .int32: eachMatrix(out) { wholeProduct($0, $1, $2, of: Int32.self) }
      case .int64: eachMatrix(out) { wholeProduct($0, $1, $2, of: Int64.self) }
      case .uint8: eachMatrix(out) { wholeProduct($0, $1, $2, of: UInt8.self) }
      default: eachMatrix(out) { truthProduct($0, $1, $2) }
      }
    }
    withExtendedLifetime((a.memory.buffer, b.memory.buffer)) {}
  }

  private func runBLAS(into out: UnsafeMutableRawPointer) {
    #if BLAS
      let (m, n, k) = (Int32(clamping: plan.rows), Int32(clamping: plan.columns), plan.depth)
      let kind = dtype.blasKind ?? 0
      // BLAS thinks in columns: row-major rows are the columns of the transpose, and cᵀ = bᵀ · aᵀ.
      let flag = { (isTransposed: Bool) in CChar(UInt8(ascii: isTransposed ? "T" : "N")) }
      switch plan.routine {
      case .gemm:
        let (ta, tb) = (flag(plan.a.isTransposed), flag(plan.b.isTransposed))
        eachMatrix(out) { x, y, z in
          martlet_gemm(
            kind, tb, ta, n, m, Int32(k), y, Int32(plan.b.leading), x, Int32(plan.a.leading), z, n)
        }
      case .gemv:
        eachMatrix(out) { x, y, z in
          multiply(a, x, plan.rows, k, plan.a, vector: y, plan.b.leading, into: z, kind)
        }
      case .gevm:
        var turned = plan.b
        turned.isTransposed.toggle()
        eachMatrix(out) { x, y, z in
          multiply(b, y, plan.columns, k, turned, vector: x, plan.a.leading, into: z, kind)
        }
      case .dot:
        let (s, t) = (plan.a.leading, plan.b.leading)
        eachMatrix(out) { x, y, z in
          martlet_dot(kind, Int32(k), lowest(x, s), Int32(s), lowest(y, t), Int32(t), z)
        }
      case .none, .kernel, .loop: break
      }
    #else
      fatalError("matmul: built without BLAS")
    #endif
  }

  /// Rows of the product that one thread takes at once.
  private static let strip = 64
  /// Multiplications from which a second thread pays for its start.
  private static let threadedProducts = 1 << 18

  /// By our own kernel; no bit depends on the threads.
  func runKernel(into out: UnsafeMutableRawPointer, threads: Int) {
    guard let kernel = ArrayKernels.current.product(dtype) else {
      fatalError("matmul: no kernel for \(dtype)")
    }
    let size = dtype.size
    // A column is the row of the transpose, and rows are what lies side by side in registers.
    let isColumn = plan.columns == 1
    let (rows, columns) = isColumn ? (1, plan.rows) : (plan.rows, plan.columns)
    var matrices: [(UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer)] = []
    eachMatrix(out) { matrices.append(($0, $1, $2)) }
    let strips = (rows + Self.strip - 1) / Self.strip
    let work = plan.calls * plan.rows * plan.columns * plan.depth
    let positions = matrices.map { (Int(bitPattern: $0), Int(bitPattern: $1), Int(bitPattern: $2)) }
    let (a, b, depth) = (self.a, self.b, plan.depth)
    Workers.run(
      items: positions.count * strips, threads: work < Self.threadedProducts ? 1 : threads
    ) {
      next in
      let memory = Buffer(uninitializedByteCount: Int(mk_product_work))
      while let item = next() {
        let (x, y, z) = positions[item / strips]
        let first = item % strips * Self.strip
        let count = min(Self.strip, rows - first)
        let left = mk_matrix(
          base: UnsafeRawPointer(bitPattern: x), row: Int64(a.rowStride),
          column: Int64(a.columnStride))
        let right = mk_matrix(
          base: UnsafeRawPointer(bitPattern: y), row: Int64(b.rowStride),
          column: Int64(b.columnStride))
        let turned = { (m: mk_matrix) in mk_matrix(base: m.base, row: m.column, column: m.row) }
        var (one, two) = isColumn ? (turned(right), turned(left)) : (left, right)
        one.base += first * Int(one.row) * size
        kernel(
          &one, &two, UnsafeMutableRawPointer(bitPattern: z)! + first * columns * size,
          Int64(count), Int64(columns), Int64(depth), memory.base)
      }
    }
    withExtendedLifetime((a.memory.buffer, b.memory.buffer)) {}
  }

  #if BLAS
    /// What BLAS takes for a vector that runs back.
    private func lowest(_ vector: UnsafeMutableRawPointer, _ stride: Int) -> UnsafeMutableRawPointer
    {
      stride < 0 ? vector + (plan.depth - 1) * stride * dtype.size : vector
    }

    /// A matrix of `rows` × `depth` times a vector.
    private func multiply(
      _ operand: ProductOperand, _ matrix: UnsafeMutableRawPointer, _ rows: Int, _ depth: Int,
      _ layout: ProductPlan.Operand, vector: UnsafeMutableRawPointer, _ stride: Int,
      into out: UnsafeMutableRawPointer, _ kind: Int32
    ) {
      out.initializeMemory(as: UInt8.self, repeating: 0, count: rows * dtype.size)
      let start = lowest(vector, stride)
      if layout.isTransposed {
        martlet_gemv(
          kind, CChar(UInt8(ascii: "N")), Int32(rows), Int32(depth), matrix, Int32(layout.leading),
          start, Int32(stride), out, 1)
      } else {
        martlet_gemv(
          kind, CChar(UInt8(ascii: "T")), Int32(depth), Int32(rows), matrix, Int32(layout.leading),
          start, Int32(stride), out, 1)
      }
    }
  #endif

  /// A product of integers, which wraps around.
  private func wholeProduct<Element: FixedWidthInteger & BitwiseCopyable>(
    _ x: UnsafeMutableRawPointer, _ y: UnsafeMutableRawPointer, _ z: UnsafeMutableRawPointer,
    of type: Element.Type
  ) {
    let (x, y) = (x.assumingMemoryBound(to: Element.self), y.assumingMemoryBound(to: Element.self))
    let z = z.assumingMemoryBound(to: Element.self)
    for i in 0..<plan.rows {
      let row = z + i * plan.columns
      row.update(repeating: 0, count: plan.columns)
      for l in 0..<plan.depth {
        let factor = x[i * a.rowStride + l * a.columnStride]
        let other = y + l * b.rowStride
        if b.columnStride == 1 {
          for j in 0..<plan.columns { row[j] &+= factor &* other[j] }
        } else {
          for j in 0..<plan.columns { row[j] &+= factor &* other[j * b.columnStride] }
        }
      }
    }
  }

  /// A product of bools: whether there is an l with both true.
  private func truthProduct(
    _ x: UnsafeMutableRawPointer, _ y: UnsafeMutableRawPointer, _ z: UnsafeMutableRawPointer
  ) {
    let (x, y) = (x.assumingMemoryBound(to: UInt8.self), y.assumingMemoryBound(to: UInt8.self))
    let z = z.assumingMemoryBound(to: UInt8.self)
    for i in 0..<plan.rows {
      let row = z + i * plan.columns
      row.update(repeating: 0, count: plan.columns)
      for l in 0..<plan.depth where x[i * a.rowStride + l * a.columnStride] != 0 {
        let other = y + l * b.rowStride
        for j in 0..<plan.columns where other[j * b.columnStride] != 0 { row[j] = 1 }
      }
    }
  }
}
