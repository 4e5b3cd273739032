import Diagnostics
import SystemdUnits
import UnitGraphs

/// EN007, EN010, EN014
enum Credentials {
  static let rule = Rule(
    "EN007", "credential", .warning,
    finds: "A credential whose file is not in the root tree, whose name is none, or that two lines load.",
    why: "The start fails with 243/CREDENTIALS, the line is left out, or one of the two is lost.",
    example:
      "[Service]\nLoadCredential=key:/etc/app/a\nLoadCredential=key:/etc/app/b\nExecStart=/bin/serverd",
    instead:
      "[Service]\nLoadCredential=key:/etc/app/a\nLoadCredential=other:/etc/app/b\nExecStart=/bin/serverd")

  static let unset = Rule(
    "EN010", "unset-own-variable", .warning,
    finds: "UnsetEnvironment= for a variable that the unit itself sets.",
    why: "It is applied last: the assignment does nothing.",
    example: "[Service]\nEnvironment=LANG=C\nUnsetEnvironment=LANG\nExecStart=/bin/true",
    instead: "[Service]\nUnsetEnvironment=LANG\nExecStart=/bin/true")

  static let badName = Rule(
    "EN014", "invalid-name-to-pass", .warning,
    finds: "A word of PassEnvironment= or UnsetEnvironment= that is no variable's name: `$NAME`, NAME=value.",
    why: "systemd leaves the word out.",
    example: "[Service]\nPassEnvironment=$LANG\nExecStart=/bin/true",
    instead: "[Service]\nPassEnvironment=LANG\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Service]\nLoadCredential=key:/etc/app/a\nSetCredential=key:standard\nExecStart=/bin/serverd",
      "[Service]\nLoadCredential=key\nExecStart=/a",
      "[Service]\nLoadCredential=key:/run/secrets/key\nExecStart=/bin/serverd",
    ],
    fires: [
      "[Service]\nLoadCredential=a/b:/etc/app/a\nExecStart=/bin/serverd",
      "[Service]\nLoadCredential=key:/opt/known/missing\nExecStart=/a",
    ],
    .units(having: [.loadCredential, .loadCredentialEncrypted, .setCredential, .setCredentialEncrypted]) {
      item, report in
      for keys in [
        [SettingKey.loadCredential, .loadCredentialEncrypted], [.setCredential, .setCredentialEncrypted],
      ] {
        var seen = Set<Substring>()
        for index in keys.flatMap({ item.unit.indices(of: $0) }) {
          let setting = item.unit.settings[index]
          let name = setting.value.prefix { $0 != ":" }
          let path = String(setting.value.dropFirst(name.count + 1))
          if let problem = problem(name, path, seen, item.context.settings.files) {
            report.add(item.finding(rule, problem.message, at: index, help: problem.help))
          }
          seen.insert(name)
        }
      }
    })

  static let unsetRule = UnitRule(
    unset, nearMisses: ["[Service]\nEnvironment=A=1\nUnsetEnvironment=LANG A=2\nExecStart=/bin/true"],
    .units(having: [.unsetEnvironment]) { item, report in
      var set: [Substring: Substring] = [:]
      for value in item.unit.values(.environment) {
        for (_, name, value) in AssignedValues.assignments(value) { set[name] = value }
      }
      for (index, word) in item.words(.unsetEnvironment) {
        let name = word.prefix { $0 != "=" }
        guard let value = set[name], name.count == word.count || word == "\(name)=\(value)" else { continue }
        report.add(
          item.finding(
            unset, "the unit sets \(name) and takes it away again", at: index, help: "keep one of the two"))
      }
    })

  static let badNameRule = UnitRule(
    badName,
    nearMisses: ["[Service]\nPassEnvironment=LANG LC_ALL\nUnsetEnvironment=A=1\nExecStart=/bin/true"],
    .settings(of: [.passEnvironment, .unsetEnvironment]) { item, report in
      for word in UnitWords.split(item.setting.value, .command).words
      where !word.text.utf8.contains(UInt8(ascii: ",")) {
        let mayAssign = item.setting.key == .unsetEnvironment
        let name = mayAssign ? word.text.prefix { $0 != "=" } : word.text[...]
        guard !VariableReference.isName(name.utf8), !name.utf8.contains(UInt8(ascii: "%")) else { continue }
        let bare = name.filter { $0 != "$" && $0 != "{" && $0 != "}" }
        let isClear = name.hasPrefix("$") && VariableReference.isName(bare.utf8) && !word.isQuoted
        report.add(
          item.atValue(
            badName, "'\(word.text)' is no variable's name", word.range,
            help: isClear ? "write \(bare)" : "write names alone",
            fix: isClear ? item.replacing(word.range, by: bare, .safe) : nil))
      }
    })

  private static func problem(
    _ name: Substring, _ path: String, _ seen: Set<Substring>, _ files: KnownFiles
  ) -> (message: String, help: String)? {
    if name.isEmpty || name.utf8.contains(UInt8(ascii: "/")) || name == "." || name == ".." {
      return (
        "'\(name)' is no name for a credential and is left out", "write NAME:PATH, the name without slashes"
      )
    }
    if seen.contains(name) {
      return ("the credential \(name) is set a second time", "give each its own name")
    }
    if path.utf8.first == UInt8(ascii: "/"), files.isMissing(path) {
      return (
        "\(path) is not in the root tree", "add the file, or a SetCredential=\(name):… for when there is none"
      )
    }
    return nil
  }
}
