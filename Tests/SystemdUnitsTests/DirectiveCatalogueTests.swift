import HostFiles
import SystemdUnits
import Testing

@Suite struct DirectiveCatalogueTests {
  /// Both ways: all that the installed systemd knows is in the table, and what is in the table for
  /// its version and not in the dump is an error.
  @Test func `knows what the installed systemd knows`() throws {
    let dump = try HostProgram.run([SystemdProbe.program, "--dump-configuration-items"])
    try #require(dump.status == 0)
    var section: UnitSection?
    var known = Set<String>()
    for line in String(decoding: dump.output, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("[") {
        section = UnitSection(rawValue: String(line.dropFirst().dropLast()))
        #expect(section != nil, "\(line)")
      } else if let section, let equals = line.firstIndex(of: "=") {
        let name = String(line[..<equals])
        known.insert(section.rawValue + "." + name)
        #expect(DirectiveCatalogue.standard.directive(name, in: section) != nil, "\(section) \(name)")
      }
    }
    #expect(known.count > 1000)
    for directive in DirectiveCatalogue.standard.directives
    where directive.knownBy <= 252 && directive.until ?? 252 >= 252 {
      for section in directive.sections {
        #expect(known.contains(section.rawValue + "." + directive.name), "\(section) \(directive.name)")
      }
    }
  }

  @Test func `every row of the table is read`() throws {
    let catalogue = DirectiveCatalogue.standard
    #expect(catalogue.directive("After", in: .unit)?.kind == .units)
    #expect(catalogue.directive("After", in: .unit)?.isList == true)
    #expect(catalogue.directive("ExecStart", in: .service)?.kind == .exec)
    #expect(catalogue.directive("TimeoutStopSec", in: .service)?.kind == .seconds)
    let mounts = try #require(catalogue.directive("WantsMountsFor", in: .unit))
    #expect(mounts.since == 256 && mounts.knownBy == 257 && mounts.isSinceFromNotes && mounts.until == nil)
    let credential = try #require(catalogue.directive("ImportCredential", in: .service))
    #expect(credential.since == 253 && credential.knownBy == 254 && !credential.isSinceFromNotes)
    #expect(catalogue.directive("MemoryLimit", in: .service)?.until == 257)
    #expect(catalogue.directive("After", in: .unit)?.since == 247)
    #expect(catalogue.directive("after", in: .unit) == nil)
    #expect(catalogue.directives(namedLike: "execstart").map(\.name) == ["ExecStart"])
    #expect(catalogue.directive("ExecStart", in: .unit) == nil)
  }

  /// The table is what the script makes of what the programs said, and nothing was changed by hand.
  @Test func `the table is the script's`() throws {
    let root = Checkout.root
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-directives")
    defer { try? HostFile.removeTree(folder) }
    let made = try HostProgram.run([root + "/scripts/generate-directives", folder + "/table"])
    #expect(made.status == 0, "\(String(decoding: made.errors, as: UTF8.self))")
    #expect(
      try HostFile.read(folder + "/table", limit: 1 << 20)
        == HostFile.read(root + "/Sources/SystemdUnits/DirectiveTable.swift", limit: 1 << 20))
  }

  /// Every version asked has its lines, and none is known before it came or after it went.
  @Test func `each row says which of the versions asked know it`() throws {
    let text = String(
      decoding: try HostFile.read(Checkout.root + "/data/systemd-directives", limit: 1 << 20), as: UTF8.self)
    var count = 0
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: "\t")
      let names = fields[0].split(separator: ".")
      guard let section = UnitSection(rawValue: String(names[0])) else { continue }
      let known = Set(fields[1].split(separator: " ").compactMap { Int($0) })
      let directive = try #require(DirectiveCatalogue.standard.directive(String(names[1]), in: section))
      for version in DirectiveCatalogue.versionsAsked {
        let isKnown = directive.knownBy <= version && version <= directive.until ?? .max
        #expect(isKnown == known.contains(version), "\(line)")
      }
      #expect(directive.since <= directive.knownBy)
      count += 1
    }
    #expect(count > 1400)
  }

  @Test func `every key that rules ask for is a directive`() {
    for key in SettingKey.allCases where key != .mountType {
      #expect(!DirectiveCatalogue.standard.directives(named: key.rawValue).isEmpty, "\(key)")
    }
  }
}

/// Where the sources are.
private enum Checkout {
  static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
}
