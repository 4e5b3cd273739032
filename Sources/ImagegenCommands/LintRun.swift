internal import Baselines
internal import DiagnosticRendering
internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import Profiles
internal import SystemdUnits
internal import UnitGraphs
internal import UnitLint

/// The units that the generator made for a node, and what is known of its files.
struct GeneratedUnits {
  let node: String
  let units: [UnitFile]
  let files: KnownFiles
}

/// The units of one host on their way through the linter: found, mended perhaps, and held against what is known.
struct LintRun {
  let setup: LintSetup
  let stock: StockKnowledge
  /// The names of all texts.
  let registry: SourceRegistry

  /// What is found in a target, less what the settings leave out.
  func findings(in target: LintTarget) -> Report {
    without(exceptions: UnitLint.run(target, setup.settings, stock: stock))
  }

  /// The same of units that the generator made; their findings stand in profiles.
  func findings(in generated: GeneratedUnits) -> Report {
    var settings = setup.settings
    settings.files = generated.files
    return without(exceptions: UnitLint.run(generated: generated.units, settings))
  }

  /// The target once nothing is left to fix.
  func settled(_ target: LintTarget) -> LintFixes.Settled {
    LintFixes.settle(target) { findings(in: $0) }
  }

  /// A file's name as patterns of the settings have it; `nil` when it lies elsewhere.
  private func name(_ source: SourceID) -> String? {
    guard let folder = setup.folder, let path = registry.path(of: source) else { return nil }
    return WorkingFolder.relative(setup.place.absolute(path), to: folder)
  }

  private func without(exceptions report: Report) -> Report {
    guard !setup.exceptions.isEmpty else { return report }
    let matched = Matches(setup.exceptions)
    var kept = Report()
    for finding in report.diagnostics where !matched.covers(finding, name(finding)) { kept.add(finding) }
    return kept
  }

  private func name(_ finding: Diagnostic) -> String? { finding.span.flatMap { name($0.source) } }

  /// Notes on exceptions that let nothing through, of files that were looked at as a whole.
  func unusedExceptions(in targets: [LintTarget]) -> Report {
    var report = Report()
    guard !setup.exceptions.isEmpty else { return report }
    let matched = Matches(setup.exceptions)
    for target in targets {
      let findings = UnitLint.run(target, setup.settings, stock: stock)
      for finding in findings.diagnostics { _ = matched.covers(finding, name(finding)) }
      for entry in target.entries {
        matched.saw(name(entry.source), isAsked: target.asked?.contains(entry.source) ?? true)
      }
    }
    for rule in matched.unused where setup.settings.isReported(LintRunRules.unusedException.code) {
      report.add(
        Diagnostic(
          LintRunRules.unusedException, "nothing to leave out: \(rule.value) finds nothing in these files",
          at: rule.span, help: "take \(rule.value) out of ignore-in"))
    }
    return report
  }
}

/// Which exceptions let something through.
private final class Matches {
  private let exceptions: [LintConfiguration.Exception]
  private var used: [[Bool]]
  /// By exception: whether a file of its pattern was looked at, and whether one was not.
  private var seen: [Bool]
  private var missed: [Bool]

  init(_ exceptions: [LintConfiguration.Exception]) {
    self.exceptions = exceptions
    used = exceptions.map { $0.rules.map { _ in false } }
    seen = exceptions.map { _ in false }
    missed = seen
  }

  func covers(_ finding: Diagnostic, _ name: String?) -> Bool {
    guard let name else { return false }
    var isCovered = false
    for (index, exception) in exceptions.enumerated() {
      for (number, rule) in exception.rules.enumerated()
      where finding.code.description.hasPrefix(rule.value) && exception.pattern.matches(name) {
        used[index][number] = true
        isCovered = true
      }
    }
    return isCovered
  }

  func saw(_ name: String?, isAsked: Bool) {
    guard let name else { return }
    for index in exceptions.indices where exceptions[index].pattern.matches(name) {
      if isAsked { seen[index] = true } else { missed[index] = true }
    }
  }

  var unused: [Sourced<String>] {
    exceptions.indices.filter { seen[$0] && !missed[$0] }.flatMap { index in
      exceptions[index].rules.indices.filter { !used[index][$0] }.map { exceptions[index].rules[$0] }
    }
  }
}

/// What files are called in the baseline: relative to its folder, or absolute.
struct BaselineNames {
  private let setup: LintSetup
  private let registry: SourceRegistry

  init(_ setup: LintSetup, _ registry: SourceRegistry) {
    self.setup = setup
    self.registry = registry
  }

  subscript(source: SourceID) -> String { registry.path(of: source).map { name($0) } ?? "" }

  func name(_ path: String) -> String {
    let absolute = setup.place.absolute(path)
    return WorkingFolder.relative(absolute, to: setup.baselineFolder) ?? absolute
  }
}

extension LintRun {
  /// What a run looked at.
  struct Scope {
    /// The files asked about.
    var sources: Set<SourceID> = []
    /// The folders asked about, absolute: files that are gone from them were looked for.
    var folders: [String] = []
    /// Whether units of nodes were linted, whose findings stand in profiles.
    var isOfNodes = false
  }

  /// What of a report the baseline does not know, and what of the baseline is not found any more.
  func unknown(_ report: Report, _ baseline: Baseline, asked scope: Scope) -> Report {
    let names = BaselineNames(setup, registry)
    let files = Set(scope.sources.map { names[$0] })
    let folders = scope.folders.map { names.name($0) }
    let all = scope.isOfNodes ? Set(registry.paths.map { names.name($0) }) : []
    return baseline.applied(to: report, sources: Session.sources(registry), name: { names[$0] }) {
      file, code in
      guard setup.settings.isReported(code) else { return false }
      return files.contains(file) || all.contains(file)
        || folders.contains { $0.isEmpty || file.hasPrefix($0 + "/") }
    }
  }
}
