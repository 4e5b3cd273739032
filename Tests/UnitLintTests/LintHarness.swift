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
    // A name that is none to systemd may be what a rule is about.
    if UnitName(name) != nil || FileNames.looksLikeUnit(name) {
      return File(path: name, layer: layer, target: target)
    }
    let parts = name.split(separator: "/")
    let isBelow = parts.count == 2 && [".d", ".wants", ".requires"].contains { parts[0].hasSuffix($0) }
    return isBelow || name.hasSuffix(".preset") ? File(path: name, layer: layer, target: target) : nil
  }

  static var settings: LintSettings {
    var settings = LintSettings()
    settings.files = files
    return settings
  }

  /// A host with a few files below /opt/known.
  private static var files: KnownFiles {
    var files = KnownFiles()
    let texts = [
      "known": "PORT=1\nHOST='a b'\n# it's a comment\n", "export": "export PORT=1\n",
      "comment": "PORT=1 # ours\n",
      "expansion": "DIR=$HOME/x\n", "secret": "CLUSTER_PASS=abc\n",
    ]
    for (name, text) in texts {
      files.environmentFiles["/etc/app/\(name).env"] = Array(text.utf8)
      files.paths["/etc/app/\(name).env"] = .found(KnownFile(.file, mode: name == "secret" ? 0o644 : 0o600))
    }
    files.isComplete = true
    func program(_ name: String, mode: UInt16 = 0o755, _ head: String = "\u{7f}ELF", in folder: String? = nil)
    {
      files.paths["/opt/known/" + name] = .found(
        KnownFile(.file, mode: mode, head: Array(head.utf8), exposedFolder: folder))
    }
    program("server")
    program("plain.txt", mode: 0o644)
    program("open-to-all", mode: 0o777)
    program("script.sh", "#!/opt/known/server -x\n")
    program("lonely.sh", "#! /opt/known/missing\n")
    program("shared/x", in: "/opt/known/shared")
    files.paths["/opt/known/data"] = .found(KnownFile(.directory, mode: 0o755))
    files.paths["/opt/known/missing"] = .missing
    files.paths["/var/lib/made"] = .missing
    files.paths["/run/app"] = .missing
    for folder in ProgramPlaces.folders { files.paths[folder + "/known-tool"] = .missing }
    files.paths["/usr/bin/known-tool"] = .found(KnownFile(.file, mode: 0o755))
    files.created = ["/run/known"]
    files.accounts = KnownAccounts()
    files.accounts?.add(
      database: Array("root:x:0:0::/root:/bin/sh\nknown:x:7:7::/:/bin/sh\n".utf8), isGroup: false)
    files.accounts?.add(database: Array("known:x:7:\ndocker:x:8:\n".utf8), isGroup: true)
    files.accounts?.add(
      sysusers: Array("u app - \"the app\"\nu a -\nu b -\ng video -\nm a audio\nu nobody -\n".utf8))
    return files
  }

  /// The same, with what a rule must be asked for.
  static func settings(for code: Code) -> LintSettings {
    var settings = settings
    settings.reportsHardening = code.description == "SE013"
    return settings
  }

  static func lint(_ text: String, _ settings: LintSettings = settings) -> [Diagnostic] {
    var settings = settings
    let entries = entries(text)
    for entry in entries where entry.path == "open.service" {
      settings.files.unitFiles[entry.source] = KnownFile(.file, mode: 0o666)
    }
    return UnitLint.run(LintTarget(entries), settings).sorted
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
