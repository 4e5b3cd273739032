internal import Artifacts
internal import Diagnostics
internal import Digests
internal import JSONText

/// What lies beside a node's files and tells of them.
struct NodeManifest {
  /// The name of the manifest.
  static let name = "manifest.json"
  /// The name of the list of digests.
  static let sumsName = "SHA256SUMS"

  /// The manifest's text.
  let bytes: [UInt8]

  /// Tells of all files of a folder.
  init(_ folder: StagedFolder, header: [JSONValue.Member], origin: (Origin) -> String) {
    let files = folder.files.map { Self.file($0, origin: origin) }
    let missing = folder.missing.map { item in
      JSONValue.object(["path": .string(item.path.description), "secret": .string(item.secret)])
    }
    let members =
      [JSONValue.Member("version", .integer(1))] + header + [
        JSONValue.Member("files", .array(files)), JSONValue.Member("missing", .array(missing)),
      ]
    bytes = JSONValue.object(members).pretty
  }

  private static func file(_ file: StagedFile, origin: (Origin) -> String) -> JSONValue {
    var members = [JSONValue.Member("path", .string(file.path.description))]
    switch file.content {
    case .file(let size, let digest):
      members.append(JSONValue.Member("mode", .string(octal(file.mode))))
      members.append(JSONValue.Member("size", .integer(size)))
      members.append(JSONValue.Member("sha256", .string(digest.description)))
    case .link(let target): members.append(JSONValue.Member("target", .string(target)))
    }
    members.append(JSONValue.Member("kind", .string(file.kind.rawValue)))
    members.append(JSONValue.Member("origin", .string(origin(file.origin))))
    return .object(members)
  }

  private static func octal(_ mode: UInt16) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// The list that `sha256sum -c` takes, with the manifest, in order of path. Links are not in it:
  /// the tool would follow them.
  func sums(of folder: StagedFolder) -> [UInt8] {
    var entries = folder.files.compactMap { file -> (path: String, digest: SHA256Digest)? in
      guard case .file(_, let digest) = file.content else { return nil }
      return (file.path.description, digest)
    }
    let place = entries.firstIndex { $0.path > Self.name } ?? entries.endIndex
    entries.insert((Self.name, SHA256.digest(of: bytes)), at: place)
    var text: [UInt8] = []
    text.reserveCapacity(entries.count * 110)
    for entry in entries {
      text += entry.digest.description.utf8
      text += "  ".utf8
      text += entry.path.utf8
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }
}
