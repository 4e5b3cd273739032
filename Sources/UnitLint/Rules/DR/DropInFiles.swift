import Diagnostics
import SystemdUnits
import UnitGraphs

/// DR001, DR002, DR003, DR005, DR008
enum DropInFiles {
  static let orphan = Rule(
    "DR001", "drop-in-for-no-unit", .warning,
    finds: "A folder of drop-ins whose name is no unit's, template's, prefix's or type's.",
    why: "Nobody reads its files. Mostly a letter is wrong, or the @ of a template is missing.",
    example: "# getty.service\n[Service]\nExecStart=/bin/a\n# gety.service.d/x.conf\n[Service]\nNice=5",
    instead: "# getty.service\n[Service]\nExecStart=/bin/a\n# getty.service.d/x.conf\n[Service]\nNice=5",
    ignoreWhen: "The unit comes with a package that is not here.")

  static let suffix = Rule(
    "DR002", "drop-in-without-conf", .warning,
    finds: "A file in a folder of drop-ins whose name does not end in .conf.",
    why: "systemd reads only *.conf.",
    example: "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/override\n[Service]\nNice=5",
    instead: "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/override.conf\n[Service]\nNice=5")

  static let hidden = Rule(
    "DR003", "drop-in-hidden", .note,
    finds: "A drop-in that another of the same file name hides, in a folder that comes first.",
    why: "Of files of one name only one counts: what the hidden one set, such as a sandbox, is lost.",
    example: "# a.service\n[Service]\nExecStart=/bin/a\n# service.d/10-limits.conf\n[Service]\nTasksMax=100\n"
      + "# a.service.d/10-limits.conf\n[Service]\nNice=5",
    instead: "# a.service\n[Service]\nExecStart=/bin/a\n# service.d/10-limits.conf\n[Service]\nTasksMax=100\n"
      + "# a.service.d/20-nice.conf\n[Service]\nNice=5",
    ignoreWhen: "The one is to replace the other.")

  static let shadow = Rule(
    "DR005", "unit-file-shadowed", .note,
    finds: "A whole unit file that hides another of its name, in a folder that comes later.",
    why: "The copy lags behind: what an update changes in the hidden file never takes effect.",
    example: "# /etc/systemd/system/a.service\n[Service]\nExecStart=/bin/a\nNice=5\n"
      + "# /usr/lib/systemd/system/a.service\n[Service]\nExecStart=/bin/a --new",
    instead: "# /etc/systemd/system/a.service.d/nice.conf\n[Service]\nNice=5\n"
      + "# /usr/lib/systemd/system/a.service\n[Service]\nExecStart=/bin/a --new",
    ignoreWhen: "Nothing of the other file is to remain.")

  static let number = Rule(
    "DR008", "drop-in-order", .note,
    finds: "Drop-ins of one unit whose numbers have different lengths, so that 9 comes after 10.",
    why: "Files are sorted by name as text: the one that was meant to have the last word is read first.",
    example: "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/9-base.conf\n[Service]\nNice=5\n"
      + "# a.service.d/10-site.conf\n[Service]\nNice=1",
    instead: "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/09-base.conf\n[Service]\nNice=5\n"
      + "# a.service.d/10-site.conf\n[Service]\nNice=1")

  static let rules = [
    UnitRule(
      orphan,
      nearMisses: [
        "# a-b.service\n[Service]\nExecStart=/bin/a\n# a-.service.d/x.conf\n[Service]\nNice=5",
        "# service.d/x.conf\n[Service]\nNice=5", "# getty@tty1.service.d/x.conf\n[Service]\nNice=5",
      ], .host(checkOrphans)),
    UnitRule(
      suffix,
      nearMisses: ["# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/x.conf\n[Service]\nNice=5"],
      .host { context, report in
        for entry in context.set.leftOver where context.isAsked(entry.source) {
          let parts = entry.path.split(separator: "/").map(String.init)
          guard parts.count == 2, parts[0].hasSuffix(".d"), UnitName(String(parts[0].dropLast(2))) != nil,
            !parts[1].hasSuffix(".conf"), !parts[1].hasPrefix("."), case .file = entry.content
          else { continue }
          report.add(
            context.finding(
              suffix, "\(entry.path) is not read", at: entry.source, unit: String(parts[0].dropLast(2)),
              help: "rename it to \(parts[1]).conf"))
        }
      }),
    UnitRule(
      hidden,
      nearMisses: [
        "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/1.conf\n[Service]\nNice=5\n"
          + "# service.d/2.conf\n[Service]\nNice=5"
      ],
      .host { context, report in
        for file in context.set.hidden where file.path.contains("/") && context.isAsked(file.winner) {
          let folder = file.winnerPath.split(separator: "/").first.map(String.init) ?? file.winnerPath
          report.add(
            context.finding(
              hidden, "\(file.winnerPath) hides \(file.path), of which nothing counts", at: file.winner,
              unit: folder.hasSuffix(".d") ? String(folder.dropLast(2)) : folder,
              related: [Label("hidden", at: Span(source: file.source, start: 0, end: 0))],
              help: "give it another file name, unless it is to replace the other"))
        }
      }),
    UnitRule(
      shadow,
      nearMisses: [
        "# /etc/systemd/system/a.service\n[Service]\nExecStart=/bin/a\n"
          + "# /usr/lib/systemd/system/b.service\n[Service]\nExecStart=/bin/b"
      ],
      .host { context, report in
        for file in context.set.hidden where !file.path.contains("/") && context.isAsked(file.winner) {
          report.add(
            context.finding(
              shadow, "this file hides a whole unit file of its name", at: file.winner, unit: file.winnerPath,
              related: [Label("hidden", at: Span(source: file.source, start: 0, end: 0))],
              help: "keep the changes only, in \(file.winnerPath).d/local.conf"))
        }
      }),
    UnitRule(
      number,
      nearMisses: [
        "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/10-a.conf\n[Service]\nNice=5\n"
          + "# a.service.d/90-b.conf\n[Service]\nNice=1"
      ],
      .unit { item, report in
        var last: (value: Int, width: Int)?
        for fragment in item.unit.fragments where fragment.path.contains("/") {
          let file = fragment.path.split(separator: "/").last ?? ""
          let digits = file.prefix { $0.isASCII && $0.isNumber }
          guard let value = Int(digits) else { continue }
          defer { last = (value, digits.utf8.count) }
          guard let before = last, before.value > value, before.width != digits.utf8.count,
            item.context.isAsked(fragment)
          else { continue }
          report.add(
            Diagnostic(
              number, "\(file) is read after the file with number \(before.value)", at: fragment.span,
              help: "give all numbers the same length", unit: item.unit.name.description))
        }
      }),
  ]

  @Sendable private static func checkOrphans(_ context: LintContext, _ report: inout Report) {
    for folder in context.set.dropInFolders {
      guard let fragment = folder.fragments.first(where: { context.isAsked($0) }),
        let name = UnitName(folder.owner),
        !name.prefix.hasSuffix("-")
      else { continue }
      if let index = context.set.index(providing: name), context.set.units[index].hasFile { continue }
      guard !context.isElsewhere(name) else { continue }
      let template = UnitName(prefix: name.prefix, instance: "", type: name.type)?.description ?? ""
      let meant =
        context.set.index(of: template) != nil || UnitName(template).map(context.stock.has) == true
        ? template : context.nearestUnit(to: name)
      report.add(
        Diagnostic(
          orphan, "\(folder.owner).d is for a unit that nobody has", at: fragment.span,
          help: meant.map { "did you mean \($0).d?" } ?? "rename the folder, or add the unit",
          severity: meant == nil ? .note : nil, unit: folder.owner))
    }
  }
}

extension LintContext {
  /// Whether a unit is shipped with systemd, or made by the manager or the kernel.
  fileprivate func isElsewhere(_ name: UnitName) -> Bool {
    if stock.has(name) { return true }
    switch name.type {
    case .device, .slice, .scope: return true
    case .mount, .swap: return !stock.isClosed
    default: return false
    }
  }

  /// Whether findings about a file are wanted.
  func isAsked(_ source: SourceID) -> Bool { asked?.contains(source) ?? true }

  /// A finding about a whole file.
  func finding(
    _ rule: Rule, _ message: String, at source: SourceID, unit: String, related: [Label] = [], help: String,
    severity: Severity? = nil
  ) -> Diagnostic {
    Diagnostic(
      rule, message, at: Span(source: source, start: 0, end: 0), related: related, help: help,
      severity: severity, unit: unit)
  }
}
