import Glibc
import HostFiles
import JSONText
import Testing

/// The bundle of a fresh build, taken to a node's root by the built installer.
@Suite struct InstallerTests {
  @Test func aNodeTakesTheBundleOfABuild() throws {
    try Workplace.with { place in
      try place.require("secrets", "unibus")
      try place.require("build", "homer")
      let root = place.folder + "/root"
      try makeRoot(root, key: place.folder + "/secrets/unibus/keys/release.pub")
      let built = place.out + "/unibus/homer"
      let name = try #require(try place.names("out/unibus/homer/bundle").first)
      let bundle = "\(built)/bundle/\(name)"
      let words = [bundle, "--secrets", built + "/extra-files"]
      let checked = try install(root, ["check"] + words)
      #expect(checked.status == 0, "\(checked.errors)")
      let installed = try install(root, ["install", "--no-start"] + words)
      try #require(installed.status == 0, "\(installed.errors)")
      // What is there is what the build wrote beside the bundle, secrets as closed as they were.
      for folder in ["files", "extra-files"] {
        for file in try place.files("out/unibus/homer/\(folder)") {
          let stored = try #require(try stored(file, root), "\(file)")
          let built = "\(built)/\(folder)/\(file)"
          #expect(try HostFile.read(stored, limit: 1 << 20) == HostFile.read(built, limit: 1 << 20))
          guard folder == "extra-files" else { continue }
          #expect(try HostFile.status(stored)?.mode == HostFile.status(built)?.mode, "\(file)")
        }
      }
      let before = try Fingerprint.of(root)
      #expect(try install(root, ["install", "--no-start"] + words).status == 0)
      #expect(try install(root, ["attest"]).status == 0)
      #expect(try Fingerprint.of(root) == before, "a second run writes something")
      let status = try JSONReader.parse(Array(try install(root, ["status", "--json"]).output.utf8))
      #expect(status["node"]?.text == "homer" && status["version"]?.text == "0.1.0")
      // Another node's bundle is none of this one's.
      try place.require("build", "magnus")
      let other = "\(place.out)/unibus/magnus/bundle/magnus-0.1.0.tar"
      #expect(try install(root, ["check", other, "--skip", "ND039"]).status == 20)
    }
  }

  /// What a Debian node has as far as the bundle asks.
  private func makeRoot(_ root: String, key: String) throws {
    for folder in [
      "etc/imagegen/keys.d", "etc/systemd/system", "usr/lib/systemd/system", "usr/bin", "opt", "var/lib",
    ] { try HostFile.makeDirectories(root + "/" + folder, mode: 0o755) }
    let texts = [
      "etc/os-release": "ID=debian\nVERSION_ID=\"12\"\n", "etc/hostname": "homer\n",
      // Numbers that whoever runs the tests has, in a user namespace or not.
      "etc/passwd": "root:x:0:0::/root:/bin/sh\nunibus:x:0:0::/:/bin/false\n", "etc/group": "root:x:0:\n",
    ]
    for (path, text) in texts { try HostFile.write(Array(text.utf8), to: root + "/" + path, mode: 0o644) }
    for program in ["curl", "env", "python3", "sh"] {
      try HostFile.write([35, 33], to: root + "/usr/bin/" + program, mode: 0o755)
    }
    try HostFile.link(root + "/bin", to: "usr/bin")
    let line = try HostFile.read(key, limit: 4096)
    try HostFile.write(line, to: root + "/etc/imagegen/keys.d/release.pub", mode: 0o644)
  }

  /// Runs the installer as root of a namespace at least.
  private func install(_ root: String, _ words: [String]) throws -> Outcome {
    let alone = getuid() == 0 ? [] : ["unshare", "--user", "--map-root-user"]
    let program = [try BuiltProgram.path("imagegen-install")]
    return Outcome(try HostProgram.run(alone + program + words + ["--root", root]))
  }

  /// Where the active release holds the file of a path.
  private func stored(_ path: String, _ root: String) throws -> String? {
    let target = try HostFile.target(of: root + "/" + path)
    let set = root + "/etc/imagegen/" + (try HostFile.target(of: root + "/etc/imagegen/current"))
    guard let rest = target.split(separator: "/etc/imagegen/current/").last else { return nil }
    guard rest.hasPrefix("files/") else { return set + "/" + rest }
    return root + (try HostFile.target(of: set + "/files")) + rest.dropFirst(5)
  }
}
