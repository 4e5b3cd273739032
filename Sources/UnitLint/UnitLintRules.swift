public import Diagnostics

/// All rules of the linter. Each family has its folder below Rules, where its list stands.
public enum UnitLintRules {
  /// Their manuals, each code once, in order of code.
  public static let all: [Rule] = {
    var seen = Set<Code>()
    return rules.map(\.rule).filter { seen.insert($0.code).inserted }.sorted { $0.code < $1.code }
  }()

  static let rules: [UnitRule] =
    syntax + graph + install + commands + lifeCycle + variables + security + templates + dropIns
    + triggers + mounts
}
