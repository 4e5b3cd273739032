import FleetModel
import HostFiles
import SecretStore
import Testing

@Suite struct KnownHostsTests {
  private let key =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKgM/EXbMhvkfF/zEZMfp20FBkfWQfyNdIAqi4vXXOGp node01\n"

  @Test func sshKeygenFindsEachName() throws {
    let program = try #require(HostProgram.find("ssh-keygen"), "install openssh-client")
    let path = try HostFile.makeTemporaryDirectory(prefix: "known-hosts")
    defer { try? HostFile.removeTree(path) }
    let addresses = try ["10.0.0.1", "fd00::1"].map { try #require(IPAddress($0)) }
    let lines =
      try #require(KnownHosts.line(names: ["node01", "magnus"], addresses: addresses, publicKey: key))
      + (try #require(KnownHosts.line(names: ["node02"], addresses: addresses, port: 2222, publicKey: key)))
    try HostFile.write(Array(lines.utf8), to: path + "/known_hosts", mode: 0o644)
    for host in ["node01", "magnus", "10.0.0.1", "fd00::1", "[node02]:2222", "[fd00::1]:2222"] {
      let found = try HostProgram.run([program, "-F", host, "-f", path + "/known_hosts"])
      #expect(found.status == 0, "\(host)")
    }
    #expect(try HostProgram.run([program, "-F", "node02", "-f", path + "/known_hosts"]).status != 0)
  }

  @Test(arguments: ["*", "a,b", "!a", "a b", "", "|1|x", "@revoked", "#", "a\nb", "[a]:22"])
  func namesThatMeanMoreAreRefused(name: String) {
    #expect(KnownHosts.line(names: [name], addresses: [], publicKey: key) == nil)
  }

  @Test func otherKeysAreRefused() {
    let words = key.split(separator: " ")
    for line in ["", "\n", "ssh-rsa \(words[1])", "ssh-ed25519 AAAA", key + key, "ssh-ed25519 \(words[1])="] {
      #expect(KnownHosts.line(names: ["node01"], addresses: [], publicKey: line) == nil)
    }
    #expect(KnownHosts.line(names: [], addresses: [], publicKey: key) == nil)
  }
}
