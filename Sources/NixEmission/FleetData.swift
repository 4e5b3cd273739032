internal import FleetModel
internal import JSONText

/// `flake/fleet.json`: what the flake and its modules read of the fleet. Public data only.
struct FleetData {
  private let fleet: Fleet
  private let nodes: [NixNode]
  private let packages: FlakePackages

  init(_ fleet: Fleet, nodes: [NixNode], packages: FlakePackages) {
    self.fleet = fleet
    self.nodes = nodes.sorted { $0.name.value < $1.name.value }
    self.packages = packages
  }

  var json: JSONValue {
    let systems = Set(nodes.map(\.architecture.nixSystem)).sorted()
    return .object([
      "authorizedKeys": .strings(Set(nodes.flatMap(\.keys).map(\.value)).sorted()),
      "domain": fleet.domain.map { .string($0.value.description) },
      "name": .string(fleet.name.value.description),
      "nodes": .object(nodes.map { JSONValue.Member($0.name.value.description, Self.node($0)) }),
      "packages": .object(packages.names.map { JSONValue.Member($0.system, .strings($0.packages)) }),
      "systems": .strings(systems),
      "version": .string(fleet.release.version.value),
    ])
  }

  private static func node(_ node: NixNode) -> JSONValue {
    .object([
      "addresses": .object(
        node.addresses.sorted { $0.network < $1.network }.map {
          JSONValue.Member($0.network, .string($0.address))
        }),
      "fullName": .string(node.fullName),
      "hostName": .string(node.hostName),
      "mode": .string(node.mode.rawValue),
      "roles": .strings(node.roles),
      "services": .strings(node.services),
      "system": .string(node.architecture.nixSystem),
    ])
  }
}
