import Bundles
import Certificates
import Digests
import HostFiles
import JSONText
import NodeInstaller
import SecretStore
import Testing

/// A bundle in the making: everything a test may want to make wrong.
struct BundleDraft {
  var manifest: BundleManifest
  var blobs: [SHA256Digest: [UInt8]] = [:]
  var attestations: [(name: String, bytes: [UInt8])] = []

  /// Adds a file with its blob.
  mutating func add(
    _ path: String, _ text: String, _ fileClass: BundleManifest.FileClass = .configuration,
    mode: UInt16 = 0o644
  ) {
    let bytes = Array(text.utf8)
    let digest = SHA256.digest(of: bytes)
    blobs[digest] = bytes
    manifest.files.append(
      BundleManifest.File(
        path: path, fileClass: fileClass, mode: mode, owner: "root", size: bytes.count, digest: digest))
  }

  /// The members, signed, in order.
  func members(_ signer: ReleaseSigner, manifest text: [UInt8]? = nil) throws -> [(
    name: String, bytes: [UInt8]
  )] {
    let bytes = try text ?? manifest.encoded()
    let signature = try #require(signer.sign(BundleSignature.message(for: bytes)))
    let line = try BundleSignature(signature, publicKey: signer.publicKey.bytes)
    return [
      (BundleFormat.magicName, BundleFormat.magic), (BundleFormat.manifestName, bytes),
      (BundleFormat.signatureName, BundleSignature.file([line])),
    ] + attestations + blobs.sorted { $0.key < $1.key }.map { (BundleLayout.blobName($0.key), $0.value) }
  }

  /// The whole bundle.
  func bytes(_ signer: ReleaseSigner) throws -> [UInt8] { try Self.archive(members(signer)) }

  /// An archive of these members.
  static func archive(_ members: [(name: String, bytes: [UInt8])]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for member in members {
      bytes += try UstarHeader.encode(name: member.name, size: member.bytes.count)
      bytes += member.bytes + [UInt8](repeating: 0, count: BundleLayout.padding(after: member.bytes.count))
    }
    return bytes + BundleLayout.endMarker
  }
}

/// A node's root for the demo service, the key that signs for it, and its releases.
struct Demo {
  let folder: String
  let signer: ReleaseSigner
  var root: String { folder + "/root" }
  var secrets: String { folder + "/secrets-of-node" }
  static let secret = Array("c2VjcmV0 of the demo\n".utf8)

  /// Makes one in a folder of its own and removes it afterwards.
  static func with<Value>(_ body: (Demo) throws -> Value) throws -> Value {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-node")
    defer { try? HostFile.removeTree(folder) }
    return try body(Demo(folder))
  }

  private init(_ folder: String) throws {
    self.folder = folder
    let keys = folder + "/store/keys"
    try HostFile.makeDirectories(keys, mode: 0o700)
    let made = try HostProgram.run(["openssl", "genpkey", "-algorithm", "ed25519"])
    try HostFile.write(made.output, to: keys + "/release.key", mode: 0o600)
    let der = try HostProgram.run(
      ["openssl", "pkey", "-in", keys + "/release.key", "-pubout", "-outform", "DER"]
    ).output
    let line = try #require(ReleasePublicKey(bytes: Array(der.suffix(32)))).line
    try HostFile.write(line, to: keys + "/release.pub", mode: 0o644)
    signer = try #require(ReleaseSigner(SecretFolder(folder + "/store")))
    for path in [
      "etc/imagegen/keys.d", "etc/systemd/system", "usr/lib/systemd/system", "bin", "opt", "var/lib", "tmp",
    ] {
      try HostFile.makeDirectories(root + "/" + path, mode: 0o755)
    }
    let files: [(String, String)] = [
      ("etc/passwd", "root:x:0:0:root:/root:/bin/sh\ndemo:x:990:990::/:/sbin/nologin\n"),
      ("etc/group", "root:x:0:\ndemo:x:990:\n"), ("etc/hostname", "magnus\n"),
      ("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
      ("usr/lib/systemd/system/ssh.service", "[Unit]\n"),
      ("usr/lib/systemd/system/network.target", "[Unit]\n"),
    ]
    for (path, text) in files { try HostFile.write(Array(text.utf8), to: "\(root)/\(path)", mode: 0o644) }
    try HostFile.write(Array("#!".utf8), to: root + "/bin/sh", mode: 0o755)
    try HostFile.write(line, to: root + "/etc/imagegen/keys.d/release.pub", mode: 0o644)
    try HostFile.makeDirectories(secrets + "/opt/demo/secrets", mode: 0o755)
    try HostFile.write(Self.secret, to: secrets + "/opt/demo/secrets/key", mode: 0o600)
  }

  /// The first release, or the one after it: some files stay, change, go and come.
  static func draft(_ version: Int) -> BundleDraft {
    var manifest = BundleManifest(
      version: "0.\(version).0", sequence: version, epoch: 1_765_497_600, toolVersion: "0.1.0",
      target: BundleManifest.Target(
        node: "magnus", fleet: "unibus", architecture: "x86_64", system: "debian", systemVersion: "12",
        systemdVersion: 252),
      formsQuorum: false)
    manifest.secrets = [
      BundleManifest.Secret(
        path: "opt/demo/secrets/key", mode: 0o600, owner: "root", isPrivate: true, fingerprint: nil)
    ]
    manifest.units = [
      BundleManifest.Unit(name: "demo.service", isEnabled: true, instances: [], live: nil, ready: nil)
    ]
    manifest.users = [BundleManifest.User(name: "demo", isMade: false)]
    var draft = BundleDraft(manifest: manifest)
    draft.add("opt/demo/bin/demo", "#!/bin/sh\nexec sleep \(version)\n", .program, mode: 0o755)
    draft.add("opt/demo/demo.env", "PORT=80\(version)0\n", .environment, mode: 0o640)
    for number in (version - 1)..<(version + 5) {
      draft.add("opt/demo/data/\(number)", String(repeating: "\(number) ", count: 300 * number))
    }
    if version > 1 { draft.add("opt/demo/more/deep/new", "new\n") }
    draft.add(
      "etc/systemd/system/demo.service",
      "[Unit]\nAfter=network.target\n[Service]\nUser=demo\nEnvironmentFile=/opt/demo/demo.env\n"
        + "ExecStart=/opt/demo/bin/demo ${PORT}\n[Install]\nWantedBy=multi-user.target\n", .unit)
    draft.add("etc/systemd/system/demo.service.d/10-v.conf", "[Service]\nLimitNOFILE=102\(version)\n", .unit)
    let bytes = Array("{\"version\":\(version)}".utf8)
    draft.attestations = [("attest/provenance.json", bytes)]
    draft.manifest.attestations = [
      BundleManifest.Attestation(name: "attest/provenance.json", digest: SHA256.digest(of: bytes))
    ]
    return draft
  }

  /// Writes a bundle beside the root.
  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let path = "\(folder)/\(name).tar"
    try HostFile.write(bytes, to: path, mode: 0o644)
    return path
  }

  /// Writes the demo's releases 1 and 2.
  func releases() throws -> [String] {
    try (1...2).map { try write(Self.draft($0).bytes(signer), "release\($0)") }
  }

  /// The releases' names: the digests of their manifests.
  var digests: [String] {
    (1...2).map { version in
      (try? Self.draft(version).manifest.encoded()).map { SHA256.digest(of: $0).description } ?? ""
    }
  }

  /// Runs the installer in-process.
  @discardableResult
  func run(_ words: String..., calls: LabCalls = LabCalls(), root: String? = nil) -> Outcome {
    run(words, calls: calls, root: root)
  }

  /// Runs the installer in-process.
  @discardableResult
  func run(_ words: [String], calls: LabCalls = LabCalls(), root: String? = nil) -> Outcome {
    var (output, errors): ([UInt8], [UInt8]) = ([], [])
    let status = InstallerProgram.run(words + ["--root", root ?? self.root], calls: calls) { bytes, isError in
      if isError { errors += bytes } else { output += bytes }
    }
    return Outcome(
      status: status, output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors, as: UTF8.self))
  }

  /// What a run left.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Everything below a folder: what it is, its mode, and its bytes or target.
  static func snapshot(_ folder: String) throws -> [String: String] {
    var found: [String: String] = [:]
    func walk(_ path: String) throws {
      for entry in try HostFile.list(folder + "/" + path) {
        let inner = path.isEmpty ? entry.name : path + "/" + entry.name
        let full = folder + "/" + inner
        switch entry.kind {
        case .directory:
          found[inner] = "folder"
          try walk(inner)
        case .link: found[inner] = "-> " + (try HostFile.target(of: full))
        case .file:
          let mode = try HostFile.status(full)?.mode ?? 0
          found[inner] = "\(mode) \(SHA256.digest(of: try HostFile.read(full, limit: 1 << 24)))"
        case .other: found[inner] = "other"
        }
      }
    }
    try walk("")
    return found
  }
}
