internal import Digests
internal import JSONText

extension BundleManifest {
  /// Reads a manifest as strictly as it is written: whatever encoding it again does not give, byte for byte, is
  /// none. So no member is unknown, out of order, there twice, or contradicts another.
  public init(reading bytes: [UInt8]) throws(BundleError) {
    guard bytes.count <= BundleFormat.manifestLimit else { throw .manifestSize(bytes.count) }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONReader.parse(
        bytes, limits: JSONLimits(bytes: BundleFormat.manifestLimit, depth: BundleFormat.depthLimit))
    } catch {
      throw .json(error.message, at: error.offset)
    }
    let manifest = ManifestObject(value)
    let target = try manifest.object("target")
    let requires = try manifest.object("requires")
    let system = try target.object("os")
    self.init(
      version: try manifest.text("version"), sequence: try manifest.count("sequence"),
      epoch: try manifest.count("source_date_epoch"),
      toolVersion: try manifest.object("builder").text("version"),
      target: Target(
        node: try target.text("node"), fleet: try target.text("fleet"),
        architecture: try target.text("arch"), system: try system.text("id"),
        systemVersion: try system.text("version_min"), systemdVersion: try requires.count("systemd_min")),
      formsQuorum: try manifest.object("activation").text("mode") == "quorum-forming",
      setDigest: try manifest.digest("set_digest"))
    files = try manifest.list("files", of: Self.file)
    secrets = try manifest.list("secrets", of: Self.secret)
    units = try manifest.list("units", of: Self.unit)
    attestations = try manifest.list("attest") { row throws(BundleError) in
      Attestation(name: try row.text("path"), digest: try row.digest("sha256"))
    }
    try readRequirements(requires)
    guard try encoded() == bytes else { throw .notCanonical }
  }

  private mutating func readRequirements(_ requires: ManifestObject) throws(BundleError) {
    let kernel = try requires.object("kernel")
    commands = try requires.texts("commands")
    kernelModules = try kernel.texts("modules")
    kernelSettings = try kernel.texts("sysctl")
    mounts = try requires.list("layout") { row throws(BundleError) in
      Mount(
        path: try row.text("path"), format: try row.text("fstype"), bytes: UInt64(try row.count("bytes")))
    }
    spaces = try requires.list("disk") { row throws(BundleError) in
      Space(path: try row.text("path"), bytes: UInt64(try row.count("bytes")))
    }
    users = try requires.list("users") { row throws(BundleError) in
      User(name: try row.text("name"), isMade: try row.flag("create"))
    }
    ports = try requires.list("ports") { row throws(BundleError) in
      Port(
        transport: try row.text("proto"), number: try row.count("port"), address: row.optional("addr"),
        unit: try row.text("unit"))
    }
    peers = try requires.list("peers") { row throws(BundleError) in
      Peer(
        node: try row.text("name"), host: try row.text("host"), transport: try row.text("proto"),
        port: try row.count("port"))
    }
    quorums = try requires.list("quorum") { row throws(BundleError) in
      Quorum(
        group: try row.text("group"), unit: try row.text("unit"), size: try row.count("size"),
        need: try row.count("need"), votes: try row.flag("votes"))
    }
  }

  private static func file(_ row: ManifestObject) throws(BundleError) -> File {
    guard let fileClass = FileClass(rawValue: try row.text("class")) else { throw .field("class") }
    let isCompressed = try row.text("enc") == "zstd"
    let path = try row.text("path")
    let type = try row.text("type")
    // What leads elsewhere is nothing a bundle may hold; other kinds of file are nothing it can hold.
    guard type != "symlink" else { throw .path(path) }
    guard type == "file" else { throw .field("type") }
    // Sums of sizes are reckoned with from here on.
    guard try row.count("size") <= BundleFormat.memberLimit else { throw .memberSize(path) }
    return File(
      path: path, fileClass: fileClass, mode: try row.mode(), owner: try row.text("user"),
      size: try row.count("size"), digest: try row.digest("sha256"),
      encoding: isCompressed ? .zstd(size: try row.count("csize")) : .raw)
  }

  private static func secret(_ row: ManifestObject) throws(BundleError) -> Secret {
    Secret(
      path: try row.text("path"), mode: try row.mode(), owner: try row.text("user"),
      isPrivate: try row.flag("private"),
      fingerprint: row.optional("fingerprint") == nil ? nil : try row.digest("fingerprint"))
  }

  private static func unit(_ row: ManifestObject) throws(BundleError) -> Unit {
    let health = row.value["health"].map { ManifestObject($0) }
    return Unit(
      name: try row.text("name"), isEnabled: try row.flag("enable"),
      instances: row.value["instances"] == nil ? [] : try row.texts("instances"),
      live: try probe(health?.value["live"]), ready: try probe(health?.value["ready"]))
  }

  private static func probe(_ value: JSONValue?) throws(BundleError) -> Probe? {
    guard let value else { return nil }
    let row = ManifestObject(value)
    let kind: Probe.Kind
    switch try row.text("kind") {
    case "tcp": kind = .tcp(port: try row.count("port"))
    case "http":
      var fields: [(key: String, value: String)] = []
      for member in row.value["fields"]?.members ?? [] {
        guard let text = member.value.text else { throw .field("fields") }
        fields.append((key: member.key, value: text))
      }
      kind = .http(url: try row.text("url"), fields: fields, body: row.optional("body"))
    case "dns":
      kind = .dns(port: try row.count("port"), name: try row.text("name"), answer: row.optional("answer"))
    case "exec": kind = .command(try row.texts("argv"))
    default: throw .field("kind")
    }
    return Probe(kind, quorum: row.optional("quorum"))
  }
}

/// An object of a manifest, and its members by kind.
struct ManifestObject {
  let value: JSONValue

  init(_ value: JSONValue) { self.value = value }

  func optional(_ key: String) -> String? { value[key]?.text }

  func text(_ key: String) throws(BundleError) -> String {
    guard let text = value[key]?.text else { throw .field(key) }
    return text
  }

  /// A number that is not negative.
  func count(_ key: String) throws(BundleError) -> Int {
    guard let number = value[key]?.number, number >= 0 else { throw .field(key) }
    return number
  }

  func flag(_ key: String) throws(BundleError) -> Bool {
    guard case .bool(let flag)? = value[key] else { throw .field(key) }
    return flag
  }

  func digest(_ key: String) throws(BundleError) -> SHA256Digest {
    guard let digest = SHA256Digest(try text(key)) else { throw .field(key) }
    return digest
  }

  /// The permission bits of `mode`; more than that is nothing a bundle may say.
  func mode() throws(BundleError) -> UInt16 {
    let digits = Array(try text("mode").utf8)
    guard digits.count == 4, digits.allSatisfy({ (48...55).contains($0) }) else { throw .field("mode") }
    guard digits[0] == 48 else { throw .mode(optional("path") ?? "") }
    return digits.reduce(0) { $0 << 3 | UInt16($1 - 48) }
  }

  func object(_ key: String) throws(BundleError) -> ManifestObject {
    guard let value = value[key], value.members != nil else { throw .field(key) }
    return ManifestObject(value)
  }

  func texts(_ key: String) throws(BundleError) -> [String] {
    guard let elements = value[key]?.elements else { throw .field(key) }
    var texts: [String] = []
    for element in elements {
      guard let text = element.text else { throw .field(key) }
      texts.append(text)
    }
    return texts
  }

  func list<Row>(
    _ key: String, of row: (ManifestObject) throws(BundleError) -> Row
  ) throws(BundleError) -> [Row] {
    guard let elements = value[key]?.elements, elements.count <= BundleFormat.fileLimit else {
      throw .field(key)
    }
    var rows: [Row] = []
    for element in elements { rows.append(try row(ManifestObject(element))) }
    return rows
  }
}
