internal import Artifacts
internal import CommandLineKit
internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import Pipeline
internal import Profiles
internal import Publishing

/// What changes for one node: its own files, and those of the flake.
struct NodeChanges {
  /// A file that changes.
  struct Entry {
    let path: String
    let change: TreeDifference.Change
    let meaning: ChangeMeaning

    var word: String {
      switch change {
      case .added: "added"
      case .removed: "removed"
      default: "changed"
      }
    }

    var sign: String { word == "added" ? "+" : word == "removed" ? "-" : "~" }
  }

  let node: String
  /// The devices of its disks.
  let disks: [String]
  let entries: [Entry]

  var wipes: Bool { entries.contains { $0.meaning.kind == .wipe } }
  var restarts: [String] { entries.reduce(into: Set()) { $0.formUnion($1.meaning.restarts) }.sorted() }
  var opens: [String] { entries.reduce(into: Set()) { $0.formUnion($1.meaning.opens) }.sorted() }
  var closes: [String] { entries.reduce(into: Set()) { $0.formUnion($1.meaning.closes) }.sorted() }
}

/// Builds the nodes of a fleet that are asked about, and holds them against a folder of results.
struct FleetDifference {
  /// Files are read whole to see what their difference means; a larger one is taken as a whole.
  private static let readLimit = 4 << 20

  private let session: Session
  private let part: FleetSelection.Part
  private let origins: OriginTexts
  private let former: String
  private let sources: ArtifactSources

  init(_ session: Session, _ part: FleetSelection.Part, registry: SourceRegistry) {
    self.session = session
    self.part = part
    origins = OriginTexts(part.context.profiles, registry: registry)
    let fleet = part.context.fleet.name.value.description
    former = (session.arguments.value("against") ?? session.out) + "/" + fleet
    sources = ArtifactSources(profiles: part.context.profiles.folder, secrets: session.secrets + "/" + fleet)
  }

  func nodes() throws(CommandFailure) -> Checked<[NodeChanges]> {
    let environment = BuildSetup.environment(session, part.context, origins: origins)
    let inputs = InputIdentity.fleet(part.context.profiles)
    var report = Report()
    var gathering = FleetGathering(part.context.fleet)
    var nodes: [(changes: NodeChanges, isNixOS: Bool)] = []
    for name in part.nodes {
      let built = NodeBuilding.build(name, in: part.context, inputs: inputs, environment: environment)
      report.merge(built.report)
      guard let products = built.value else { continue }
      gathering.add(products.node)
      nodes.append((try compare(products), products.node.target.isNixOS))
    }
    guard !report.hasErrors else { return Checked(nil, report) }
    let shared = try sharedFiles(&gathering)
    return Checked(
      nodes.map { node, isNixOS in
        isNixOS ? NodeChanges(node: node.node, disks: node.disks, entries: node.entries + shared) : node
      }, report)
  }

  private func compare(_ products: NodeProducts) throws(CommandFailure) -> NodeChanges {
    let name = products.node.name.value.description
    let own = try entries(products.tree.artifacts, in: name, shownAs: "")
    let flake = try entries(
      below("flake/nodes/\(name)/", products.flake), in: "flake/nodes/" + name,
      shownAs: "flake/nodes/\(name)/")
    let disk = products.node.disk
    return NodeChanges(
      node: "\(part.context.fleet.name.value)/\(name)",
      disks: disk.map { disk in ([disk.device] + disk.others.map(\.device)).map(\.value.description) } ?? [],
      entries: own + flake)
  }

  /// What all nodes of the flake share. As a build does, it keeps the nodes that are not asked about.
  private func sharedFiles(_ gathering: inout FleetGathering) throws(CommandFailure) -> [NodeChanges.Entry] {
    let chosen = Set(part.nodes)
    for name in part.context.fleet.roster.map(\.name.value) where !chosen.contains(name) {
      let kind = try? HostFile.status("\(former)/flake/nodes/\(name)")?.kind
      guard kind == .directory, let other = FleetLoading.node(name, in: part.context).value?.node else {
        continue
      }
      gathering.add(other)
    }
    let files = gathering.flake(for: part.context.fleet).value ?? []
    return try entries(below("flake/", files), in: "flake", shownAs: "flake/").filter { entry in
      !entry.path.hasPrefix("flake/nodes/")
    }
  }

  /// The artifacts below a folder, with paths relative to it.
  private func below(_ prefix: String, _ artifacts: [Artifact]) -> [Artifact] {
    artifacts.compactMap { artifact in
      guard artifact.path.description.hasPrefix(prefix),
        let path = ArtifactPath(String(artifact.path.description.dropFirst(prefix.utf8.count)))
      else { return nil }
      return Artifact(
        path, mode: artifact.mode, kind: artifact.kind, content: artifact.content, origin: artifact.origin)
    }
  }

  private func entries(
    _ artifacts: [Artifact], in folder: String, shownAs prefix: String
  ) throws(CommandFailure) -> [NodeChanges.Entry] {
    var collisions: [ArtifactPath] = []
    let place = former + "/" + folder
    do throws(PublishingError) {
      let difference = try TreeDifference(
        of: ArtifactTree(artifacts, collisions: &collisions), against: place, sources: sources)
      let next = Dictionary(artifacts.map { ($0.path.description, $0) }) { first, _ in first }
      return difference.entries.map { entry in
        NodeChanges.Entry(
          path: prefix + entry.path, change: entry.change,
          meaning: ChangeMeaning(
            path: prefix + entry.path,
            former: entry.change == .added ? nil : bytes(of: place + "/" + entry.path),
            next: next[entry.path].flatMap(bytes)))
      }
    } catch {
      throw CommandFailure(status: .environment, message: error.message, help: error.help)
    }
  }

  private func bytes(of path: String) -> [UInt8]? {
    guard path.hasSuffix(".nix") || path.hasSuffix("/install.json") else { return nil }
    return try? HostFile.read(path, limit: Self.readLimit)
  }

  private func bytes(_ artifact: Artifact) -> [UInt8]? {
    if case .bytes(let bytes) = artifact.content { bytes } else { nil }
  }
}
