import Diagnostics
import SystemdUnits

/// SY018
enum UnknownSpecifier {
  static let rule = Rule(
    "SY018", "unknown-specifier", .error,
    finds: "A `%` in front of a letter that is no specifier.",
    why: "A command line with one is refused, and the service with it; other settings are left out.",
    example: "[Service]\nExecStart=/bin/curl -w %Q",
    instead: "[Service]\nExecStart=/bin/curl -w %%Q")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Service]\nExecStart=/bin/echo %n 100%% %%Q\nCPUQuota=50%",
      "[Service]\nExecStart=/bin/echo 5% off\nMemoryMax=80%",
    ],
    .setting { item, report in
      guard let kind = item.setting.kind, item.setting.value.utf8.contains(UInt8(ascii: "%")),
        kind.expandsSpecifiers
      else { return }
      let bytes = Array(item.setting.value.utf8)
      for offset in Specifiers.offsets(in: item.setting.value)
      where !Specifiers.isKnown(bytes[offset + 1], version: item.context.settings.systemdVersion) {
        let letter = Character(Unicode.Scalar(bytes[offset + 1]))
        report.add(
          item.atValue(
            rule, "%\(letter) is no specifier", offset..<offset + 2, help: "write %%\(letter) for the text",
            severity: kind == .exec ? .error : .warning,
            fix: item.replacing(offset..<offset + 1, by: "%%", .safe)))
      }
    })
}

extension DirectiveKind {
  /// Whether systemd looks for specifiers in values of this kind.
  var expandsSpecifiers: Bool {
    switch self {
    case .exec, .string, .environ, .units, .unit, .path, .paths, .bindPaths, .file, .condition, .listen,
      .slice:
      true
    default: false
    }
  }
}
