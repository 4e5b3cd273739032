internal import BundleReading
internal import Bundles
internal import Digests
internal import NodeCalls

extension Inspection {
  /// Secrets are there or are brought, are the certificates the builder knew, and are not open to others.
  mutating func certificates() throws(NodeFailure) {
    let accounts = Accounts(
      passwd: try tree.read("etc/passwd", limit: Accounts.fileLimit) ?? [],
      group: try tree.read("etc/group", limit: Accounts.fileLimit) ?? [])
    for secret in manifest.secrets {
      guard let bytes = try material(secret, accounts) else { continue }
      if let fingerprint = secret.fingerprint, Self.certificateDigest(bytes) != fingerprint {
        refuse(
          "ND029", .tls, "the certificate is not the one the bundle was built with", secret.path,
          help: "bring the secrets of the same build with --secrets")
      }
    }
  }

  /// A secret's bytes; what is wrong with how it is kept is said.
  private mutating func material(
    _ secret: BundleManifest.Secret, _ accounts: Accounts
  ) throws(NodeFailure) -> [UInt8]? {
    if let bytes = brought[secret.path] { return bytes }
    if let current, current.secrets.contains(secret.path) {
      return try tree.read(Places.stored(secret.path, in: current.id), limit: SecretFolder.fileLimit)
    }
    guard let status = try lookAt(secret.path), status.kind == .file else {
      refuse(
        "ND043", .layout, "the secret is not there", secret.path,
        help: "bring it with --secrets DIR, a folder with the node's paths below it")
      return nil
    }
    let owner = accounts.owner(secret.owner)
    if secret.isPrivate,
      status.mode & ~UInt32(secret.mode) & 0o777 != 0 || owner.map({ $0.user != status.owner }) ?? true
    {
      refuse("ND034", .tls, "the secret is to be \(secret.owner)'s and closed to others", secret.path)
    }
    return try tree.read(secret.path, limit: SecretFolder.fileLimit)
  }

  private func lookAt(_ path: String) throws(NodeFailure) -> NodeStatus? {
    for folder in Places.parents(path) where try tree.status(folder)?.kind != .directory { return nil }
    return try tree.status(path)
  }

  /// SHA-256 of the DER of the first certificate in a PEM text.
  static func certificateDigest(_ text: [UInt8]) -> SHA256Digest? {
    PEM.firstCertificate(text).map { SHA256.digest(of: $0) }
  }

  // MARK: What is in the way

  mutating func layout() throws(NodeFailure) {
    for path in ["etc", "var", "var/lib", Places.state, Places.releases] {
      guard let status = try tree.status(path) else { continue }
      if status.kind != .directory || status.mode & 0o022 != 0 || status.owner != 0 {
        refuse("ND042", .hostile, "/\(path) is not a folder that root alone may write", path)
      }
    }
    let known = current?.links ?? [:]
    let secrets = Set(manifest.secrets.map { $0.path })
    var absent = Set<String>()
    for path in manifest.files.map({ $0.path }) + brought.keys.sorted() where known[path] == nil {
      if path.hasPrefix(Places.state + "/"), isOwn(path) {
        refuse("ND042", .hostile, "the path is the installer's own", path)
        continue
      }
      if absent.contains(Places.parent(path)) { continue }
      guard let status = try lookAt(path) else {
        if try tree.status(Places.parent(path)) == nil { absent.insert(Places.parent(path)) }
        continue
      }
      if status.kind == .link, try tree.link(path) == Places.target(of: path) { continue }
      refuse(
        "ND040", .layout, "something is there that no bundle brought", path,
        help: secrets.contains(path)
          ? "take it away, or leave --secrets out to keep it"
          : "take it away, or say --skip ND040 to have it set aside")
    }
    for (path, text) in texts.sorted(by: { $0.key < $1.key }) where Self.hasPlaceholder(text) {
      refuse("ND043", .layout, "a <PLACEHOLDER> was never filled in", path)
    }
    if let current { drift(of: current) }
  }

  private func isOwn(_ path: String) -> Bool {
    [Places.lock, Places.log, Places.floor, Places.current, Places.previous].contains(path)
      || path.hasPrefix(Places.sets) || path.hasPrefix(TrustStore.folder) || path == "etc/imagegen/node"
  }

  private mutating func drift(of release: InstalledRelease) {
    do throws(NodeFailure) {
      for difference in try Attestation(tree: tree, release: release).differences() {
        refuse(
          "ND041", .layout, difference.what, difference.path,
          help: "put it back, or say --skip ND041 to overwrite it")
      }
    } catch {
      refuse("ND041", .layout, error.message, error.path)
    }
  }

  /// `<CAPITALS_WITH_UNDERSCORES>`, as people leave them to be filled in.
  static func hasPlaceholder(_ text: [UInt8]) -> Bool {
    var start: Int?
    for (index, byte) in text.enumerated() {
      switch byte {
      case 60: start = index
      case 62:
        if let start, index - start > 3 { return true }
        start = nil
      case 65...90, 95, 48...57: break
      default: start = nil
      }
    }
    return false
  }
}

/// Base64 as PEM has it.
enum PEM {
  /// The DER of the first certificate in a text (RFC 7468).
  static func firstCertificate(_ text: [UInt8]) -> [UInt8]? {
    var body: [UInt8]?
    for line in text.split(separator: 10) {
      if line.starts(with: Array("-----BEGIN CERTIFICATE-----".utf8)) {
        body = []
      } else if line.first == 45 {
        if let body { return decode(body) }
      } else {
        body?.append(contentsOf: line.filter { $0 > 32 })
      }
    }
    return nil
  }

  static func decode(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, count) = (0, 0)
    for character in text {
      let value: Int
      switch character {
      case 65...90: value = Int(character) - 65
      case 97...122: value = Int(character) - 71
      case 48...57: value = Int(character) + 4
      case 43: value = 62
      case 47: value = 63
      case 61: continue
      default: return nil
      }
      bits = (bits << 6 | value) & 0xFFFFF
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    return bytes
  }
}
