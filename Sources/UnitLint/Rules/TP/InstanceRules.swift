import Diagnostics
import SystemdUnits
import UnitGraphs

/// TP001 to TP005, GR042
enum InstanceRules {
  static let plain = Rule(
    "TP001", "instance-of-plain-unit", .warning,
    finds: "%i or %I in a unit that is no template.",
    why: "It stands for nothing there.",
    example: "# a.service\n[Service]\nExecStart=/bin/a --name %i",
    instead: "# a@.service\n[Service]\nExecStart=/bin/a --name %i")

  static let dashes = Rule(
    "TP002", "unescaped-instance-with-dash", .warning,
    finds: "%I in a template of which an instance has a dash in its name.",
    why: "%I is the name unescaped, and every dash of it becomes a slash: web-1 is web/1.",
    example: template("%I") + user("web-1"), instead: template("%i") + user("web-1"),
    ignoreWhen: "Instances are named after paths, with systemd-escape.")

  static let broken = Rule(
    "TP003", "instance-not-unescapable", .error,
    finds: "An instance whose name has a backslash that starts no \\xNN, for a template with %I.",
    why: "systemd cannot unescape the name, and refuses the unit.",
    example: template("%I") + user("a\\z"), instead: template("%I") + user("a\\x5cz"))

  static let itself = Rule(
    "TP004", "template-depends-on-itself", .warning,
    finds: "A template with a dependency that names the instance itself.",
    why: "systemd drops it.",
    example: "# a@.service\n[Unit]\nAfter=a@%i.service\n[Service]\nExecStart=/bin/a %i",
    instead: "# a@.service\n[Unit]\nAfter=b@%i.service\n[Service]\nExecStart=/bin/a %i")

  static let same = Rule(
    "TP005", "instances-all-alike", .note,
    finds: "A template that uses its instance's name nowhere.",
    why: "All its instances do the same, with the same files and ports.",
    example: "# a@.service\n[Service]\nExecStart=/bin/a --port 80",
    instead: "# a@.service\n[Service]\nExecStart=/bin/a --port %i",
    ignoreWhen: "The same is to run several times over.")

  static let bare = Rule(
    "GR042", "dependency-on-template", .warning,
    finds: "A dependency of a plain unit on a template without an instance.",
    why: "systemd makes up an instance of the unit's own name, which nobody configured.",
    example: "# a.service\n[Unit]\nWants=b@.service\n[Service]\nExecStart=/bin/a\n# b@.service\n[Service]\n"
      + "ExecStart=/bin/b %i",
    instead:
      "# a.service\n[Unit]\nWants=b@main.service\n[Service]\nExecStart=/bin/a\n# b@.service\n[Service]\n"
      + "ExecStart=/bin/b %i")

  private static func template(_ specifier: String) -> String {
    "# app@.service\n[Service]\nExecStart=/bin/app --name \(specifier)\n"
  }

  private static func user(_ instance: String) -> String {
    "# main.target\n[Unit]\nWants=app@\(instance).service\n"
  }

  static let rules = [
    UnitRule(
      plain,
      nearMisses: [
        "# a-b.service\n[Service]\nExecStart=/bin/a --name %j --date %%i",
        "# a@b.service\n[Service]\nExecStart=/bin/a --name %i",
        "# a.service\n[Service]\nExecStart=/bin/a\n# service.d/x.conf\n[Service]\nEnvironment=INSTANCE=%i",
      ], .setting(checkPlain)),
    UnitRule(
      dashes,
      nearMisses: [template("%I") + user("web1"), template("%i") + user("web-1")],
      .unit { item, report in
        guard item.unit.name.isTemplate, let (index, offset) = item.specifier("I") else { return }
        let instance = item.instances.first { $0.utf8.contains(UInt8(ascii: "-")) }
        // An instance that holds an escape was named by systemd-escape: a slash is meant.
        guard let instance, !item.instances.contains(where: { $0.utf8.contains(UInt8(ascii: "\\")) }) else {
          return
        }
        let setting = SettingCase(owner: item, index: index, setting: item.unit.settings[index])
        report.add(
          setting.atValue(
            dashes, "%I of \(instance) is \(instance.replacing("-", with: "/"))", offset..<(offset + 2),
            help: "use %i", fix: setting.replacing(offset..<(offset + 2), by: "%i", .unsafe)))
      }),
    UnitRule(
      broken,
      nearMisses: [template("%i") + user("a\\z"), template("%I") + user("a\\x2db")],
      .unit { item, report in
        guard item.unit.name.isTemplate, let (index, _) = item.specifier("I"),
          let instance = item.instances.first(where: { UnitEscaping.unescape($0) == nil })
        else { return }
        report.add(
          item.finding(
            broken, "the instance \(instance) cannot be unescaped for %I", at: index,
            help: "name it with 'systemd-escape', or use %i"))
      }),
    UnitRule(
      itself,
      nearMisses: [
        "# a@.service\n[Unit]\nAfter=a@0.service\n[Service]\nExecStart=/bin/a %i",
        "# a@.service\n[Unit]\nAfter=a@%i.socket\n[Service]\nExecStart=/bin/a %i",
      ],
      .settings(of: SettingKey.dependencies) { item, report in
        guard item.unit.name.isTemplate, item.setting.value.utf8.contains(UInt8(ascii: "%")),
          let own = item.unit.name.instantiated("x")
        else { return }
        for name in item.names where Specifiers.expandNames(name, for: own) == own.description {
          report.add(item.atWord(name, itself, "\(name) is the instance itself", help: "take it out"))
        }
      }),
    UnitRule(
      same,
      nearMisses: [
        "# a@.service\n[Service]\nExecStart=/bin/a\nStandardInput=socket\n# a.socket\n[Socket]\nListenStream=80\n"
          + "Accept=yes\n[Install]\nWantedBy=sockets.target",
        "# a@.service\n[Unit]\nDescription=a of %i\n[Service]\nExecStart=/bin/a",
      ],
      .unit { item, report in
        guard item.unit.name.isTemplate, item.unit.name.type == .service, item.isKnown,
          !item.unit.settings.contains(where: { namesInstance($0.value) }),
          item.context.set.index(of: item.unit.name.prefix + ".socket") == nil,
          !item.unit.settings.contains(where: { $0.name == "StandardInput" && $0.value == "socket" }),
          let index = item.unit.indices(of: .execStart).first
        else { return }
        report.add(
          item.finding(
            same, "nothing tells the instances of \(item.unit.name) apart", at: index,
            help: "use %i where they differ, or make it a plain unit"))
      }),
    UnitRule(
      bare,
      nearMisses: [
        "# a@.service\n[Unit]\nWants=b@.service\n[Service]\nExecStart=/bin/a %i\n# b@.service\n[Service]\n"
          + "ExecStart=/bin/b %i",
        "# a.service\n[Unit]\nWants=b@%n.service\n[Service]\nExecStart=/bin/a\n# b@.service\n[Service]\n"
          + "ExecStart=/bin/b %i",
      ],
      .settings(of: SettingKey.dependencies) { item, report in
        guard item.unit.name.instance == nil else { return }
        for name in item.names where name.utf8.contains(UInt8(ascii: "@")) {
          guard let other = UnitName(name), other.isTemplate,
            let made = other.instantiated(item.unit.name.prefix)
          else { continue }
          report.add(
            item.atWord(
              name, bare, "\(name) has no instance, so systemd takes \(made)",
              help: "name the instance you mean"))
        }
      }),
  ]

  @Sendable private static func checkPlain(_ item: SettingCase, _ report: inout Report) {
    guard item.setting.value.utf8.contains(UInt8(ascii: "%")), item.unit.name.instance == nil,
      item.setting.directive != nil
    else { return }
    // A drop-in for all units of a type, or of a prefix, is for instances as well.
    let path = item.fragment.path
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")),
      path[..<slash] != item.unit.name.description + ".d"
    {
      return
    }
    let bytes = Array(item.setting.value.utf8)
    for offset in Specifiers.offsets(in: item.setting.value)
    where bytes[offset + 1] | 0x20 == UInt8(ascii: "i") {
      report.add(
        item.atValue(
          plain, "\(item.unit.name) has no instance, so this stands for nothing", offset..<(offset + 2),
          help: "make the unit a template, or write the name"))
    }
  }

  private static func namesInstance(_ value: String) -> Bool {
    guard value.utf8.contains(UInt8(ascii: "%")) else { return false }
    let bytes = Array(value.utf8)
    let letters = Array("iIjJnNfpP".utf8)
    return Specifiers.offsets(in: value).contains { letters.contains(bytes[$0 + 1]) }
  }
}

extension UnitCase {
  /// The names of a template's instances, in the set's dependencies and links, in order.
  fileprivate var instances: [String] {
    // One of the template's own name was made up by the manager.
    context.instances[unit.name.description, default: []].filter { $0 != unit.name.prefix }
  }

  /// The first place of a specifier outside of comments: the setting, and the offset in its value.
  fileprivate func specifier(_ letter: Character) -> (setting: Int, offset: Int)? {
    for index in unit.settings.indices where unit.settings[index].value.utf8.contains(UInt8(ascii: "%")) {
      let bytes = Array(unit.settings[index].value.utf8)
      let offset = Specifiers.offsets(in: unit.settings[index].value).first {
        bytes[$0 + 1] == letter.asciiValue
      }
      // What people read may well have the slashes.
      if let offset, unit.settings[index].key != .description { return (index, offset) }
    }
    return nil
  }
}
