internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import Pipeline
internal import Profiles

/// The fleets and nodes a command works on.
struct FleetSelection {
  /// A fleet with the nodes that were asked for, in order of name.
  struct Part {
    let context: FleetContext
    let nodes: [Name]
    /// Whether these are all the fleet's nodes.
    let isWhole: Bool
  }

  private(set) var parts: [Part] = []
  private(set) var registry = SourceRegistry()
  private(set) var report = Report()

  /// Loads the fleets that have the nodes given as `NODE` or `FLEET/NODE`; all of them for none.
  /// Sources are added to `registry`.
  init(
    _ session: Session, operands: [String], registry: SourceRegistry = SourceRegistry()
  ) throws(CommandFailure) {
    var registry = registry
    defer { self.registry = registry }
    var wanted: [(fleet: String?, node: Name, word: String)] = []
    for word in operands {
      let words = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard (1...2).contains(words.count), let last = words.last, let name = Name(last) else {
        throw .usage("\(word) is no node", help: "write NODE, or FLEET/NODE")
      }
      wanted.append((words.count == 2 ? words[0] : nil, name, word))
    }
    let candidates = try Self.candidates(in: session.profiles, &registry)
    var chosen: [Int: Set<Name>] = [:]
    for (fleet, node, word) in wanted {
      chosen[try Self.owner(of: node, fleet: fleet, word: word, candidates), default: []].insert(node)
    }
    for (index, candidate) in candidates.enumerated() where operands.isEmpty || chosen[index] != nil {
      load(candidate, nodes: chosen[index])
    }
  }

  /// Loads the fleet of that name with all its nodes.
  init(_ session: Session, fleet: String) throws(CommandFailure) {
    let candidates = try Self.candidates(in: session.profiles, &registry)
    guard let candidate = candidates.first(where: { $0.isCalled(fleet) }) else {
      let known = candidates.map(\.name)
      let nearest = Suggestion.nearest(to: fleet, in: known)
      throw CommandFailure(
        status: .findings, message: "there is no fleet \(fleet)",
        help: nearest.map { "did you mean \($0)?" } ?? "fleets: " + known.joined(separator: ", "))
    }
    load(candidate, nodes: nil)
  }

  /// Adds a fleet with the nodes chosen, or all it has.
  private mutating func load(_ candidate: Candidate, nodes chosen: Set<Name>?) {
    report.merge(candidate.profiles.report)
    guard let profiles = candidate.profiles.value else { return }
    let loaded = FleetLoading.load(profiles)
    report.merge(loaded.report)
    guard let context = loaded.value else { return }
    let nodes = chosen.map { $0.sorted() } ?? profiles.nodes.map(\.name)
    parts.append(Part(context: context, nodes: nodes, isWhole: nodes.count == profiles.nodes.count))
  }

  private struct Candidate {
    let folder: String
    let profiles: Checked<ProfileSet>

    var name: String { profiles.value?.name ?? folder.split(separator: "/").last.map(String.init) ?? folder }

    func isCalled(_ name: String) -> Bool {
      folder.split(separator: "/").last.map(String.init) == name || profiles.value?.name == name
    }
  }

  private static func candidates(
    in folder: String, _ registry: inout SourceRegistry
  ) throws(CommandFailure) -> [Candidate] {
    let folders: [String]
    do throws(HostError) {
      folders = try FleetFinder.folders(in: folder)
    } catch {
      throw CommandFailure(
        status: error.isAbsence ? .findings : .environment, message: error.message,
        help: "imagegen init \(folder)/mycluster writes a starter fleet")
    }
    guard !folders.isEmpty else {
      throw CommandFailure(
        status: .findings, message: "no fleet in \(folder): none of its folders has a fleet.yaml",
        help: "imagegen init \(folder)/mycluster writes a starter fleet")
    }
    return folders.map {
      Candidate(folder: $0, profiles: ProfileLoader.load(folder: $0, registry: &registry))
    }
  }

  private static func owner(
    of node: Name, fleet: String?, word: String, _ candidates: [Candidate]
  ) throws(CommandFailure) -> Int {
    let owners = candidates.indices.filter { index in
      (fleet.map(candidates[index].isCalled) ?? true)
        && (candidates[index].profiles.value?.has(node) ?? false)
    }
    if let owner = owners.first, owners.count == 1 { return owner }
    if owners.count > 1 {
      let names = owners.map { "\(candidates[$0].folder.split(separator: "/").last ?? "")/\(node)" }
      throw CommandFailure(
        status: .usage, message: "\(word) is a node of several fleets",
        help: "write " + names.joined(separator: " or "))
    }
    let known = candidates.flatMap { $0.profiles.value?.nodes.prefix(2000).map(\.name.description) ?? [] }
    let nearest = Suggestion.nearest(to: node.description, in: known)
    // A fleet that cannot be read may well have it: its findings say more than this would.
    if let broken = candidates.firstIndex(where: {
      $0.profiles.value == nil && (fleet.map($0.isCalled) ?? true)
    }) {
      return broken
    }
    throw CommandFailure(
      status: .findings, message: "there is no node \(word)",
      help: nearest.map { "did you mean \($0)?" } ?? "imagegen check lists what is there")
  }
}
