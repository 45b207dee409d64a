import Martlet
import Testing

/// Texts of NumPy 2.4's `str`, with shape and dtype behind them.
struct PrintingTests {
  private func text(_ array: NDArray) -> String {
    let text = "\(array)"
    let end = " shape \(array.shape), \(array.dtype)"
    #expect(text.hasSuffix(end))
    return String(text.dropLast(end.count))
  }

  @Test func numbersStandAsNumPyPutsThem() {
    #expect(text([1, 2]) == "[1 2]")
    #expect(text([[1.0, 2.5], [-3.25, 100]]) == "[[  1.     2.5 ]\n [ -3.25 100.  ]]")
    #expect(text([1e-10, 1.0]) == "[1.e-10 1.e+00]")
    #expect(text([1e9, 1.5]) == "[1.0e+09 1.5e+00]")
    #expect(text([-1e-5]) == "[-1.e-05]")
    #expect(
      text(NDArray([0.1, 1.0 / 3, .nan, .infinity]))
        == "[0.1        0.33333333        nan        inf]")
    #expect(text(NDArray([1 / 3, 2 / 3] as [Float])) == "[0.33333334 0.6666667 ]")
    #expect(text([123456.789, 1e3]) == "[123456.789   1000.   ]")
    #expect(text(NDArray([0.1, 1e6] as [Float])) == "[1.e-01 1.e+06]")
    #expect(text(NDArray(3.5)) == "3.5")
    #expect(text([true, false]) == "[ True False]")
    #expect(
      text(NDArray([Complex<Double>(1, 2), Complex<Double>(-0.0, -0.5)])) == "[ 1.+2.j  -0.-0.5j]")
    #expect(text(NDArray([] as [Double], shape: [0, 3])) == "[]")
  }

  @Test func aNumberAloneStandsAsPythonPutsIt() {
    #expect(text(NDArray(2.0)) == "2.0")
    #expect(text(NDArray(-0.0)) == "-0.0")
    #expect(text(NDArray(123456789.0)) == "123456789.0")
    #expect(text(NDArray(1.0 / 3)) == "0.3333333333333333")
    #expect(text(NDArray(1e16)) == "1e+16" && text(NDArray(1e-5)) == "1e-05")
    #expect(text(NDArray(0.1).asType(.float32)) == "0.1")
    #expect(text(NDArray(1e8).asType(.float32)) == "100000000.0")
    #expect(text(NDArray(-Double.infinity)) == "-inf")
    #expect(text(NDArray(7)) == "7" && text(NDArray(true)) == "True")
    #expect(text(NDArray(Complex<Double>(1, 2))) == "(1+2j)")
    #expect(text(NDArray(Complex<Double>(0, -1.5))) == "-1.5j")
    #expect(text(NDArray(Complex<Double>(-0.0, .nan))) == "(-0+nanj)")
  }

  /// Processors give 0 / 0 a sign.
  @Test func notANumberHasNoSign() {
    let negative = -Double.nan
    #expect(negative.sign == .minus)
    #expect(text(NDArray(negative)) == "nan" && text(NDArray([negative, 1])) == "[nan  1.]")
    #expect("\(Complex<Double>(negative, negative))" == "nan+nanj")
    for type in [ElementType.float64, .float32] {
      let nothing = NDArray.zeros([0], dtype: type).mean()
      #expect(text(nothing) == "nan" && nothing.dtype == type)
      #expect("\(nothing.item(as: Double.self))" == "nan")
    }
    #expect("\(NDArray.zeros([2, 0]).mean(axis: 1).doubles)" == "[nan, nan]")
  }

  @Test func moreAxesAreNested() {
    let cube = NDArray((0..<24).map(Double.init), shape: [2, 3, 4])
    #expect(
      text(cube) == """
        [[[ 0.  1.  2.  3.]
          [ 4.  5.  6.  7.]
          [ 8.  9. 10. 11.]]

         [[12. 13. 14. 15.]
          [16. 17. 18. 19.]
          [20. 21. 22. 23.]]]
        """)
  }

  @Test func manyElementsAreSummarised() {
    #expect(
      text(NDArray(Array(0..<2000), shape: [40, 50])) == """
        [[   0    1    2 ...   47   48   49]
         [  50   51   52 ...   97   98   99]
         [ 100  101  102 ...  147  148  149]
         ...
         [1850 1851 1852 ... 1897 1898 1899]
         [1900 1901 1902 ... 1947 1948 1949]
         [1950 1951 1952 ... 1997 1998 1999]]
        """)
    #expect(text(NDArray.zeros([5000])) == "[0. 0. 0. ... 0. 0. 0.]")
  }

  @Test func theGraphShowsLoops() {
    let x: NDArray = [1.0, 2, 3]
    let y = ((x * 2 + x).sqrt()).sum()
    #expect(
      y.graph == """
        #0  elements()  [3] float64
        #1  constant 2()  [] float64
        #2  multiply(#0, #1)  [3] float64  in the loop of #5
        #3  add(#2, #0)  [3] float64  in the loop of #5
        #4  squareRoot(#3)  [3] float64  in the loop of #5
        #5  sum along [0](#4)  [] float64
        """)
    #expect(abs(y.item(as: Double.self) - 7.1815405503520555) < 1e-14)
  }

  @Test func equality() {
    let x: NDArray = [1.0, 2, 3]
    #expect(x == [1.0, 2, 3] && x != [1.0, 2, 4] && x != [1, 2, 3] && x != [[1.0, 2, 3]])
    #expect(NDArray([Double.nan]) != NDArray([Double.nan]))
    #expect(x.isApproximatelyEqual(to: x + 1e-9) && !x.isApproximatelyEqual(to: x + 1e-3))
    let holes = NDArray([1, .nan, .infinity])
    #expect(holes.isApproximatelyEqual(to: holes, equalNaN: true))
    #expect(!holes.isApproximatelyEqual(to: holes))
    #expect(!NDArray([Double.infinity]).isApproximatelyEqual(to: NDArray([-Double.infinity])))
  }
}
