import HostFiles
import Testing

/// Who may import whom.
@Suite struct ImportTests {
  /// What comes with the toolchain and any room may import. Not Glibc: effects on the host are HostFiles'.
  static let toolchain: Set = ["Synchronization"]
  /// Further for the programs' one file, which ends the process.
  static let program: Set = ["Dispatch", "Glibc"]
  static let programs: Set = ["imagegen"]
  /// Further for tests, which make links, pipes and processes to try rooms on.
  static let testing: Set = ["Glibc", "Testing"]

  let table: RoomTable
  let manifest: Manifest

  init() throws {
    table = RoomTable(page: try Checkout.text("docs/architecture.md"))
    manifest = Manifest(source: try Checkout.text("Package.swift"))
  }

  /// What a target may import without declaring it.
  private func fromToolchain(_ target: String) -> Set<String> {
    if target.hasSuffix("Tests") { return Self.toolchain.union(Self.testing) }
    return Self.programs.contains(target) ? Self.toolchain.union(Self.program) : Self.toolchain
  }

  /// What the files of each folder of sources import, found once for all tests.
  private static let imported = Result {
    var modules: [String: Set<String>] = [:]
    for parent in ["Sources", "Tests"] {
      for folder in try Checkout.folders(parent) {
        let files = try Checkout.files(below: "\(parent)/\(folder)", ending: [".swift"])
        modules["\(parent)/\(folder)"] = try Set(files.flatMap { SwiftText(try Checkout.text($0)).imports })
      }
    }
    return modules
  }

  /// The modules that the files of a folder import, each once.
  private func imports(in folder: String) throws -> [String] {
    try Self.imported.get()[folder, default: []].sorted()
  }

  @Test func tableSaysWhatIsThere() throws {
    let rooms = table.rooms.map(\.name)
    #expect(rooms.repeated.isEmpty)
    let libraries = table.rooms.compactMap(\.library)
    #expect(Set(rooms + libraries) == Set(try Checkout.folders("Sources")))
    for room in table.rooms {
      let length = table.paragraphs[room.name]?.count ?? 0
      #expect(length > 80, "docs/architecture.md says too little of \(room.name)")
    }
  }

  @Test func manifestDeclaresWhatIsThere() throws {
    let (sources, shared) = (
      manifest.targets.filter { !$0.isTest && !$0.isShared }.map(\.name),
      manifest.targets.filter(\.isShared).map(\.name)
    )
    #expect(Set(sources) == Set(try Checkout.folders("Sources")))
    #expect(Set(shared).isSubset(of: try Checkout.folders("Tests")))
    #expect(manifest.targets.map(\.name).repeated.isEmpty)
    let tests = try Checkout.folders("Tests").filter { $0.hasSuffix("Tests") }
    #expect(Set(manifest.targets.map(\.name)).subtracting(sources + shared) == Set(tests))
  }

  @Test func roomsImportLowerRowsOnly() throws {
    let libraries = Set(table.rooms.compactMap(\.library))
    for room in table.rooms {
      for module in try imports(in: "Sources/" + room.name) where module != room.library {
        if let row = table.row(of: module) {
          #expect(row < room.row, "\(room.name) (L\(room.row)) imports \(module) (L\(row))")
        } else {
          #expect(
            !libraries.contains(module),
            "\(room.name) imports the C library \(module), which has its importer")
          #expect(
            libraries.contains(module) || fromToolchain(room.name).contains(module),
            "\(room.name) imports \(module), which is neither a room nor allowed from the toolchain")
        }
      }
    }
  }

  @Test func manifestGoesToLowerRowsOnly() {
    for target in manifest.targets {
      guard let room = table.rooms.first(where: { $0.name == target.name }) else { continue }
      for dependency in target.dependencies where dependency != room.library {
        let row = table.row(of: dependency)
        #expect(row.map { $0 < room.row } == true, "\(room.name) depends on \(dependency)")
      }
    }
  }

  @Test func librariesHaveTheirImporter() throws {
    for room in table.rooms {
      guard let library = room.library else { continue }
      #expect(
        try imports(in: "Sources/" + room.name).contains(library), "\(room.name) does not import \(library)")
    }
  }

  @Test func importsAreDeclared() throws {
    for target in manifest.targets where !target.isC {
      let allowed = Set(target.dependencies).union(
        target.isShared ? ["Glibc"] : fromToolchain(target.name))
      for module in try imports(in: target.folder) where !allowed.contains(module) {
        Issue.record("\(target.name) imports \(module) and does not declare it")
      }
    }
  }

  @Test func whatIsMadeOfRoomsHasTheirLinks() throws {
    for target in manifest.targets where target.isMadeOfRooms {
      let links = try HostFile.list(Checkout.root + "/Sources/\(target.name)/rooms").map(\.name)
      #expect(Set(links) == Set(target.dependencies.filter { table.row(of: $0) != nil }))
      for room in manifest.targets where links.contains(room.name) {
        #expect(
          try HostFile.target(of: Checkout.root + "/Sources/\(target.name)/rooms/\(room.name)")
            == "../../\(room.name)")
        let missing = room.dependencies.filter { table.row(of: $0) != nil && !links.contains($0) }
        #expect(missing.isEmpty, "\(target.name) lacks \(missing), which \(room.name) imports")
      }
    }
  }

  @Test func declaredIsImported() throws {
    for target in manifest.targets where !target.isC && !target.isMadeOfRooms {
      let imports = try imports(in: target.folder)
      for dependency in target.dependencies where !imports.contains(dependency) {
        Issue.record("\(target.name) declares \(dependency) and does not import it")
      }
    }
  }

  @Test func targetsAreStrict() {
    for target in manifest.targets where !target.isC {
      #expect(target.isStrict, "\(target.name) has no swiftSettings: strict")
    }
    for setting in [
      ".swiftLanguageMode(.v6)", ".strictMemorySafety()", ".treatAllWarnings(as: .error)",
      ".enableUpcomingFeature(\"ExistentialAny\")", ".enableUpcomingFeature(\"InternalImportsByDefault\")",
      ".enableUpcomingFeature(\"MemberImportVisibility\")",
    ] {
      #expect(manifest.strictSettings.contains(setting), "strict lacks \(setting)")
    }
  }
}
