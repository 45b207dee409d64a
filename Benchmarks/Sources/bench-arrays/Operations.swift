import Martlet

/// What is timed, by name; `arrays.py` has the same names for NumPy and MLX.
///
/// Inputs: `x`, `y`, `z` of N(0, 1), `p` positive, `m` a random mask, `a` of shape [rows, columns], `f` and `g` as `x` and `p` in
/// float32; of fixed size `s`, `t`, `s32`, `t32` [512, 512], `u`, `v` [2048, 2048], `w` [65536], `b` [1024, 512].
struct Operation {
  let name: String
  let run: @Sendable (Inputs) -> [NDArray]

  init(_ name: String, _ run: @escaping @Sendable (Inputs) -> NDArray) {
    self.name = name
    self.run = { [run($0)] }
  }

  static let all: [Operation] = [
    Operation("add") { $0.x + $0.y },
    Operation("chain8") { input in
      let (x, y, z) = (input.x, input.y, input.z)
      return ((x * 2 + y) * z - x / (z * z + 1)).abs().sqrt()
    },
    Operation("exp") { $0.x.exp() },
    Operation("log") { $0.p.log() },
    Operation("tanh") { $0.x.tanh() },
    Operation("sin") { $0.x.sin() },
    Operation("sqrt") { $0.p.sqrt() },
    Operation("power") { $0.p.power($0.x) },
    Operation("exp float32") { $0.f.exp() },
    Operation("log float32") { $0.g.log() },
    Operation("tanh float32") { $0.f.tanh() },
    Operation("sum") { $0.x.sum() },
    Operation("mean") { $0.x.mean() },
    Operation("var") { $0.x.variance() },
    Operation("min") { $0.x.min() },
    Operation("argmax") { $0.x.argmax() },
    Operation("nansum") { $0.x.nansum() },
    Operation("sum axis 0") { $0.a.sum(axis: 0) },
    Operation("sum axis 1") { $0.a.sum(axis: 1) },
    Operation("max axis 0") { $0.a.max(axis: 0) },
    Operation("max axis 1") { $0.a.max(axis: 1) },
    Operation("std axis 1") { $0.a.std(axis: 1) },
    Operation("dot product") { ($0.x * $0.y).sum() },
    Operation("mask") { $0.x[$0.m] },
    Operation("sort") { $0.x.sorted() },
    Operation("argsort") { $0.x.argsort() },
    Operation("median") { $0.x.median() },
    Operation("cumulative sum") { $0.x.cumsum() },
    Operation("transposed copy") { $0.a.transposed().flattened() },
    Operation("where") { NDArray.where($0.m, $0.x, $0.y) },
    Operation("normalise rows") { input in
      let a = input.a
      return (a - a.mean(axis: 1, keepDims: true)) / a.std(axis: 1, keepDims: true)
    },
    Operation("matmul 512") { $0.s.matmul($0.t) },
    Operation("matmul 512 float32") { $0.s32.matmul($0.t32) },
    Operation("matmul 2048") { $0.u.matmul($0.v) },
    Operation("rfft 65536") { $0.w.rfft() },
    Operation("rfft 1024 x 512") { $0.b.rfft() },
    Operation("fft 1024 x 512") { $0.b.fft() },
  ]
}

/// The arrays of the last `load`; empty ones for what it did not have.
struct Inputs: Sendable {
  let x: NDArray
  let y: NDArray
  let z: NDArray
  let p: NDArray
  let m: NDArray
  let f: NDArray
  let g: NDArray
  let a: NDArray
  let s: NDArray
  let t: NDArray
  let s32: NDArray
  let t32: NDArray
  let u: NDArray
  let v: NDArray
  let w: NDArray
  let b: NDArray

  init(_ arrays: [String: NDArray]) {
    func array(_ name: String) -> NDArray { arrays[name] ?? NDArray([] as [Double]) }
    x = array("x")
    y = array("y")
    z = array("z")
    p = array("p")
    m = array("m")
    f = array("f")
    g = array("g")
    a = array("a")
    s = array("s")
    t = array("t")
    s32 = array("s32")
    t32 = array("t32")
    u = array("u")
    v = array("v")
    w = array("w")
    b = array("b")
  }
}
