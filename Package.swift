// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "martlet",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [.library(name: "Martlet", targets: ["Martlet"])],
  targets: [
    .target(
      name: "CMartletKernels",
      exclude: ["Bodies"]),
    .systemLibrary(
      name: "CMartletZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CMartletFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
    .target(
      name: "MartletArrays", dependencies: ["CMartletKernels", "CMartletFFTW"],
      swiftSettings: swiftSettings),
    .target(
      name: "MartletIO", dependencies: ["MartletArrays", "CMartletZlib"],
      swiftSettings: swiftSettings),
    .target(
      name: "MartletIndicators", dependencies: ["MartletArrays", "MartletIO"],
      swiftSettings: swiftSettings),
    .target(
      name: "Martlet", dependencies: ["MartletArrays", "MartletIO", "MartletIndicators"],
      swiftSettings: swiftSettings),
    .target(
      name: "TestSupport", dependencies: ["MartletArrays"], path: "Tests/TestSupport",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MartletKernelsTests", dependencies: ["CMartletKernels", "MartletArrays"],
      exclude: ["MathReference"], swiftSettings: swiftSettings),
    .testTarget(
      name: "MartletArraysTests", dependencies: ["MartletArrays", "MartletIO", "TestSupport"],
      exclude: ["Reference"], swiftSettings: swiftSettings),
    .testTarget(
      name: "MartletIOTests", dependencies: ["MartletIO", "MartletArrays", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: swiftSettings),
    .testTarget(
      name: "MartletIndicatorsTests",
      dependencies: ["Martlet", "MartletArrays", "MartletIndicators", "MartletIO", "TestSupport"],
      exclude: ["FeatureReference", "PatternReference", "Reference"], swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
