import DiagnosticRendering
import Diagnostics
import FleetModel
import HostFiles
import Pipeline
import Profiles
import YAMLSources

/// What libFuzzer calls with every input; it takes a trap, a hang or a broken promise for a finding.
///
/// Every input is read as YAML. One that starts with `#=== PATH` is a fleet: the text behind each
/// such line is a file of that name, and the whole way from files to resolved nodes is gone.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  FuzzedDocument.check(bytes)
  let files = FuzzedFleet.files(in: bytes)
  if !files.isEmpty { FuzzedFleet.check(files) }
  return 0
}

/// The promises of the YAML reader.
enum FuzzedDocument {
  static func check(_ bytes: [UInt8]) {
    let checked = YAMLDocument.parse(bytes, source: SourceID(index: 0))
    precondition(checked.value != nil || checked.report.hasErrors, "neither value nor finding")
    for finding in checked.report.diagnostics {
      precondition(finding.span.map { Int($0.end) <= bytes.count } ?? false, "finding outside the text")
    }
    if let value = checked.value { check(value, within: 0...UInt32(clamping: bytes.count)) }
    var registry = SourceRegistry()
    _ = registry.register("input.yaml")
    render(checked.report, SourceMap(registry: registry) { _ in bytes })
  }

  private static func check(_ node: YAMLNode, within range: ClosedRange<UInt32>) {
    precondition(range.contains(node.span.start) && range.contains(node.span.end), "value outside its parent")
    let inner = node.span.start...node.span.end
    switch node.content {
    case .scalar: break
    case .sequence(let items): for item in items { check(item, within: inner) }
    case .mapping(let entries):
      for entry in entries {
        precondition(inner.contains(entry.keySpan.start), "key outside its mapping")
        precondition(entry.keySpan.end <= entry.value.span.start, "value in front of its key")
        check(entry.value, within: inner)
      }
    }
  }

  /// Nothing but printable text may reach a terminal.
  static func render(_ report: Report, _ sources: SourceMap) {
    for format in OutputFormat.allCases {
      let text = DiagnosticRenderer.render(
        report, command: "check", format: format, sources: sources, color: false, rules: YAMLRules.all)
      guard format == .text else { continue }
      precondition(
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x0a }, "control character in output")
    }
  }
}

/// The way from profile files to resolved nodes.
enum FuzzedFleet {
  private static let mark = Array("#=== ".utf8)
  private static let mostFiles = 40

  /// The files of an input, by path; empty when it is none of a fleet.
  static func files(in bytes: [UInt8]) -> [(path: String, bytes: [UInt8])] {
    guard bytes.starts(with: mark) else { return [] }
    var files: [(path: String, bytes: [UInt8])] = []
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line.starts(with: mark), files.count < mostFiles {
        files.append((String(decoding: line.dropFirst(mark.count), as: UTF8.self), []))
      } else if !files.isEmpty {
        files[files.count - 1].bytes += line
        files[files.count - 1].bytes.append(UInt8(ascii: "\n"))
      }
    }
    return files.filter { isSafe($0.path) }
  }

  /// A fleet's own files and no others: fuzzing must not write elsewhere.
  private static func isSafe(_ path: String) -> Bool {
    guard path.hasSuffix(".yaml"), path.utf8.count < 100 else { return false }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      part.first != "."
        && part.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46 }
    }
    return isPlain
      && (path == "fleet.yaml" || parts.count == 2 && ["services", "roles", "nodes"].contains(parts[0]))
  }

  static func check(_ files: [(path: String, bytes: [UInt8])]) {
    do throws(HostError) {
      let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-fuzz")
      defer { try? HostFile.removeTree(folder) }
      for name in ["services", "roles", "nodes"] {
        try HostFile.makeDirectories(folder + "/" + name, mode: 0o755)
      }
      for file in files { try HostFile.write(file.bytes, to: folder + "/" + file.path, mode: 0o644) }
      check(folder: folder)
    } catch {
      preconditionFailure("the fuzzer's own files: \(error.message)")
    }
  }

  /// The whole way but for writing: what stops it must have been said.
  private static func check(folder: String) {
    var registry = SourceRegistry()
    let set = ProfileLoader.load(folder: folder, shownAs: "", registry: &registry)
    var report = set.report
    precondition(set.value != nil || report.hasErrors, "no profiles, and no finding")
    if let profiles = set.value {
      let fleet = FleetLoading.load(profiles)
      report.merge(fleet.report)
      precondition(fleet.value != nil || report.hasErrors, "no fleet, and no finding")
      if let context = fleet.value {
        let names = profiles.nodes.map(\.name)
        precondition(context.incomplete.isEmpty || report.hasErrors, "an incomplete node, and no finding")
        report.merge(FleetChecking.report(on: names, in: context))
        for name in names where !report.hasErrors {
          precondition(FleetLoading.node(name, in: context).value != nil, "no node, and no finding")
        }
      }
    }
    FuzzedDocument.render(
      report, SourceMap(registry: registry) { try? HostFile.read(folder + "/" + $0, limit: 1 << 20) })
  }
}
