import Diagnostics
import SystemdUnits
import UnitGraphs

/// IN009 to IN012
enum NameRules {
  static let preset = Rule(
    "IN009", "preset-for-missing-unit", .warning,
    finds: "A line of a preset file for a unit that nobody has.",
    why: "The line does nothing; mostly a letter is wrong or the type is missing.",
    example: "# 90-site.preset\nenable web.servce\n# web.service\n[Service]\nExecStart=/bin/web",
    instead: "# 90-site.preset\nenable web.service\n# web.service\n[Service]\nExecStart=/bin/web",
    ignoreWhen: "The unit comes with a package that is not here.")

  static let also = Rule(
    "IN010", "also-names-missing-unit", .warning,
    finds: "Also= a unit that nobody has.",
    why: "systemctl enable fails: \"Unit file does not exist\".",
    example: "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=multi-user.target\nAlso=a-helper.socket",
    instead: "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=multi-user.target")

  static let taken = Rule(
    "IN011", "alias-is-taken", .warning,
    finds: "Alias= the name of a unit that has a file of its own.",
    why: "systemctl enable makes a link of that name, which hides the other unit or fails.",
    example: "# a.service\n[Service]\nExecStart=/bin/a\n[Install]\nAlias=b.service\n# b.service\n[Service]\n"
      + "ExecStart=/bin/b",
    instead: "# a.service\n[Service]\nExecStart=/bin/a\n[Install]\nAlias=c.service\n# b.service\n[Service]\n"
      + "ExecStart=/bin/b")

  static let shared = Rule(
    "IN012", "alias-of-two-units", .note,
    finds: "Two units with the same Alias=.",
    why: "Only one of them can be enabled.",
    example:
      "# a.service\n[Service]\nExecStart=/bin/a\n[Install]\nAlias=web.service\n# b.service\n[Service]\n"
      + "ExecStart=/bin/b\n[Install]\nAlias=web.service",
    instead:
      "# a.service\n[Service]\nExecStart=/bin/a\n[Install]\nAlias=web.service\n# b.service\n[Service]\n"
      + "ExecStart=/bin/b",
    ignoreWhen: "They are alternatives, as display managers are.")

  static let rules = [
    UnitRule(
      preset,
      nearMisses: [
        "# 90-site.preset\nenable web.service\ndisable *\nenable getty@.service tty1\n# web.service\n[Service]\n"
          + "ExecStart=/bin/web",
        "# 90-site.preset\n; enable nothing.service\n\ndisable foo-*.service",
      ], .host(checkPresets)),
    UnitRule(
      also,
      nearMisses: [
        "# a.service\n[Service]\nExecStart=/bin/a\n[Install]\nAlso=a.socket\n# a.socket\n[Socket]\nListenStream=80",
        "[Service]\nExecStart=/bin/a\n[Install]\nAlso=systemd-networkd.socket",
      ],
      .settings(of: [.also]) { item, report in
        for text in item.names {
          guard let name = UnitName(text), !item.context.mayExist(name) else { continue }
          report.add(
            item.atWord(text, also, "nobody has \(name)", help: "add the unit, or take the name out"))
        }
      }),
    UnitRule(
      taken,
      nearMisses: [
        "# a.service\n[Service]\nExecStart=/bin/a\n[Install]\nAlias=b.service",
        "# a.service\n[Service]\nExecStart=/bin/a\n[Install]\nAlias=b.service\n# b.service -> a.service",
      ],
      .settings(of: [.alias]) { item, report in
        for text in item.names {
          guard let index = item.context.set.index(of: text), text != item.unit.name.description else {
            continue
          }
          let other = item.context.set.units[index]
          guard other.name.description == text, other.hasFile, !other.isMasked else { continue }
          report.add(
            item.atWord(text, taken, "\(text) is a unit of its own", help: "choose another name"))
        }
      }),
    UnitRule(
      shared, nearMisses: ["# a.service\n[Service]\nExecStart=/bin/a\n[Install]\nAlias=b.service c.service"],
      .host { context, report in
        var owners: [String: (item: UnitCase, setting: Int)] = [:]
        for unit in context.set.units where unit.has(.alias) && !unit.isMasked {
          let item = UnitCase(context, unit)
          for index in unit.indices(of: .alias) {
            for name in unit.names(at: index) {
              guard let first = owners[name] else {
                owners[name] = (item, index)
                continue
              }
              guard first.item.unit.name != unit.name, context.isAsked(unit) else { continue }
              report.add(
                item.finding(
                  shared, "\(name) is another name of \(first.item.unit.name) as well", at: index,
                  related: first.item.label("here", at: first.setting),
                  help: "only one of them can be enabled"))
            }
          }
        }
      }),
  ]

  /// Lines `enable NAME` and `disable NAME` of systemd.preset(5); NAME may be a pattern.
  @Sendable private static func checkPresets(_ context: LintContext, _ report: inout Report) {
    for entry in context.set.leftOver where entry.path.hasSuffix(".preset") && context.isAsked(entry.source) {
      guard case .file(let bytes) = entry.content else { continue }
      var start = 0
      for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
        defer { start += line.count + 1 }
        let words = String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\t" }.map(String.init)
        guard words.count >= 2, words[0] == "enable" || words[0] == "disable",
          !words[1].utf8.contains(where: { Array("*?[".utf8).contains($0) })
        else { continue }
        let name = UnitName(words[1])
        if let name, context.mayExist(name) { continue }
        let meant = name.flatMap { context.nearestUnit(to: $0) }
        report.add(
          Diagnostic(
            preset, name == nil ? "\(words[1]) is no unit's name" : "nobody has \(words[1])",
            at: Span(source: entry.source, start: start, end: start + line.count),
            help: meant.map { "did you mean \($0)?" } ?? "correct the name, or take the line out",
            unit: words[1]))
      }
    }
  }
}
