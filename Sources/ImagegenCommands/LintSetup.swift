internal import CommandLineKit
internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import Profiles
internal import SystemdUnits
internal import UnitLint

/// What a run of the linter is to do: `.imagegen.yaml`, and the command line, which counts for more.
struct LintSetup {
  /// What the linter is told.
  private(set) var settings = LintSettings()
  /// The severity that fails the run.
  private(set) var failOn = Severity.error
  /// What is left out of some files, and where it says so.
  private(set) var exceptions: [LintConfiguration.Exception] = []
  /// The folder that the settings are about; `nil` without settings.
  private(set) var folder: String?
  /// The baseline's file, as it is opened.
  private(set) var baseline: String?
  /// What is wrong with the settings.
  private(set) var report = Report()
  let place: WorkingFolder

  /// Settings are small.
  private static let maximumBytes = 1 << 20

  /// Reads the command line and the settings of the folder that `paths` lie in.
  init(
    _ arguments: ParsedArguments, paths: [String], _ registry: inout SourceRegistry
  ) throws(CommandFailure) {
    place = WorkingFolder()
    if let file = try settingsFile(for: paths) { try take(file, &registry) }
    let selected = arguments.values("select")
    if !selected.isEmpty { settings.selected = selected }
    settings.ignored += arguments.values("ignore")
    settings.reportsHardening = arguments.flag("security")
    for word in selected + arguments.values("ignore") where !Self.isKnown(word) {
      throw .usage("\(word) is neither a rule nor a family", help: "families: " + Self.families)
    }
    if arguments.flag("fail-on"), let level = arguments.value("fail-on").flatMap(Severity.init(rawValue:)) {
      failOn = level
    }
    if let text = arguments.value("systemd-version") {
      guard let version = Int(text), LintConfiguration.versions.contains(version) else {
        throw .usage(
          "--systemd-version needs a version of systemd from 247 on, not \(text)",
          help: "the catalogue of directives starts with systemd 247")
      }
      settings.systemdVersion = version
    }
    if let path = arguments.value("baseline") { baseline = path }
  }

  /// The folder that files of the baseline are named from.
  var baselineFolder: String { WorkingFolder.parent(of: place.absolute(baseline ?? "baseline")) }

  /// Adds what is known of the host's files.
  mutating func know(_ files: KnownFiles) { settings.files = files }

  /// The nearest settings above every path. Two would be two runs.
  private func settingsFile(for paths: [String]) throws(CommandFailure) -> String? {
    var found: [String?] = []
    for path in paths {
      let file = try settingsFile(above: place.absolute(path))
      if !found.contains(file) { found.append(file) }
    }
    guard found.count > 1 else { return found.first ?? nil }
    let names = found.map { $0.map(place.shown) ?? "none" }
    throw .usage(
      "the paths have different settings: " + names.joined(separator: ", "), help: "lint them one by one")
  }

  /// Upwards, as far as the repository or the root of the file system.
  private func settingsFile(above path: String) throws(CommandFailure) -> String? {
    do throws(HostError) {
      var folder = path
      while true {
        let file = (folder == "/" ? "" : folder) + "/" + LintConfiguration.fileName
        if try HostFile.status(file) != nil { return file }
        if folder == "/" { return nil }
        if try HostFile.status(folder + "/.git") != nil { return nil }
        folder = WorkingFolder.parent(of: folder)
      }
    } catch {
      throw .environment(error)
    }
  }

  private mutating func take(_ file: String, _ registry: inout SourceRegistry) throws(CommandFailure) {
    let source = registry.register(place.shown(file))
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try HostFile.read(file, limit: Self.maximumBytes)
    } catch {
      throw .environment(error)
    }
    let read = LintConfiguration.parse(bytes, source: source)
    report.merge(read.report)
    folder = WorkingFolder.parent(of: file)
    guard let configuration = read.value else { return }
    settings.selected = known(configuration.selected)
    settings.ignored = known(configuration.ignored)
    exceptions = configuration.exceptions
    for exception in exceptions { _ = known(exception.rules) }
    if let version = configuration.systemdVersion { settings.systemdVersion = version }
    if let level = configuration.failOn.flatMap({ Severity(rawValue: $0.rawValue) }) { failOn = level }
    baseline = configuration.baseline.flatMap { name in folder.map { place.shown($0 + "/" + name) } }
  }

  /// The words that name rules or families; what the others were meant to be is asked.
  private mutating func known(_ words: [Sourced<String>]) -> [String] {
    for word in words where !Self.isKnown(word.value) {
      report.add(
        Diagnostic(
          LintRunRules.unknownRule, "\(word.value) is neither a rule nor a family", at: word.span,
          help: "families: " + Self.families))
    }
    return words.map(\.value)
  }

  private static func isKnown(_ word: String) -> Bool {
    RuleCatalogue.all.contains { $0.code.description == word || $0.code.family == word }
  }

  private static var families: String {
    Set(UnitLintRules.all.map(\.code.family)).sorted().joined(separator: ", ")
  }
}
