import Diagnostics
import SystemdUnits
import UnitGraphs

@testable import UnitLint

/// Units written in one text: a line `# NAME`, NAME being a file of a unit folder, starts a file, a line
/// `# NAME -> TARGET` is a link. Below `/etc/systemd/system` and `/usr/lib/systemd/system` the first counts.
enum LintHarness {
  private struct File {
    let path: String
    let layer: Int
    let target: String?
    var lines: [Substring] = []
  }

  static func entries(_ text: String) -> [UnitFolderEntry] {
    var files: [File] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("# "), let file = file(line.dropFirst(2)) {
        files.append(file)
      } else if files.isEmpty {
        files.append(File(path: "example.service", layer: 0, target: nil, lines: [line]))
      } else {
        files[files.count - 1].lines.append(line)
      }
    }
    return files.enumerated().map { index, file in
      let text = file.lines.joined(separator: "\n")
      let bytes = Array((text.isEmpty || text.hasSuffix("\n") ? text : text + "\n").utf8)
      return UnitFolderEntry(
        path: file.path, content: file.target.map { .link(target: $0) } ?? .file(bytes),
        source: SourceID(index: UInt32(index)), layer: file.layer)
    }
  }

  private static func file(_ text: Substring) -> File? {
    var words = text.split(separator: " ").map(String.init)
    var target: String?
    if words.count == 3, words[1] == "->" {
      target = words[2]
      words = [words[0]]
    }
    guard words.count == 1 else { return nil }
    var (name, layer) = (words[0], 0)
    for (number, folder) in ["/etc/systemd/system/", "/usr/lib/systemd/system/"].enumerated()
    where name.hasPrefix(folder) {
      (name, layer) = (String(name.dropFirst(folder.utf8.count)), number)
    }
    if UnitName(name) != nil { return File(path: name, layer: layer, target: target) }
    let parts = name.split(separator: "/")
    let isBelow = parts.count == 2 && [".d", ".wants", ".requires"].contains { parts[0].hasSuffix($0) }
    return isBelow || name.hasSuffix(".preset") ? File(path: name, layer: layer, target: target) : nil
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
