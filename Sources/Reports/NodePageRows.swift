import FleetModel

/// The rows of a node's page.
struct NodePageRows {
  let node: Node
  let units: [NodePage.Unit]

  /// The node in a few lines.
  var overview: [[HTML.Cell]] {
    let target = node.target
    let system =
      switch target.system.value {
      case .nixos(let version): "NixOS \(version)"
      case .distribution(let id, let version): "\(id) \(version)"
      }
    let addresses = node.links.flatMap(\.addresses).map { "\($0.address.value) (\($0.network.name.value))" }
    let ports = node.services.flatMap(\.ports)
    let open = ports.count { port in port.scopes.contains { $0.value != .local } }
    let worst = units.filter { $0.exposure != nil }.max { ($0.exposure ?? 0) < ($1.exposure ?? 0) }
    let facts: [(String, String)] = [
      (
        "System", "\(system) on \(target.architecture.value.rawValue), systemd \(target.systemdVersion.value)"
      ),
      ("Roles", node.roles.map(\.value.description).joined(separator: ", ")),
      ("Joins its cluster by", node.mode.value.rawValue),
      ("Addresses", addresses.joined(separator: ", ")),
      ("Disk", node.disk.map { "\($0.device.value), \($0.size.value)" } ?? ""),
      ("Services", "\(node.services.count), in \(units.count) unit\(units.count == 1 ? "" : "s")"),
      ("Ports", ports.isEmpty ? "" : "\(ports.count), \(open) of them reached from other machines"),
      ("Most exposed", worst.map { "\($0.name), \(Self.score($0.exposure ?? 0))" } ?? ""),
      ("Secrets", "\(node.deliveries.count) by reference, none on this page"),
    ]
    return facts.filter { !$0.1.isEmpty }.map { [.head($0.0), .words($0.1)] }
  }

  var hasNextSteps: Bool { units.contains { !$0.nextSteps.isEmpty } }

  /// The most exposed first.
  var exposures: [[HTML.Cell]] {
    let services = units.filter { $0.exposure != nil }
    return services.sorted { ($1.exposure ?? 0, $0.name) < ($0.exposure ?? 0, $1.name) }.map { unit in
      let tenths = unit.exposure ?? 0
      let text = "\(Self.score(tenths)) \(Self.word(tenths))"
      let score: HTML.Cell = tenths >= 50 ? .mark(text) : .words(text)
      let steps = HTML.Cell.words(unit.nextSteps.joined(separator: ", "))
      return [.code(unit.name), score] + (hasNextSteps ? [steps] : [])
    }
  }

  static func score(_ tenths: Int) -> String { "\(tenths / 10).\(tenths % 10)" }

  /// systemd's own words for scores (systemd-analyze, `security`).
  static func word(_ tenths: Int) -> String {
    switch tenths {
    case 100...: "DANGEROUS"
    case 90...: "UNSAFE"
    case 75...: "EXPOSED"
    case 50...: "MEDIUM"
    case 10...: "OK"
    case 1...: "SAFE"
    default: "PERFECT"
    }
  }

  /// What the tool hands on without understanding it: the first thing a reviewer wants to see.
  var rawWays: [[HTML.Cell]] {
    let directives = node.services.flatMap { service in
      service.rawDirectives.map { raw -> [HTML.Cell] in
        [
          .code(service.name.value.description), .code("[\(raw.section)]"), .mark(raw.key),
          .code(raw.value.value),
        ]
      }
    }
    let module = node.extraNix.map { [[HTML.Cell.words(""), .words(""), .mark("nix"), .code($0.value)]] }
    return directives + (module ?? [])
  }

  var services: [[HTML.Cell]] {
    node.services.map { service in
      [
        .code(service.name.value.description), .code(service.startedUnit),
        .words("\(service.start.kind.value.rawValue), about \(service.start.estimate.value)"),
        .words(
          service.dependencies.map {
            "\($0.strength.rawValue) \($0.service.value) \($0.point.rawValue)"
          }.joined(separator: ", ")),
        .words(health(service.health)),
      ]
    }
  }

  var ports: [[HTML.Cell]] {
    node.services.flatMap { service in
      service.ports.map { port -> [HTML.Cell] in
        [
          .code("\(port.transport.rawValue)/\(port.number.value)"),
          .words("\(service.name.value) \(port.name.value)"),
          .words(port.network?.value.description ?? "all networks"),
          .words(port.scopes.map(\.value.rawValue).joined(separator: ", ")),
        ]
      }
    }
  }

  var groups: [[HTML.Cell]] {
    node.memberships.map { membership in
      [
        .code(membership.group.name.value.description),
        .words(RunbookFacts.names(membership.group.voters.map(\.value.description))),
        .words("\(membership.group.majority) of \(membership.group.voters.count)"),
        .words(membership.votes ? "votes" : "joins"),
      ]
    }
  }

  var links: [[HTML.Cell]] {
    node.links.map { link in
      [
        .code(link.name.value.description), .words(hardware(link.kind)),
        .words(
          link.addresses.map { "\($0.address.value)/\($0.prefix) (\($0.network.name.value))" }
            .joined(separator: ", ")),
      ]
    }
  }

  var disk: [[HTML.Cell]] {
    guard let disk = node.disk else { return [] }
    let whole: [HTML.Cell] = [
      .code(disk.device.value.description), .words(disk.size.value.description),
      .words("\(disk.layout.value.rawValue), \(disk.firmware.value.rawValue)"), .words(""),
    ]
    let boot: [HTML.Cell] = [
      .words("boot"), .words(disk.boot.value.description),
      .words(disk.firmware.value == .uefi ? "vfat" : ""), .words(""),
    ]
    let swap = disk.swap.map { swap -> [HTML.Cell] in
      let remarks = [swap.hibernates.value ? "hibernation" : nil, swap.isEncrypted.value ? "encrypted" : nil]
      return [
        .words("swap"), .words(swap.size.value.description),
        .words((["swap"] + remarks.compactMap { $0 }).joined(separator: ", ")), .words(""),
      ]
    }
    let others = disk.others.flatMap { other -> [[HTML.Cell]] in
      [
        [
          .code(other.device.value.description), .words(other.size.value.description),
          .words(other.volumes.isEmpty ? "part of the layout" : "with volumes of its own"), .words(""),
        ]
      ] + other.volumes.map(volume)
    }
    return [whole, boot] + [swap].compactMap { $0 } + disk.volumes.map(volume) + others
  }

  private func volume(_ volume: DiskRequest.Volume) -> [HTML.Cell] {
    let size =
      switch volume.size.value {
      case .bytes(let bytes): bytes.description
      case .rest: "the rest"
      case .shared: "shared"
      }
    return [
      .code(volume.name.value.description), .words(size), .words(volume.format.value),
      .code(volume.mountPoint.value),
    ]
  }

  var exceptions: [[HTML.Cell]] {
    node.services.flatMap { service in
      service.sandbox.exceptions.map { exception -> [HTML.Cell] in
        [
          .code(service.name.value.description), .code(exception.directive.value),
          .code(exception.values.map(\.value).joined(separator: " ")),
          .words(exception.reason.value),
        ]
      }
    }
  }

  var secrets: [[HTML.Cell]] {
    node.deliveries.sorted { $0.path.value < $1.path.value }.map { delivery in
      [
        .code(delivery.path.value.description), .code(delivery.mode.description),
        .code(delivery.owner.description), .words(delivery.reference.summary),
      ]
    }
  }

  private func hardware(_ kind: Link.Kind) -> String {
    switch kind {
    case .ethernet(let address): "\(address.value)"
    case .bond(let members, let mode):
      "bond \(mode.value) of \(members.map(\.value.description).joined(separator: ", "))"
    case .vlan(let id, let parent): "VLAN \(id.value) on \(parent.value)"
    case .unmanaged: "the host's own"
    }
  }

  private func health(_ health: Health) -> String {
    let live = health.live.map { "live: \(summary($0))" }
    let ready = health.ready.map { probe in
      "ready: \(summary(probe))" + (probe.quorum.map { " (quorum of \($0))" } ?? "")
    }
    return [live, ready].compactMap { $0 }.joined(separator: "; ")
  }

  private func summary(_ probe: Health.Probe) -> String {
    switch probe.kind {
    case .tcp(let port): "tcp \(port.value)"
    case .http(let url, _, _, _): url.value
    case .dns(let port, let name, _): "dns \(name) on \(port.value)"
    case .command(let words): words.map(\.value).joined(separator: " ")
    }
  }
}
