import Artifacts
import Diagnostics
import Digests
import HostFiles
import JSONText
import Publishing
import Testing

/// A place with profiles, secrets and results, for one test.
struct Site {
  let path: String
  var out: String { path + "/out" }
  var fleet: String { out + "/lab" }
  var profiles: String { path + "/profiles" }
  var secrets: String { path + "/secrets" }
  var sources: ArtifactSources { ArtifactSources(profiles: profiles, secrets: secrets) }

  /// Runs a test in a new place and removes it.
  static func with<Result>(_ body: (Site) throws -> Result) throws -> Result {
    let site = Site(path: try HostFile.makeTemporaryDirectory(prefix: "publishing"))
    defer { try? HostFile.removeTree(site.path) }
    try HostFile.makeDirectories(site.profiles, mode: 0o755)
    for folder in ["", "/node01", "/keys"] {
      try HostFile.makeDirectories(site.secrets + folder, mode: 0o700)
    }
    return try body(site)
  }

  /// A stage of the fleet `lab`.
  func stage(patience: Int = 0) throws(PublishingError) -> FleetStage {
    try FleetStage(out: out, fleet: "lab", sources: sources, patience: patience)
  }

  /// Builds the fleet from trees of nodes.
  @discardableResult
  func build(_ nodes: [(String, ArtifactTree)]) throws -> [StagedFolder] {
    let stage = try stage()
    var folders: [StagedFolder] = []
    for (name, tree) in nodes { folders.append(try stage.writer.write(tree, node: name)) }
    try stage.commit()
    return folders
  }

  /// Fails unless `sha256sum -c` passes in a node's folder, with every file listed.
  func verify(_ node: String, _ location: SourceLocation = #_sourceLocation) throws {
    let folder = fleet + "/" + node
    let result = try HostProgram.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], directory: folder)
    #expect(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))", sourceLocation: location)
    let listed = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map {
      String($0.dropLast(": OK".utf8.count))
    }
    let there = try HostProgram.run(["find", ".", "-type", "f", "-printf", "%P\\n"], directory: folder)
    let files = String(decoding: there.output, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(listed == files.filter { $0 != "SHA256SUMS" }.sorted(), sourceLocation: location)
  }

  /// What lies beside the fleet: nothing, when nothing was left behind.
  func leftovers() throws -> [String] { try HostFile.list(out).map(\.name).filter { $0 != "lab" } }
}

extension StageWriter {
  func write(_ tree: ArtifactTree, node: String) throws(PublishingError) -> StagedFolder {
    try write(tree, node: node, header: [JSONValue.Member("node", .string(node))]) { "\($0)" }
  }
}

/// A tree from paths and contents.
func tree(_ artifacts: [Artifact]) throws -> ArtifactTree {
  var collisions: [ArtifactPath] = []
  let tree = ArtifactTree(artifacts, collisions: &collisions)
  #expect(collisions.isEmpty)
  return tree
}

/// An artifact of text.
func text(_ path: String, _ content: String, mode: UInt16 = 0o644) throws -> Artifact {
  try artifact(path, .bytes(Array(content.utf8)), mode: mode)
}

func artifact(
  _ path: String, _ content: Artifact.Content, mode: UInt16 = 0o644, kind: ArtifactKind = .configuration
) throws -> Artifact {
  Artifact(
    try #require(ArtifactPath(path)), mode: mode, kind: kind, content: content, origin: .standard("test"))
}
