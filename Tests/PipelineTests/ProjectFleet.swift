import Diagnostics
import FleetModel
import HostFiles
import NodeUnits
import Pipeline
import Profiles
import SystemdUnits
import Testing

/// A fleet of this repository, from its profiles to what is generated for its nodes.
struct ProjectFleet {
  static let folders = ["plasmacloud", "unibus", "examples/plasmacloud-growth"]

  /// The repository these tests were compiled from.
  static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  let context: FleetContext
  let nodes: [Node]

  init(_ folder: String) throws {
    var registry = SourceRegistry()
    let profiles = ProfileLoader.load(folder: "\(Self.root)/profiles/\(folder)", registry: &registry)
    let set = try #require(profiles.value, "\(profiles.report.diagnostics.map(\.message))")
    let context = try #require(FleetLoading.load(set).value)
    nodes = try set.nodes.map { try #require(FleetLoading.node($0.name, in: context).value).node }
    self.context = context
  }

  static func units(of node: Node) throws -> [UnitFile] { try #require(NodeUnits.units(for: node).value) }
}
