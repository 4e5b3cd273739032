import HostFiles
import Testing

/// What a hostile bundle may do: nothing. Every attack is refused with the status of its class, and no byte of the
/// node is another one afterwards.
@Suite struct AttackTests {
  @Test func everyAttackIsRefused() throws {
    try Demo.with { demo in
      // The installer's folders are there already, and a floor.
      let releases = try demo.releases()
      #expect(demo.run("recover").status == 0)
      try HostFile.write([50, 10], to: demo.root + "/etc/imagegen/floor", mode: 0o644)
      let forge = AttackForge(demo: demo)
      let attacks = try forge.archives() + forge.manifests() + forge.nodes()
      #expect(attacks.count >= 300)
      #expect(Set(attacks.map { $0.name.prefix { $0 != " " } }).count >= 36)
      for attack in attacks { try refuse(attack, demo) }
      // And the node still takes what is right.
      let outcome = demo.run("install", releases[1], "--secrets", demo.secrets, "--no-start")
      #expect(outcome.status == 0, "\(outcome.errors)")
      print("figure: attacks \(attacks.count)")
    }
  }

  private func refuse(_ attack: Attack, _ demo: Demo) throws {
    let path = try demo.write(attack.bytes, "attack")
    try attack.prepare?(demo)
    let before = try Demo.snapshot(demo.root)
    let calls = LabCalls()
    attack.during?(demo, calls)
    let outcome = demo.run("install", path, "--secrets", demo.secrets, "--no-start", calls: calls)
    #expect(attack.expected.contains(outcome.status), "\(attack.name): \(outcome.status) \(outcome.errors)")
    #expect(try Demo.snapshot(demo.root) == before, "\(attack.name)")
    #expect(calls.programs.isEmpty, "\(attack.name)")
    // Nothing of an attack reaches a terminal or a log as it is.
    #expect(outcome.errors.utf8.allSatisfy { (32...126).contains($0) || $0 == 10 }, "\(attack.name)")
    #expect(!outcome.errors.isEmpty, "\(attack.name)")
    try attack.restore?(demo)
  }
}
