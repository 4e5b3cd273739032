import FleetModel
import SecretStore
import Testing

@Suite struct SecretFileTests {
  @Test func everyReferenceHasItsPlace() throws {
    let node = try #require(Name("node01"))
    let routes = try #require(Name("routes"))
    let pass = try #require(Name("cluster-pass"))
    let request = CertificateRequest(
      authority: routes, name: "node01-route", usages: [.server], names: ["node01"], addresses: [])
    let expected: [(SecretReference, String?)] = [
      (.secret(pass, .fleet), "keys/cluster-pass"),
      (.secret(pass, .node), "node01/cluster-pass"),
      (.certificate(request), "node01/node01-route.crt"),
      (.certificateKey(request), "node01/node01-route.key"),
      (.authorityCertificate(routes), "authorities/routes.crt"),
      (.hostKey, "node01/ssh_host_ed25519_key"),
      (.hostPublicKey, "node01/ssh_host_ed25519_key.pub"),
      (.clusterConfig, nil),
    ]
    for (reference, path) in expected {
      let file = SecretFile(reference, of: node)
      #expect(file?.path == path)
      // The name alone tells what is private, and tells the same as the model does.
      if let file { #expect(file.isPrivate == reference.isPrivate) }
      if let file { #expect(file.mode == (reference.isPrivate ? 0o600 : 0o644)) }
      if let path { #expect(SecretFile(path) == file) }
    }
    #expect(SecretFile.authorityKey(routes).path == "authorities/routes.key")
    #expect(SecretFile.authorityKey(routes).isPrivate)
    #expect(SecretFile.releaseKey.path == "keys/release.key")
    #expect(SecretFile.releaseKey.isPrivate)
    #expect(SecretFile.releasePublicKey.path == "keys/release.pub")
    #expect(!SecretFile.releasePublicKey.isPrivate)
  }

  @Test(arguments: [
    "", "a", "a/b/c", "/a", "a/", "../a", "a/..", "./a", "a/.lock", "a/b\0", "a/b\n", "a b/c", "ä/b", "-a/b",
  ])
  func otherPathsAreRefused(path: String) {
    #expect(SecretFile(path) == nil)
  }

  @Test func foldersOfTheFleetAreNoNodes() throws {
    for name in ["authorities", "keys"] {
      #expect(SecretFile.isReserved(try #require(Name(name))))
    }
    #expect(!SecretFile.isReserved(try #require(Name("node01"))))
  }
}
