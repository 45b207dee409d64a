// Made by Fixtures/make_fixtures.py with NumPy 2.4.6.

import MartletArrays
import Testing

/// A file and what it becomes.
struct ArrayCase: CustomTestStringConvertible {
  let name: String
  let dtype: ElementType
  let shape: [Int]
  let file: [UInt8]
  /// The elements in row-major order.
  let elements: [UInt8]
  /// Whether NumPy writes the same file for what it becomes.
  let isWritten: Bool
  var testDescription: String { name }
}

enum ArrayFixture {
  static let npy: [ArrayCase] = [
    ArrayCase(
      name: "f2 flat", dtype: .float32,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6632272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a00000080003e80c0007c00fc007eff7b0100\
        00825535e270
        """),
      elements: bytes(
        """
        00*7 800000c03f000010c00000807f000080ff0000c07f00e07f4700008033000000b800a0aa3e00401c46
        """), isWritten: false),
    ArrayCase(
      name: "f2 Fortran", dtype: .float32,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6632272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a0000007c0100003e007e5535008000\
        fc008280c0ff7be270
        """),
      elements: bytes(
        """
        00*7 800000c03f000010c00000807f000080ff0000c07f00e07f4700008033000000b800a0aa3e00401c46
        """), isWritten: false),
    ArrayCase(
      name: "f2 single", dtype: .float32,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6632272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0a003e
        """),
      elements: bytes(
        """
        0000c03f
        """), isWritten: false),
    ArrayCase(
      name: "f2 big-endian", dtype: .float32,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6632272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c2036292c207d20*58 0a000080003e00c0807c00fc007e007bff00\
        018200355570e2
        """),
      elements: bytes(
        """
        00*7 800000c03f000010c00000807f000080ff0000c07f00e07f4700008033000000b800a0aa3e00401c46
        """), isWritten: false),
    ArrayCase(
      name: "f2 big-endian Fortran", dtype: .float32,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6632272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028342c2033292c207d20*59 0a0000c0807e00820080007c007bff35553e00\
        fc00000170e2
        """),
      elements: bytes(
        """
        00*7 800000c03f000010c00000807f000080ff0000c07f00e07f4700008033000000b800a0aa3e00401c46
        """), isWritten: false),
    ArrayCase(
      name: "f4 flat", dtype: .float32,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a00*7 800000c03f000010c00000807f00008\
        0ff0000c07f00e07f4700008033000000b8abaaaa3e00401c46
        """),
      elements: bytes(
        """
        00*7 800000c03f000010c00000807f000080ff0000c07f00e07f4700008033000000b8abaaaa3e00401c46
        """), isWritten: true),
    ArrayCase(
      name: "f4 Fortran", dtype: .float32,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a00*6 807f000080330000c03f0000c\
        07fabaaaa3e00000080000080ff000000b8000010c000e07f4700401c46
        """),
      elements: bytes(
        """
        00*7 800000c03f000010c00000807f000080ff0000c07f00e07f4700008033000000b8abaaaa3e00401c46
        """), isWritten: true),
    ArrayCase(
      name: "f4 single", dtype: .float32,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0a0000c03f
        """),
      elements: bytes(
        """
        0000c03f
        """), isWritten: true),
    ArrayCase(
      name: "f4 big-endian", dtype: .float32,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6634272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c2036292c207d20*58 0a00000000800000003fc00000c01000007f\
        800000ff8000007fc00000477fe00033800000b80000003eaaaaab461c4000
        """),
      elements: bytes(
        """
        00*7 800000c03f000010c00000807f000080ff0000c07f00e07f4700008033000000b8abaaaa3e00401c46
        """), isWritten: false),
    ArrayCase(
      name: "f4 big-endian Fortran", dtype: .float32,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6634272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028342c2033292c207d20*59 0a00000000c01000007fc00000b80000008000\
        00007f800000477fe0003eaaaaab3fc00000ff80000033800000461c4000
        """),
      elements: bytes(
        """
        00*7 800000c03f000010c00000807f000080ff0000c07f00e07f4700008033000000b8abaaaa3e00401c46
        """), isWritten: false),
    ArrayCase(
      name: "f8 flat", dtype: .float64,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a00*15 8000*6 f83f00*6 02c000*6 f07f0\
        0*6 f0ff00*6 f87f00*5 fcef4000*6 703e00*7 bf55*6 d53f00*5 88c340
        """),
      elements: bytes(
        """
        00*15 8000*6 f83f00*6 02c000*6 f07f00*6 f0ff00*6 f87f00*5 fcef4000*6 703e00*7 bf55*6 d53f0\
        0*5 88c340
        """), isWritten: true),
    ArrayCase(
      name: "f8 Fortran", dtype: .float64,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a00*14 f07f00*6 703e00*6 f83f00\
        *6 f87f55*6 d53f00*7 8000*6 f0ff00*7 bf00*6 02c000*5 fcef4000*5 88c340
        """),
      elements: bytes(
        """
        00*15 8000*6 f83f00*6 02c000*6 f07f00*6 f0ff00*6 f87f00*5 fcef4000*6 703e00*7 bf55*6 d53f0\
        0*5 88c340
        """), isWritten: true),
    ArrayCase(
      name: "f8 single", dtype: .float64,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0a00*6 f83f
        """),
      elements: bytes(
        """
        00*6 f83f
        """), isWritten: true),
    ArrayCase(
      name: "f8 big-endian", dtype: .float64,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6638272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c2036292c207d20*58 0a00*8 8000*7 3ff800*6 c00200*6 7ff0\
        00*6 fff000*6 7ff800*6 40effc00*5 3e7000*6 bf00*7 3fd555*6 40c38800*5
        """),
      elements: bytes(
        """
        00*15 8000*6 f83f00*6 02c000*6 f07f00*6 f0ff00*6 f87f00*5 fcef4000*6 703e00*7 bf55*6 d53f0\
        0*5 88c340
        """), isWritten: false),
    ArrayCase(
      name: "f8 big-endian Fortran", dtype: .float64,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6638272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028342c2033292c207d20*59 0a00*8 c00200*6 7ff800*6 bf00*7 8000*7\
         7ff000*6 40effc00*5 3fd555*6 3ff800*6 fff000*6 3e7000*6 40c38800*5
        """),
      elements: bytes(
        """
        00*15 8000*6 f83f00*6 02c000*6 f07f00*6 f0ff00*6 f87f00*5 fcef4000*6 703e00*7 bf55*6 d53f0\
        0*5 88c340
        """), isWritten: false),
    ArrayCase(
      name: "c8 flat", dtype: .complex64,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6338272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a00*6 10c0000000800000807f0000c03f000\
        080ff000010c00000c07f0000807f00e07f47000080ff000080330000c07f000000b800e07f47abaaaa3e00008\
        03300401c46000000b800000000abaaaa3e0000008000401c460000c03f
        """),
      elements: bytes(
        """
        00*6 10c0000000800000807f0000c03f000080ff000010c00000c07f0000807f00e07f47000080ff000080330\
        000c07f000000b800e07f47abaaaa3e0000803300401c46000000b800000000abaaaa3e0000008000401c46000\
        0c03f
        """), isWritten: true),
    ArrayCase(
      name: "c8 Fortran", dtype: .complex64,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6338272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a00*6 10c00000807f00e07f4700008\
        03300401c460000c03f000080ff0000c07f000000b8abaaaa3e00000080000000800000807f000080ff0000803\
        3000000b800*6 10c00000c07f00e07f47abaaaa3e00401c460000c03f
        """),
      elements: bytes(
        """
        00*6 10c0000000800000807f0000c03f000080ff000010c00000c07f0000807f00e07f47000080ff000080330\
        000c07f000000b800e07f47abaaaa3e0000803300401c46000000b800000000abaaaa3e0000008000401c46000\
        0c03f
        """), isWritten: true),
    ArrayCase(
      name: "c8 single", dtype: .complex64,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6338272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0a0000c03f000080ff
        """),
      elements: bytes(
        """
        0000c03f000080ff
        """), isWritten: true),
    ArrayCase(
      name: "c8 big-endian", dtype: .complex64,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6338272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c2036292c207d20*58 0a00000000c0100000800000007f8000003f\
        c00000ff800000c01000007fc000007f800000477fe000ff800000338000007fc00000b8000000477fe0003eaa\
        aaab33800000461c4000b800*7 3eaaaaab80000000461c40003fc00000
        """),
      elements: bytes(
        """
        00*6 10c0000000800000807f0000c03f000080ff000010c00000c07f0000807f00e07f47000080ff000080330\
        000c07f000000b800e07f47abaaaa3e0000803300401c46000000b800000000abaaaa3e0000008000401c46000\
        0c03f
        """), isWritten: false),
    ArrayCase(
      name: "c8 big-endian Fortran", dtype: .complex64,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6338272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028342c2033292c207d20*59 0a00000000c0100000c01000007fc000007fc0\
        0000b8000000b800*7 800000007f8000007f800000477fe000477fe0003eaaaaab3eaaaaab800000003fc0000\
        0ff800000ff8000003380000033800000461c4000461c40003fc00000
        """),
      elements: bytes(
        """
        00*6 10c0000000800000807f0000c03f000080ff000010c00000c07f0000807f00e07f47000080ff000080330\
        000c07f000000b800e07f47abaaaa3e0000803300401c46000000b800000000abaaaa3e0000008000401c46000\
        0c03f
        """), isWritten: false),
    ArrayCase(
      name: "c16 flat", dtype: .complex128,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c633136272c2027666f727472616e5f6f72646572273a20\
        46616c73652c20277368617065273a202831322c292c207d20*58 0a00*14 02c000*7 8000*6 f07f00*6 f83\
        f00*6 f0ff00*6 02c000*6 f87f00*6 f07f00*5 fcef4000*6 f0ff00*6 703e00*6 f87f00*7 bf00*5 fce\
        f4055*6 d53f00*6 703e00*5 88c34000*7 bf00*8 55*6 d53f00*7 8000*5 88c34000*6 f83f
        """),
      elements: bytes(
        """
        00*14 02c000*7 8000*6 f07f00*6 f83f00*6 f0ff00*6 02c000*6 f87f00*6 f07f00*5 fcef4000*6 f0f\
        f00*6 703e00*6 f87f00*7 bf00*5 fcef4055*6 d53f00*6 703e00*5 88c34000*7 bf00*8 55*6 d53f00*\
        7 8000*5 88c34000*6 f83f
        """), isWritten: true),
    ArrayCase(
      name: "c16 Fortran", dtype: .complex128,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c633136272c2027666f727472616e5f6f72646572273a20\
        547275652c20277368617065273a2028332c20322c2032292c207d20*55 0a00*14 02c000*6 f07f00*5 fcef\
        4000*6 703e00*5 88c34000*6 f83f00*6 f0ff00*6 f87f00*7 bf55*6 d53f00*7 8000*7 8000*6 f07f00\
        *6 f0ff00*6 703e00*7 bf00*14 02c000*6 f87f00*5 fcef4055*6 d53f00*5 88c34000*6 f83f
        """),
      elements: bytes(
        """
        00*14 02c000*7 8000*6 f07f00*6 f83f00*6 f0ff00*6 02c000*6 f87f00*6 f07f00*5 fcef4000*6 f0f\
        f00*6 703e00*6 f87f00*7 bf00*5 fcef4055*6 d53f00*6 703e00*5 88c34000*7 bf00*8 55*6 d53f00*\
        7 8000*5 88c34000*6 f83f
        """), isWritten: true),
    ArrayCase(
      name: "c16 single", dtype: .complex128,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c633136272c2027666f727472616e5f6f72646572273a20\
        46616c73652c20277368617065273a2028292c207d20*61 0a00*6 f83f00*6 f0ff
        """),
      elements: bytes(
        """
        00*6 f83f00*6 f0ff
        """), isWritten: true),
    ArrayCase(
      name: "c16 big-endian", dtype: .complex128,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e633136272c2027666f727472616e5f6f72646572273a20\
        46616c73652c20277368617065273a2028322c2036292c207d20*57 0a00*8 c00200*6 8000*7 7ff000*6 3f\
        f800*6 fff000*6 c00200*6 7ff800*6 7ff000*6 40effc00*5 fff000*6 3e7000*6 7ff800*6 bf00*7 40\
        effc00*5 3fd555*6 3e7000*6 40c38800*5 bf00*15 3fd555*6 8000*7 40c38800*5 3ff800*6
        """),
      elements: bytes(
        """
        00*14 02c000*7 8000*6 f07f00*6 f83f00*6 f0ff00*6 02c000*6 f87f00*6 f07f00*5 fcef4000*6 f0f\
        f00*6 703e00*6 f87f00*7 bf00*5 fcef4055*6 d53f00*6 703e00*5 88c34000*7 bf00*8 55*6 d53f00*\
        7 8000*5 88c34000*6 f83f
        """), isWritten: false),
    ArrayCase(
      name: "c16 big-endian Fortran", dtype: .complex128,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e633136272c2027666f727472616e5f6f72646572273a20\
        547275652c20277368617065273a2028342c2033292c207d20*58 0a00*8 c00200*6 c00200*6 7ff800*6 7f\
        f800*6 bf00*7 bf00*15 8000*7 7ff000*6 7ff000*6 40effc00*5 40effc00*5 3fd555*6 3fd555*6 800\
        0*7 3ff800*6 fff000*6 fff000*6 3e7000*6 3e7000*6 40c38800*5 40c38800*5 3ff800*6
        """),
      elements: bytes(
        """
        00*14 02c000*7 8000*6 f07f00*6 f83f00*6 f0ff00*6 02c000*6 f87f00*6 f07f00*5 fcef4000*6 f0f\
        f00*6 703e00*6 f87f00*7 bf00*5 fcef4055*6 d53f00*6 703e00*5 88c34000*7 bf00*8 55*6 d53f00*\
        7 8000*5 88c34000*6 f83f
        """), isWritten: false),
    ArrayCase(
      name: "i1 flat", dtype: .int32,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20277c6931272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a0001ff0203644d05807f40fd
        """),
      elements: bytes(
        """
        0000000001000000ffffffff0200000003000000640000004d0000000500000080ffffff7f00000040000000fd\
        ffffff
        """), isWritten: false),
    ArrayCase(
      name: "i1 Fortran", dtype: .int32,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20277c6931272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a000380ff4d4001647f0205fd
        """),
      elements: bytes(
        """
        0000000001000000ffffffff0200000003000000640000004d0000000500000080ffffff7f00000040000000fd\
        ffffff
        """), isWritten: false),
    ArrayCase(
      name: "i1 single", dtype: .int32,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20277c6931272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0aff
        """),
      elements: bytes(
        """
        ffffffff
        """), isWritten: false),
    ArrayCase(
      name: "i2 flat", dtype: .int32,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6932272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a0000fa0006fff401ee02a861324be2040083\
        067c803e12fd
        """),
      elements: bytes(
        """
        00000000fa00000006fffffff4010000ee020000a8610000324b0000e20400000083ffff067c0000803e000012\
        fdffff
        """), isWritten: false),
    ArrayCase(
      name: "i2 Fortran", dtype: .int32,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6932272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a0000ee02008306ff324b803efa00a8\
        61067cf401e20412fd
        """),
      elements: bytes(
        """
        00000000fa00000006fffffff4010000ee020000a8610000324b0000e20400000083ffff067c0000803e000012\
        fdffff
        """), isWritten: false),
    ArrayCase(
      name: "i2 single", dtype: .int32,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6932272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0a06ff
        """),
      elements: bytes(
        """
        06ffffff
        """), isWritten: false),
    ArrayCase(
      name: "i2 big-endian", dtype: .int32,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6932272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c2036292c207d20*58 0a000000faff0601f402ee61a84b3204e283\
        007c063e80fd12
        """),
      elements: bytes(
        """
        00000000fa00000006fffffff4010000ee020000a8610000324b0000e20400000083ffff067c0000803e000012\
        fdffff
        """), isWritten: false),
    ArrayCase(
      name: "i2 big-endian Fortran", dtype: .int32,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6932272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028342c2033292c207d20*59 0a000001f44b327c0600fa02ee04e23e80ff06\
        61a88300fd12
        """),
      elements: bytes(
        """
        00000000fa00000006fffffff4010000ee020000a8610000324b0000e20400000083ffff067c0000803e000012\
        fdffff
        """), isWritten: false),
    ArrayCase(
      name: "i4 flat", dtype: .int32,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a00*7 01000000ff000000020000000300000\
        0640000004d00000005000000800000007f00000040000000fd
        """),
      elements: bytes(
        """
        00*7 01000000ff0000000200000003000000640000004d00000005000000800000007f00000040000000fd
        """), isWritten: true),
    ArrayCase(
      name: "i4 Fortran", dtype: .int32,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a00*7 0300000080000000ff0000004\
        d0000004000000001000000640000007f0000000200000005000000fd
        """),
      elements: bytes(
        """
        00*7 01000000ff0000000200000003000000640000004d00000005000000800000007f00000040000000fd
        """), isWritten: true),
    ArrayCase(
      name: "i4 single", dtype: .int32,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0a000000ff
        """),
      elements: bytes(
        """
        000000ff
        """), isWritten: true),
    ArrayCase(
      name: "i4 big-endian", dtype: .int32,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6934272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c2036292c207d20*58 0a0000000001000000ff0000000200000003\
        000000640000004d00000005000000800000007f00000040000000fd000000
        """),
      elements: bytes(
        """
        00*7 01000000ff0000000200000003000000640000004d00000005000000800000007f00000040000000fd
        """), isWritten: false),
    ArrayCase(
      name: "i4 big-endian Fortran", dtype: .int32,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6934272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028342c2033292c207d20*59 0a00000000020000004d0000007f0000000100\
        0000030000000500000040000000ff0000006400000080000000fd000000
        """),
      elements: bytes(
        """
        00*7 01000000ff0000000200000003000000640000004d00000005000000800000007f00000040000000fd
        """), isWritten: false),
    ArrayCase(
      name: "i8 flat", dtype: .int64,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6938272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a00*15 0100*7 ff00*7 0200*7 0300*7 64\
        00*7 4d00*7 0500*7 8000*7 7f00*7 4000*7 fd
        """),
      elements: bytes(
        """
        00*15 0100*7 ff00*7 0200*7 0300*7 6400*7 4d00*7 0500*7 8000*7 7f00*7 4000*7 fd
        """), isWritten: true),
    ArrayCase(
      name: "i8 Fortran", dtype: .int64,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6938272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a00*15 0300*7 8000*7 ff00*7 4d0\
        0*7 4000*7 0100*7 6400*7 7f00*7 0200*7 0500*7 fd
        """),
      elements: bytes(
        """
        00*15 0100*7 ff00*7 0200*7 0300*7 6400*7 4d00*7 0500*7 8000*7 7f00*7 4000*7 fd
        """), isWritten: true),
    ArrayCase(
      name: "i8 single", dtype: .int64,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6938272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0a00*7 ff
        """),
      elements: bytes(
        """
        00*7 ff
        """), isWritten: true),
    ArrayCase(
      name: "i8 big-endian", dtype: .int64,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6938272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c2036292c207d20*58 0a00*8 0100*7 ff00*7 0200*7 0300*7 6\
        400*7 4d00*7 0500*7 8000*7 7f00*7 4000*7 fd00*7
        """),
      elements: bytes(
        """
        00*15 0100*7 ff00*7 0200*7 0300*7 6400*7 4d00*7 0500*7 8000*7 7f00*7 4000*7 fd
        """), isWritten: false),
    ArrayCase(
      name: "i8 big-endian Fortran", dtype: .int64,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e6938272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028342c2033292c207d20*59 0a00*8 0200*7 4d00*7 7f00*7 0100*7 030\
        0*7 0500*7 4000*7 ff00*7 6400*7 8000*7 fd00*7
        """),
      elements: bytes(
        """
        00*15 0100*7 ff00*7 0200*7 0300*7 6400*7 4d00*7 0500*7 8000*7 7f00*7 4000*7 fd
        """), isWritten: false),
    ArrayCase(
      name: "u1 flat", dtype: .uint8,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20277c7531272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a0001ff0203644d05807f40fd
        """),
      elements: bytes(
        """
        0001ff0203644d05807f40fd
        """), isWritten: true),
    ArrayCase(
      name: "u1 Fortran", dtype: .uint8,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20277c7531272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a000380ff4d4001647f0205fd
        """),
      elements: bytes(
        """
        0001ff0203644d05807f40fd
        """), isWritten: true),
    ArrayCase(
      name: "u1 single", dtype: .uint8,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20277c7531272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0aff
        """),
      elements: bytes(
        """
        ff
        """), isWritten: true),
    ArrayCase(
      name: "u2 flat", dtype: .int32,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c7532272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a00000100ffff0200030064004d00050080ff\
        7f004000fdff
        """),
      elements: bytes(
        """
        0000000001000000ffff00000200000003000000640000004d0000000500000080ff00007f00000040000000fd\
        ff0000
        """), isWritten: false),
    ArrayCase(
      name: "u2 Fortran", dtype: .int32,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c7532272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a0000030080ffffff4d004000010064\
        007f0002000500fdff
        """),
      elements: bytes(
        """
        0000000001000000ffff00000200000003000000640000004d0000000500000080ff00007f00000040000000fd\
        ff0000
        """), isWritten: false),
    ArrayCase(
      name: "u2 single", dtype: .int32,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c7532272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0affff
        """),
      elements: bytes(
        """
        ffff0000
        """), isWritten: false),
    ArrayCase(
      name: "u2 big-endian", dtype: .int32,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e7532272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c2036292c207d20*58 0a00000001ffff000200030064004d0005ff\
        80007f0040fffd
        """),
      elements: bytes(
        """
        0000000001000000ffff00000200000003000000640000004d0000000500000080ff00007f00000040000000fd\
        ff0000
        """), isWritten: false),
    ArrayCase(
      name: "u2 big-endian Fortran", dtype: .int32,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e7532272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028342c2033292c207d20*59 0a00000002004d007f0001000300050040ffff\
        0064ff80fffd
        """),
      elements: bytes(
        """
        0000000001000000ffff00000200000003000000640000004d0000000500000080ff00007f00000040000000fd\
        ff0000
        """), isWritten: false),
    ArrayCase(
      name: "u4 flat", dtype: .int64,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c7534272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a0000000001000000ffffffff020000000300\
        0000640000004d0000000500000080ffffff7f00000040000000fdffffff
        """),
      elements: bytes(
        """
        00*8 0100*7 ffffffff000000000200*7 0300*7 6400*7 4d00*7 0500*7 80ffffff000000007f00*7 4000\
        *7 fdffffff00000000
        """), isWritten: false),
    ArrayCase(
      name: "u4 Fortran", dtype: .int64,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c7534272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a000000000300000080ff*7 4d00000\
        04000000001000000640000007f0000000200000005000000fdffffff
        """),
      elements: bytes(
        """
        00*8 0100*7 ffffffff000000000200*7 0300*7 6400*7 4d00*7 0500*7 80ffffff000000007f00*7 4000\
        *7 fdffffff00000000
        """), isWritten: false),
    ArrayCase(
      name: "u4 single", dtype: .int64,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c7534272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0affffffff
        """),
      elements: bytes(
        """
        ffffffff00000000
        """), isWritten: false),
    ArrayCase(
      name: "u4 big-endian", dtype: .int64,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e7534272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c2036292c207d20*58 0a00*7 01ffffffff0000000200000003000\
        000640000004d00000005ffffff800000007f00000040fffffffd
        """),
      elements: bytes(
        """
        00*8 0100*7 ffffffff000000000200*7 0300*7 6400*7 4d00*7 0500*7 80ffffff000000007f00*7 4000\
        *7 fdffffff00000000
        """), isWritten: false),
    ArrayCase(
      name: "u4 big-endian Fortran", dtype: .int64,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e7534272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028342c2033292c207d20*59 0a00*7 020000004d0000007f0000000100000\
        0030000000500000040ffffffff00000064ffffff80fffffffd
        """),
      elements: bytes(
        """
        00*8 0100*7 ffffffff000000000200*7 0300*7 6400*7 4d00*7 0500*7 80ffffff000000007f00*7 4000\
        *7 fdffffff00000000
        """), isWritten: false),
    ArrayCase(
      name: "u8 flat", dtype: .int64,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c7538272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a00*8 0100*7 ff*7 7f0200*7 0300*7 640\
        0*7 4d00*7 0500*7 80ff*6 7f7f00*7 4000*7 fdff*6 7f
        """),
      elements: bytes(
        """
        00*8 0100*7 ff*7 7f0200*7 0300*7 6400*7 4d00*7 0500*7 80ff*6 7f7f00*7 4000*7 fdff*6 7f
        """), isWritten: false),
    ArrayCase(
      name: "u8 Fortran", dtype: .int64,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c7538272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a00*8 0300*7 80ff*6 7fff*7 7f4d\
        00*7 4000*7 0100*7 6400*7 7f00*7 0200*7 0500*7 fdff*6 7f
        """),
      elements: bytes(
        """
        00*8 0100*7 ff*7 7f0200*7 0300*7 6400*7 4d00*7 0500*7 80ff*6 7f7f00*7 4000*7 fdff*6 7f
        """), isWritten: false),
    ArrayCase(
      name: "u8 single", dtype: .int64,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c7538272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0aff*7 7f
        """),
      elements: bytes(
        """
        ff*7 7f
        """), isWritten: false),
    ArrayCase(
      name: "u8 big-endian", dtype: .int64,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e7538272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c2036292c207d20*58 0a00*15 017fff*7 00*7 0200*7 0300*7 \
        6400*7 4d00*7 057fff*6 8000*7 7f00*7 407fff*6 fd
        """),
      elements: bytes(
        """
        00*8 0100*7 ff*7 7f0200*7 0300*7 6400*7 4d00*7 0500*7 80ff*6 7f7f00*7 4000*7 fdff*6 7f
        """), isWritten: false),
    ArrayCase(
      name: "u8 big-endian Fortran", dtype: .int64,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e7538272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028342c2033292c207d20*59 0a00*15 0200*7 4d00*7 7f00*7 0100*7 03\
        00*7 0500*7 407fff*7 00*7 647fff*6 807fff*6 fd
        """),
      elements: bytes(
        """
        00*8 0100*7 ff*7 7f0200*7 0300*7 6400*7 4d00*7 0500*7 80ff*6 7f7f00*7 4000*7 fdff*6 7f
        """), isWritten: false),
    ArrayCase(
      name: "b1 flat", dtype: .bool,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20277c6231272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a202831322c292c207d20*59 0a010000000100*6 01
        """),
      elements: bytes(
        """
        010000000100*6 01
        """), isWritten: true),
    ArrayCase(
      name: "b1 Fortran", dtype: .bool,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20277c6231272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028332c20322c2032292c207d20*56 0a010100*9 01
        """),
      elements: bytes(
        """
        010000000100*6 01
        """), isWritten: true),
    ArrayCase(
      name: "b1 single", dtype: .bool,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20277c6231272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028292c207d20*62 0a00
        """),
      elements: bytes(
        """
        00
        """), isWritten: true),
    ArrayCase(
      name: "M8[s] flat", dtype: .int64,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c4d385b735d272c2027666f727472616e5f6f7264657227\
        3a2046616c73652c20277368617065273a202831322c292c207d20*56 0a00*8 0100*7 ff*8 0200*7 0300*7\
         6400*7 4d00*7 0500*7 80ff*7 7f00*7 4000*7 fdff*7
        """),
      elements: bytes(
        """
        00*9 ca9a3b00*5 3665c4ffffffff0094357700*5 5ed0b200*5 e876481700000000c28eed1100000000f205\
        2a0100*5 9b32e2ffffff0036ca911d0000000080b2e60e00000000a22f4dffffffff
        """), isWritten: false),
    ArrayCase(
      name: "M8[s] Fortran", dtype: .int64,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c4d385b735d272c2027666f727472616e5f6f7264657227\
        3a20547275652c20277368617065273a2028332c20322c2032292c207d20*53 0a00*8 0300*7 80ff*15 4d00\
        *7 4000*7 0100*7 6400*7 7f00*7 0200*7 0500*7 fdff*7
        """),
      elements: bytes(
        """
        00*9 ca9a3b00*5 3665c4ffffffff0094357700*5 5ed0b200*5 e876481700000000c28eed1100000000f205\
        2a0100*5 9b32e2ffffff0036ca911d0000000080b2e60e00000000a22f4dffffffff
        """), isWritten: false),
    ArrayCase(
      name: "M8[s] single", dtype: .int64,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c4d385b735d272c2027666f727472616e5f6f7264657227\
        3a2046616c73652c20277368617065273a2028292c207d20*59 0aff*8
        """),
      elements: bytes(
        """
        003665c4ffffffff
        """), isWritten: false),
    ArrayCase(
      name: "M8[s] big-endian", dtype: .int64,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e4d385b735d272c2027666f727472616e5f6f7264657227\
        3a2046616c73652c20277368617065273a2028322c2036292c207d20*55 0a00*15 01ff*8 00*7 0200*7 030\
        0*7 6400*7 4d00*7 05ff*7 8000*7 7f00*7 40ff*7 fd
        """),
      elements: bytes(
        """
        00*9 ca9a3b00*5 3665c4ffffffff0094357700*5 5ed0b200*5 e876481700000000c28eed1100000000f205\
        2a0100*5 9b32e2ffffff0036ca911d0000000080b2e60e00000000a22f4dffffffff
        """), isWritten: false),
    ArrayCase(
      name: "M8[s] big-endian Fortran", dtype: .int64,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e4d385b735d272c2027666f727472616e5f6f7264657227\
        3a20547275652c20277368617065273a2028342c2033292c207d20*56 0a00*15 0200*7 4d00*7 7f00*7 010\
        0*7 0300*7 0500*7 40ff*8 00*7 64ff*7 80ff*7 fd
        """),
      elements: bytes(
        """
        00*9 ca9a3b00*5 3665c4ffffffff0094357700*5 5ed0b200*5 e876481700000000c28eed1100000000f205\
        2a0100*5 9b32e2ffffff0036ca911d0000000080b2e60e00000000a22f4dffffffff
        """), isWritten: false),
    ArrayCase(
      name: "M8[ns] flat", dtype: .int64,
      shape: [12],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c4d385b6e735d272c2027666f727472616e5f6f72646572\
        273a2046616c73652c20277368617065273a202831322c292c207d20*55 0a00*8 0100*7 ff*8 0200*7 0300\
        *7 6400*7 4d00*7 0500*7 80ff*7 7f00*7 4000*7 fdff*7
        """),
      elements: bytes(
        """
        00*8 0100*7 ff*8 0200*7 0300*7 6400*7 4d00*7 0500*7 80ff*7 7f00*7 4000*7 fdff*7
        """), isWritten: false),
    ArrayCase(
      name: "M8[ns] Fortran", dtype: .int64,
      shape: [3, 2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c4d385b6e735d272c2027666f727472616e5f6f72646572\
        273a20547275652c20277368617065273a2028332c20322c2032292c207d20*52 0a00*8 0300*7 80ff*15 4d\
        00*7 4000*7 0100*7 6400*7 7f00*7 0200*7 0500*7 fdff*7
        """),
      elements: bytes(
        """
        00*8 0100*7 ff*8 0200*7 0300*7 6400*7 4d00*7 0500*7 80ff*7 7f00*7 4000*7 fdff*7
        """), isWritten: false),
    ArrayCase(
      name: "M8[ns] single", dtype: .int64,
      shape: [],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c4d385b6e735d272c2027666f727472616e5f6f72646572\
        273a2046616c73652c20277368617065273a2028292c207d20*58 0aff*8
        """),
      elements: bytes(
        """
        ff*8
        """), isWritten: false),
    ArrayCase(
      name: "M8[ns] big-endian", dtype: .int64,
      shape: [2, 6],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e4d385b6e735d272c2027666f727472616e5f6f72646572\
        273a2046616c73652c20277368617065273a2028322c2036292c207d20*54 0a00*15 01ff*8 00*7 0200*7 0\
        300*7 6400*7 4d00*7 05ff*7 8000*7 7f00*7 40ff*7 fd
        """),
      elements: bytes(
        """
        00*8 0100*7 ff*8 0200*7 0300*7 6400*7 4d00*7 0500*7 80ff*7 7f00*7 4000*7 fdff*7
        """), isWritten: false),
    ArrayCase(
      name: "M8[ns] big-endian Fortran", dtype: .int64,
      shape: [4, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273e4d385b6e735d272c2027666f727472616e5f6f72646572\
        273a20547275652c20277368617065273a2028342c2033292c207d20*55 0a00*15 0200*7 4d00*7 7f00*7 0\
        100*7 0300*7 0500*7 40ff*8 00*7 64ff*7 80ff*7 fd
        """),
      elements: bytes(
        """
        00*8 0100*7 ff*8 0200*7 0300*7 6400*7 4d00*7 0500*7 80ff*7 7f00*7 4000*7 fdff*7
        """), isWritten: false),
    ArrayCase(
      name: "shape (0,)", dtype: .float64,
      shape: [0],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028302c292c207d20*60 0a
        """),
      elements: bytes(""), isWritten: true),
    ArrayCase(
      name: "Fortran shape (0,)", dtype: .int32,
      shape: [0],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028302c292c207d20*60 0a
        """),
      elements: bytes(""), isWritten: true),
    ArrayCase(
      name: "shape (0, 3)", dtype: .float64,
      shape: [0, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028302c2033292c207d20*58 0a
        """),
      elements: bytes(""), isWritten: true),
    ArrayCase(
      name: "Fortran shape (0, 3)", dtype: .int32,
      shape: [0, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028302c2033292c207d20*58 0a
        """),
      elements: bytes(""), isWritten: true),
    ArrayCase(
      name: "shape (3, 0, 2)", dtype: .float64,
      shape: [3, 0, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028332c20302c2032292c207d20*55 0a
        """),
      elements: bytes(""), isWritten: true),
    ArrayCase(
      name: "Fortran shape (3, 0, 2)", dtype: .int32,
      shape: [3, 0, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028332c20302c2032292c207d20*55 0a
        """),
      elements: bytes(""), isWritten: true),
    ArrayCase(
      name: "shape (1, 1)", dtype: .float64,
      shape: [1, 1],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028312c2031292c207d20*58 0a00*8
        """),
      elements: bytes(
        """
        00*8
        """), isWritten: true),
    ArrayCase(
      name: "Fortran shape (1, 1)", dtype: .int32,
      shape: [1, 1],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028312c2031292c207d20*58 0a00000000
        """),
      elements: bytes(
        """
        00000000
        """), isWritten: true),
    ArrayCase(
      name: "shape (1, 4, 1)", dtype: .float64,
      shape: [1, 4, 1],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028312c20342c2031292c207d20*55 0a00*14 f03f00*7 4000*6 0840
        """),
      elements: bytes(
        """
        00*14 f03f00*7 4000*6 0840
        """), isWritten: true),
    ArrayCase(
      name: "Fortran shape (1, 4, 1)", dtype: .int32,
      shape: [1, 4, 1],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028312c20342c2031292c207d20*55 0a0000000001000000020000000300\
        0000
        """),
      elements: bytes(
        """
        00000000010000000200000003000000
        """), isWritten: true),
    ArrayCase(
      name: "shape (2, 1, 3)", dtype: .float64,
      shape: [2, 1, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c20312c2033292c207d20*55 0a00*14 f03f00*7 4000*6 084000\
        *6 104000*6 1440
        """),
      elements: bytes(
        """
        00*14 f03f00*7 4000*6 084000*6 104000*6 1440
        """), isWritten: true),
    ArrayCase(
      name: "Fortran shape (2, 1, 3)", dtype: .int32,
      shape: [2, 1, 3],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028322c20312c2033292c207d20*56 0a000000000300000001000000040000\
        000200000005000000
        """),
      elements: bytes(
        """
        000000000100000002000000030000000400000005000000
        """), isWritten: true),
    ArrayCase(
      name: "12 ones", dtype: .uint8,
      shape: [2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1000],
      file: bytes(
        """
        934e554d50590100b6007b276465736372273a20277c7531272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c20312c20312c20312c20312c20312c20312c20312c20312c20312c\
        20312c20312c20312c2031303030292c207d20*83 0a00*2000
        """),
      elements: bytes(
        """
        00*2000
        """), isWritten: true),
    ArrayCase(
      name: "12 ones Fortran", dtype: .uint8,
      shape: [2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1000],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20277c7531272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028322c20312c20312c20312c20312c20312c20312c20312c20312c20312c20\
        312c20312c20312c2031303030292c207d20*20 0a00*2000
        """),
      elements: bytes(
        """
        00*2000
        """), isWritten: true),
    ArrayCase(
      name: "12 ones complex", dtype: .complex128,
      shape: [2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c633136272c2027666f727472616e5f6f72646572273a20\
        46616c73652c20277368617065273a2028322c20312c20312c20312c20312c20312c20312c20312c20312c2031\
        2c20312c20312c20312c2031292c207d20*21 0a00*32
        """),
      elements: bytes(
        """
        00*32
        """), isWritten: true),
    ArrayCase(
      name: "13 ones", dtype: .uint8,
      shape: [2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1000],
      file: bytes(
        """
        934e554d50590100b6007b276465736372273a20277c7531272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c20312c20312c20312c20312c20312c20312c20312c20312c20312c\
        20312c20312c20312c20312c2031303030292c207d20*80 0a00*2000
        """),
      elements: bytes(
        """
        00*2000
        """), isWritten: true),
    ArrayCase(
      name: "13 ones Fortran", dtype: .uint8,
      shape: [2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1000],
      file: bytes(
        """
        934e554d50590100b6007b276465736372273a20277c7531272c2027666f727472616e5f6f72646572273a2054\
        7275652c20277368617065273a2028322c20312c20312c20312c20312c20312c20312c20312c20312c20312c20\
        312c20312c20312c20312c2031303030292c207d20*81 0a00*2000
        """),
      elements: bytes(
        """
        00*2000
        """), isWritten: true),
    ArrayCase(
      name: "13 ones complex", dtype: .complex128,
      shape: [2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      file: bytes(
        """
        934e554d50590100b6007b276465736372273a20273c633136272c2027666f727472616e5f6f72646572273a20\
        46616c73652c20277368617065273a2028322c20312c20312c20312c20312c20312c20312c20312c20312c2031\
        2c20312c20312c20312c20312c2031292c207d20*82 0a00*32
        """),
      elements: bytes(
        """
        00*32
        """), isWritten: true),
    ArrayCase(
      name: "many axes", dtype: .float64,
      shape: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2],
      file: bytes(
        """
        934e554d50590100b6007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028312c20312c20312c20312c20312c20312c20312c20312c20312c20312c\
        20312c20312c20312c20322c2032292c207d20*83 0a00*14 f03f00*7 4000*6 0840
        """),
      elements: bytes(
        """
        00*14 f03f00*7 4000*6 0840
        """), isWritten: true),
    ArrayCase(
      name: "long extent", dtype: .bool,
      shape: [1234567, 0],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20277c6231272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028313233343536372c2030292c207d20*52 0a
        """),
      elements: bytes(""), isWritten: true),
    ArrayCase(
      name: "version 2", dtype: .float32,
      shape: [4],
      file: bytes(
        """
        934e554d50590200740000007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a\
        2046616c73652c20277368617065273a2028342c292c207d20*58 0a00*6 803f0000004000004040
        """),
      elements: bytes(
        """
        00*6 803f0000004000004040
        """), isWritten: false),
    ArrayCase(
      name: "version 3 Fortran", dtype: .int64,
      shape: [2, 3],
      file: bytes(
        """
        934e554d50590300740000007b276465736372273a20273c6938272c2027666f727472616e5f6f72646572273a\
        20547275652c20277368617065273a2028322c2033292c207d20*57 0a00*8 0300*7 0100*7 0400*7 0200*7\
         0500*7
        """),
      elements: bytes(
        """
        00*8 0100*7 0200*7 0300*7 0400*7 0500*7
        """), isWritten: false),
    ArrayCase(
      name: "strided", dtype: .float64,
      shape: [2, 2],
      file: bytes(
        """
        934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046\
        616c73652c20277368617065273a2028322c2032292c207d20*58 0a00*6 144000*7 4000*6 314000*6 2c40
        """),
      elements: bytes(
        """
        00*6 144000*7 4000*6 314000*6 2c40
        """), isWritten: true),
  ]

  static let safetensors = bytes(
    """
    280400*6 7b225f5f6d657461646174615f5f223a7b22666f726d6174223a226e70222c226d616465223a225c7\
    5303065392062792068616e64227d2c22742e463634223a7b226474797065223a22463634222c2273686170652\
    23a5b332c345d2c22646174615f6f666673657473223a5b302c39365d7d2c22742e463332223a7b22647479706\
    5223a22463332222c227368617065223a5b332c345d2c22646174615f6f666673657473223a5b39362c3134345\
    d7d2c22742e463136223a7b226474797065223a22463136222c227368617065223a5b332c345d2c22646174615\
    f6f666673657473223a5b3134342c3136385d7d2c22742e493634223a7b226474797065223a22493634222c227\
    368617065223a5b332c345d2c22646174615f6f666673657473223a5b3136382c3236345d7d2c22742e4933322\
    23a7b226474797065223a22493332222c227368617065223a5b332c345d2c22646174615f6f666673657473223\
    a5b3236342c3331325d7d2c22742e493136223a7b226474797065223a22493136222c227368617065223a5b332\
    c345d2c22646174615f6f666673657473223a5b3331322c3333365d7d2c22742e4938223a7b226474797065223\
    a224938222c227368617065223a5b332c345d2c22646174615f6f666673657473223a5b3333362c3334385d7d2\
    c22742e5538223a7b226474797065223a225538222c227368617065223a5b332c345d2c22646174615f6f66667\
    3657473223a5b3334382c3336305d7d2c22742e553136223a7b226474797065223a22553136222c22736861706\
    5223a5b332c345d2c22646174615f6f666673657473223a5b3336302c3338345d7d2c22742e553332223a7b226\
    474797065223a22553332222c227368617065223a5b332c345d2c22646174615f6f666673657473223a5b33383\
    42c3433325d7d2c22742e553634223a7b226474797065223a22553634222c227368617065223a5b332c345d2c2\
    2646174615f6f666673657473223a5b3433322c3532385d7d2c22742e424f4f4c223a7b226474797065223a224\
    24f4f4c222c227368617065223a5b332c345d2c22646174615f6f666673657473223a5b3532382c3534305d7d2\
    c22742e433634223a7b226474797065223a22433634222c227368617065223a5b332c345d2c22646174615f6f6\
    66673657473223a5b3534302c3633365d7d2c22742e42463136223a7b226474797065223a2242463136222c227\
    368617065223a5b31325d2c22646174615f6f666673657473223a5b3633362c3636305d7d2c2273696e676c652\
    23a7b226474797065223a22463634222c227368617065223a5b5d2c22646174615f6f666673657473223a5b363\
    6302c3636385d7d2c22656d707479223a7b226474797065223a22463332222c227368617065223a5b302c335d2\
    c22646174615f6f666673657473223a5b3636382c3636385d7d7d20*7 00*15 8000*6 f83f00*6 02c000*6 f\
    07f00*6 f0ff00*6 f87f00*5 fcef4000*6 703e00*7 bf55*6 d53f00*5 88c34000*7 800000c03f000010c\
    00000807f000080ff0000c07f00e07f4700008033000000b8abaaaa3e00401c4600000080003e80c0007c00fc0\
    07eff7b010000825535e27000*15 0100*7 ff00*7 0200*7 0300*7 6400*7 4d00*7 0500*7 8000*7 7f00*\
    7 4000*7 fd00*7 01000000ff0000000200000003000000640000004d00000005000000800000007f00000040\
    000000fd0000fa0006fff401ee02a861324be2040083067c803e12fd0001ff0203644d05807f40fd0001ff0203\
    644d05807f40fd00000100ffff0200030064004d00050080ff7f004000fdff0000000001000000ffffffff0200\
    000003000000640000004d0000000500000080ffffff7f00000040000000fdffffff00*8 0100*7 ff*7 7f020\
    0*7 0300*7 6400*7 4d00*7 0500*7 80ff*6 7f7f00*7 4000*7 fdff*6 7f010000000100*6 0100*6 10c0\
    000000800000807f0000c03f000080ff000010c00000c07f0000807f00e07f47000080ff000080330000c07f00\
    0000b800e07f47abaaaa3e0000803300401c46000000b800000000abaaaa3e0000008000401c460000c03f0000\
    0080c03f10c0807f80ffc07f7f47803300b8aa3e1c4600*6 1c40
    """)
  /// The same tensors backwards, at addresses that are no multiples of their sizes.
  static let unalignedSafetensors = bytes(
    """
    eb0300*6 7b22656d707479223a7b226474797065223a22463332222c227368617065223a5b302c335d2c22646\
    174615f6f666673657473223a5b302c305d7d2c2273696e676c65223a7b226474797065223a22463634222c227\
    368617065223a5b5d2c22646174615f6f666673657473223a5b302c385d7d2c22742e42463136223a7b2264747\
    97065223a2242463136222c227368617065223a5b31325d2c22646174615f6f666673657473223a5b382c33325\
    d7d2c22742e433634223a7b226474797065223a22433634222c227368617065223a5b332c345d2c22646174615\
    f6f666673657473223a5b33322c3132385d7d2c22742e424f4f4c223a7b226474797065223a22424f4f4c222c2\
    27368617065223a5b332c345d2c22646174615f6f666673657473223a5b3132382c3134305d7d2c22742e55363\
    4223a7b226474797065223a22553634222c227368617065223a5b332c345d2c22646174615f6f6666736574732\
    23a5b3134302c3233365d7d2c22742e553332223a7b226474797065223a22553332222c227368617065223a5b3\
    32c345d2c22646174615f6f666673657473223a5b3233362c3238345d7d2c22742e553136223a7b22647479706\
    5223a22553136222c227368617065223a5b332c345d2c22646174615f6f666673657473223a5b3238342c33303\
    85d7d2c22742e5538223a7b226474797065223a225538222c227368617065223a5b332c345d2c22646174615f6\
    f666673657473223a5b3330382c3332305d7d2c22742e4938223a7b226474797065223a224938222c227368617\
    065223a5b332c345d2c22646174615f6f666673657473223a5b3332302c3333325d7d2c22742e493136223a7b2\
    26474797065223a22493136222c227368617065223a5b332c345d2c22646174615f6f666673657473223a5b333\
    3322c3335365d7d2c22742e493332223a7b226474797065223a22493332222c227368617065223a5b332c345d2\
    c22646174615f6f666673657473223a5b3335362c3430345d7d2c22742e493634223a7b226474797065223a224\
    93634222c227368617065223a5b332c345d2c22646174615f6f666673657473223a5b3430342c3530305d7d2c2\
    2742e463136223a7b226474797065223a22463136222c227368617065223a5b332c345d2c22646174615f6f666\
    673657473223a5b3530302c3532345d7d2c22742e463332223a7b226474797065223a22463332222c227368617\
    065223a5b332c345d2c22646174615f6f666673657473223a5b3532342c3537325d7d2c22742e463634223a7b2\
    26474797065223a22463634222c227368617065223a5b332c345d2c22646174615f6f666673657473223a5b353\
    7322c3636385d7d7d20*9 00*6 1c4000000080c03f10c0807f80ffc07f7f47803300b8aa3e1c4600*6 10c000\
    0000800000807f0000c03f000080ff000010c00000c07f0000807f00e07f47000080ff000080330000c07f0000\
    00b800e07f47abaaaa3e0000803300401c46000000b800000000abaaaa3e0000008000401c460000c03f010000\
    000100*6 0100*8 0100*7 ff*7 7f0200*7 0300*7 6400*7 4d00*7 0500*7 80ff*6 7f7f00*7 4000*7 fd\
    ff*6 7f0000000001000000ffffffff0200000003000000640000004d0000000500000080ffffff7f000000400\
    00000fdffffff00000100ffff0200030064004d00050080ff7f004000fdff0001ff0203644d05807f40fd0001f\
    f0203644d05807f40fd0000fa0006fff401ee02a861324be2040083067c803e12fd00*7 01000000ff00000002\
    00000003000000640000004d00000005000000800000007f00000040000000fd00*15 0100*7 ff00*7 0200*7\
     0300*7 6400*7 4d00*7 0500*7 8000*7 7f00*7 4000*7 fd00000080003e80c0007c00fc007eff7b010000\
    825535e27000*7 800000c03f000010c00000807f000080ff0000c07f00e07f4700008033000000b8abaaaa3e0\
    0401c4600*15 8000*6 f83f00*6 02c000*6 f07f00*6 f0ff00*6 f87f00*5 fcef4000*6 703e00*7 bf55*\
    6 d53f00*5 88c340
    """)
  static let tensors: [(name: String, dtype: ElementType, shape: [Int], elements: [UInt8])] = [
    (
      "t.F64", .float64, [3, 4],
      bytes(
        """
        00*15 8000*6 f83f00*6 02c000*6 f07f00*6 f0ff00*6 f87f00*5 fcef4000*6 703e00*7 bf55*6 d53f0\
        0*5 88c340
        """)
    ),
    (
      "t.F32", .float32, [3, 4],
      bytes(
        """
        00*7 800000c03f000010c00000807f000080ff0000c07f00e07f4700008033000000b8abaaaa3e00401c46
        """)
    ),
    (
      "t.F16", .float32, [3, 4],
      bytes(
        """
        00*7 800000c03f000010c00000807f000080ff0000c07f00e07f4700008033000000b800a0aa3e00401c46
        """)
    ),
    (
      "t.I64", .int64, [3, 4],
      bytes(
        """
        00*15 0100*7 ff00*7 0200*7 0300*7 6400*7 4d00*7 0500*7 8000*7 7f00*7 4000*7 fd
        """)
    ),
    (
      "t.I32", .int32, [3, 4],
      bytes(
        """
        00*7 01000000ff0000000200000003000000640000004d00000005000000800000007f00000040000000fd
        """)
    ),
    (
      "t.I16", .int32, [3, 4],
      bytes(
        """
        00000000fa00000006fffffff4010000ee020000a8610000324b0000e20400000083ffff067c0000803e000012\
        fdffff
        """)
    ),
    (
      "t.I8", .int32, [3, 4],
      bytes(
        """
        0000000001000000ffffffff0200000003000000640000004d0000000500000080ffffff7f00000040000000fd\
        ffffff
        """)
    ),
    (
      "t.U8", .uint8, [3, 4],
      bytes(
        """
        0001ff0203644d05807f40fd
        """)
    ),
    (
      "t.U16", .int32, [3, 4],
      bytes(
        """
        0000000001000000ffff00000200000003000000640000004d0000000500000080ff00007f00000040000000fd\
        ff0000
        """)
    ),
    (
      "t.U32", .int64, [3, 4],
      bytes(
        """
        00*8 0100*7 ffffffff000000000200*7 0300*7 6400*7 4d00*7 0500*7 80ffffff000000007f00*7 4000\
        *7 fdffffff00000000
        """)
    ),
    (
      "t.U64", .int64, [3, 4],
      bytes(
        """
        00*8 0100*7 ff*7 7f0200*7 0300*7 6400*7 4d00*7 0500*7 80ff*6 7f7f00*7 4000*7 fdff*6 7f
        """)
    ),
    (
      "t.BOOL", .bool, [3, 4],
      bytes(
        """
        010000000100*6 01
        """)
    ),
    (
      "t.C64", .complex64, [3, 4],
      bytes(
        """
        00*6 10c0000000800000807f0000c03f000080ff000010c00000c07f0000807f00e07f47000080ff000080330\
        000c07f000000b800e07f47abaaaa3e0000803300401c46000000b800000000abaaaa3e0000008000401c46000\
        0c03f
        """)
    ),
    (
      "t.BF16", .float32, [12],
      bytes(
        """
        00*7 800000c03f000010c00000807f000080ff0000c07f00007f4700008033000000b80000aa3e00001c46
        """)
    ),
    (
      "single", .float64, [],
      bytes(
        """
        00*6 1c40
        """)
    ),
    (
      "empty", .float32, [0, 3],
      bytes("")
    ),
  ]
}
