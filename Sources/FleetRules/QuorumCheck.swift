internal import Diagnostics
internal import FleetModel

/// Checks groups against the nodes: who votes, who joins, and whether all agree.
struct QuorumCheck {
  private let fleet: Fleet
  private let entries: [Name: NodeEntry]
  private let incomplete: Set<Name>

  init(_ fleet: Fleet, incomplete: Set<Name>) {
    self.fleet = fleet
    self.incomplete = incomplete
    entries = Dictionary(fleet.roster.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func report() -> Report {
    var report = Report()
    var services: [Name: QuorumGroup] = [:]
    for group in fleet.groups.values.sorted(by: Self.isWrittenBefore) {
      if let first = services[group.service.value] {
        report.add(
          Diagnostic(
            FleetRules.groupTwice, "\(group.service.value) has a group already: \(first.name.value)",
            at: group.service.span,
            related: label("the first", first.service.span), help: "keep one of the two"))
        continue
      }
      services[group.service.value] = group
      report.merge(size(of: group))
      report.merge(voters(of: group))
      report.merge(leader(of: group))
      report.merge(others(than: group))
      report.merge(posture(of: group))
    }
    return report
  }

  /// In the order written, so that the later of two is the one too many.
  private static func isWrittenBefore(_ one: QuorumGroup, _ other: QuorumGroup) -> Bool {
    guard let left = one.name.span, let right = other.name.span else {
      return one.name.value < other.name.value
    }
    return left < right
  }

  private func size(of group: QuorumGroup) -> Report {
    let names = group.voters.map(\.value)
    let count = Set(names).count
    if fleet.services[group.service.value] == nil {
      let help = Suggestion.nearest(
        to: group.service.value.description, in: fleet.services.keys.map(\.description).sorted())
      return Report(
        Diagnostic(
          FleetRules.memberWithoutService,
          "group \(group.name.value) is of service \(group.service.value), which is not declared",
          at: group.service.span,
          help: help.map { "did you mean \($0)?" } ?? "add services/\(group.service.value).yaml"))
    }
    if count < 3 {
      return Report(
        Diagnostic(
          FleetRules.smallGroup,
          "group \(group.name.value) has \(count == 1 ? "one voter" : "\(count) voters")",
          at: group.name.span,
          help: "three voters survive the loss of one"))
    }
    guard count % 2 == 0 else { return Report() }
    return Report(
      Diagnostic(
        FleetRules.evenGroup, "group \(group.name.value) has \(count) voters, an even number",
        at: group.name.span,
        help: "\(count - 1) voters survive as many losses"))
  }

  private func voters(of group: QuorumGroup) -> Report {
    var report = Report()
    for voter in group.voters where !incomplete.contains(voter.value) {
      guard let entry = entries[voter.value] else {
        let known = fleet.roster.count > 1000 ? [] : fleet.roster.map(\.name.value.description)
        let nearest = Suggestion.nearest(to: voter.value.description, in: known)
        report.add(
          Diagnostic(
            FleetRules.unknownMember, "voter \(voter.value) is no node of the fleet", at: voter.span,
            help: nearest.map { "did you mean \($0)?" } ?? "add nodes/\(voter.value).yaml"))
        continue
      }
      if fleet.services[group.service.value] != nil, !entry.services.contains(group.service.value) {
        report.add(
          Diagnostic(
            FleetRules.memberWithoutService, "voter \(voter.value) does not run \(group.service.value)",
            at: voter.span,
            related: label("the node", entry.name.span),
            help: "give it a role that does, or take it off the list"))
      }
      if !fleet.formed.value, entry.mode.value == .join {
        report.add(
          Diagnostic(
            FleetRules.joiningPeer,
            "\(voter.value) joins, and group \(group.name.value) lists it as a first member",
            at: entry.mode.span ?? entry.name.span,
            related: label("listed here", voter.span), help: "set mode: bootstrap, or take it off the list",
            node: voter.value.description))
      }
    }
    return report
  }

  private func leader(of group: QuorumGroup) -> Report {
    guard case .profile = group.leader.origin else { return Report() }
    let voters = group.voters.map(\.value)
    guard entries[group.leader.value] != nil || incomplete.contains(group.leader.value) else {
      let nearest = Suggestion.nearest(to: group.leader.value.description, in: voters.map(\.description))
      return Report(
        Diagnostic(
          FleetRules.unknownLeader, "leader \(group.leader.value) is no node of the fleet",
          at: group.leader.span,
          help: nearest.map { "did you mean \($0)?" } ?? "name one of the voters"))
    }
    guard !voters.contains(group.leader.value) else { return Report() }
    return Report(
      Diagnostic(
        FleetRules.unknownLeader, "leader \(group.leader.value) does not vote in group \(group.name.value)",
        at: group.leader.span,
        related: label("the voters", group.voters.first?.span), help: "name one of the voters"))
  }

  /// Nodes that run the service without a vote, and lists that nodes keep of their own.
  private func others(than group: QuorumGroup) -> Report {
    var report = Report()
    let voters = Set(group.voters.map(\.value))
    // A voter that is nobody was most likely meant to be one of these.
    let isKnown = voters.allSatisfy { entries[$0] != nil || incomplete.contains($0) }
    for entry in fleet.roster where !incomplete.contains(entry.name.value) {
      let runs = entry.services.contains(group.service.value)
      if runs, isKnown, !voters.contains(entry.name.value), fleet.mode(of: entry).value == .bootstrap {
        report.add(
          Diagnostic(
            FleetRules.peersDisagree,
            "\(entry.name.value) bootstraps, and group \(group.name.value) does not list it",
            at: entry.mode.span ?? entry.name.span, related: label("the voters", group.voters.first?.span),
            help: "set mode: join, or list it", node: entry.name.value.description))
      }
      if let own = entry.initialPeers[group.name.value], Set(own.map(\.value)) != voters {
        report.add(
          Diagnostic(
            FleetRules.peersDisagree,
            "\(entry.name.value) has other first members than group \(group.name.value)",
            at: own.first?.span ?? entry.name.span, related: label("the group's", group.voters.first?.span),
            help: "take initial-peers away: the group's list is the same for all",
            node: entry.name.value.description))
      }
    }
    return report
  }

  private func posture(of group: QuorumGroup) -> Report {
    guard let declared = fleet.services[group.service.value]?.posture, !declared.isEmpty else {
      return Report()
    }
    var report = Report()
    let members = fleet.roster.filter {
      $0.services.contains(group.service.value) && !incomplete.contains($0.name.value)
    }
    for fact in declared {
      let values = members.map { entry in
        (entry, entry.posture[group.service.value]?.first { $0.key == fact.key }?.value ?? fact.value)
      }
      let common = mostCommon(values.map(\.1.value))
      guard let reference = values.first(where: { $0.1.value == common }) else { continue }
      for (entry, value) in values where value.value != common {
        report.add(
          Diagnostic(
            FleetRules.postureDiffers,
            "\(fact.key) is \(value.value) on \(entry.name.value) and \(common) on \(reference.0.name.value)",
            at: value.span ?? entry.name.span,
            related: label("\(common) is set here", reference.1.span),
            help: "set it once, for the fleet or in the service",
            node: entry.name.value.description))
      }
    }
    return report
  }

  /// The value most members have; of equals the smallest, so that the finding is the same each time.
  private func mostCommon(_ values: [String]) -> String {
    var counts: [String: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
  }

  private func label(_ message: String, _ span: Span?) -> [Label] {
    span.map { [Label(message, at: $0)] } ?? []
  }
}
