/// Every name of the Python Array API standard, 2024.12 (Consortium for Python Data API Standards,
/// data-apis.org/array-api/2024.12), by section.
enum ArrayStandard {
  static let sections: [(name: String, members: String)] = [
    (
      "creation",
      """
      arange asarray empty empty_like eye from_dlpack full full_like linspace meshgrid ones \
      ones_like tril triu zeros zeros_like
      """
    ),
    (
      "data type functions",
      "astype broadcast_arrays broadcast_to can_cast finfo iinfo isdtype result_type"
    ),
    (
      "data types",
      """
      bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 \
      complex128
      """
    ),
    ("constants", "e inf nan newaxis pi"),
    (
      "elementwise",
      """
      abs acos acosh add asin asinh atan atan2 atanh bitwise_and bitwise_left_shift \
      bitwise_invert bitwise_or bitwise_right_shift bitwise_xor ceil clip conj copysign cos cosh \
      divide equal exp expm1 floor floor_divide greater greater_equal hypot imag isfinite isinf \
      isnan less less_equal log log1p log2 log10 logaddexp logical_and logical_not logical_or \
      logical_xor maximum minimum multiply negative nextafter not_equal positive pow real \
      reciprocal remainder round sign signbit sin sinh square sqrt subtract tan tanh trunc
      """
    ),
    ("indexing", "take take_along_axis"),
    ("linear algebra", "matmul matrix_transpose tensordot vecdot"),
    (
      "linalg",
      """
      linalg.cholesky linalg.cross linalg.det linalg.diagonal linalg.eigh linalg.eigvalsh \
      linalg.inv linalg.matmul linalg.matrix_norm linalg.matrix_power linalg.matrix_rank \
      linalg.matrix_transpose linalg.outer linalg.pinv linalg.qr linalg.slogdet linalg.solve \
      linalg.svd linalg.svdvals linalg.tensordot linalg.trace linalg.vecdot linalg.vector_norm
      """
    ),
    (
      "fft",
      """
      fft.fft fft.ifft fft.fftn fft.ifftn fft.rfft fft.irfft fft.rfftn fft.irfftn fft.hfft \
      fft.ihfft fft.fftfreq fft.rfftfreq fft.fftshift fft.ifftshift
      """
    ),
    (
      "manipulation",
      """
      concat expand_dims flip moveaxis permute_dims repeat reshape roll squeeze stack tile unstack
      """
    ),
    ("searching", "argmax argmin count_nonzero nonzero searchsorted where"),
    ("sets", "unique_all unique_counts unique_inverse unique_values"),
    ("sorting", "argsort sort"),
    ("statistics", "cumulative_prod cumulative_sum max mean min prod std sum var"),
    ("utilities", "all any diff"),
    (
      "inspection",
      """
      __array_namespace_info__ capabilities default_device default_dtypes devices dtypes
      """
    ),
    ("attributes", "array.dtype array.device array.mT array.ndim array.shape array.size array.T"),
    (
      "methods",
      """
      __abs__ __add__ __and__ __array_namespace__ __bool__ __complex__ __dlpack__ \
      __dlpack_device__ __eq__ __float__ __floordiv__ __ge__ __getitem__ __gt__ __index__ __int__ \
      __invert__ __le__ __lshift__ __lt__ __matmul__ __mod__ __mul__ __ne__ __neg__ __or__ __pos__ \
      __pow__ __rshift__ __setitem__ __sub__ __truediv__ __xor__ array.to_device
      """
    ),
    (
      "operators in place",
      """
      __iadd__ __isub__ __imul__ __itruediv__ __ifloordiv__ __ipow__ __imod__ __imatmul__ __iand__ \
      __ior__ __ixor__ __ilshift__ __irshift__
      """
    ),
    (
      "reflected operators",
      """
      __radd__ __rsub__ __rmul__ __rtruediv__ __rfloordiv__ __rpow__ __rmod__ __rmatmul__ __rand__ \
      __ror__ __rxor__ __rlshift__ __rrshift__
      """
    ),
  ]

  static let names = sections.flatMap { $0.members.split(separator: " ").map(String.init) }
}
