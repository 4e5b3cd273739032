import Diagnostics
import SystemdUnits
import UnitGraphs

/// SY017
enum FileNames {
  static let rule = Rule(
    "SY017", "invalid-file-name", .error,
    finds:
      "A file that ends like a unit but whose name is none: a character that names may not hold, or too long.",
    why: "systemd never loads the file.",
    example: "# my$app.service\n[Service]\nExecStart=/bin/true",
    instead: "# my-app.service\n[Service]\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "# a@b@c.service\n[Service]\nExecStart=/bin/true",
      "# a:b_c.d\\x2de.service\n[Service]\nExecStart=/bin/true",
    ],
    .host { context, report in
      for entry in context.set.leftOver where !entry.path.utf8.contains(UInt8(ascii: "/")) {
        if let asked = context.asked, !asked.contains(entry.source) { continue }
        guard looksLikeUnit(entry.path), UnitName(entry.path) == nil else { continue }
        let isLong = entry.path.utf8.count > UnitName.maximumLength
        let stem = entry.path.prefix(upTo: entry.path.lastIndex(of: ".") ?? entry.path.endIndex)
        let help =
          isLong
          ? "take at most \(UnitName.maximumLength) bytes"
          : stem.isEmpty || stem.hasPrefix("@")
            ? "put a name in front"
            : "write \(UnitEscaping.escape(String(stem)))\(entry.path.dropFirst(stem.count))"
        report.add(
          Diagnostic(
            rule, isLong ? "the name is longer than systemd takes" : "'\(entry.path)' is no name for a unit",
            at: Span(source: entry.source, start: 0, end: 0), help: help, unit: entry.path))
      }
    })

  /// Whether a file's name ends like a unit's.
  static func looksLikeUnit(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return UnitType(rawValue: String(name[name.index(after: dot)...])) != nil
  }
}
