internal import BundleReading
internal import Bundles
internal import Digests
internal import NodeCalls

/// A release on the node, as its set describes it.
struct InstalledRelease {
  /// Its name: the digest of its manifest, with a number behind it where the same manifest was installed again with
  /// other secrets.
  let id: String
  let manifest: BundleManifest
  /// Paths of the secrets that it holds.
  let secrets: [String]
  /// Where its units are wanted: the link's path and its target.
  let enabled: [String: String]

  /// Reads a set; `nil` when there is none of this name.
  init?(_ tree: NodeTree, id: String) throws(NodeFailure) {
    let folder = Places.set(id)
    guard let bytes = try tree.read(folder + "/manifest.json", limit: BundleFormat.manifestLimit) else {
      return nil
    }
    do throws(BundleError) {
      manifest = try BundleManifest(reading: bytes)
    } catch {
      throw NodeFailure("understand", folder + "/manifest.json", NodeErrno(22))
    }
    self.id = id
    let list = try tree.read(folder + "/secrets", limit: 1 << 20) ?? []
    secrets = list.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    var texts: [String: [UInt8]] = [:]
    for file in manifest.files where UnitText.isUnit(file.path) {
      texts[file.path] = try tree.read(Places.stored(file.path, in: id), limit: 1 << 20) ?? []
    }
    enabled = UnitText.enabled(manifest, texts)
  }

  /// Describes a release that is about to be.
  init(id: String, manifest: BundleManifest, secrets: [String], enabled: [String: String]) {
    self.id = id
    self.manifest = manifest
    self.secrets = secrets
    self.enabled = enabled
  }

  /// Every link that the release has in the node's tree, and what it says.
  var links: [String: String] {
    var links = enabled
    for file in manifest.files { links[file.path] = Places.target(of: file.path) }
    for secret in secrets { links[secret] = Places.target(of: secret) }
    return links
  }

  /// The release that a pointer names: `sets/ID`.
  static func name(_ tree: NodeTree, _ pointer: String) throws(NodeFailure) -> String? {
    guard let target = try tree.link(pointer), target.hasPrefix("sets/") else { return nil }
    return String(target.dropFirst(5))
  }

  static func at(_ tree: NodeTree, _ pointer: String) throws(NodeFailure) -> InstalledRelease? {
    guard let id = try name(tree, pointer) else { return nil }
    return try InstalledRelease(tree, id: id)
  }
}

/// What the installer reads of a unit file: who wants it.
enum UnitText {
  /// Whether a path is a unit file itself, and no drop-in.
  static func isUnit(_ path: String) -> Bool {
    path.hasPrefix(Places.units) && !path.dropFirst(Places.units.utf8.count).utf8.contains(UInt8(ascii: "/"))
  }

  /// The links that enabling a manifest's units makes (systemctl(1), enable).
  static func enabled(_ manifest: BundleManifest, _ texts: [String: [UInt8]]) -> [String: String] {
    var links: [String: String] = [:]
    for unit in manifest.units where unit.isEnabled {
      let path = Places.units + unit.name
      guard let text = texts[path] else { continue }
      for (key, folder) in [("WantedBy", ".wants/"), ("RequiredBy", ".requires/")] {
        for parent in values(of: key, in: text) where isName(parent) {
          for name in names(unit) { links[Places.units + parent + folder + name] = "/" + path }
        }
      }
    }
    return links
  }

  /// The names that a unit runs under.
  static func names(_ unit: BundleManifest.Unit) -> [String] {
    guard !unit.instances.isEmpty, let at = unit.name.utf8.firstIndex(of: UInt8(ascii: "@")) else {
      return [unit.name]
    }
    let (head, tail) = (unit.name[...at], unit.name[unit.name.utf8.index(after: at)...])
    return unit.instances.map { "\(head)\($0)\(tail)" }
  }

  /// Whether a text can be a unit's name: letters, digits and what systemd.unit(5) allows besides, not first a hyphen.
  static func isName(_ text: String) -> Bool {
    guard (1...255).contains(text.utf8.count), text.utf8.first != 45, text.utf8.contains(46) else {
      return false
    }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case 48...58, 64...90, 97...122, 45, 46, 95, 92: true
      default: false
      }
    }
  }

  /// The words of an assignment, wherever it is.
  static func values(of key: String, in text: [UInt8]) -> [String] {
    var found: [String] = []
    for line in assignments(text) where line.key == key {
      found += line.value.utf8.split(separator: 32).map { String(decoding: Array($0), as: UTF8.self) }
    }
    return found
  }

  /// `KEY=VALUE` lines, continued ones joined; comments and headers left out.
  static func assignments(_ text: [UInt8]) -> [(key: String, value: String)] {
    var found: [(key: String, value: String)] = []
    var held: [UInt8] = []
    for line in text.split(separator: 10, omittingEmptySubsequences: false) {
      if held.isEmpty, line.first == 35 || line.first == 59 { continue }
      if line.last == 92 {
        held += line.dropLast() + [32]
        continue
      }
      held += line
      if let equals = held.firstIndex(of: 61), held.first != 91 {
        found.append(
          (
            key: String(decoding: trimmed(held[..<equals]), as: UTF8.self),
            value: String(decoding: trimmed(held[(equals + 1)...]), as: UTF8.self)
          ))
      }
      held = []
    }
    return found
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes.drop { $0 == 32 || $0 == 9 }
    while let last = bytes.last, last == 32 || last == 9 || last == 13 { bytes = bytes.dropLast() }
    return bytes
  }
}
