// swift-tools-version: 6.2
import PackageDescription

/// Every module of ours: Swift 6 mode comes with the tools version, strict memory safety is asked for.
let strict: [SwiftSetting] = [.strictMemorySafety()]

let package = Package(
  name: "wirecase",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "wirecase", targets: ["wirecase"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    // The C libraries, as the system ships them.
    .systemLibrary(
      name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"]), .brew(["libpcap"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    // On macOS the SDK has these, which pkg-config knows nothing of.
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CEdit", providers: [.apt(["libedit-dev"])]),

    // SQL at the top level, put into the binary by the plugin.
    .executableTarget(name: "EmbedSQLTool", swiftSettings: strict),
    .plugin(name: "EmbedSQL", capability: .buildTool(), dependencies: ["EmbedSQLTool"]),
    .target(
      name: "Schema", path: "Schema", swiftSettings: strict, plugins: ["EmbedSQL"]),
    .target(
      name: "Migrations", path: "Migrations", swiftSettings: strict, plugins: ["EmbedSQL"]),
    .target(
      name: "Queries", path: "Queries", swiftSettings: strict, plugins: ["EmbedSQL"]),

    // A packet's way, from the bottom up; each target may import only what stands here.
    .target(
      name: "PacketDecoding",
      dependencies: [
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
      ], swiftSettings: strict),
    .target(name: "Correlation", swiftSettings: strict),
    .target(
      name: "CaptureReading", dependencies: ["CPcap", "CZlib", "CZstd"], swiftSettings: strict),
    .target(
      name: "CaseStore",
      dependencies: [
        "CSQLite", "PacketDecoding", "Correlation", "Schema", "Migrations",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ], swiftSettings: strict),
    .target(
      name: "Ingestion",
      dependencies: ["PacketDecoding", "CaptureReading", "Correlation", "CaseStore"],
      swiftSettings: strict),
    .target(
      name: "Evidence", dependencies: ["CaseStore", "CaptureReading"], swiftSettings: strict),
    .target(
      name: "Custody", dependencies: ["CaseStore", "CaptureReading", "Evidence"],
      swiftSettings: strict),
    .target(
      name: "Investigations", dependencies: ["CaseStore", "Queries"], swiftSettings: strict),
    .target(
      name: "Reporting",
      dependencies: [
        "Investigations", "CaseStore", "PacketDecoding", .product(name: "Yams", package: "Yams"),
      ], swiftSettings: strict),
    .target(
      name: "Prompting", dependencies: ["CEdit", "CaseStore", "Investigations", "Reporting"],
      swiftSettings: strict),
    .executableTarget(
      name: "wirecase",
      dependencies: [
        "CaptureReading", "CaseStore", "Custody", "Evidence", "Ingestion", "Investigations",
        "PacketDecoding", "Prompting", "Reporting",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),

    // Each module's specification, and the small captures that several of them are made from.
    .target(
      name: "CaseFixtures", dependencies: ["CaptureReading", "CaseStore", "Ingestion"],
      path: "Tests/CaseFixtures", swiftSettings: strict),
    .testTarget(
      name: "PacketDecodingTests",
      dependencies: [
        "PacketDecoding", "CaptureReading",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ]),
    .testTarget(
      name: "CaptureReadingTests", dependencies: ["CaptureReading", "CPcap", "CZlib", "CZstd"]),
    .testTarget(name: "CorrelationTests", dependencies: ["Correlation"]),
    .testTarget(
      name: "CaseStoreTests",
      dependencies: [
        "CaseStore", "CaseFixtures", "Schema", "Migrations",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "IngestionTests",
      dependencies: [
        "Ingestion", "CaseStore", "CaptureReading", "PacketDecoding", "CaseFixtures", "Schema",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "EvidenceTests",
      dependencies: [
        "Evidence", "CaptureReading", "CaseStore", "CaseFixtures", "Ingestion", "CZlib", "CZstd",
      ]),
    .testTarget(
      name: "CustodyTests",
      dependencies: [
        "Custody", "CaseStore", "CaseFixtures", "Evidence", "Ingestion",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "InvestigationsTests",
      dependencies: [
        "Investigations", "CaseStore", "Queries", "CaseFixtures",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "PromptingTests", dependencies: ["Prompting", "CaseStore", "CaseFixtures"]),
    .testTarget(
      name: "ReportingTests", dependencies: ["Reporting", "Ingestion", "CaseStore", "CaseFixtures"]),
    .testTarget(name: "EndToEndTests", dependencies: ["wirecase", "CaseFixtures"]),
    // Beside tshark; `make test-differential` alone runs it.
    .testTarget(
      name: "DifferentialTests", dependencies: ["CaseFixtures", "CaseStore"],
      exclude: ["disagreements.tsv"]),
  ],
  swiftLanguageModes: [.v6]
)
