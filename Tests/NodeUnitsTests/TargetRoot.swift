import FleetModel
import HostFiles
import NodeUnits
import SystemdUnits
import Testing

/// A root tree with units, stubs for their programs and the base units that systemd ships.
struct TargetRoot {
  let path: String

  /// Makes the tree, lends it and removes it.
  static func with<Result>(
    _ units: [UnitFile], programs: [String], _ body: (TargetRoot) throws -> Result
  ) throws -> Result {
    let root = TargetRoot(path: try HostFile.makeTemporaryDirectory(prefix: "imagegen-root"))
    defer { try? HostFile.removeTree(root.path) }
    try fill(root.path, units, programs: programs)
    return try body(root)
  }

  private static func fill(_ path: String, _ units: [UnitFile], programs: [String]) throws {
    for folder in ["/etc/systemd/system", "/usr/lib/systemd", "/usr/bin", "/run"] {
      try HostFile.makeDirectories(path + folder, mode: 0o755)
    }
    // The base system's units, without which no target would be known; not the machine's own.
    let base = try HostProgram.run(
      ["cp", "-a", "/usr/lib/systemd/system", path + "/usr/lib/systemd/system"])
    try #require(base.status == 0)
    try HostFile.write(Array("ID=test\n".utf8), to: path + "/usr/lib/os-release", mode: 0o644)
    for program in programs {
      let parent = program.split(separator: "/").dropLast().joined(separator: "/")
      try HostFile.makeDirectories("\(path)/\(parent)", mode: 0o755)
      try HostFile.write(Array("#!/bin/sh\n".utf8), to: path + program, mode: 0o755)
    }
    for unit in units {
      try HostFile.write(
        Array(unit.text.utf8), to: "\(path)/etc/systemd/system/\(unit.name)", mode: 0o644)
    }
  }

  /// What `systemd-analyze verify` prints on units, by name, and how it ends.
  func verify(_ names: [String]) throws -> (text: String, status: Int32) {
    let result = try HostProgram.run(
      ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", "--root=" + path] + names,
      directory: "/")
    return (String(decoding: result.output + result.errors, as: UTF8.self), result.status)
  }

  /// The exposure of a unit, in tenths.
  func exposure(_ name: String) throws -> Int? {
    let result = try HostProgram.run(
      ["systemd-analyze", "security", "--offline=true", "--no-pager", "--root=" + path, name])
    let text = String(decoding: result.output, as: UTF8.self)
    guard let verdict = text.split(separator: "\n").last(where: { $0.contains("Overall exposure") }),
      let number = verdict.split(separator: ": ").last?.split(separator: " ").first
    else { return nil }
    return Int(number.filter { $0 != "." })
  }
}
