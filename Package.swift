// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
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

/// A module and what it stands on, which it re-exports.
func module(
  _ name: String, on dependencies: [Target.Dependency], linking: [LinkerSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: settings, linkerSettings: linking)
}

func tests(_ module: String, on dependencies: [Target.Dependency] = [], excluding: [String] = [])
  -> Target
{
  .testTarget(
    name: module + "Tests", dependencies: ["Martlet", "TestSupport"] + dependencies,
    exclude: excluding, swiftSettings: settings)
}

let modules = [
  "MartletArrays", "MartletLinearAlgebra", "MartletFourier", "MartletIO", "MartletSeries",
  "MartletIndicators", "MartletFeatures", "MartletNetworks", "MartletText", "MartletSignals",
  "MartletCharts", "MartletBacktesting",
]

let package = Package(
  name: "martlet",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: (["Martlet"] + modules).map { .library(name: $0, targets: [$0]) },
  traits: [
    .trait(
      name: "BLAS",
      description:
        "Matrix products and factorizations by OpenBLAS, on Apple's systems by Accelerate"),
    .trait(
      name: "FFTW",
      description: "Fourier transforms by FFTW (GPL-2+) on Linux instead of the package's own"),
    .trait(name: "LZ4", description: "Arrow files that are compressed with LZ4, on Linux"),
    .trait(
      name: "Zstd",
      description: "Arrow files and texts that are compressed with Zstandard, on Linux"),
    .default(enabledTraits: ["BLAS", "FFTW", "LZ4", "Zstd"]),
  ],
  targets: [
    .target(name: "CMartletKernels", exclude: ["Bodies"]),
    .systemLibrary(
      name: "CMartletZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CMartletBLAS", pkgConfig: openBLAS, providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CMartletFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(
      name: "CMartletLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(
      name: "CMartletZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    // In the order in which data flows.
    module("MartletCore", on: ["CMartletKernels"]),
    module("MartletArrays", on: ["MartletCore", "CMartletKernels"]),
    module(
      "MartletLinearAlgebra",
      on: [
        "MartletArrays", "CMartletKernels",
        .target(name: "CMartletBLAS", condition: .when(traits: ["BLAS"])),
      ],
      linking: [
        .linkedLibrary("openblas", .when(platforms: [.linux], traits: ["BLAS"])),
        .linkedFramework("Accelerate", .when(platforms: [.macOS, .iOS], traits: ["BLAS"])),
      ]),
    module(
      "MartletFourier",
      on: [
        "MartletArrays", "CMartletKernels",
        .target(name: "CMartletFFTW", condition: .when(platforms: [.linux], traits: ["FFTW"])),
      ]),
    module(
      "MartletIO",
      on: [
        "MartletArrays", "CMartletKernels", "CMartletZlib",
        .target(name: "CMartletLZ4", condition: .when(platforms: [.linux], traits: ["LZ4"])),
        .target(name: "CMartletZstd", condition: .when(platforms: [.linux], traits: ["Zstd"])),
      ]),
    module("MartletSeries", on: ["MartletArrays", "MartletIO", "CMartletKernels"]),
    module("MartletIndicators", on: ["MartletSeries"]),
    module("MartletFeatures", on: ["MartletIndicators"]),
    module("MartletNetworks", on: ["MartletArrays", "MartletIO", "CMartletKernels"]),
    module("MartletText", on: ["MartletNetworks"]),
    module("MartletSignals", on: ["MartletFeatures", "MartletNetworks"]),
    module("MartletCharts", on: ["MartletIndicators"]),
    module("MartletBacktesting", on: ["MartletFeatures", "MartletCharts", "CMartletKernels"]),
    module("Martlet", on: modules.map { .target(name: $0) }),
    .target(
      name: "TestSupport", dependencies: ["MartletSeries"], path: "Tests/TestSupport",
      swiftSettings: settings),
    tests("MartletCore"),
    tests(
      "MartletKernels", on: ["CMartletKernels"], excluding: ["KernelVersions.txt", "MathReference"]),
    tests("MartletArrays", on: ["CMartletKernels"], excluding: ["Reference", "SortReference"]),
    tests("MartletIO", excluding: ["Fixtures"]),
    tests(
      "MartletIndicators", on: ["CMartletKernels"],
      excluding: [
        "FeatureReference", "MarketReference", "PatternReference", "Reference", "TradeReference",
        "Zones",
      ]),
    tests("MartletCharts"),
    tests("MartletBacktesting", excluding: ["Reference"]),
    tests("MartletNetworks", on: ["CMartletKernels"], excluding: ["Reference"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
