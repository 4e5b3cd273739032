public import Diagnostics
public import UnitGraphs

/// What a user wants of the linter.
public struct LintSettings: Sendable {
  /// Codes or families (`GR`, `SY013`) to report; empty for all.
  public var selected: [String] = []
  /// Codes or families to leave out.
  public var ignored: [String] = []
  /// Codes to leave out for single units: the settings of a profile, where no comment can stand.
  public var ignoredByUnit: [String: Set<Code>] = [:]
  /// The systemd that the units are for.
  public var systemdVersion = 252
  /// The files of the host that are known, for rules that follow paths.
  public var files = KnownFiles()

  /// Whether every setting of the sandbox that a service lacks is a note (SE013).
  public var reportsHardening = false

  /// Makes settings that report everything.
  public init() {}

  /// Whether a rule is switched on.
  public func isReported(_ code: Code) -> Bool {
    let text = code.description
    return (selected.isEmpty || selected.contains { text.hasPrefix($0) })
      && !ignored.contains { text.hasPrefix($0) }
  }
}

/// What is linted: the units of one host, and which of their files findings are wanted for.
public struct LintTarget: Sendable {
  /// All there is.
  public var entries: [UnitFolderEntry]
  /// The files asked about; `nil` for all. The others are read because these depend on them.
  public var asked: Set<SourceID>?

  /// Makes a target.
  public init(_ entries: [UnitFolderEntry], asked: Set<SourceID>? = nil) {
    self.entries = entries
    self.asked = asked
  }
}
