import Bundles
import Certificates
import Digests
import HostFiles
import JSONText

/// Attacks on who is trusted, on the node itself, and on the moment.
extension AttackForge {
  func nodes() throws -> [Attack] { try signatures() + keys() + places() + versions() + moments() }

  private func signatures() throws -> [Attack] {
    let members = try draft.members(demo.signer)
    let line = String(decoding: members[2].bytes, as: UTF8.self)
    let words = line.dropLast().split(separator: " ").map(String.init)
    let other = try Demo.draft(1).members(demo.signer)[2].bytes
    let raw = demo.signer.sign(members[1].bytes) ?? []
    let plain = try BundleSignature(raw, publicKey: demo.signer.publicKey.bytes)
    let cases: [(String, [UInt8])] = [
      ("empty", []), ("line feed", [10]), ("no line feed", Array(line.utf8.dropLast())),
      ("twice", Array((line + line).utf8)), ("other manifest's", other),
      ("other domain", BundleSignature.file([plain])),
      ("63 bytes", Array("ed25519 \(words[1]) \(words[2].prefix(84))\n".utf8)),
      ("65 bytes", Array("ed25519 \(words[1]) \(words[2].dropLast(2))AA=\n".utf8)),
      ("other word", Array("rsa \(words[1]) \(words[2])\n".utf8)),
      ("capitals", Array(line.uppercased().utf8)),
      ("blank", Array(" \(line)".utf8)), ("two blanks", Array("ed25519  \(words[1]) \(words[2])\n".utf8)),
      ("comment", Array("\(line.dropLast()) x\n".utf8)), ("CRLF", Array("\(line.dropLast())\r\n".utf8)),
      ("loose base64", Array("ed25519 \(words[1]) \(words[2].dropLast(3))h==\n".utf8)),
      ("zeros", Array("ed25519 \(words[1]) \(String(repeating: "A", count: 86))==\n".utf8)),
      (
        "one bit",
        Array("ed25519 \(words[1]) \(words[2].first == "A" ? "B" : "A")\(words[2].dropFirst())\n".utf8)
      ),
      ("seventeen", Array(String(repeating: line, count: 17).utf8)),
      ("text", Array("untrusted comment: signature\n".utf8)),
    ]
    var found = try cases.map { name, bytes in
      Attack(name: "signature \(name)", expected: [14, 13], bytes: try self.members { $0[2].bytes = bytes })
    }
    found.append(
      Attack(name: "signature stripped", expected: [14], bytes: try self.members { $0.remove(at: 2) }))
    found.append(
      Attack(
        name: "signature large", expected: [13],
        bytes: try self.members { $0[2].bytes += Array(repeating: 10, count: 5000) }))
    found.append(
      Attack(name: "manifest changed", expected: [14], bytes: try self.members { $0[1].bytes[100] ^= 1 }))
    return found
  }

  /// The draft, as somebody else's key signs it or as a node with such keys sees it.
  private func keys() throws -> [Attack] {
    let good = try draft.bytes(demo.signer)
    let folder = "/etc/imagegen/keys.d"
    let line = String(decoding: demo.signer.publicKey.line, as: UTF8.self)
    let zero = [UInt8](repeating: 0, count: 32)
    let weak = [zero, [1] + zero.dropFirst(), [0xEC] + [UInt8](repeating: 255, count: 30) + [0x7F]]
    func put(_ name: String, _ text: String, mode: UInt16 = 0o644) -> (Demo) throws -> Void {
      { try HostFile.write(Array(text.utf8), to: $0.root + folder + "/" + name, mode: mode) }
    }
    func take(_ name: String) -> (Demo) throws -> Void {
      { try HostFile.removeTree($0.root + folder + "/" + name) }
    }
    var found: [Attack] = []
    func add(
      _ name: String, _ file: String, _ text: String, mode: UInt16 = 0o644, expected: Set<Int32> = [15]
    ) {
      found.append(
        Attack(
          name: "key \(name)", expected: expected, bytes: good, prepare: put(file, text, mode: mode),
          restore: take(file)))
    }
    for (index, key) in weak.enumerated() {
      let identifier = SHA256.digest(of: key).description.prefix(16)
      let text = String(decoding: try HostProgram.run(["base64", "-w0"], input: key).output, as: UTF8.self)
      add("weak \(index)", "weak.pub", "ed25519 \(identifier) \(text)\n")
    }
    add("no line", "x.pub", "nothing\n")
    add(
      "other identifier", "x.pub",
      line.replacing(demo.signer.publicKey.identifier, with: String(repeating: "0", count: 16)))
    add("no end", "x.pub", String(line.dropLast()))
    add("large", "x.pub", line + String(repeating: " ", count: 5000))
    add("writable", "x.pub", line, mode: 0o666)
    add("group", "x.pub", line, mode: 0o664)
    add("revoked", "revoked", demo.signer.publicKey.identifier + "\n")
    add("threshold 0", "threshold", "0\n")
    add("threshold text", "threshold", "many\n")
    add("threshold 17", "threshold", "17\n")
    add("threshold 2", "threshold", "2\n", expected: [14])
    return found + movedKeys(good, folder)
  }

  /// The draft, on a node whose folder of keys is not what it was.
  private func movedKeys(_ good: [UInt8], _ folder: String) -> [Attack] {
    var found: [Attack] = []
    let moved: [(String, (Demo) throws -> Void)] = [
      ("none", { try HostFile.removeTree($0.root + folder + "/release.pub") }),
      (
        "link",
        { demo in
          try HostFile.rename(demo.root + folder + "/release.pub", to: demo.root + "/tmp/release.pub")
          try HostFile.link(demo.root + folder + "/release.pub", to: "/tmp/release.pub")
        }
      ),
      ("folder of all", { try HostFile.setMode(0o777, of: $0.root + folder) }),
      ("no folder", { try HostFile.removeTree($0.root + folder) }),
    ]
    for (name, prepare) in moved {
      found.append(
        Attack(
          name: "key \(name)", expected: [15], bytes: good, prepare: prepare,
          restore: { demo in
            _ = try? HostFile.removeTree(demo.root + folder)
            try HostFile.makeDirectories(demo.root + folder, mode: 0o755)
            try HostFile.write(
              demo.signer.publicKey.line, to: demo.root + folder + "/release.pub", mode: 0o644)
            _ = try? HostFile.removeTree(demo.root + "/tmp/release.pub")
          }))
    }
    return found
  }

  /// Folders of the installer that somebody else prepared, and what stands in the way.
  private func places() throws -> [Attack] {
    let good = try draft.bytes(demo.signer)
    var found: [Attack] = []
    for path in ["var/lib", "var/lib/imagegen", "var/lib/imagegen/releases", "etc/imagegen/sets"] {
      found.append(
        Attack(
          name: "place writable \(path)", expected: [12], bytes: good,
          prepare: { try HostFile.setMode(0o777, of: $0.root + "/" + path) },
          restore: { try HostFile.setMode(0o755, of: $0.root + "/" + path) }))
      found.append(
        Attack(
          name: "place link \(path)", expected: [12], bytes: good,
          prepare: { demo in
            try HostFile.rename(demo.root + "/" + path, to: demo.root + "/" + path + ".away")
            try HostFile.link(demo.root + "/" + path, to: "/tmp")
          },
          restore: { demo in
            try HostFile.removeTree(demo.root + "/" + path)
            try HostFile.rename(demo.root + "/" + path + ".away", to: demo.root + "/" + path)
          }))
    }
    for (name, target) in [
      ("opt/demo", "/tmp"), ("opt/demo", "/etc"), ("etc/systemd/system/demo.service.d", "/tmp"),
    ] {
      found.append(
        Attack(
          name: "folder is a link \(name) \(target)", expected: [12, 29], bytes: good,
          prepare: { try HostFile.link($0.root + "/" + name, to: target) },
          restore: { try HostFile.removeTree($0.root + "/" + name) }))
    }
    for path in ["opt/demo/demo.env", "etc/systemd/system/demo.service"] {
      found.append(
        Attack(
          name: "foreign \(path)", expected: [29], bytes: good,
          prepare: { demo in
            try HostFile.makeDirectories(demo.root + "/opt/demo", mode: 0o755)
            try HostFile.write([1], to: demo.root + "/" + path, mode: 0o644)
          },
          restore: { demo in
            try HostFile.removeTree(demo.root + "/opt/demo")
            try HostFile.removeTree(demo.root + "/" + path)
          }))
    }
    return found + openSecrets(good)
  }

  /// Secrets that others may read, or that are elsewhere.
  private func openSecrets(_ good: [UInt8]) -> [Attack] {
    var found: [Attack] = []
    let key = "/opt/demo/secrets/key"
    found.append(
      Attack(
        name: "secret open", expected: [29], bytes: good,
        prepare: { try HostFile.setMode(0o644, of: $0.secrets + key) },
        restore: { try HostFile.setMode(0o600, of: $0.secrets + key) }))
    found.append(
      Attack(
        name: "secret a link", expected: [29], bytes: good,
        prepare: { demo in
          try HostFile.rename(demo.secrets + key, to: demo.secrets + "/away")
          try HostFile.link(demo.secrets + key, to: "/etc/shadow")
        },
        restore: { demo in
          try HostFile.removeTree(demo.secrets + key)
          try HostFile.rename(demo.secrets + "/away", to: demo.secrets + key)
        }))
    return found
  }

  /// Other nodes' bundles, older ones, placeholders, certificates of another build.
  private func versions() throws -> [Attack] {
    var found: [Attack] = []
    func add(_ name: String, _ expected: Set<Int32>, _ change: (inout BundleDraft) -> Void) throws {
      var draft = draft
      change(&draft)
      found.append(Attack(name: name, expected: expected, bytes: try draft.bytes(demo.signer)))
    }
    try add("other node", [20]) { $0.manifest.target.node = "homer" }
    try add("other machine", [20]) { $0.manifest.target.architecture = "aarch64" }
    try add("other system", [20]) { $0.manifest.target.system = "nixos" }
    try add("newer system", [20]) { $0.manifest.target.systemVersion = "13" }
    try add("no sequence", [16]) { $0.manifest.sequence = 0 }
    try add("one less", [16]) { $0.manifest.sequence = 1 }
    try add("certificate of another build", [26]) { $0.manifest.secrets[0].fingerprint = .zero }
    try add("user", [22]) { $0.manifest.files[3].owner = "mallory" }
    try add("command", [22]) { $0.manifest.commands = ["no-such-command"] }
    try add("space", [23]) { $0.manifest.spaces = [BundleManifest.Space(path: "var/lib/x", bytes: .max)] }
    try add("secret that is nowhere", [29]) {
      $0.manifest.secrets.append(
        BundleManifest.Secret(
          path: "opt/demo/secrets/b", mode: 0o600, owner: "root", isPrivate: true, fingerprint: nil))
    }
    for text in ["IP=<MAGNUS_PUBLIC_IP>", "ROUTES=a,<HOMER_WG_IP>:1", "<WG_1>"] {
      try add("placeholder \(text)", [29]) { $0.add("opt/demo/p.env", text + "\n", .environment) }
    }
    return found
  }

  /// A bundle that changes while it is read, and command lines that are no bundles.
  private func moments() throws -> [Attack] {
    let good = try draft.bytes(demo.signer)
    let members = try draft.members(demo.signer)
    let offset = members.prefix(6).reduce(512) {
      $0 + 512 + $1.bytes.count + BundleLayout.padding(after: $1.bytes.count)
    }
    var found: [Attack] = []
    for (name, change) in [
      ("changed", { (bytes: inout [UInt8]) in bytes[offset] ^= 1 }), ("cut", { $0.removeLast(4096) }),
      ("emptied", { $0 = [] }),
    ] as [(String, (inout [UInt8]) -> Void)] {
      found.append(
        Attack(
          name: "while it is read: \(name)", expected: [10, 17], bytes: good,
          during: { demo, calls in
            var isDone = false
            calls.before = { call, _ in
              guard !isDone, call == "makeFolder" else { return }
              isDone = true
              var bytes = good
              change(&bytes)
              // The same file, not another one of its name.
              _ = try? HostProgram.run(["dd", "of=\(demo.folder)/attack.tar", "status=none"], input: bytes)
            }
          }))
    }
    return found
  }
}
