// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

let programs = [
  "quickstart", "indicators", "stream", "catalog", "demo", "pages", "infer", "predict", "bars",
  "trend", "backtest",
]

let package = Package(
  name: "martlet-examples",
  platforms: [.macOS(.v15)],
  products: programs.map { .executable(name: $0, targets: [$0]) },
  dependencies: [.package(name: "martlet", path: "..")],
  targets: [
    .target(
      name: "ProgramSupport", dependencies: [.product(name: "Martlet", package: "martlet")],
      swiftSettings: settings)
  ]
    + programs.map {
      .executableTarget(
        name: $0,
        dependencies: ["ProgramSupport", .product(name: "Martlet", package: "martlet")],
        swiftSettings: settings)
    },
  swiftLanguageModes: [.v6]
)
