import Diagnostics
import SystemdUnits
import UnitGraphs

/// SE007, SE008, SE018, SE033: users and groups.
enum Accounts {
  static let missing = Rule(
    "SE007", "account-missing", .error,
    finds: "A user or group that is neither in the root tree's /etc/passwd and /etc/group nor in sysusers.d.",
    why: "The start fails with 217/USER or 216/GROUP.",
    example: "[Service]\nUser=nobody-knows\nExecStart=/bin/true",
    instead: "[Service]\nUser=known\nExecStart=/bin/true",
    ignoreWhen: "The account comes from a directory service.")

  static let nobody = Rule(
    "SE008", "user-nobody", .note,
    finds: "User=nobody or Group=nogroup.",
    why: "All services of that user may signal one another and write one another's files.",
    example: "[Service]\nUser=nobody\nExecStart=/bin/serverd",
    instead: "[Service]\nDynamicUser=yes\nExecStart=/bin/serverd")

  static let dynamicRoot = Rule(
    "SE018", "dynamic-user-in-vain", .warning,
    finds: "DynamicUser= together with User= of an account that exists, or of root.",
    why: "systemd takes the existing account: nothing is dynamic, and its files may be anyone's.",
    example: "[Service]\nDynamicUser=yes\nUser=root\nExecStart=/bin/serverd",
    instead: "[Service]\nDynamicUser=yes\nExecStart=/bin/serverd")

  static let powerfulGroup = Rule(
    "SE033", "group-as-good-as-root", .note,
    finds:
      "A service without root that is in a group by which it may become root: docker, disk, shadow, lxd, sudo.",
    why: "Who takes over the service takes over the host.",
    example: "[Service]\nUser=app\nSupplementaryGroups=docker\nExecStart=/bin/serverd",
    instead: "[Service]\nUser=app\nExecStart=/bin/serverd",
    ignoreWhen: "Controlling containers or disks is what the service is for.")

  static let missingRule = UnitRule(
    missing,
    nearMisses: [
      "[Service]\nUser=known\nGroup=known\nExecStart=/bin/true",
      "[Service]\nDynamicUser=yes\nUser=app\nExecStart=/bin/true",
      "[Service]\nUser=%i\nExecStart=/bin/true", "[Service]\nUser=1234\nGroup=5\nExecStart=/bin/true",
    ],
    .units(having: [.user, .group, .supplementaryGroups]) { item, report in
      guard let accounts = item.context.settings.files.accounts, !item.unit.flag(.dynamicUser, false) else {
        return
      }
      for (key, known) in [(SettingKey.user, accounts.users), (.group, accounts.groups)] {
        guard let index = item.unit.index(of: key) else { continue }
        check(item.unit.settings[index].value, known, index, item, &report)
      }
      for (index, word) in item.words(.supplementaryGroups) {
        check(word, accounts.groups, index, item, &report)
      }
    })

  static let nobodyRule = UnitRule(
    nobody, nearMisses: ["[Service]\nUser=nobody-app\nExecStart=/bin/true"],
    .settings(of: [.user, .group]) { item, report in
      guard item.setting.value == "nobody" || (item.setting.value == "nogroup" && item.setting.key == .group)
      else {
        return
      }
      report.add(
        item.atValue(
          nobody, "\(item.setting.value) belongs to every service that has no account of its own",
          help: "use DynamicUser=yes, or an account of its own"))
    })

  static let dynamicRootRule = UnitRule(
    dynamicRoot,
    nearMisses: [
      "[Service]\nDynamicUser=yes\nUser=fresh\nExecStart=/bin/true",
      "[Service]\nUser=root\nExecStart=/bin/true",
    ],
    .units(having: [.dynamicUser]) { item, report in
      guard item.unit.flag(.dynamicUser, false), let index = item.unit.index(of: .user) else { return }
      let user = item.unit.settings[index].value
      let isKnown = item.context.settings.files.accounts?.users.contains(user) == true
      guard user == "root" || user == "0" || isKnown else { return }
      report.add(
        item.finding(
          dynamicRoot, "\(user) is an account of the host, DynamicUser= takes it as it is", at: index,
          help: "take User= out, or name no existing account"))
    })

  static let powerfulGroupRule = UnitRule(
    powerfulGroup,
    nearMisses: [
      "[Service]\nUser=app\nGroup=app\nSupplementaryGroups=video audio\nExecStart=/a",
      "[Service]\nGroup=docker\nExecStart=/a",
    ],
    .units(having: [.group, .supplementaryGroups]) { item, report in
      guard item.account != .root else { return }
      for (index, word) in item.words(.group) + item.words(.supplementaryGroups)
      where ["docker", "disk", "shadow", "lxd", "incus-admin", "sudo", "wheel", "root", "libvirt", "kmem"]
        .contains(word)
      {
        report.add(
          item.finding(
            powerfulGroup, "members of \(word) are as good as root", at: index,
            help: "take the group out if it can be"))
      }
    })

  private static func check(
    _ name: String, _ known: Set<String>, _ index: Int, _ item: UnitCase, _ report: inout Report
  ) {
    // Any number will do for systemd.
    guard !known.contains(name), !name.utf8.contains(UInt8(ascii: "%")),
      !name.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return }
    report.add(
      item.finding(
        missing, "the root tree has no account '\(name)'", at: index,
        help: "add it by a file of sysusers.d, or use DynamicUser=yes"))
  }
}
