public import Diagnostics
public import FleetModel
internal import YAMLSources

/// What `.imagegen.yaml` says to the linter. Read as strictly as profiles are, and reported on alike.
public struct LintConfiguration: Sendable {
  /// The severities as the file writes them.
  public enum Level: String, CaseIterable, Sendable {
    case note, warning, error
  }

  /// Rules that are left out of some files.
  public struct Exception: Sendable {
    /// Which files, relative to the folder of the settings.
    public let pattern: PathPattern
    /// Codes or families.
    public let rules: [Sourced<String>]
  }

  /// The file's name.
  public static let fileName = ".imagegen.yaml"
  /// Versions of systemd that there may be something to say about: the catalogue starts with the first.
  public static let versions = 247...999

  /// Codes or families to report; empty for all.
  public var selected: [Sourced<String>] = []
  /// Codes or families to leave out.
  public var ignored: [Sourced<String>] = []
  /// The same for some files.
  public var exceptions: [Exception] = []
  /// The severity that fails the run.
  public var failOn: Level?
  /// The systemd that the units are for.
  public var systemdVersion: Int?
  /// The baseline, relative to the folder of the settings.
  public var baseline: String?

  /// Settings that change nothing.
  public init() {}

  /// Reads a file's bytes; no value when something in it is wrong, for half of the settings are other settings.
  public static func parse(_ bytes: [UInt8], source: SourceID) -> Checked<LintConfiguration> {
    let parsed = YAMLDocument.parse(bytes, source: source)
    var report = parsed.report
    guard let tree = parsed.value else { return Checked(nil, report) }
    var validation = SchemaValidation(isComposed: false)
    validation.validate(tree, as: ProjectSchema.document, key: "settings")
    report.merge(validation.report)
    report.merge(Completeness.report(on: tree, as: ProjectSchema.document))
    guard !report.hasErrors, let lint = tree["lint"] else { return Checked(nil, report) }
    var configuration = LintConfiguration()
    configuration.selected = lint.list("select") { $0 }
    configuration.ignored = lint.list("ignore") { $0 }
    configuration.exceptions = (lint["ignore-in"]?.entries ?? []).compactMap { entry in
      PathPattern(entry.key).map { pattern in
        Exception(pattern: pattern, rules: entry.value.elements.compactMap { $0.sourced { $0 } })
      }
    }
    configuration.failOn = lint.text("fail-on").flatMap { Level(rawValue: $0.value) }
    configuration.systemdVersion = lint.integer("systemd-version")?.value
    configuration.baseline = lint.text("baseline")?.value
    return Checked(configuration, report)
  }
}
