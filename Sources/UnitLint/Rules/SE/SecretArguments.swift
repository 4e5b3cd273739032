import Diagnostics
import SystemdUnits

/// SE001, SE002, SE003
enum SecretArguments {
  static let argument = Rule(
    "SE001", "secret-in-arguments", .warning,
    finds: "A password, token or key among the arguments of a program, literally or from a variable.",
    why: "Every user of the host reads arguments with ps, and the journal may keep them.",
    example:
      "[Service]\nExecStart=/bin/serverd --cluster-pass ${CLUSTER_PASS}\nEnvironmentFile=/etc/app/secret.env",
    instead: "[Service]\nExecStart=/bin/serverd --cluster-pass-file ${CREDENTIALS_DIRECTORY}/cluster-pass\n"
      + "LoadCredential=cluster-pass:/etc/app/cluster-pass")

  static let url = Rule(
    "SE002", "credentials-in-url", .warning,
    finds: "A URL with user and password in it.",
    why: "Every user of the host reads arguments with ps.",
    example: "[Service]\nExecStart=/bin/serverd --db postgres://app:s3cret@db/app",
    instead: "[Service]\nExecStart=/bin/serverd --db postgres://app@db/app")

  static let environment = Rule(
    "SE003", "secret-in-environment", .warning,
    finds: "A password, token or key in Environment=.",
    why: "Every user of the host may ask systemd for a unit's environment.",
    example: "[Service]\nEnvironment=DB_PASSWORD=s3cret\nExecStart=/bin/true",
    instead: "[Service]\nLoadCredential=db-password:/etc/app/db-password\nExecStart=/bin/true")

  static let argumentRule = UnitRule(
    argument,
    nearMisses: [
      "[Service]\nExecStart=/bin/serverd --token-file /run/token --password-file=/x --secret=${SECRET_FILE} --key %d/key",
      "[Service]\nExecStart=/bin/serverd --keyspace a --token-ttl 5m --password-policy strict",
    ],
    .values(of: [.exec]) { item, report in
      guard item.setting.value.utf8.contains(UInt8(ascii: "-")) else { return }
      for command in item.commands {
        for (position, word) in command.arguments.enumerated() where word.text.utf8.first == UInt8(ascii: "-")
        {
          let (flag, joined) = word.flagAndValue
          guard namesSecret(flag) else { continue }
          let following = position + 1 < command.arguments.count ? command.arguments[position + 1].text : ""
          guard isSecret(joined.map { String($0) } ?? following) else { continue }
          report.add(
            item.atValue(
              argument, "the value of \(flag) is an argument that every user can read", word.range,
              help: "pass a file: LoadCredential= and ${CREDENTIALS_DIRECTORY}"))
        }
      }
    })

  static let urlRule = UnitRule(
    url,
    nearMisses: [
      "[Service]\nExecStart=/bin/serverd --db postgres://app@db:5432/app --other nats://${NODE}:4222@x"
    ],
    .values(of: [.exec, .environ]) { item, report in
      guard item.setting.value.utf8.contains(UInt8(ascii: "@")),
        let separator = item.setting.value.firstRange(of: "://")
      else { return }
      let rest = item.setting.value[separator.upperBound...]
      let authority = rest.prefix { !"/?# \"',".contains($0) }
      guard let at = authority.lastIndex(of: "@") else { return }
      let login = authority[..<at]
      guard let colon = login.firstIndex(of: ":"), colon != login.startIndex,
        !login.contains("$"), login.index(after: colon) != login.endIndex
      else { return }
      let start = item.setting.value.utf8.distance(from: item.setting.value.startIndex, to: rest.startIndex)
      report.add(
        item.atValue(
          url, "the URL holds a password", start..<start + authority.utf8.count,
          help: "pass the password in a file or credential"))
    })

  static let environmentRule = UnitRule(
    environment,
    nearMisses: ["[Service]\nEnvironment=DB_PASSWORD_FILE=/run/pw TOKEN_TTL=5 SECRET=\nExecStart=/bin/true"],
    .settings(of: [.environment]) { item, report in
      for word in UnitWords.split(item.setting.value, .command).words {
        let parts = word.text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, namesSecret(parts[0]), isSecret(String(parts[1])) else { continue }
        report.add(
          item.atValue(
            environment, "\(parts[0]) is a secret that every user can ask systemd for", word.range,
            help: "use LoadCredential=, or an EnvironmentFile= that root alone reads"))
      }
    })

  /// Whether a flag or variable names a secret by its last word; `--token-file` and `--password-policy` do
  /// not.
  static func namesSecret(_ name: Substring) -> Bool {
    // The last letters of the words below: most names end otherwise.
    guard let end = name.utf8.last, "dDsSeEtTnNyYkK".utf8.contains(end) else { return false }
    let words = name.lowercased().split { $0 == "-" || $0 == "_" || $0 == "." }
    guard let last = words.last else { return false }
    if ["password", "passwd", "pass", "passphrase", "secret", "token", "apikey", "psk"].contains(last) {
      return true
    }
    return last == "key" && words.count > 1
      && ["api", "secret", "private", "access", "encryption", "auth", "signing"].contains(
        words[words.count - 2])
  }

  /// Whether a value may be a secret itself and not the place of one.
  static func isSecret(_ value: String) -> Bool {
    guard let first = value.utf8.first else { return false }
    switch first {
    case UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "%"), UInt8(ascii: "."):
      return false
    case UInt8(ascii: "$"):
      return !value.hasSuffix("_FILE}") && !value.hasSuffix("_PATH}") && !value.contains("DIRECTORY")
    default: return !["true", "false", "yes", "no", "stdin", "prompt"].contains(value.lowercased())
    }
  }
}
