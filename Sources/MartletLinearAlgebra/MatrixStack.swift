#if BLAS
  import MartletArrays

  /// Column-major matrices one after the other, as LAPACK works on them.
  struct MatrixStack {
    let batch: [Int]
    let rows: Int
    let columns: Int
    /// Elements from one column to the next.
    let leading: Int
    let dtype: ElementType
    let kind: Int32
    let buffer: Buffer

    var count: Int { batch.reduce(1, *) }

    /// Multiplications that a factorization of one takes, but for a factor.
    var products: Int { rows * columns * min(rows, columns) }

    /// Matrices not yet written.
    init(uninitialized batch: [Int], _ rows: Int, _ columns: Int, _ dtype: ElementType) {
      self.batch = batch
      self.rows = rows
      self.columns = columns
      leading = max(1, rows)
      self.dtype = dtype
      kind = Self.kind(dtype)
      let count = NDArray.checkedCount(batch + [leading, max(1, columns)], "linear algebra")
      buffer = Buffer(uninitializedByteCount: count * dtype.size)
    }

    /// A copy of the last two axes of `array`, in its own memory; integers and bools become float64.
    ///
    /// - Parameter rows: More rows than the array has are left unwritten.
    init(_ array: NDArray, rows: Int? = nil) {
      let own = array.shape[array.ndim - 2]
      let array = array.asType(array.dtype.inexactType)
      self.init(
        uninitialized: Array(array.shape.dropLast(2)), rows ?? own, array.shape[array.ndim - 1],
        array.dtype)
      let turned = array.matrixTransposed.memory
      if self.rows == own {
        ArrayMemory(buffer, shape: turned.shape, dtype: dtype).assign(turned)
      } else {
        let columns = turned.contiguous
        for k in 0..<(count * self.columns) {
          (buffer.base + k * leading * dtype.size).copyMemory(
            from: columns.base + k * own * dtype.size, byteCount: own * dtype.size)
        }
        withExtendedLifetime(columns.buffer) {}
      }
    }

    private static func kind(_ dtype: ElementType) -> Int32 {
      guard let kind = dtype.blasKind else {
        fatalError("linear algebra: elements of \(dtype)")
      }
      return kind
    }

    /// The first element of a matrix.
    func matrix(_ k: Int) -> UnsafeMutableRawPointer {
      buffer.base + k * leading * columns * dtype.size
    }

    /// The first element of a matrix's column.
    func column(_ j: Int, of k: Int) -> UnsafeMutableRawPointer {
      matrix(k) + j * leading * dtype.size
    }

    /// The matrices as an array, or the first rows and columns of them; nothing is copied.
    func array(rows: Int? = nil, columns: Int? = nil) -> NDArray {
      let lead = ArrayMemory.rowMajorStrides(batch).map { $0 * leading * self.columns }
      return NDArray(
        ArrayMemory(
          buffer, shape: batch + [rows ?? self.rows, columns ?? self.columns],
          strides: lead + [1, leading], dtype: dtype))
    }

    /// Zeros in the strict upper or lower triangle of every matrix.
    func clearTriangle(upper: Bool) {
      for k in 0..<count {
        for j in 0..<columns {
          let range = upper ? 0..<min(j, rows) : min(j + 1, rows)..<rows
          (column(j, of: k) + range.lowerBound * dtype.size).initializeMemory(
            as: UInt8.self, repeating: 0, count: range.count * dtype.size)
        }
      }
    }

    /// Which matrix of a stack, for messages; nil where there is only one.
    static func position(_ k: Int, in batch: [Int]) -> String? {
      if batch.isEmpty { return nil }
      var (rest, index) = (k, batch)
      for axis in batch.indices.reversed() {
        index[axis] = rest % batch[axis]
        rest /= batch[axis]
      }
      return "matrix \(index)"
    }

    func error(_ operation: String, _ k: Int, _ problem: String) -> DataError {
      DataError(.unsolvable, in: operation, at: Self.position(k, in: batch), problem)
    }
  }

  /// Memory that a LAPACK routine asks for.
  struct Workspace {
    let work: UnsafeMutableRawPointer
    let count: Int32
    let reals: UnsafeMutableRawPointer
    let realCount: Int32
    let integers: UnsafeMutablePointer<Int32>
    let integerCount: Int32
    private let buffers: [Buffer]

    /// Asks `routine` for the size by a call with −1 elements of work.
    ///
    /// - Parameters:
    ///   - reals: Real numbers beside the work that the routine does not ask for.
    ///   - integers: Integers that it does not ask for.
    init(
      _ kind: Int32, reals: Int = 0, integers: Int = 0, _ routine: (borrowing Workspace) -> Int32
    ) {
      let query = Workspace(kind, -1, reals: -1, integers: -1)
      _ = routine(query)
      func size(_ memory: UnsafeMutableRawPointer) -> Int {
        // The size is a number of the matrix's type; float32 may have rounded it down.
        let size =
          kind & 1 == 1
          ? memory.load(as: Double.self) : Double(memory.load(as: Float.self).nextUp)
        return Int(exactly: size.rounded(.up)) ?? 1
      }
      self.init(
        kind, max(1, size(query.work)),
        reals: max(reals, query.reals.load(as: UInt64.self) == 0 ? 0 : size(query.reals)),
        integers: max(integers, Int(query.integers[0])))
      withExtendedLifetime(query.buffers) {}
    }

    private init(_ kind: Int32, _ count: Int, reals: Int, integers: Int) {
      let size = [4, 8, 8, 16][Int(kind)]
      let buffers = [
        Buffer(byteCount: max(1, count) * size), Buffer(byteCount: max(1, reals) * 8),
        Buffer(byteCount: max(1, integers) * 4),
      ]
      self.count = Int32(clamping: count)
      realCount = Int32(clamping: reals)
      integerCount = Int32(clamping: integers)
      work = buffers[0].base
      self.reals = buffers[1].base
      self.integers = buffers[2].pointer(to: Int32.self)
      self.buffers = buffers
    }
  }

  extension NDArray {
    /// Matrices or a stack of them, of axes that LAPACK can count.
    func checkMatrices(_ operation: StaticString, square: Bool = false) {
      require(ndim >= 2, "\(operation): an array of the shape \(shape) is no matrix")
      require(
        !square || shape[ndim - 1] == shape[ndim - 2],
        "\(operation): the shape \(shape) is not one of square matrices")
      require(
        shape.suffix(2).allSatisfy { $0 <= BLAS.longestAxis },
        "\(operation): an axis of the shape \(shape) is longer than \(BLAS.longestAxis)")
    }

    /// Whether each matrix of a stack has only finite elements; LAPACK's iterations need not end otherwise.
    var finiteMatrices: [Bool] {
      isFinite().all(axis: [-2, -1]).elements(as: Bool.self)
    }

    func checkFinite(_ operation: String) throws(DataError) {
      guard let k = finiteMatrices.firstIndex(of: false) else { return }
      throw DataError(
        .unsolvable, in: operation, at: MatrixStack.position(k, in: Array(shape.dropLast(2))),
        "has NaN or infinite elements")
    }
  }
#endif
