internal import Diagnostics
internal import Digests
public import FleetModel

/// What the flake as a whole needs to know of its NixOS nodes, gathered one node at a time and in any
/// order. A name and a system for each; keys and programs, which many nodes share, once.
public struct NixNodes: Sendable {
  /// Architectures by node.
  private(set) var architectures: [Name: Architecture] = [:]
  /// Public keys that may log in to any of them.
  private(set) var keys: Set<String> = []
  private var found: [ProgramKey: Program] = [:]

  /// Gathers nothing yet.
  public init() {}

  /// Takes what is needed of a node; nothing when it does not run NixOS.
  public mutating func add(_ node: Node) {
    guard node.target.isNixOS else { return }
    let architecture = node.target.architecture.value
    architectures[node.name.value] = architecture
    keys.formUnion(node.access.authorizedKeys.map(\.value))
    for program in node.services.flatMap(\.programs) {
      guard let key = ProgramKey(program, architecture) else { continue }
      // Of equal ones the first in the profiles counts, whichever node came first.
      if let other = found[key], !Self.isBefore(program, other) { continue }
      found[key] = program
    }
  }

  /// Whether there is no node.
  var isEmpty: Bool { architectures.isEmpty }

  /// Programs that come from a flake, each once, with their system, in a fixed order.
  var programs: [(system: String, program: Program)] {
    found.sorted { $0.key < $1.key }.map { ($0.key.system, $0.value) }
  }

  /// The systems, in order.
  var systems: [String] { Set(architectures.values.map(\.nixSystem)).sorted() }

  private static func isBefore(_ one: Program, _ other: Program) -> Bool {
    guard let span = one.nix?.span, let otherSpan = other.nix?.span else { return false }
    return span < otherSpan
  }
}

/// What makes two programs the same for the flake.
private struct ProgramKey: Hashable, Comparable {
  let system: String
  let input: String
  let attribute: String
  let executable: String
  let digest: SHA256Digest

  init?(_ program: Program, _ architecture: Architecture) {
    guard let nix = program.nix?.value else { return nil }
    system = architecture.nixSystem
    input = nix.input
    attribute = nix.attribute
    executable = program.executable.value
    digest = program.payload?.digest.value ?? .zero
  }

  static func < (one: ProgramKey, other: ProgramKey) -> Bool {
    if (one.system, one.input, one.attribute) != (other.system, other.input, other.attribute) {
      return (one.system, one.input, one.attribute) < (other.system, other.input, other.attribute)
    }
    return (one.executable, one.digest) < (other.executable, other.digest)
  }
}

extension Architecture {
  /// Nix's name of the platform (`stdenv.hostPlatform.system`).
  var nixSystem: String { rawValue + "-linux" }
}
