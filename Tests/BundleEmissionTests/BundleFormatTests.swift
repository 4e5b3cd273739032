import Archives
import Bundles
import Digests
import HostFiles
import Testing

@Suite struct BundleFormatTests {
  @Test func headersAreTheOnesGNUTarWrites() throws {
    // The same bytes, by a program that has no part in this: ustar, root's, time 0.
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-ustar")
    let content = [UInt8](repeating: 65, count: 1234)
    try HostFile.write(content, to: "\(folder)/manifest.json", mode: 0o444)
    let result = try HostProgram.run([
      "tar", "-C", folder, "--format=ustar", "--owner=root:0", "--group=root:0", "--mtime=@0",
      "--mode=0444", "-cf", "-", "manifest.json",
    ])
    #expect(try Array(result.output.prefix(512)) == UstarHeader.encode(name: "manifest.json", size: 1234))
    try HostFile.removeTree(folder)
  }

  @Test func sizesReachEightGiB() throws {
    let largest = try UstarHeader.encode(name: "a", size: BundleFormat.memberLimit)
    #expect(largest[124..<136].elementsEqual("77777777777\0".utf8))
    #expect(throws: BundleError.memberSize("a")) {
      try UstarHeader.encode(name: "a", size: BundleFormat.memberLimit + 1)
    }
  }

  @Test(arguments: ["", "A", "a b", "a\n", String(repeating: "a", count: 101), "ä"])
  func namesAreNarrow(name: String) {
    #expect(throws: BundleError.memberName(name)) { try UstarHeader.encode(name: name, size: 0) }
  }

  @Test(arguments: ["/etc/passwd", "../x", "a/./b", "a//b", "a b", "", "a/"])
  func pathsAreClean(path: String) {
    var manifest = BundleManifest(
      version: "1.0.0", sequence: 1, epoch: 0, toolVersion: "1",
      target: BundleManifest.Target(
        node: "n", fleet: "f", architecture: "x86_64", system: "debian", systemVersion: "12",
        systemdVersion: 252), formsQuorum: false)
    manifest.files = [
      BundleManifest.File(
        path: path, fileClass: .configuration, mode: 0o644, owner: "root", size: 0, digest: .zero)
    ]
    #expect(throws: BundleError.path(path)) { try manifest.encoded() }
  }

  @Test func sharedBlobsAreThereOnce() {
    let one = SHA256.digest(of: [1])
    let two = SHA256.digest(of: [2])
    let names = BundleLayout.names(
      isSigned: true, attestations: ["attest/b", "attest/a"], blobs: [two, one, two])
    #expect(
      names == ["imagegen-bundle", "manifest.json", "manifest.sig", "attest/a", "attest/b"]
        + [one, two].sorted().map { "blobs/\($0)" })
  }
}
