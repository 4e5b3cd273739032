internal import Diagnostics
public import FleetModel
internal import YAMLSources

/// What resolving a node needs of the fleet: shared by all nodes, changed by none.
public struct FleetContext: Sendable {
  /// The fleet with its roster.
  public let fleet: Fleet
  /// The files it is from.
  public let profiles: ProfileSet
  /// Services as declared, without any node's overrides.
  let templates: [Name: ServiceTemplate]
  /// Ports as declared, by service and name.
  let ports: [Name: [Name: Port]]
  /// Place in the roster, by name.
  let places: [Name: Int32]
  /// Places of the nodes that run a service.
  let runners: [Name: [Int32]]
  /// Nodes of which not everything is known, because a file they are made of is not whole or a name in
  /// one stands for nothing. What would be found in them follows from what was found there.
  public var incomplete: Set<Name>
  /// Services of which something was found already.
  let broken: Set<Name>

  init(
    fleet: Fleet, profiles: ProfileSet, templates: [Name: ServiceTemplate], ports: [Name: [Name: Port]] = [:],
    places: [Name: Int32] = [:], runners: [Name: [Int32]] = [:], broken: Set<Name> = [],
    incomplete: Set<Name> = []
  ) {
    self.fleet = fleet
    self.profiles = profiles
    self.templates = templates
    self.ports = ports
    self.places = places
    self.runners = runners
    self.incomplete = incomplete
    self.broken = broken
  }

  /// Whether something was found in a service already.
  func isBroken(_ service: Name) -> Bool { broken.contains(service) }

  /// The roster's entry of a node.
  public func entry(_ name: Name) -> NodeEntry? { places[name].map { fleet.roster[Int($0)] } }

  /// The group that a service forms.
  func group(of service: Name) -> QuorumGroup? {
    fleet.groups.values.filter { $0.service.value == service }.min { $0.name.value < $1.name.value }
  }
}
