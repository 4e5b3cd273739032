internal import FleetModel
internal import JSONText

/// `fleet.json`: the fleet as programs want it: nodes, addresses, groups, release.
enum FleetSummary {
  static func json(of fleet: Fleet) -> JSONValue {
    let release = fleet.release
    return .object([
      "version": .integer(1), "name": .string(fleet.name.value.description),
      "domain": fleet.domain.map { .string($0.value.description) }, "formed": .bool(fleet.formed.value),
      "release": .object([
        "version": .string(release.version.value), "sequence": .integer(release.sequence.value),
        "epoch": .integer(release.epoch.value),
      ]),
      "groups": .object(
        fleet.groups.values.sorted { $0.name.value < $1.name.value }.map { group in
          JSONValue.Member(
            group.name.value.description,
            .object([
              "service": .string(group.service.value.description),
              "voters": .strings(group.voters.map(\.value.description)),
              "leader": .string(group.leader.value.description), "majority": .integer(group.majority),
            ]))
        }),
      "nodes": .object(fleet.roster.map { JSONValue.Member($0.name.value.description, node($0)) }),
    ])
  }

  private static func node(_ entry: NodeEntry) -> JSONValue {
    .object([
      "mode": .string(entry.mode.value.rawValue),
      "addresses": .object(
        entry.addresses.map {
          JSONValue.Member($0.network.description, .string($0.address.value.description))
        }),
      "services": .strings(entry.services.map(\.description)),
    ])
  }
}
