// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "martlet-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "martlet", path: "..")],
  targets: [
    .target(name: "CAllocationCounter"),
    .executableTarget(
      name: "bench-worker",
      dependencies: [.product(name: "Martlet", package: "martlet"), "CAllocationCounter"]),
    .executableTarget(
      name: "bench-arrays", dependencies: [.product(name: "Martlet", package: "martlet")]),
    .executableTarget(
      name: "bench-embeddings", dependencies: [.product(name: "Martlet", package: "martlet")]),
    .target(name: "CMachinePeak"),
    .executableTarget(
      name: "bench-inference",
      dependencies: [.product(name: "Martlet", package: "martlet"), "CMachinePeak"]),
    .executableTarget(
      name: "bench-live",
      dependencies: [.product(name: "Martlet", package: "martlet"), "CAllocationCounter"]),
    .executableTarget(
      name: "bench-backtests", dependencies: [.product(name: "Martlet", package: "martlet")]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
