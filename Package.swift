// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

// Apple's Accelerate stands in for OpenBLAS.
#if os(Linux)
  let openBLAS: String? = "openblas"
#else
  let openBLAS: String? = nil
#endif

let package = Package(
  name: "martlet",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .library(name: "Martlet", targets: ["Martlet"]),
    .library(name: "MartletCharts", targets: ["MartletCharts"]),
  ],
  targets: [
    .target(
      name: "CMartletKernels",
      exclude: ["Bodies"]),
    .systemLibrary(
      name: "CMartletZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CMartletBLAS", pkgConfig: openBLAS, providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CMartletFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
    .target(
      name: "MartletArrays", dependencies: ["CMartletKernels", "CMartletBLAS", "CMartletFFTW"],
      swiftSettings: swiftSettings,
      linkerSettings: [
        .linkedLibrary("openblas", .when(platforms: [.linux])),
        .linkedFramework("Accelerate", .when(platforms: [.macOS, .iOS])),
      ]),
    .target(
      name: "MartletIO", dependencies: ["MartletArrays", "CMartletZlib"],
      swiftSettings: swiftSettings),
    .target(
      name: "MartletIndicators", dependencies: ["MartletArrays", "MartletIO"],
      swiftSettings: swiftSettings),
    .target(
      name: "MartletInference",
      dependencies: ["CMartletKernels", "MartletArrays", "MartletIO", "MartletIndicators"],
      swiftSettings: swiftSettings),
    .target(
      name: "MartletCharts", dependencies: ["MartletArrays", "MartletIO", "MartletIndicators"],
      swiftSettings: swiftSettings),
    .target(
      name: "Martlet",
      dependencies: [
        "MartletArrays", "MartletCharts", "MartletIO", "MartletIndicators", "MartletInference",
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "TestSupport", dependencies: ["MartletArrays"], path: "Tests/TestSupport",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MartletKernelsTests",
      dependencies: ["CMartletKernels", "MartletArrays", "TestSupport"],
      exclude: ["KernelVersions.txt", "MathReference"], swiftSettings: swiftSettings),
    .testTarget(
      name: "MartletArraysTests", dependencies: ["MartletArrays", "MartletIO", "TestSupport"],
      exclude: ["Reference", "SortReference"], swiftSettings: swiftSettings),
    .testTarget(
      name: "MartletIOTests", dependencies: ["MartletIO", "MartletArrays", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: swiftSettings),
    .testTarget(
      name: "MartletIndicatorsTests",
      dependencies: [
        "CMartletKernels", "Martlet", "MartletArrays", "MartletIndicators", "MartletIO",
        "TestSupport",
      ],
      exclude: ["FeatureReference", "MarketReference", "PatternReference", "Reference", "Zones"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MartletChartsTests",
      dependencies: [
        "MartletArrays", "MartletCharts", "MartletIO", "MartletIndicators", "TestSupport",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MartletInferenceTests",
      dependencies: [
        "CMartletKernels", "MartletArrays", "MartletIO", "MartletIndicators", "MartletInference",
        "TestSupport",
      ],
      exclude: ["Reference"], swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
