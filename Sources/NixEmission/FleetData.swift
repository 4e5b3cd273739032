internal import FleetModel
internal import JSONText

/// `flake/fleet.json`: what the flake and its modules read of the fleet. Public data only.
struct FleetData {
  private let fleet: Fleet
  private let nodes: NixNodes
  private let packages: FlakePackages

  init(_ fleet: Fleet, nodes: NixNodes, packages: FlakePackages) {
    self.fleet = fleet
    self.nodes = nodes
    self.packages = packages
  }

  /// The document's bytes; nodes are written one by one, since there may be thousands.
  var bytes: [UInt8] {
    var writer = JSONObjectWriter(capacity: 4096 + 384 * fleet.roster.count)
    writer.add("authorizedKeys", .strings(nodes.keys.sorted()))
    if let domain = fleet.domain { writer.add("domain", .string(domain.value.description)) }
    writer.add("name", .string(fleet.name.value.description))
    writer.beginObject("nodes")
    for entry in fleet.roster {
      if let node = node(entry) { writer.addLine(node.key, node.value) }
    }
    writer.endObject()
    writer.add(
      "packages", .object(packages.names.map { JSONValue.Member($0.system, .strings($0.packages)) }))
    writer.add("systems", .strings(nodes.systems))
    writer.add("version", .string(fleet.release.version.value))
    return writer.finish()
  }

  /// A node that has its place in the flake.
  private func node(_ entry: NodeEntry) -> JSONValue.Member? {
    guard let architecture = nodes.architectures[entry.name.value] else { return nil }
    let addresses = entry.addresses.sorted { $0.network < $1.network }.map { address in
      JSONValue.Member(address.network.description, .string(address.address.value.description))
    }
    let facts: JSONValue = .object([
      "addresses": .object(addresses),
      "fullName": .string(fleet.fullName(of: entry)),
      "hostName": .string(entry.host.value),
      "mode": .string(fleet.mode(of: entry).value.rawValue),
      "roles": .strings(entry.roles.map(\.description)),
      "services": .strings(entry.services.map(\.description)),
      "system": .string(architecture.nixSystem),
    ])
    return JSONValue.Member(entry.name.value.description, facts)
  }
}
