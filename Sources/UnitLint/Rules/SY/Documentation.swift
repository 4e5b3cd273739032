import Diagnostics
import SystemdUnits

/// SY023
enum Documentation {
  static let rule = Rule(
    "SY023", "documentation-address", .note,
    finds: "A word of Documentation= that is none of http://, https://, file:/, info: and man:.",
    why: "systemd leaves the word out, so `systemctl status` does not show it.",
    example: "[Unit]\nDocumentation=www.example.org/doc\n[Service]\nExecStart=/bin/true",
    instead: "[Unit]\nDocumentation=https://www.example.org/doc\n[Service]\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Unit]\nDocumentation=man:a(8) https://example.org file:///usr/share/doc/a file:/usr/a info:a\n[Service]\nExecStart=/bin/true",
      "[Unit]\nDocumentation=\n[Service]\nExecStart=/bin/true",
    ],
    .values(of: [.url]) { item, report in
      for word in UnitWords.split(item.setting.value, .names).words where !isAddress(word.text) {
        report.add(
          item.atValue(
            rule, "'\(word.text)' is no address that systemd takes", word.range,
            help: word.text.hasPrefix("www.")
              ? "put https:// in front" : "write man:NAME(SECTION), https://… or file:/…"))
      }
    })

  private static func isAddress(_ word: String) -> Bool {
    if word.utf8.first == UInt8(ascii: "%") { return true }
    return ["http://", "https://", "file:/", "info:", "man:"].contains {
      word.hasPrefix($0) && word.utf8.count > $0.utf8.count
    }
  }
}
