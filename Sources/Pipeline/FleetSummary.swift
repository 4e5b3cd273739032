internal import FleetModel
internal import JSONText

/// `fleet.json`: the fleet as programs want it: nodes, addresses, groups, release.
enum FleetSummary {
  /// The document's bytes; nodes are written one by one, since there may be thousands.
  static func bytes(of fleet: Fleet) -> [UInt8] {
    let release = fleet.release
    var writer = JSONObjectWriter(capacity: 4096 + 256 * fleet.roster.count)
    writer.add("version", .integer(1))
    writer.add("name", .string(fleet.name.value.description))
    if let domain = fleet.domain { writer.add("domain", .string(domain.value.description)) }
    writer.add("formed", .bool(fleet.formed.value))
    writer.add(
      "release",
      .object([
        "version": .string(release.version.value), "sequence": .integer(release.sequence.value),
        "epoch": .integer(release.epoch.value),
      ]))
    writer.beginObject("groups")
    for group in fleet.groups.values.sorted(by: { $0.name.value < $1.name.value }) {
      writer.add(group.name.value.description, json(of: group))
    }
    writer.endObject()
    writer.beginObject("nodes")
    for entry in fleet.roster {
      writer.addLine(entry.name.value.description, node(entry, mode: fleet.mode(of: entry)))
    }
    return writer.finish()
  }

  private static func json(of group: QuorumGroup) -> JSONValue {
    .object([
      "service": .string(group.service.value.description),
      "voters": .strings(group.voters.map(\.value.description)),
      "leader": .string(group.leader.value.description), "majority": .integer(group.majority),
    ])
  }

  private static func node(_ entry: NodeEntry, mode: Sourced<ClusterMode>) -> JSONValue {
    .object([
      "mode": .string(mode.value.rawValue),
      "addresses": .object(
        entry.addresses.map {
          JSONValue.Member($0.network.description, .string($0.address.value.description))
        }),
      "services": .strings(entry.services.map(\.description)),
    ])
  }
}
