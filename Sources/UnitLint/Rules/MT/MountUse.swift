import Diagnostics
import SystemdUnits
import UnitGraphs

/// MT004, MT005
enum MountUse {
  static let unordered = Rule(
    "MT004", "path-below-unordered-mount", .note,
    finds: "A service that uses a path below a mount unit it is not ordered after.",
    why: "It may start before the file system is there, and write into the empty directory below it.",
    example: mount("nofail") + "# a.service\n[Service]\nExecStart=/bin/a --data /srv/data/a\n[Install]\n"
      + "WantedBy=multi-user.target",
    instead: mount("nofail") + "# a.service\n[Unit]\nRequiresMountsFor=/srv/data/a\n[Service]\n"
      + "ExecStart=/bin/a --data /srv/data/a\n[Install]\nWantedBy=multi-user.target",
    ignoreWhen: "The path is used long after the start.")

  static let unused = Rule(
    "MT005", "mount-that-nobody-mounts", .note,
    finds: "A mount or swap unit that nothing starts: no [Install], no dependant, no automount.",
    why: "It is mounted only when a person does it.",
    example: "# srv-data.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv/data",
    instead:
      "# srv-data.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv/data\n[Install]\nWantedBy=local-fs.target",
    ignoreWhen: "It is for backups or the like, and mounted by hand or by a program.")

  private static func mount(_ options: String) -> String {
    "# srv-data.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv/data\nOptions=\(options)\n[Install]\n"
      + "WantedBy=multi-user.target\n"
  }

  static let rules = [
    UnitRule(
      unordered,
      nearMisses: [
        mount("noatime") + "# a.service\n[Service]\nExecStart=/bin/a --data /srv/data/a\n[Install]\n"
          + "WantedBy=multi-user.target",
        mount("nofail") + "# a.service\n[Service]\nExecStart=/bin/a --data /srv/database\n[Install]\n"
          + "WantedBy=multi-user.target",
        mount("nofail")
          + "# a.service\n[Service]\nWorkingDirectory=/srv/data/a\nExecStart=/bin/a /srv/data/a\n"
          + "[Install]\nWantedBy=multi-user.target",
      ], .host(checkPaths)),
    UnitRule(
      unused,
      nearMisses: [
        "# srv-data.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv/data\n# srv-data.automount\n[Automount]\n"
          + "Where=/srv/data\n[Install]\nWantedBy=local-fs.target",
        "# srv-data.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv/data\n# a.service\n[Unit]\n"
          + "RequiresMountsFor=/srv/data/a\n[Service]\nExecStart=/bin/a",
      ],
      .unit { item, report in
        let unit = item.unit
        guard unit.name.type == .mount || unit.name.type == .swap, item.isKnown, let node = item.node,
          !unit.name.isTemplate, !item.context.index.isStarted(node), !item.context.isAlso(unit.name),
          !item.context.stock.has(unit.name)
        else { return }
        report.add(
          item.finding(
            unused, "nothing starts \(unit.name)", at: unit.index(of: .what),
            help: "add [Install] with WantedBy=\(unit.name.type == .swap ? "swap.target" : "local-fs.target")"
          ))
      }),
  ]

  /// Paths of commands and of a few settings, looked up from the longest part to the shortest among the
  /// set's mounts.
  @Sendable private static func checkPaths(_ context: LintContext, _ report: inout Report) {
    var mounts: [String: Int] = [:]
    for unit in context.set.units where unit.name.type == .mount && !unit.isMasked && unit.hasFile {
      guard let path = unit.value(.wherePath), path.utf8.count > 1,
        let node = context.graph.node(named: unit.name.description)
      else { continue }
      mounts[path.hasSuffix("/") ? String(path.dropLast()) : path] = node
    }
    guard !mounts.isEmpty else { return }
    for unit in context.set.units where unit.name.type == .service && !unit.isMasked && context.isAsked(unit)
    {
      let item = UnitCase(context, unit)
      guard let own = item.node else { continue }
      var told = Set<Int>()
      for index in unit.settings.indices where uses(unit.settings[index]) {
        for path in paths(unit.settings[index].value) {
          guard let (place, node) = mount(of: path, mounts), told.insert(node).inserted,
            !context.index.isOrdered(node, before: own)
          else { continue }
          let name = context.graph.nodes[node].name
          report.add(
            item.finding(
              unordered, "\(path) lies below \(place), which \(name) may mount later", at: index,
              help: "add RequiresMountsFor=\(place) to [Unit]"))
        }
      }
    }
  }

  private static func uses(_ setting: UnitSetting) -> Bool {
    guard setting.section == .service, setting.value.utf8.contains(UInt8(ascii: "/")) else { return false }
    return setting.kind == .exec
      || ["ReadWritePaths", "EnvironmentFile", "BindPaths", "LoadCredential"].contains(setting.name)
  }

  /// The absolute paths among the words of a value, whatever flag stands in front.
  private static func paths(_ value: String) -> [String] {
    value.utf8.split { Array(" \t'\"=:,;".utf8).contains($0) }.prefix(200).compactMap { part in
      guard let start = part.firstIndex(of: UInt8(ascii: "/")),
        part[..<start].allSatisfy({ Array("-+@!".utf8).contains($0) })
      else { return nil }
      return String(Substring(part[start...]))
    }
  }

  private static func mount(of path: String, _ mounts: [String: Int]) -> (String, Int)? {
    var place = path.hasSuffix("/") ? String(path.dropLast()) : path
    while place.utf8.count > 1 {
      if let node = mounts[place] { return (place, node) }
      guard let slash = place.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
      place = String(place[..<slash])
    }
    return nil
  }
}
