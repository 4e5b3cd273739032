// swift-tools-version: 6.2
import Glibc
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

/// The rooms that the on-node installer is made of. A module built as Embedded Swift cannot be imported by ordinary
/// ones, and modules of it repeat each other's code: so the installer is one module, of links to these rooms' folders.
/// Sources import rooms as ever, and here each name means a module with nothing in it (Sources/COnNode).
let ownRooms = [
  "BundleReading", "Bundles", "Compression", "Digests", "JSONText", "NodeCalls", "NodeInstaller",
  "Signatures",
]

/// In a release the installer is Embedded Swift and static, so that one file runs on any Linux; a debug build of the
/// same sources is ordinary Swift.
let release: BuildSettingCondition = .when(configuration: .release)
let embedded = [
  "-enable-experimental-feature", "Embedded", "-wmo", "-Osize", "-enforce-exclusivity=unchecked",
]

/// What inlines and copies code for speed: the work is libcrypto's and the disk's, a third of the size is this.
let smaller = [
  "-sil-disable-pass=inline", "-sil-disable-pass=late-inline", "-sil-disable-pass=early-inline",
  "-sil-disable-pass=closure-specialize", "-sil-disable-pass=function-signature-opts", "-inline-threshold=0",
  "-enable-machine-outliner=always", "-machine-outliner-reruns=3",
]

/// As strict as the rooms, where every warning was an error already: here an import of nothing is worth one.
let strictRooms: [SwiftSetting] =
  strict.prefix(2) + strict.dropFirst(3) + [
    .unsafeFlags(["-suppress-warnings"] + ownRooms.flatMap { ["-module-alias", "\($0)=Own\($0)"] }),
    .unsafeFlags(embedded + smaller.flatMap { ["-Xllvm", $0] }, release),
  ]

/// The folder with the Unicode tables that strings of Embedded Swift need: beside the compiler on PATH, but not
/// where the linker looks.
let embeddedTables: String = {
  for folder in (Context.environment["PATH"] ?? "").split(separator: ":") {
    guard let program = realpath("\(folder)/swiftc", nil) else { continue }
    defer { free(program) }
    let path = String(cString: program).split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(path)/lib/swift/embedded/x86_64-unknown-linux-gnu"
  }
  return "."
}()

/// Static, and without what is never reached.
let staticLink = [
  "-enable-experimental-feature", "Embedded", "-use-ld=lld", "-Xclang-linker", "-static", "-Xclang-linker",
  "-nostartfiles", "-Xlinker", "--gc-sections", "-Xlinker", "-s", "-Xlinker", "-T", "-Xlinker",
  Context.packageDirectory + "/Sources/COnNode/sections.ld", "-L" + embeddedTables,
  "-lswiftUnicodeDataTables", "-lm",
  // Embedded objects do not name the libraries of their modules, and pkg-config, which would, need not be there.
  "-lsodium", "-lzstd",
]

/// The tests of one room.
func tests(of name: String, _ dependencies: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: ([name] + dependencies).map { .byName(name: $0) },
    swiftSettings: strict)
}

/// What the tests of several rooms share.
func shared(_ name: String) -> Target {
  .target(name: name, path: "Tests/" + name, swiftSettings: strict)
}

let package = Package(
  name: "imagegen",
  products: [
    .executable(name: "imagegen", targets: ["imagegen"]),
    .executable(name: "imagegen-install", targets: ["imagegen-install"]),
  ],
  targets: [
    // C libraries. Each has exactly one importer.
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "CSHA256", linkerSettings: [.linkedLibrary("crypto")]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .target(name: "CLinux"),
    .target(
      name: "COnNode", exclude: ["sections.ld"],
      cSettings: [
        .define("IMAGEGEN_ON_NODE", release),
        .unsafeFlags(["-ffunction-sections", "-fdata-sections", "-fno-builtin", "-Os"], release),
      ]),
    .target(name: "CNode", cSettings: [.unsafeFlags(["-ffunction-sections", "-Os"], release)]),
    .target(name: "CGetopt"),

    // L0
    room("Diagnostics"),
    room("JSONText"),
    room("Digests", ["CSHA256"]),
    room("HostFiles", ["CLinux"]),
    room("NodeCalls", ["CNode"]),
    room("Signatures", ["CSodium"]),
    room("Compression", ["CZstd"]),

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
    room("BundleReading", ["Bundles", "Compression", "Digests", "NodeCalls", "Signatures"]),
    room("Baselines", ["DiagnosticRendering", "Diagnostics", "JSONText"]),

    // L3
    room("Certificates", ["COpenSSL", "Diagnostics", "Digests", "FleetModel", "HostFiles", "SecretStore"]),
    room("NodeUnits", ["Diagnostics", "FleetModel", "Hardening", "SystemdUnits"]),
    room("UnitLint", ["Diagnostics", "Hardening", "SystemdUnits", "UnitGraphs"]),
    room("BootTransactions", ["SystemdUnits", "UnitGraphs"]),
    room("FleetRules", ["Diagnostics", "FleetModel"]),
    room("BootChains", ["Diagnostics"]),

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
    room(
      "NetbootEmission", ["Archives", "Artifacts", "Diagnostics", "Digests", "FleetModel", "JSONText"]),
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
        "Archives", "Artifacts", "Baselines", "BootChains", "BootSimulation", "BootTransactions",
        "BundleEmission",
        "Bundles",
        "Certificates", "CommandLineKit", "DiagnosticRendering", "Diagnostics",
        "Digests", "DiskPlanning", "FleetModel", "FleetRules", "Hardening", "HostFiles", "JSONText",
        "NetbootEmission", "NixEmission", "NodeFiles", "NodeUnits", "Pictures", "Pipeline", "Profiles",
        "Publishing", "SecretStore", "SystemdUnits", "UnitGraphs", "UnitLint", "YAMLSources",
      ]),

    room("NodeInstaller", ["BundleReading", "Bundles", "Digests", "JSONText", "NodeCalls"]),

    // L8
    .executableTarget(
      name: "imagegen", dependencies: ["ImagegenCommands"], swiftSettings: strict),
    .executableTarget(
      name: "imagegen-install", dependencies: ["CNode", "COnNode", "CSHA256", "CSodium", "CZstd"],
      swiftSettings: strictRooms, linkerSettings: [.unsafeFlags(staticLink, release)]),

    // Tests: one target a room, and what crosses rooms.
    tests(of: "Archives", ["Digests", "HostFiles"]),
    tests(of: "Artifacts", ["Diagnostics"]),
    tests(
      of: "BootChains", ["Diagnostics", "JSONText", "NetbootEmission"]),
    tests(of: "Baselines", ["DiagnosticRendering", "Diagnostics"]),
    tests(
      of: "BootTransactions", ["Diagnostics", "HostFiles", "SeededRandom", "SystemdUnits", "UnitGraphs"]),
    tests(
      of: "BootSimulation",
      [
        "BootTransactions", "Diagnostics", "HostFiles", "JSONText", "SeededRandom", "SystemdUnits",
        "UnitGraphs",
      ]),
    tests(
      of: "BundleEmission",
      ["Archives", "Artifacts", "Bundles", "Diagnostics", "Digests", "FleetModel", "HostFiles", "JSONText"]),
    tests(of: "Certificates", ["Diagnostics", "FleetModel", "HostFiles", "SecretStore"]),
    tests(of: "CommandLineKit", ["HostFiles", "SeededRandom"]),
    tests(of: "Compression", ["HostFiles"]),
    tests(of: "DiskPlanning", ["Diagnostics", "FleetModel", "HostFiles", "SeededRandom"]),
    tests(of: "DiagnosticRendering", ["Diagnostics", "HostFiles", "JSONText", "SeededRandom"]),
    tests(of: "Diagnostics"),
    tests(of: "Digests", ["HostFiles"]),
    tests(of: "FleetModel"),
    tests(of: "Hardening", ["Diagnostics", "FleetModel", "HostFiles", "SeededRandom", "SystemdUnits"]),
    tests(of: "HostFiles"),
    tests(of: "JSONText", ["SeededRandom"]),
    tests(
      of: "NetbootEmission",
      ["Archives", "Artifacts", "Diagnostics", "Digests", "FleetModel", "HostFiles", "JSONText"]),
    tests(
      of: "NixEmission",
      [
        "Artifacts", "Diagnostics", "Digests", "DiskPlanning", "FleetModel", "HostFiles", "JSONText",
        "SeededRandom", "SystemdUnits",
      ]),
    tests(
      of: "NodeInstaller",
      [
        "Bundles", "Certificates", "Compression", "Digests", "HostFiles", "JSONText", "NodeCalls",
        "SecretStore",
      ]),
    tests(
      of: "NodeFiles", ["Artifacts", "Diagnostics", "FleetModel", "HostFiles", "JSONText", "SeededRandom"]),
    tests(
      of: "NodeUnits", ["Diagnostics", "FleetModel", "Hardening", "HostFiles", "SystemdUnits", "UnitLint"]),
    tests(
      of: "Pictures",
      [
        "BootSimulation", "Diagnostics", "DiskPlanning", "FleetModel", "HostFiles", "JSONText",
        "SeededRandom", "UnitGraphs",
      ]),
    tests(
      of: "Pipeline",
      [
        "BootSimulation", "BootTransactions", "Diagnostics", "DiskPlanning", "FleetModel", "Hardening",
        "HostFiles", "NixEmission", "NodeUnits", "Profiles", "SystemdUnits", "UnitGraphs", "UnitLint",
      ]),
    tests(
      of: "Profiles", ["Diagnostics", "FleetModel", "HostFiles", "JSONText", "SeededRandom", "YAMLSources"]),
    tests(of: "Publishing", ["Artifacts", "Diagnostics", "Digests", "HostFiles", "JSONText"]),
    tests(of: "Reports", ["Artifacts", "Diagnostics", "Digests", "FleetModel", "HostFiles"]),
    tests(of: "SecretStore", ["FleetModel", "HostFiles"]),
    tests(of: "Signatures", ["HostFiles"]),
    tests(of: "SystemdUnits", ["Diagnostics", "HostFiles", "SeededRandom"]),
    tests(of: "UnitGraphs", ["Diagnostics", "HostFiles", "JSONText", "SeededRandom", "SystemdUnits"]),
    tests(
      of: "UnitLint",
      ["DiagnosticRendering", "Diagnostics", "HostFiles", "SeededRandom", "SystemdUnits", "UnitGraphs"]),
    tests(of: "YAMLSources", ["Diagnostics", "SeededRandom"]),
    shared("SeededRandom"),
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
      name: "EndToEndTests", dependencies: ["HostFiles", "JSONText", "SeededRandom"], swiftSettings: strict),
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
