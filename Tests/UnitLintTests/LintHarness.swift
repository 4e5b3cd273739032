import Diagnostics
import SystemdUnits
import UnitGraphs

@testable import UnitLint

/// Units written in one text: a line `# NAME`, NAME being a file of a unit folder, starts a file.
enum LintHarness {
  static func entries(_ text: String) -> [UnitFolderEntry] {
    var files: [(path: String, lines: [Substring])] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("# "), let path = path(line.dropFirst(2)) {
        files.append((path, []))
      } else if files.isEmpty {
        files.append(("example.service", [line]))
      } else {
        files[files.count - 1].lines.append(line)
      }
    }
    return files.enumerated().map { index, file in
      let text = file.lines.joined(separator: "\n")
      return UnitFolderEntry(
        path: file.path,
        content: .file(Array((text.isEmpty || text.hasSuffix("\n") ? text : text + "\n").utf8)),
        source: SourceID(index: UInt32(index)))
    }
  }

  private static func path(_ text: Substring) -> String? {
    let name = String(text)
    if UnitName(name) != nil { return name }
    let parts = name.split(separator: "/")
    return parts.count == 2 && parts[0].hasSuffix(".d") && parts[1].hasSuffix(".conf") ? name : nil
  }

  static var settings: LintSettings {
    var settings = LintSettings()
    settings.files.environmentFiles["/etc/app/known.env"] = Array("PORT=1\nHOST='a b'\n".utf8)
    settings.files.isComplete = true
    return settings
  }

  static func lint(_ text: String, _ settings: LintSettings = settings) -> [Diagnostic] {
    UnitLint.run(LintTarget(entries(text)), settings).sorted
  }

  static func codes(_ text: String) -> [String] { lint(text).map(\.code.description) }

  /// The text after the edits of a fix in its first file.
  static func apply(_ fix: Fix, to bytes: [UInt8]) -> String {
    var result = bytes
    for edit in fix.edits.sorted(by: { $0.span.start > $1.span.start }) {
      result.replaceSubrange(Int(edit.span.start)..<Int(edit.span.end), with: edit.text.utf8)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
