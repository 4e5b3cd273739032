import HostFiles
import Testing

/// The units that are written, as systemd takes them.
@Suite struct UnitTests {
  /// What systemd finds on the node of a folder of results, as `out/FLEET/NODE`: its own units, ours, our
  /// files, and a stub for each program.
  private func root(_ place: Workplace, _ node: String) throws -> String {
    let root = "\(place.folder)/roots/\(node)"
    for folder in ["/etc/systemd/system", "/usr/lib/systemd", "/run"] {
      try HostFile.makeDirectories(root + folder, mode: 0o755)
    }
    try place.copy("/usr/lib/systemd/system", to: root + "/usr/lib/systemd/system")
    try HostFile.write(Array("ID=test\n".utf8), to: root + "/usr/lib/os-release", mode: 0o644)
    try place.copy("\(place.folder)/\(node)/units/.", to: root + "/etc/systemd/system")
    try place.copy("\(place.folder)/\(node)/files/.", to: root)
    try place.copy("\(place.folder)/\(node)/extra-files/.", to: root)
    for program in try programs(place, node) {
      let folder = program[..<(program.lastIndex(of: "/") ?? program.startIndex)]
      try HostFile.makeDirectories(root + folder, mode: 0o755)
      try HostFile.write(Array("#!/bin/sh\n".utf8), to: root + program, mode: 0o755)
    }
    return root
  }

  private func programs(_ place: Workplace, _ node: String) throws -> Set<String> {
    var programs: Set<String> = []
    for unit in try place.files("\(node)/units") {
      for line in try place.text("\(node)/units/\(unit)").split(separator: "\n")
      where line.hasPrefix("Exec") {
        let value = line.split(separator: "=", maxSplits: 1).last ?? ""
        programs.insert(String(value.drop { "@-:+!".contains($0) }.prefix { $0 != " " }))
      }
    }
    #expect(programs.allSatisfy { $0.hasPrefix("/") })
    return programs
  }

  /// Not a word on any unit of any node.
  @Test func systemdHasNothingToSay() throws {
    try Workplace.with { place in
      try place.mint()
      try place.require("build", "--all")
      let nodes = try place.nodes().map { "out/" + $0 }
      try place.require("build", "--all", "--profiles", "profiles/examples", "--out", "grown")
      let grown = ["grown/plasmacloud/node04", "grown/plasmacloud/node05"]
      for node in nodes + grown {
        let root = try root(place, node)
        let units = try place.names("\(node)/units").filter { !$0.hasSuffix(".d") }
        #expect(!units.isEmpty)
        let result = Outcome(
          try HostProgram.run(
            ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", "--root=" + root] + units,
            directory: "/"))
        #expect(result.output + result.errors == "", "\(node)")
        #expect(result.status == 0, "\(node)")
      }
    }
  }

  /// The check of the check: one wrong line in one unit is said.
  @Test func theVerificationIsReal() throws {
    try Workplace.with { place in
      try place.require("build", "homer")
      let root = try root(place, "out/unibus/homer")
      let unit = "roots/out/unibus/homer/etc/systemd/system/membershipd-cluster.service"
      try place.edit(unit, "Restart=always", "Restart=allways")
      let result = Outcome(
        try HostProgram.run(
          ["systemd-analyze", "verify", "--man=no", "--root=" + root, "membershipd-cluster.service"]))
      #expect(result.errors.contains("allways"))
    }
  }

  /// The scores of the files that are written are those that docs/exposure.md explains.
  @Test func scoresAreThoseOfThePage() throws {
    try Workplace.with { place in
      try place.copy(Checkout.root + "/docs/exposure.md", to: place.folder + "/exposure.md")
      let page = try place.text("exposure.md")
      try place.require("build", "--all")
      for node in try place.nodes() {
        let folder = "out/\(node)/units"
        for unit in try place.names(folder) where unit.hasSuffix(".service") {
          let result = Outcome(
            try HostProgram.run(
              [
                "systemd-analyze", "security", "--offline=true", "--no-pager",
                "\(place.folder)/\(folder)/\(unit)",
              ]))
          let verdict = try #require(
            result.output.split(separator: "\n").last { $0.contains("Overall exposure") })
          let score = try #require(verdict.split(separator: ": ").last?.split(separator: " ").first)
          let fleet = node.prefix { $0 != "/" }
          #expect(page.contains("| `\(unit)` | \(fleet) | \(score) |"), "\(node) \(unit)")
          if score.count > 3 || score > "2.0" { #expect(page.contains("## \(unit): \(score)\n")) }
        }
      }
    }
  }

  /// `imagegen lint` agrees on its own units, from the profile and as files.
  @Test func lintHasNothingToSay() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      for node in try place.nodes() {
        let written = try place.run("lint", "--fail-on", "warning", "out/\(node)/units")
        #expect(written.status == 0, "\(node): \(written.errors)")
        let generated = try place.run("lint", "--fail-on", "warning", "--node", node)
        #expect(generated.status == 0, "\(node): \(generated.errors)")
      }
    }
  }
}
