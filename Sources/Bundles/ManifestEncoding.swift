import Digests
public import JSONText

extension BundleManifest {
  /// The bytes that are signed: JSON without a blank, keys in order of their bytes, lists in order of
  /// what names their elements, all ASCII (RFC 8785 without fractions).
  public func encoded() throws(BundleError) -> [UInt8] {
    try checkPaths()
    let bytes = json.sorted.compact
    guard bytes.count <= BundleFormat.manifestLimit else { throw .manifestSize(bytes.count) }
    guard bytes.allSatisfy({ (32...126).contains($0) }) else { throw .text }
    return bytes
  }

  /// The directories that files lie in, in order; made where they are missing, left as they are where
  /// they are not.
  public var directories: [String] {
    var found = Set<String>()
    for file in files { found.formUnion(Self.parents(of: file.path)) }
    return found.sorted()
  }

  /// The manifest as a JSON document; lists are in order, keys are not yet.
  public var json: JSONValue {
    .object([
      "format": .string(BundleFormat.identifier),
      "name": .string(target.node),
      "version": .string(version),
      "sequence": .integer(sequence),
      "source_date_epoch": .integer(epoch),
      "set_digest": .string(setDigest.description),
      "target": target.json,
      "limits": limits,
      "requires": requirements,
      "directories": .strings(directories),
      "files": .array(ordered(files) { $0.path }.map { $0.json }),
      "secrets": .array(ordered(secrets) { $0.path }.map { $0.json }),
      "units": .array(ordered(units) { $0.name }.map { $0.json }),
      "activation": .object(["mode": .string(formsQuorum ? "quorum-forming" : "rolling")]),
      "attest": .array(ordered(attestations) { $0.name }.map { $0.json }),
      "builder": .object(["tool": .string("imagegen"), "version": .string(toolVersion)]),
    ])
  }

  /// What a reader may set aside before it reads any blob.
  private var limits: JSONValue {
    .object([
      "total_plain_bytes": .integer(files.reduce(0) { $0 + $1.size }),
      "max_file": .integer(files.map { $0.size }.max() ?? 0),
      "files": .integer(files.count),
      "dirs": .integer(directories.count),
    ])
  }

  private var requirements: JSONValue {
    .object([
      "systemd_min": .integer(target.systemdVersion),
      "commands": .strings(commands.sorted()),
      "kernel": .object([
        "modules": .strings(kernelModules.sorted()), "sysctl": .strings(kernelSettings.sorted()),
      ]),
      "layout": .array(ordered(mounts) { $0.path }.map { $0.json }),
      "disk": .array(ordered(spaces) { $0.path }.map { $0.json }),
      "users": .array(ordered(users) { $0.name }.map { $0.json }),
      "ports": .array(
        ordered(ports) { Self.padded($0.number) + $0.transport + "\u{0}" + $0.unit }.map { $0.json }),
      "peers": .array(
        ordered(peers) { $0.node + "\u{0}" + Self.padded($0.port) + $0.transport }.map { $0.json }),
      "quorum": .array(ordered(quorums) { $0.group }.map { $0.json }),
    ])
  }

  /// Twenty digits: in order of these texts numbers are in order.
  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
  }

  /// Files and secrets are checked together: a secret must not replace a file, nor lie inside one.
  private func checkPaths() throws(BundleError) {
    let paths = files.map { $0.path } + secrets.map { $0.path }
    guard paths.count <= BundleFormat.fileLimit else { throw .fileCount(paths.count) }
    var taken: [String: String] = [:]
    for path in paths {
      guard Self.isPath(path) else { throw .path(path) }
      if let other = taken.updateValue(path, forKey: path.lowercased()) {
        throw .pathConflict(path, with: other)
      }
    }
    for path in paths {
      for parent in Self.parents(of: path) {
        if let other = taken[parent.lowercased()] { throw .pathConflict(path, with: other) }
      }
    }
  }

  /// Whether a text is a clean relative path, which names a file below the node's root and nothing else.
  static func isPath(_ path: String) -> Bool {
    guard path.utf8.count <= BundleFormat.pathLimit, path.utf8.allSatisfy({ (33...126).contains($0) })
    else { return false }
    let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return parts.count <= BundleFormat.partLimit
      && parts.allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
  }

  private static func parents(of path: String) -> [String] {
    path.utf8.indices.filter { path.utf8[$0] == UInt8(ascii: "/") }.map { String(path[..<$0]) }
  }
}

extension BundleManifest.Target {
  var json: JSONValue {
    .object([
      "node": .string(node), "fleet": .string(fleet), "arch": .string(architecture),
      "os": .object(["id": .string(system), "version_min": .string(systemVersion)]),
    ])
  }
}

extension BundleManifest.File {
  var json: JSONValue {
    .object([
      "path": .string(path), "type": .string("file"), "class": .string(fileClass.rawValue),
      "mode": .string(octal(mode)), "user": .string(owner), "group": .string(owner),
      "size": .integer(size), "sha256": .string(digest.description),
      "blob": .string(BundleLayout.blobName(digest)), "enc": .string(isCompressed ? "zstd" : "raw"),
      "csize": isCompressed ? .integer(storedSize) : nil,
    ])
  }

  /// Whether the blob is a zstd frame.
  public var isCompressed: Bool { encoding != .raw }

  /// Bytes of the blob.
  public var storedSize: Int {
    if case .zstd(let size) = encoding { size } else { size }
  }
}

extension BundleManifest.Mount {
  var json: JSONValue {
    .object([
      "path": .string(path), "fstype": .string(format), "bytes": .integer(Int(clamping: bytes)),
    ])
  }
}

extension BundleManifest.Secret {
  var json: JSONValue {
    .object([
      "path": .string(path), "mode": .string(octal(mode)), "user": .string(owner),
      "private": .bool(isPrivate),
      "fingerprint": fingerprint.map { .string($0.description) },
    ])
  }
}

extension BundleManifest.Unit {
  var json: JSONValue {
    .object([
      "name": .string(name), "enable": .bool(isEnabled),
      "instances": instances.isEmpty ? nil : .strings(instances.sorted()),
      "health": live == nil && ready == nil
        ? nil : .object(["live": live?.json, "ready": ready?.json]),
    ])
  }
}

extension BundleManifest.Probe {
  var json: JSONValue {
    let quorum = self.quorum.map(JSONValue.string)
    switch kind {
    case .tcp(let port):
      return .object(["kind": .string("tcp"), "port": .integer(port), "quorum": quorum])
    case .http(let url, let fields, let body):
      return .object([
        "kind": .string("http"), "url": .string(url),
        "fields": fields.isEmpty
          ? nil : .object(fields.map { JSONValue.Member($0.key, .string($0.value)) }),
        "body": body.map(JSONValue.string), "quorum": quorum,
      ])
    case .dns(let port, let name, let answer):
      return .object([
        "kind": .string("dns"), "port": .integer(port), "name": .string(name),
        "answer": answer.map(JSONValue.string), "quorum": quorum,
      ])
    case .command(let words):
      return .object(["kind": .string("exec"), "argv": .strings(words), "quorum": quorum])
    }
  }
}

extension BundleManifest.Port {
  var json: JSONValue {
    .object([
      "proto": .string(transport), "port": .integer(number),
      "addr": address.map(JSONValue.string), "unit": .string(unit),
    ])
  }
}

extension BundleManifest.User {
  var json: JSONValue { .object(["name": .string(name), "create": .bool(isMade)]) }
}

extension BundleManifest.Space {
  var json: JSONValue {
    .object(["path": .string(path), "bytes": .integer(Int(clamping: bytes))])
  }
}

extension BundleManifest.Peer {
  var json: JSONValue {
    .object([
      "name": .string(node), "host": .string(host), "proto": .string(transport),
      "port": .integer(port),
    ])
  }
}

extension BundleManifest.Quorum {
  /// A lone node of a larger group never gets healthy: nothing may wait for that before others start.
  var json: JSONValue {
    .object([
      "group": .string(group), "unit": .string(unit), "size": .integer(size),
      "need": .integer(need), "votes": .bool(votes), "lone_node_serves": .bool(need <= 1),
    ])
  }
}

extension BundleManifest.Attestation {
  var json: JSONValue {
    .object(["path": .string(name), "sha256": .string(digest.description)])
  }
}

/// Rows in order of their keys. Places are sorted and not rows: sorting each kind of row takes 3 KB of the installer.
private func ordered<Row>(_ rows: [Row], by key: (Row) -> String) -> [Row] {
  let keys = rows.map(key)
  return keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { rows[$0] }
}

/// Four octal digits, as chmod(1) takes them.
private func octal(_ mode: UInt16) -> String {
  let digits = String(mode & 0o777, radix: 8)
  return String(repeating: "0", count: 4 - digits.utf8.count) + digits
}
