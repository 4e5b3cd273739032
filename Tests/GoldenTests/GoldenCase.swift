import DiagnosticRendering
import Diagnostics
import FleetModel
import HostFiles
import Pipeline
import Profiles
import Testing

/// A bad fleet: the files in which it differs from `Base`, and what `imagegen check` says of it.
struct GoldenCase: CustomTestStringConvertible, Sendable {
  /// What is wrong: the folder's name.
  let name: String

  var testDescription: String { name }

  private static let folder = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast().joined(separator: "/")
  }()

  /// Every folder below `Cases`. None, and a test that says so, when they cannot be listed.
  static let all: [GoldenCase] = {
    do {
      return try HostFile.list(folder + "/Cases").filter { $0.kind == .directory }.map {
        GoldenCase(name: $0.name)
      }
    } catch {
      return []
    }
  }()

  private var path: String { Self.folder + "/Cases/" + name }
  private var expectedPath: String { path + "/expected.txt" }

  /// What should be said; empty when nothing was recorded yet.
  func expected() throws -> String {
    guard try HostFile.status(expectedPath) != nil else { return "" }
    return String(decoding: try HostFile.read(expectedPath, limit: 1 << 20), as: UTF8.self)
  }

  func record(_ text: String) throws {
    try HostFile.write(Array(text.utf8), to: expectedPath, mode: 0o644)
  }

  /// What is said: the base with the case's files over it, checked in a folder of its own.
  func answer() throws -> FleetAnswer {
    let work = try HostFile.makeTemporaryDirectory(prefix: "imagegen-golden")
    defer { try? HostFile.removeTree(work) }
    try Self.copyBase(to: work)
    if try HostFile.status(path + "/profiles") != nil { try Self.copy(path + "/profiles", to: work) }
    return try FleetAnswer(folder: work)
  }

  /// The valid fleet that cases differ from.
  static func copyBase(to target: String) throws { try copy(folder + "/Base", to: target) }

  /// Lays a folder's files over another; `X.deleted` takes X away, `X.link` makes X a link to what it says.
  private static func copy(_ source: String, to target: String) throws {
    for entry in try HostFile.list(source) {
      let from = source + "/" + entry.name
      let to = target + "/" + entry.name
      if entry.name.hasSuffix(".deleted") {
        try HostFile.removeTree(String(to.dropLast(".deleted".utf8.count)))
        continue
      }
      if entry.name.hasSuffix(".link") {
        let name = String(to.dropLast(".link".utf8.count))
        let target = String(decoding: try HostFile.read(from, limit: 4096).dropLast(), as: UTF8.self)
        try HostFile.removeTree(name)
        try HostFile.link(name, to: target)
        continue
      }
      switch entry.kind {
      case .directory:
        try HostFile.makeDirectories(to, mode: 0o755)
        try copy(from, to: to)
      case .file, .link, .other: try HostFile.write(HostFile.read(from, limit: 2 << 20), to: to, mode: 0o644)
      }
    }
  }
}

/// What `imagegen check` says of a fleet's folder, its files named from that folder on.
struct FleetAnswer {
  /// In text form.
  let text: String
  /// The codes of all findings.
  let codes: Set<Code>

  init(folder: String) throws {
    var registry = SourceRegistry()
    let profiles = ProfileLoader.load(folder: folder, shownAs: "", registry: &registry)
    var report = profiles.report
    if let set = profiles.value {
      let loaded = FleetLoading.load(set)
      report.merge(loaded.report)
      if let context = loaded.value {
        report.merge(FleetChecking.report(on: set.nodes.map(\.name), in: context))
      }
    }
    let sources = SourceMap(registry: registry) { shown in
      do throws(HostError) { return try HostFile.read(folder + "/" + shown, limit: 2 << 20) } catch {
        return nil
      }
    }
    text = DiagnosticRenderer.render(
      report, command: "check", format: .text, sources: sources, color: false, rules: [])
    codes = Set(report.diagnostics.map(\.code))
  }
}
