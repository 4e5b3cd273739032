public import FleetModel

/// What the flake as a whole needs to know of a NixOS node. Small: there is one for each.
public struct NixNode: Sendable {
  let name: Sourced<Name>
  let hostName: String
  let fullName: String
  let architecture: Architecture
  let mode: ClusterMode
  let roles: [String]
  let services: [String]
  let addresses: [(network: String, address: String)]
  let keys: [Sourced<String>]
  let programs: [Program]

  /// Takes what is needed of a node; `nil` when it does not run NixOS.
  public init?(_ node: Node) {
    guard node.target.isNixOS else { return nil }
    name = node.name
    hostName = node.hostName.value.description
    fullName = node.fullName
    architecture = node.target.architecture.value
    mode = node.mode.value
    roles = node.roles.map(\.value.description)
    services = node.services.map(\.name.value.description)
    addresses = node.addresses.map { ($0.network.name.value.description, $0.address.value.description) }
    keys = node.access.authorizedKeys
    programs = node.services.flatMap(\.programs).filter { $0.nix != nil }
  }
}

extension Architecture {
  /// Nix's name of the platform (`stdenv.hostPlatform.system`).
  var nixSystem: String { rawValue + "-linux" }
}
