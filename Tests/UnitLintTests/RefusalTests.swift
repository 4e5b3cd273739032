import Diagnostics
import HostFiles
import SystemdUnits
import Testing
import UnitGraphs

@testable import UnitLint

/// Rules that say that systemd refuses something: it is asked whether it does, about the manual's own examples.
@Suite struct RefusalTests {
  private static let refused = [
    "GR001", "GR010", "GR030", "LC003", "MT001", "MT002", "MT006", "TI002", "TI003", "TI004", "TP003",
  ]

  private static let words = [
    "Refusing", "not loading", "conflicting jobs", "order is cyclic", "not found", "fatal error",
    "cannot be started", "bad unit file setting",
  ]

  /// What of it systemd says on loading and starting the units of a text.
  private func refusals(_ text: String) throws -> [String] {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-refusals")
    defer { try? HostFile.removeTree(folder) }
    var names: [String] = []
    for entry in LintHarness.entries(text) {
      guard case .file(let bytes) = entry.content, UnitName(entry.path) != nil else { continue }
      try HostFile.write(bytes, to: folder + "/" + entry.path, mode: 0o644)
      if UnitName(entry.path)?.isTemplate == false { names.append(folder + "/" + entry.path) }
    }
    let result = try HostProgram.run(["systemd-analyze", "verify", "--man=no"] + names)
    let said = String(decoding: result.output + result.errors, as: UTF8.self)
    return Self.words.filter(said.contains)
  }

  @Test(arguments: refused)
  func `systemd refuses what the manual says it does`(_ code: String) throws {
    let rule = try #require(UnitLintRules.all.first { $0.code.description == code })
    #expect(try !refusals(rule.example).isEmpty, "systemd takes the example of \(code)")
    #expect(try refusals(rule.instead).isEmpty, "systemd refuses what \(code) has instead")
  }

  /// What systemd mounts itself it takes no unit for, and what it takes one for is not called wrong.
  @Test(arguments: [
    "/proc", "/sys", "/dev", "/run", "/dev/shm", "/sys/fs/pstore", "/sys/fs/bpf", "/sys/kernel/security",
    "/sys/firmware/efi/efivars", "/srv", "/dev/hugepages", "/tmp", "/sys/kernel/debug", "/run/data",
    "/proc/sys/fs/binfmt_misc", "/sys/kernel/config",
  ])
  func `mounts of the kernel's interfaces are refused alike`(_ path: String) throws {
    let name = try #require(UnitName(path: path, type: .mount))
    let text = "# \(name)\n[Mount]\nWhat=tmpfs\nWhere=\(path)\nType=tmpfs"
    let said = try refusals(text).contains("Refusing")
    #expect(LintHarness.codes(text).contains("MT006") == said, "\(path)")
  }
}
