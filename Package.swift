// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: language mode 6, no unsafe code unmarked, no warning left.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A room of the house: one library target. `docs/architecture.md` says what each is for and which
/// row it stands in; a test holds the imports against that page.
func room(_ name: String, _ dependencies: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies.map { .byName(name: $0) }, swiftSettings: strict)
}

/// The tests of one room.
func tests(of name: String, _ dependencies: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: ([name] + dependencies).map { .byName(name: $0) },
    swiftSettings: strict)
}

let package = Package(
  name: "imagegen",
  products: [.executable(name: "imagegen", targets: ["imagegen"])],
  targets: [
    // C libraries. Each has exactly one importer.
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "CSHA256", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "CLinux"),
    .target(name: "CGetopt"),

    // L0
    room("Diagnostics"),
    room("JSONText"),
    room("Digests", ["CSHA256"]),
    room("HostFiles", ["CLinux"]),

    // L1
    room("CommandLineKit", ["CGetopt", "Diagnostics"]),
    room("YAMLSources", ["CLibYAML", "Diagnostics"]),
    room("FleetModel", ["Diagnostics", "Digests"]),
    room("SystemdUnits", ["Diagnostics"]),
    room("Artifacts", ["Diagnostics", "Digests"]),
    room("Bundles", ["Digests", "JSONText"]),
    room("DiagnosticRendering", ["Diagnostics", "Digests", "JSONText"]),

    // L2
    room(
      "Profiles",
      ["Diagnostics", "Digests", "FleetModel", "HostFiles", "JSONText", "YAMLSources"]),
    room("DiskPlanning", ["Diagnostics", "FleetModel"]),
    room("SecretStore", ["FleetModel", "HostFiles"]),
    room("Hardening", ["Diagnostics", "FleetModel", "SystemdUnits"]),
    room("UnitGraphs", ["Diagnostics", "JSONText", "SystemdUnits"]),
    room("Archives", ["CLibArchive", "Digests"]),
    room("Baselines", ["DiagnosticRendering", "Diagnostics", "JSONText"]),

    // L3
    room("Certificates", ["COpenSSL", "Diagnostics", "Digests", "FleetModel", "HostFiles", "SecretStore"]),
    room("NodeUnits", ["Diagnostics", "FleetModel", "Hardening", "SystemdUnits"]),
    room("UnitLint", ["Diagnostics", "Hardening", "SystemdUnits", "UnitGraphs"]),
    room("BootTransactions", ["SystemdUnits", "UnitGraphs"]),
    room("FleetRules", ["Diagnostics", "FleetModel"]),

    // L4
    room(
      "NodeFiles",
      ["Artifacts", "Diagnostics", "FleetModel", "JSONText", "NodeUnits", "SecretStore", "SystemdUnits"]),
    room(
      "NixEmission",
      [
        "Artifacts", "Diagnostics", "Digests", "DiskPlanning", "FleetModel", "JSONText", "NodeUnits",
        "SystemdUnits",
      ]),
    room("NetbootEmission", ["Artifacts", "Diagnostics", "Digests", "FleetModel", "JSONText"]),
    room(
      "BundleEmission",
      ["Artifacts", "Bundles", "Diagnostics", "Digests", "FleetModel", "JSONText"]),
    room("BootSimulation", ["BootTransactions", "JSONText", "SystemdUnits", "UnitGraphs"]),

    // L5
    room(
      "Pictures",
      ["BootSimulation", "Diagnostics", "DiskPlanning", "FleetModel", "SystemdUnits", "UnitGraphs"]),
    room("Reports", ["Artifacts", "FleetModel"]),

    // L6
    room(
      "Pipeline",
      [
        "Artifacts", "BootSimulation", "BootTransactions", "BundleEmission", "Diagnostics", "Digests",
        "DiskPlanning", "FleetModel", "FleetRules",
        "Hardening", "HostFiles", "JSONText", "NetbootEmission", "NixEmission", "NodeFiles", "NodeUnits",
        "Pictures", "Profiles", "Reports", "SystemdUnits", "UnitGraphs", "UnitLint",
      ]),
    room("Publishing", ["Artifacts", "Diagnostics", "Digests", "HostFiles", "JSONText", "SecretStore"]),

    // L7
    room(
      "ImagegenCommands",
      [
        "Artifacts", "Baselines", "BootSimulation", "BootTransactions", "BundleEmission", "Certificates",
        "CommandLineKit", "DiagnosticRendering", "Diagnostics",
        "Digests", "DiskPlanning", "FleetModel", "FleetRules", "Hardening", "HostFiles", "JSONText",
        "NetbootEmission", "NixEmission", "NodeFiles", "NodeUnits", "Pictures", "Pipeline", "Profiles",
        "Publishing", "SecretStore", "SystemdUnits", "UnitGraphs", "UnitLint", "YAMLSources",
      ]),

    // L8
    .executableTarget(
      name: "imagegen", dependencies: ["ImagegenCommands"], swiftSettings: strict),

    // Tests: one target a room, and what crosses rooms.
    tests(of: "Archives", ["Digests", "HostFiles"]),
    tests(of: "Artifacts", ["Diagnostics"]),
    tests(of: "Baselines", ["DiagnosticRendering", "Diagnostics"]),
    tests(of: "BootTransactions", ["Diagnostics", "HostFiles", "SystemdUnits", "UnitGraphs"]),
    tests(
      of: "BootSimulation",
      ["BootTransactions", "Diagnostics", "HostFiles", "JSONText", "SystemdUnits", "UnitGraphs"]),
    tests(
      of: "BundleEmission",
      ["Archives", "Artifacts", "Bundles", "Diagnostics", "Digests", "FleetModel", "HostFiles", "JSONText"]),
    tests(of: "Certificates", ["Diagnostics", "FleetModel", "HostFiles", "SecretStore"]),
    tests(of: "CommandLineKit", ["HostFiles"]),
    tests(of: "DiskPlanning", ["Diagnostics", "FleetModel", "HostFiles"]),
    tests(of: "DiagnosticRendering", ["Diagnostics", "HostFiles", "JSONText"]),
    tests(of: "Diagnostics"),
    tests(of: "Digests", ["HostFiles"]),
    tests(of: "FleetModel"),
    tests(of: "Hardening", ["Diagnostics", "FleetModel", "HostFiles", "SystemdUnits"]),
    tests(of: "HostFiles"),
    tests(of: "JSONText"),
    tests(of: "NetbootEmission", ["Artifacts", "Diagnostics", "FleetModel", "HostFiles", "JSONText"]),
    tests(
      of: "NixEmission",
      [
        "Artifacts", "Diagnostics", "Digests", "DiskPlanning", "FleetModel", "HostFiles", "JSONText",
        "SystemdUnits",
      ]),
    tests(of: "NodeFiles", ["Artifacts", "Diagnostics", "FleetModel", "HostFiles", "JSONText"]),
    tests(
      of: "NodeUnits", ["Diagnostics", "FleetModel", "Hardening", "HostFiles", "SystemdUnits", "UnitLint"]),
    tests(
      of: "Pictures",
      ["BootSimulation", "Diagnostics", "DiskPlanning", "FleetModel", "HostFiles", "JSONText", "UnitGraphs"]),
    tests(
      of: "Pipeline",
      [
        "BootSimulation", "BootTransactions", "Diagnostics", "DiskPlanning", "FleetModel", "Hardening",
        "HostFiles", "NixEmission", "NodeUnits", "Profiles", "SystemdUnits", "UnitGraphs", "UnitLint",
      ]),
    tests(
      of: "Profiles",
      ["Diagnostics", "FleetModel", "HostFiles", "JSONText", "YAMLSources"]),
    tests(of: "Publishing", ["Artifacts", "Diagnostics", "Digests", "HostFiles", "JSONText"]),
    tests(of: "Reports", ["Artifacts", "Diagnostics", "Digests", "FleetModel", "HostFiles"]),
    tests(of: "SecretStore", ["FleetModel", "HostFiles"]),
    tests(of: "SystemdUnits", ["Diagnostics", "HostFiles"]),
    tests(of: "UnitGraphs", ["Diagnostics", "HostFiles", "JSONText", "SystemdUnits"]),
    tests(
      of: "UnitLint", ["DiagnosticRendering", "Diagnostics", "HostFiles", "SystemdUnits", "UnitGraphs"]),
    tests(of: "YAMLSources", ["Diagnostics"]),
    .testTarget(name: "ArchitectureTests", dependencies: ["HostFiles"], swiftSettings: strict),
    .testTarget(
      name: "GoldenTests",
      dependencies: [
        "BundleEmission", "DiagnosticRendering", "Diagnostics", "DiskPlanning", "FleetModel", "FleetRules",
        "Hardening", "HostFiles", "ImagegenCommands", "NetbootEmission", "NixEmission", "NodeFiles",
        "NodeUnits",
        "Pipeline", "Profiles",
        "YAMLSources",
      ],
      exclude: ["Base", "Cases", "Refused"], swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests", dependencies: ["HostFiles", "JSONText"], swiftSettings: strict),
  ]
)

// What is asked of packages of Debian, for `scripts/proofs/debian-packages` alone, which brings them.
if Context.environment["IMAGEGEN_DEBIAN_ROOT"] != nil {
  package.targets.append(
    .testTarget(
      name: "DebianPackagesTests",
      dependencies: ["Diagnostics", "Hardening", "HostFiles", "JSONText", "SystemdUnits", "UnitGraphs"],
      path: "Tests/DebianPackages", exclude: ["packages", "unpack"], swiftSettings: strict))
}

// The fuzzers, for `scripts/fuzz` alone: their `main` is libFuzzer's. What the tests hold of units is held by the
// fuzzer as well, in the same file, which cannot belong to two targets.
if Context.environment["IMAGEGEN_FUZZ"] == "1" {
  package.targets.removeAll { $0.isTest }
  package.targets.append(
    .executableTarget(
      name: "imagegen-fuzz",
      dependencies: [
        "DiagnosticRendering", "Diagnostics", "FleetModel", "HostFiles", "Pipeline", "Profiles",
        "YAMLSources",
      ],
      path: "Tests/Fuzz", exclude: ["corpus", "yaml.dict"],
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
  package.targets.append(
    .executableTarget(
      name: "imagegen-fuzz-units",
      dependencies: ["DiagnosticRendering", "Diagnostics", "SystemdUnits", "UnitGraphs", "UnitLint"],
      path: "Tests", sources: ["FuzzUnits/FuzzTarget.swift", "UnitLintTests/FuzzedUnits.swift"],
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
