internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// Whether `cluster-config` names what there is: seen once for the fleet, not on each node.
enum ClusterConfigCheck {
  static func report(on config: YAMLNode?, in context: FleetContext) -> Report {
    var report = Report()
    guard let config, let primary = config.sourced("primary", Name.init) else { return report }
    let groups = config.list("groups", Name.init)
    if !groups.contains(where: { $0.value == primary.value }) {
      report.add(
        Diagnostic(
          MeaningRules.clusterConfig, "the primary group \(primary.value) is not one of the groups",
          at: primary.span,
          related: config["groups"].map { [Label("the groups", at: $0.span)] } ?? [],
          help: "add it to groups, or name one of \(groups.map(\.value.description).joined(separator: ", "))")
      )
    }
    let known = context.fleet.groups.keys.map(\.description).sorted()
    for group in groups {
      guard let declared = context.fleet.groups[group.value] else {
        let nearest = Suggestion.nearest(to: group.value.description, in: known)
        report.add(
          Diagnostic(
            MeaningRules.unknownGroup, "there is no group \(group.value)", at: group.span,
            help: nearest.map { "did you mean \($0)?" } ?? "declare it under groups in fleet.yaml"))
        continue
      }
      report.merge(check(declared, named: group, raft: config.sourced("raft-port", Name.init), in: context))
    }
    if let tls = config.sourced("tls", Name.init), context.fleet.authorities[tls.value] == nil {
      let nearest = Suggestion.nearest(
        to: tls.value.description, in: context.fleet.authorities.keys.map(\.description).sorted())
      report.add(
        Diagnostic(
          MeaningRules.unknownAuthority, "there is no certificate authority \(tls.value)", at: tls.span,
          help: nearest.map { "did you mean \($0)?" } ?? "declare it under authorities in fleet.yaml"))
    }
    return report
  }

  private static func check(
    _ group: QuorumGroup, named name: Sourced<Name>, raft: Sourced<Name>?, in context: FleetContext
  ) -> Report {
    let service = group.service.value
    guard let template = context.templates[service], !context.isBroken(service) else { return Report() }
    if template.tree["join"] == nil {
      return Report(
        Diagnostic(
          MeaningRules.clusterConfig, "group \(name.value) is of \(service), which does not join",
          at: name.span,
          related: template.fixed.name.span.map { [Label("the service", at: $0)] } ?? [],
          help: "give \(service) a join step, or take the group off the list"))
    }
    let port = raft?.value.description ?? "raft"
    guard context.ports[service]?.keys.contains(where: { $0.description == port }) != true else {
      return Report()
    }
    return Report(
      Diagnostic(
        MeaningRules.clusterConfig, "\(service) has no port \(port) for its peers",
        at: raft?.span ?? name.span,
        help: "name the port by raft-port"))
  }
}
