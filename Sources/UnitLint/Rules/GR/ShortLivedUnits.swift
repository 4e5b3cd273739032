import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR032, GR033
enum ShortLivedUnits {
  static let bound = Rule(
    "GR032", "bound-to-short-lived-unit", .error,
    finds: "BindsTo= a oneshot service without RemainAfterExit=yes.",
    why: "The oneshot is inactive as soon as it is done, and takes this unit down with it.",
    example: "# a.service\n[Unit]\nBindsTo=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Service]\nType=oneshot\nExecStart=/bin/true",
    instead: "# a.service\n[Unit]\nBindsTo=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true")

  static let shared = Rule(
    "GR033", "oneshot-required-by-several", .warning,
    finds: "A oneshot service without RemainAfterExit=yes that several units require.",
    why: "It is inactive once it is done, so each of them runs it anew when it starts.",
    example: dependants + "# setup.service\n[Service]\nType=oneshot\nExecStart=/bin/true",
    instead: dependants
      + "# setup.service\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true",
    ignoreWhen: "It has to run before each of them.")

  private static let dependants = ["a", "b"].map {
    "# \($0).service\n[Unit]\nRequires=setup.service\nAfter=setup.service\n[Service]\nExecStart=/bin/true\n"
  }.joined()

  static let rules = [
    UnitRule(
      bound,
      nearMisses: [
        "# a.service\n[Unit]\nBindsTo=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
          + "# b.service\n[Service]\nType=notify\nExecStart=/bin/true",
        "# a.service\n[Unit]\nBindsTo=b.mount\nAfter=b.mount\n[Service]\nExecStart=/bin/true",
      ],
      .unit { item, report in
        guard item.unit.has(.bindsTo) else { return }
        for edge in item.dependencies where edge.kind == .bindsTo {
          guard case .file(let setting) = edge.origin, let other = item.context.unit(at: edge.to),
            other.isPassing
          else { continue }
          report.add(
            item.finding(
              bound, "\(other.unit.name) ends at once, and this unit with it", at: Int(setting),
              related: other.label("a oneshot without RemainAfterExit=yes", at: other.unit.index(of: .type)),
              help: "set RemainAfterExit=yes in \(other.unit.name), or use Requires="))
        }
      }),
    UnitRule(
      shared,
      nearMisses: [
        "# a.service\n[Unit]\nRequires=setup.service\nAfter=setup.service\n[Service]\nExecStart=/bin/true\n"
          + "# setup.service\n[Service]\nType=oneshot\nExecStart=/bin/true",
        dependants.replacing("Requires=", with: "Wants=")
          + "# setup.service\n[Service]\nType=oneshot\nExecStart=/bin/true",
      ],
      .unit { item, report in
        guard item.isPassing, let type = item.unit.index(of: .type) else { return }
        let edges = item.dependants.filter { $0.kind.isMandatory }
        guard Set(edges.map(\.from)).count > 1 else { return }
        let names = Set(edges.map { item.context.name(of: $0.from) }).sorted()
        let isTimed = item.dependants.contains { $0.kind == .triggers }
        let more = names.count > 3 ? " and \(names.count - 3) more" : ""
        report.add(
          item.finding(
            shared, "runs anew for each of \(names.prefix(3).joined(separator: ", "))\(more)", at: type,
            related: edges.prefix(4).compactMap { edge in
              item.context.graph.span(of: edge).map { Label(item.context.graph.describe(edge), at: $0) }
            }, help: "set RemainAfterExit=yes",
            fix: item.insertion("RemainAfterExit=yes", after: type, isTimed ? .unsafe : .safe)))
      }),
  ]
}

extension UnitCase {
  /// Whether the unit is a oneshot that is inactive once it is done.
  var isPassing: Bool {
    unit.name.type == .service && unit.value(.type) == "oneshot" && !unit.flag(.remainAfterExit, false)
  }
}
