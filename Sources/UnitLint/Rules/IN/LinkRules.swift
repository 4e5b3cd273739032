import Diagnostics
import SystemdUnits
import UnitGraphs

/// IN001 to IN005
enum LinkRules {
  static let dangling = Rule(
    "IN001", "alias-to-nothing", .warning,
    finds: "A link that gives a name to a unit which nobody has.",
    why: "Mostly what is left of a unit that was removed: who asks for the name gets \"not found\".",
    example: "# web.service -> nginx.service",
    instead: "# web.service -> nginx.service\n# nginx.service\n[Service]\nExecStart=/bin/nginx")

  static let leftover = Rule(
    "IN002", "enabled-unit-missing", .warning,
    finds: "A link below .wants or .requires for a unit that nobody has.",
    why: "With .wants nothing happens, silently; with .requires the start fails.",
    example: "# multi-user.target.wants/web.service -> ../web.service",
    instead:
      "# multi-user.target.wants/web.service -> ../web.service\n# web.service\n[Service]\nExecStart=/bin/web")

  static let file = Rule(
    "IN003", "file-for-link", .warning,
    finds: "A file below .wants or .requires that is no link.",
    why: "systemd takes links only, and ignores it.",
    example: "# multi-user.target.wants/web.service\n[Service]\nExecStart=/bin/web",
    instead:
      "# multi-user.target.wants/web.service -> ../web.service\n# web.service\n[Service]\nExecStart=/bin/web")

  static let name = Rule(
    "IN004", "link-named-otherwise", .error,
    finds: "A link below .wants or .requires with another name than the unit it leads to.",
    why: "The link's name is what counts: another unit is started, or none.",
    example: "# multi-user.target.wants/web.service -> ../nginx.service\n" + units,
    instead: "# multi-user.target.wants/nginx.service -> ../nginx.service\n" + units)

  static let kind = Rule(
    "IN005", "alias-of-another-kind", .error,
    finds: "An alias, by a link or Alias=, of another type than its unit, or a plain one of a template.",
    why: "systemd rejects it: the name does not exist.",
    example: "# web.service\n[Service]\nExecStart=/bin/web\n[Install]\nAlias=http.socket",
    instead: "# web.service\n[Service]\nExecStart=/bin/web\n[Install]\nAlias=http.service")

  private static let units =
    "# web.service\n[Service]\nExecStart=/bin/web\n# nginx.service\n[Service]\nExecStart=/bin/n"

  static let rules = [
    UnitRule(
      dangling,
      nearMisses: [
        "# web.service -> /dev/null", "# web.service -> getty@.service",
        "# dbus.service -> /opt/web/dbus.service",
        "# tty.service -> getty@tty1.service",
      ],
      .host { context, report in
        for link in context.set.aliasLinks where context.isAsked(link.source) {
          if let index = context.set.index(providing: link.target), context.set.units[index].hasFile {
            continue
          }
          guard !context.stock.has(link.target) else { continue }
          report.add(
            context.finding(
              dangling, "\(link.name) leads to \(link.target), which nobody has", at: link.source,
              unit: link.name.description, help: "remove the link, or add the unit"))
        }
      }),
    UnitRule(
      leftover,
      nearMisses: [
        "# multi-user.target.wants/getty@tty1.service -> /lib/systemd/system/getty@.service",
        "# multi-user.target.wants/web.service -> /dev/null",
      ],
      .host { context, report in
        for link in context.set.links where context.isAsked(link.source) && !context.mayExist(link.dependency)
        {
          report.add(
            context.finding(
              leftover, "\(link.path) is for a unit that nobody has", at: link.source,
              unit: link.dependent.description, help: "remove the link, or add \(link.dependency)"))
        }
      }),
    UnitRule(
      file,
      nearMisses: [
        "# a.target.wants/getty@tty1.service -> getty@.service\n# a.target\n[Unit]\nDescription=a"
      ],
      .host { context, report in
        for entry in context.set.leftOver where context.isAsked(entry.source) {
          guard case .file = entry.content, let slash = entry.path.utf8.firstIndex(of: UInt8(ascii: "/")),
            [".wants", ".requires", ".upholds"].contains(where: entry.path[..<slash].hasSuffix)
          else { continue }
          let unit = entry.path.split(separator: "/").last.map(String.init) ?? entry.path
          report.add(
            context.finding(
              file, "\(entry.path) is no link, so it counts for nothing", at: entry.source, unit: unit,
              help: "put the unit into the unit folder, and a link to it here"))
        }
      }),
    UnitRule(
      name,
      nearMisses: [
        "# a.target.wants/web@1.service -> ../web@.service\n# web@.service\n[Service]\nExecStart=/bin/w %i",
        "# a.target.wants/http.service -> ../web.service\n# http.service -> web.service\n# web.service\n[Service]\n"
          + "ExecStart=/bin/w",
      ],
      .host { context, report in
        for link in context.set.links where context.isAsked(link.source) {
          guard let target = UnitName(link.target), target != link.dependency,
            target != link.dependency.template
          else { continue }
          // An alias of the unit is as good as its name.
          let own = context.set.index(providing: target)
          if own != nil, own == context.set.index(of: link.dependency.description) { continue }
          report.add(
            context.finding(
              name, "\(link.path) starts \(link.dependency) and not \(target), which it leads to",
              at: link.source,
              unit: link.dependent.description, help: "name the link \(target)",
              severity: context.mayExist(link.dependency) ? nil : .warning))
        }
      }),
    UnitRule(
      kind,
      nearMisses: [
        "# web@.service\n[Service]\nExecStart=/bin/web %i\n[Install]\nAlias=http@.service",
        "# web@.service\n[Service]\nExecStart=/bin/web %i\n# http@1.service -> web@.service",
      ], .host(checkKinds)),
  ]

  @Sendable private static func checkKinds(_ context: LintContext, _ report: inout Report) {
    for entry in context.set.leftOver where context.isAsked(entry.source) {
      guard case .link(let target) = entry.content, let own = UnitName(entry.path),
        let other = UnitName(target.split(separator: "/").last.map(String.init) ?? "")
      else { continue }
      let reason =
        own.type != other.type
        ? "is of another type"
        : !own.type.mayHaveAliases ? "is of a type without aliases" : "is of another kind"
      report.add(
        context.finding(
          kind, "systemd rejects the name \(own): \(other) \(reason)", at: entry.source,
          unit: own.description,
          help: "remove the link, or make it of the unit's kind"))
    }
    for unit in context.set.units where !unit.isMasked && unit.has(.alias) && context.isAsked(unit) {
      let item = UnitCase(context, unit)
      for index in unit.indices(of: .alias) {
        for text in unit.names(at: index) where !text.utf8.contains(UInt8(ascii: "%")) {
          let alias = UnitName(text)
          let isFit =
            alias.map { alias in
              alias.type == unit.name.type && alias.type.mayHaveAliases
                && (alias.isTemplate == unit.name.isTemplate || (alias.isInstance && unit.name.isTemplate))
            } ?? false
          guard !isFit else { continue }
          report.add(
            item.finding(
              kind, "\(text) can be no other name of \(unit.name)", at: index,
              help: alias == nil
                ? "write \(text).\(unit.name.type.rawValue)" : "give it the unit's type and kind"))
        }
      }
    }
  }
}
