import FleetModel
import HostFiles
import Reports
import Testing

@Suite struct RunbookTests {
  private static let nixos = Target.System.nixos(stateVersion: "25.11")
  private static let debian = Target.System.distribution(id: "debian", version: "12")

  private func text(_ fixture: Fixture, notes: [Name: String] = [:]) -> String {
    String(decoding: Runbook.text(for: fixture.fleet, nodes: fixture.nodes, notes: notes), as: UTF8.self)
  }

  /// What stands between the fences.
  private func commands(_ text: String) -> String {
    var isInside = false
    var lines: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInside = line == "```sh"
      } else if isInside {
        lines.append(line)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test(arguments: [nixos, debian])
  func everyCommandIsShell(system: Target.System) throws {
    let shell = commands(text(try Fixture(system: system, joining: 1)))
    #expect(shell.split(separator: "\n").count > 20)
    let result = try HostProgram.run(["/bin/sh", "-n"], input: Array(shell.utf8))
    #expect(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
  }

  @Test(arguments: [nixos, debian])
  func whatTheSeedsAskFor(system: Target.System) throws {
    let text = text(try Fixture(system: system, joining: 1))
    for piece in [
      "at least a majority of each group together", "A lone node never serves", "2 of 3 voters",
      "fail closed", "keeps serving", "`user add --store kv`", "--cacert /etc/demo/ca.crt",
      "imagegen secrets demo", "## Growth", "## Rollback", "## Troubleshooting", "## Secrets",
      "3 replicas from the start", "ssh root@ssh-node01", "stored-cluster-join.service",
      "/var/lib/first-boot-automation",
    ] {
      #expect(text.contains(piece), "\(piece)")
    }
    #expect(!commands(text).contains("curl -k"))
  }

  @Test func NixOSNodesAreInstalledSideBySide() throws {
    let shell = commands(text(try Fixture(system: Self.nixos)))
    #expect(shell.contains("for node in node01 node02 node03; do\n  jq -j '.argv[] + \"\\u0000\"'"))
    #expect(shell.contains("\"demo/$node/install.json\" | xargs -0 env &\ndone\nwait"))
  }

  @Test func programsComeOutOfTheBundleByDigest() throws {
    let shell = commands(text(try Fixture(system: Self.debian)))
    #expect(
      shell.contains(
        "tar -xOf \"out/demo/$node/bundle/$node-0.1.0.tar\" blobs/" + String(repeating: "0", count: 64)))
    #expect(shell.contains("'install -D -m 0755 /dev/stdin /opt/demo/stored'"))
    #expect(shell.contains("systemctl enable --now --no-block stored-cluster.service' &"))
  }

  @Test func aLivingClusterIsNotFormedAgain() throws {
    var fixture = try Fixture(system: Self.nixos, joining: 1)
    fixture.fleet.formed = said(true)
    let shell = commands(text(fixture))
    #expect(!shell.contains("for node in node01"))
    #expect(shell.contains("for node in node04; do"))
  }

  @Test func aLoneVoterStandsNoLoss() throws {
    var fixture = try Fixture(system: Self.nixos)
    for name in fixture.fleet.groups.keys { fixture.fleet.groups[name]?.voters.removeLast(2) }
    let text = text(fixture)
    #expect(text.contains("1 voters stand the loss of none"))
    #expect(!text.contains("A lone node never serves"))
  }

  @Test func notesOfTheFleetComeIn() throws {
    let fixture = try Fixture(system: Self.debian)
    let name = try #require(Name("stored"))
    #expect(text(fixture, notes: [name: "Call us first."]).contains("## Notes on stored\n\nCall us first."))
  }

  @Test func tenThousandNodesMakeAPageToo() throws {
    let small = try Fixture(system: Self.nixos, joining: 40)
    let large = try Fixture(system: Self.nixos, joining: 9_997)
    #expect(
      Runbook.exemplars(of: large.fleet).map(\.description) == ["node01", "node02", "node03", "node04"])
    let text = text(large)
    #expect(text.utf8.count < self.text(small).utf8.count + 500)
    #expect(text.contains("10000 in all: 3 bootstrap, 9997 join"))
  }

  @Test func theOrderOfNodesDoesNotShow() throws {
    var fixture = try Fixture(system: Self.debian, joining: 2)
    let text = text(fixture)
    fixture.nodes.reverse()
    #expect(self.text(fixture) == text)
  }
}
