import Certificates
import Diagnostics
import FleetModel
import HostFiles
import SecretStore
import Testing

/// Authorities that were made elsewhere: clients of a running bus trust one already.
@Suite struct ForeignAuthorityTests {
  /// Makes an authority with openssl, as `clients`.
  private func make(_ workshop: borrowing Workshop, _ extensions: String) throws {
    try HostFile.makeDirectories(workshop.path("authorities"), mode: 0o700)
    let configuration =
      "[req]\ndistinguished_name=n\nx509_extensions=e\nprompt=no\n[n]\nCN=old bus\n[e]\n\(extensions)"
    try workshop.put(configuration, "req.cnf")
    let done = try workshop.openssl(
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-config", "req.cnf",
      "-keyout", "authorities/clients.key", "-out", "authorities/clients.crt")
    #expect(done.status == 0, "\(done.output)")
    try HostFile.setMode(0o600, of: workshop.path("authorities/clients.key"))
    try HostFile.setMode(0o644, of: workshop.path("authorities/clients.crt"))
  }

  /// openssl dates what it makes by this machine's clock.
  private func time(_ workshop: borrowing Workshop) throws -> Int {
    try CertificateFacts(pem: workshop.bytes("authorities/clients.crt")).notBefore + Workshop.day
  }

  @Test func aSoundOneOfAnotherKindIsUsed() throws {
    let workshop = try Workshop()
    try make(
      workshop,
      """
      basicConstraints=critical,CA:TRUE
      keyUsage=critical,keyCertSign,cRLSign
      subjectKeyIdentifier=hash
      authorityKeyIdentifier=keyid

      """)
    let (now, before) = (try time(workshop), try workshop.bytes("authorities/clients.crt"))
    let result = try workshop.mint(Demo().request(), now: now)
    #expect(result.report.diagnostics.map(\.code.description) == ["CE022"])
    #expect(result.value?.count == 8)
    #expect(try workshop.bytes("authorities/clients.crt") == before)
    #expect(
      try workshop.verifies(
        "node01/node01.crt", under: "authorities/clients.crt", at: now, "-purpose", "sslserver"))
    #expect(try workshop.codes(Demo().request(), now: now) == ["CE022"])
  }

  @Test func oneThatOnlyLenientProgramsAcceptIsUsedWithAWarning() throws {
    let workshop = try Workshop()
    // What `openssl req -x509` makes without a word of its own, but for the key usage.
    try make(workshop, "basicConstraints=CA:TRUE\nsubjectKeyIdentifier=hash\n")
    let now = try time(workshop)
    let result = try workshop.mint(Demo().request(), now: now)
    #expect(Set(result.report.diagnostics.map(\.code.description)) == ["CE022", "CE037"])
    #expect(!result.report.hasErrors)
    let lenient = try workshop.openssl(
      "verify", "-attime", String(now), "-CAfile", "authorities/clients.crt", "node01/node01.crt")
    #expect(lenient.status == 0, "\(lenient.output)")
    // Said once, of the authority, and not of each certificate under it.
    let plan = try SecretMint.plan(Demo().request(), in: workshop.folder, now: now)
    #expect(plan.report.diagnostics.count { $0.code.description == "CE037" } == 1)
  }

  /// It may not sign servers: what it signs must not be written.
  @Test func oneThatMayNotSignServersSignsNone() throws {
    let workshop = try Workshop()
    try make(
      workshop,
      """
      basicConstraints=critical,CA:TRUE
      keyUsage=critical,keyCertSign,cRLSign
      extendedKeyUsage=clientAuth
      subjectKeyIdentifier=hash

      """)
    let now = try time(workshop)
    let result = try workshop.mint(Demo().request(), now: now)
    #expect(result.report.diagnostics.map(\.code.description).contains("CE014"))
    #expect(try HostFile.status(workshop.path("node01/node01.crt")) == nil)
    // The routes do not depend on it.
    #expect(try workshop.verifies("node01/node01-route.crt", under: "authorities/routes.crt", at: now))
  }
}
