import Certificates
import Diagnostics
import FleetModel
import Glibc
import HostFiles
import SecretStore
import Testing

@Suite struct MintingTests {
  @Test(arguments: Authority.Key.allCases)
  func opensslAcceptsEverythingStrictly(key: Authority.Key) throws {
    let workshop = try Workshop()
    let demo = Demo(keys: [key, key])
    let result = try workshop.mint(demo.request())
    #expect(result.report.diagnostics.isEmpty)
    #expect(result.value?.count == 9)
    for (name, root, purposes) in [
      ("node01", "clients", ["sslserver"]), ("node01-route", "routes", ["sslserver", "sslclient"]),
    ] {
      let (file, authority) = ("node01/\(name).crt", "authorities/\(root).crt")
      for purpose in purposes {
        #expect(try workshop.verifies(file, under: authority, "-purpose", purpose))
        for host in demo.names {
          #expect(
            try workshop.verifies(file, under: authority, "-purpose", purpose, "-verify_hostname", host))
          let answer = try workshop.openssl("x509", "-in", file, "-noout", "-checkhost", host).output
          #expect(answer.contains("does match"), "\(host): \(answer)")
        }
        for address in demo.addresses {
          #expect(try workshop.verifies(file, under: authority, "-purpose", purpose, "-verify_ip", address))
          let answer = try workshop.openssl("x509", "-in", file, "-noout", "-checkip", address).output
          #expect(answer.contains("does match"), "\(address): \(answer)")
        }
      }
      #expect(try !workshop.verifies(file, under: authority, "-verify_hostname", "node02"))
      #expect(try !workshop.verifies(file, under: authority, "-verify_ip", "10.0.0.2"))
      // Neither a certificate of one of these nodes nor its key is good for another certificate.
      let own = try workshop.openssl("pkey", "-in", "node01/\(name).key", "-pubout").output
      #expect(own.hasPrefix("-----BEGIN PUBLIC KEY-----"))
      #expect(try workshop.openssl("x509", "-in", file, "-noout", "-pubkey").output == own)
    }
    #expect(
      try !workshop.verifies("node01/node01.crt", under: "authorities/clients.crt", "-purpose", "sslclient"))
  }

  /// A client of the data plane must not get in at the port for routes, nor the other way round.
  @Test func planesAreApart() throws {
    let workshop = try Workshop()
    // With the very same names and usages, so that only the authority tells them apart.
    try workshop.mint(Demo(dataUsages: [.client, .server]).request())
    for purpose in ["sslserver", "sslclient"] {
      #expect(
        try workshop.verifies("node01/node01.crt", under: "authorities/clients.crt", "-purpose", purpose))
      #expect(
        try !workshop.verifies("node01/node01.crt", under: "authorities/routes.crt", "-purpose", purpose))
      #expect(
        try workshop.verifies("node01/node01-route.crt", under: "authorities/routes.crt", "-purpose", purpose)
      )
      #expect(
        try !workshop.verifies(
          "node01/node01-route.crt", under: "authorities/clients.crt", "-purpose", purpose))
    }
    #expect(try !workshop.verifies("authorities/clients.crt", under: "authorities/routes.crt"))
    let facts = try ["clients", "routes"].map {
      try CertificateFacts(pem: workshop.bytes("authorities/\($0).crt"))
    }
    #expect(facts[0].keyIdentifier != facts[1].keyIdentifier)
  }

  @Test func certificatesHaveTheExtensionsOfTheirKind() throws {
    let workshop = try Workshop()
    try workshop.mint(Demo().request())
    let authority = try workshop.openssl("x509", "-in", "authorities/routes.crt", "-noout", "-text").output
    #expect(authority.contains("X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0"))
    #expect(authority.contains("X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign"))
    #expect(authority.contains("Subject: O = demo, CN = routes"))
    let leaf = try workshop.openssl("x509", "-in", "node01/node01-route.crt", "-noout", "-text").output
    #expect(leaf.contains("Version: 3 (0x2)"))
    #expect(leaf.contains("X509v3 Basic Constraints: critical\n                CA:FALSE"))
    #expect(leaf.contains("X509v3 Key Usage: critical\n                Digital Signature\n"))
    #expect(leaf.contains("TLS Web Server Authentication, TLS Web Client Authentication"))
    #expect(leaf.contains("Subject: CN = magnus.plasma.local"))
    #expect(leaf.contains("Issuer: O = demo, CN = routes"))
    let serials = try ["authorities/clients", "authorities/routes", "node01/node01", "node01/node01-route"]
      .map {
        try workshop.openssl("x509", "-in", "\($0).crt", "-noout", "-serial").output
      }
    #expect(Set(serials).count == 4)
    // 16 bytes of which the first is 40 to 7F: positive.
    #expect(serials.allSatisfy { $0.utf8.count == "serial=".utf8.count + 33 })
    #expect(serials.allSatisfy { "4567".contains($0.dropFirst(7).prefix(1)) })
  }

  @Test func factsAreThoseOfOpenSSL() throws {
    let workshop = try Workshop()
    let demo = Demo()
    try workshop.mint(demo.request())
    let facts = try CertificateFacts(pem: workshop.bytes("node01/node01-route.crt"))
    let root = try CertificateFacts(pem: workshop.bytes("authorities/routes.crt"))
    #expect(facts.notBefore == Workshop.now - 3600)
    #expect(facts.notAfter == Workshop.now + 825 * Workshop.day)
    #expect(facts.names == demo.names)
    #expect(facts.addresses.map(\.description) == demo.addresses)
    #expect(facts.usages.map(Set.init) == [.server, .client])
    #expect(!facts.isAuthority && root.isAuthority)
    #expect(facts.issuerKeyIdentifier == root.keyIdentifier && root.keyIdentifier?.count == 20)
    let answer = try workshop.openssl(
      "x509", "-in", "node01/node01-route.crt", "-noout", "-fingerprint", "-sha256")
    #expect(
      answer.output.lowercased().filter { $0 != ":" } == "sha256 fingerprint=\(facts.fingerprint)\n")
    let dates = try workshop.openssl("x509", "-in", "node01/node01-route.crt", "-noout", "-dates").output
    #expect(dates == "notBefore=Jun 14 23:00:00 2025 GMT\nnotAfter=Sep 18 00:00:00 2027 GMT\n")
    #expect(throws: CertificateError.self) { try CertificateFacts(pem: Array("no certificate".utf8)) }
  }

  @Test func modesDoNotDependOnTheUmask() throws {
    let former = umask(0)
    defer { umask(former) }
    let workshop = try Workshop()
    try workshop.mint(Demo().request())
    var files = 0
    for folder in try HostFile.list(workshop.folder.path) where folder.kind == .directory {
      #expect(try HostFile.status(workshop.path(folder.name))?.mode == 0o700)
      for file in try HostFile.list(workshop.path(folder.name)) {
        let isPublic = file.name.hasSuffix(".crt") || file.name.hasSuffix(".pub")
        #expect(
          try HostFile.status(workshop.path("\(folder.name)/\(file.name)"))?.mode
            == (isPublic ? 0o644 : 0o600))
        files += 1
      }
    }
    #expect(files == 15)
    #expect(try HostFile.status(workshop.folder.path)?.mode == 0o700)
  }

  @Test func secretsAreOfTheirKinds() throws {
    let workshop = try Workshop()
    try workshop.mint(Demo().request())
    let pass = try workshop.text("keys/cluster-pass")
    #expect(pass.utf8.count == 65 && pass.hasSuffix("\n"))
    #expect(pass.dropLast().allSatisfy { "0123456789abcdef".contains($0) })
    let password = try workshop.text("node01/admin")
    #expect(password.utf8.count == 33 && password.hasSuffix("\n"))
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    #expect(password.dropLast().allSatisfy(letters.contains))
    #expect(try workshop.bytes("node01/sealing").count == 32)
  }

  @Test func twoRunsMakeDifferentSecrets() throws {
    let one = try Workshop()
    let other = try Workshop()
    try one.mint(Demo().request())
    try other.mint(Demo().request())
    let (first, second) = (try one.snapshot(), try other.snapshot())
    #expect(first.keys.sorted() == second.keys.sorted())
    for (name, bytes) in first { #expect(second[name] != bytes, "\(name)") }
  }

  @Test func aNameTooLongForACommonNameIsNone() throws {
    let long = Array(repeating: String(repeating: "a", count: 60), count: 3).joined(separator: ".")
    let workshop = try Workshop()
    let result = try workshop.mint(Demo(names: [long]).request())
    #expect(result.report.diagnostics.isEmpty)
    let subject = try workshop.openssl("x509", "-in", "node01/node01.crt", "-noout", "-subject").output
    #expect(subject == "subject=CN = node01\n")
    #expect(
      try workshop.verifies("node01/node01.crt", under: "authorities/clients.crt", "-verify_hostname", long))
  }

  @Test func timesThatNoCertificateCanSayAreTheLastOnes() throws {
    let workshop = try Workshop()
    let result = try workshop.mint(Demo(days: .max, leafDays: .max).request())
    #expect(result.report.diagnostics.isEmpty)
    let facts = try CertificateFacts(pem: workshop.bytes("node01/node01.crt"))
    #expect(facts.notAfter == 253_402_300_799)
    #expect(try workshop.verifies("node01/node01.crt", under: "authorities/clients.crt"))
  }

  @Test func theReleaseKeySignsAndItsPublicHalfVerifies() throws {
    let workshop = try Workshop()
    try workshop.mint(Demo().request())
    let line = try workshop.bytes("keys/release.pub")
    let half = try #require(ReleasePublicKey(line: line))
    let der = try workshop.openssl(
      "pkey", "-in", "keys/release.key", "-pubout", "-outform", "DER", "-out", "half.der")
    #expect(der.status == 0)
    #expect(Array(try workshop.bytes("half.der").suffix(32)) == half.bytes)
    #expect(try workshop.text("keys/release.key").hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    #expect(line.starts(with: Array("ed25519 \(half.identifier) ".utf8)))
    #expect(half.identifier.utf8.count == 16)
    try workshop.put(half.bytes, "keys/raw")
    let digest = try workshop.openssl("dgst", "-sha256", "-r", "keys/raw").output
    #expect(digest.hasPrefix(half.identifier))
    for damaged in [Array(line.dropLast()), Array(line.dropFirst()), line + [10]] {
      #expect(ReleasePublicKey(line: damaged) == nil)
    }
  }

  @Test func sshReadsTheHostKey() throws {
    let workshop = try Workshop()
    try workshop.mint(Demo().request())
    let program = try #require(HostProgram.find("ssh-keygen"), "install openssh-client")
    let key = workshop.path("node01/ssh_host_ed25519_key")
    let derived = try HostProgram.run([program, "-y", "-f", key])
    #expect(derived.status == 0, "\(String(decoding: derived.errors, as: UTF8.self))")
    let line = try workshop.bytes("node01/ssh_host_ed25519_key.pub")
    // The comment comes out of the private file too.
    #expect(derived.output == line)
    let listed = try HostProgram.run([program, "-l", "-f", key + ".pub"])
    #expect(String(decoding: listed.output, as: UTF8.self).hasSuffix(" node01 (ED25519)\n"))
    let hosts = KnownHosts.line(
      names: ["node01"], addresses: [], publicKey: String(decoding: line, as: UTF8.self))
    #expect(hosts?.hasPrefix("node01 ssh-ed25519 AAAAC3") == true)
  }
}
