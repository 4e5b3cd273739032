internal import Diagnostics

/// What can be said of a script by reading it.
struct ScriptCheck {
  /// Commands of Debian 12's iPXE (1.0.0+git-20190125); later builds have more.
  static let commands: Set = [
    "autoboot", "boot", "chain", "choose", "clear", "config", "cpuid", "dhcp", "echo", "exit", "goto", "help",
    "ifclose",
    "ifconf", "iflinkwait", "ifopen", "ifstat", "imgargs", "imgexec", "imgfetch", "imgfree", "imgload",
    "imgselect",
    "imgstat", "inc", "initrd", "iseq", "isset", "item", "kernel", "login", "menu", "module", "prompt",
    "read", "reboot",
    "route", "sanboot", "sanhook", "sanunhook", "set", "shell", "show", "sleep", "sync",
  ]
  /// Commands that may fail, and end the script when nobody says what then.
  private static let fallible: Set = [
    "boot", "chain", "dhcp", "imgfetch", "initrd", "iseq", "isset", "kernel", "sanboot",
  ]
  /// Settings that are there without being set.
  private static let settings: Set = [
    "asset", "buildarch", "cwuri", "errno", "hostname", "ip", "mac", "manufacturer", "next-server",
    "platform", "product",
    "serial", "uuid",
  ]
  /// Arguments that the kernel hands to the first program because it does not know them: it has room for 32.
  private static let unknownLimit = 31
  /// Longest command line, and what UEFI's iPXE puts in front of it at most.
  private static let lineLimit = 2047

  let tree: PublishedTree
  let script: ChainScript
  private(set) var report = Report()
  private var known = Self.settings
  private var numbers: Set<String> = []
  private var loaded: Set<String> = []

  init(_ tree: PublishedTree, _ path: String, _ text: PublishedTree.Text) {
    self.tree = tree
    script = ChainScript(text, path: path)
    if !script.hasMagic, let first = script.lines.first {
      add(
        ChainRules.magic, "the first line is not #!ipxe", first.span, "iPXE would run this file as a program")
    }
    for line in script.lines where line.text.hasPrefix("set ") { remember(line) }
    let names = script.lines.flatMap(\.commands).filter { $0.words.first == "initrd" }.map(Self.name)
    for line in script.lines {
      if let comment = line.comment {
        add(
          ChainRules.comment, "'\(comment)' and all that follows is a comment", line.span,
          "write it without the #")
      }
      for index in line.commands.indices { check(line, index, names) }
      checkSettings(line)
    }
  }

  private mutating func add(_ rule: Rule, _ message: String, _ span: Span, _ help: String) {
    report.add(Diagnostic(rule, message, at: span, help: help))
  }

  private mutating func remember(_ line: ChainScript.Line) {
    guard let word = line.commands.first?.words.dropFirst().first else { return }
    let parts = word.split(separator: ":").map(String.init)
    known.insert(parts[0])
    if parts.count > 1 { numbers.insert(parts[0]) }
  }

  private mutating func check(_ line: ChainScript.Line, _ index: Int, _ initrds: [String]) {
    let words = line.commands[index].words
    guard let command = words.first else { return }
    guard Self.commands.contains(command) else {
      add(ChainRules.command, "'\(command)' is no command of Debian 12's iPXE", line.span, "leave it out")
      return
    }
    if Self.fallible.contains(command), !line.commands[(index + 1)...].contains(where: { $0.joint == "||" }) {
      add(
        ChainRules.unguarded, "'\(command)' may fail, and then the script ends", line.span,
        "say what then: || goto retry")
    }
    switch command {
    case "goto":
      if let label = words.dropFirst().first, script.labels[label] == nil {
        add(ChainRules.label, "there is no label \(label)", line.span, "write a line :\(label)")
      }
    case "inc":
      if let name = words.dropFirst().first, !numbers.contains(name) {
        add(ChainRules.number, "\(name) is a text, which inc refuses", line.span, "set \(name):int32 0")
      }
    case "exit":
      if words.count < 2 || words[1] == "0", isUEFIReached(line) {
        add(
          ChainRules.exit, "on UEFI exit 0 ends in the firmware's menu", line.span,
          "exit 1 goes on to the next entry")
      }
    case "kernel", "initrd", "chain", "imgfetch": checkFetch(line, words, initrds)
    default: break
    }
  }

  /// A line behind one that sends UEFI elsewhere is of BIOS alone.
  private func isUEFIReached(_ line: ChainScript.Line) -> Bool {
    for other in script.lines {
      if other.span == line.span { return true }
      if other.text.hasPrefix("iseq ${platform} efi && goto ") { return false }
    }
    return true
  }

  private mutating func checkFetch(_ line: ChainScript.Line, _ words: [String], _ initrds: [String]) {
    let isKernel = words[0] == "kernel"
    let rest =
      words[1...].starts(with: ["--name"])
      ? words.dropFirst(3) : words.dropFirst().drop { $0.hasPrefix("--") }
    guard let uri = rest.first else { return }
    let isFirst = script.path.contains("/tftp/")
    if uri.contains("://"), !(isFirst && uri.hasPrefix("http://${next-server}/")) {
      add(ChainRules.absolute, "\(uri) names a server", line.span, "write it relative to this script")
    }
    if uri.split(separator: ":").last.map({ $0.dropFirst(2).contains("//") }) == true
      || (!uri.contains("://") && uri.contains("//"))
    {
      add(
        ChainRules.slashes, "\(uri) has two slashes", line.span,
        "write one: servers redirect, firmware does not follow")
    }
    if !isFirst, uri.contains("current/") {
      add(ChainRules.mutable, "\(uri) may be of another generation by then", line.span, "name the generation")
    }
    if isKernel { checkKernel(line, Array(rest.dropFirst()), initrds) }
    if !uri.dropFirst(uri.hasPrefix("${s}") ? 4 : 0).contains("${") { checkTarget(line, uri) }
  }

  private mutating func checkTarget(_ line: ChainScript.Line, _ uri: String) {
    let shelf = script.lines.first { $0.text.hasPrefix("set s ") }?.text.dropFirst(6) ?? ""
    let whole = uri.hasPrefix("${s}") ? shelf + uri.dropFirst(4) : uri[...]
    guard let path = ChainAddress.path(String(whole), from: script.path) else { return }
    guard tree.size(of: path) != nil else {
      add(ChainRules.missing, "\(path) is not there", line.span, "publish again")
      return
    }
    if let blob = tree.blobs[tree.path(path)] {
      if !blob.isWhole {
        add(
          ChainRules.digest, "\(path) is not what its digest says", line.span,
          "publish again: it is written anew")
      } else if blob.size == 0 {
        add(ChainRules.empty, "\(path) is empty", line.span, "publish again with the file that was meant")
      }
    }
  }

  private mutating func checkKernel(_ line: ChainScript.Line, _ words: [String], _ initrds: [String]) {
    let named = words.filter { $0.hasPrefix("initrd=") }.map { String($0.dropFirst(7)) }
    for name in initrds where !named.contains(name) {
      add(
        ChainRules.initrd, "initrd=\(name) is not on the command line", line.span,
        "add it: with UEFI the kernel finds no other archive")
    }
    for name in named where !initrds.contains(name) {
      add(ChainRules.initrdLoaded, "no line loads \(name)", line.span, "load it, or leave initrd=\(name) out")
    }
    let size = words.joined(separator: " ").utf8.count + "kernel ".utf8.count
    if size > Self.lineLimit {
      add(
        ChainRules.length, "the command line has \(size) bytes; the kernel takes \(Self.lineLimit)",
        line.span,
        "shorten it by \(size - Self.lineLimit)")
    }
    let known = ["initrd=", "console=", "panic=", "init=", "root=", "imagegen."]
    let unknown = words.filter { word in
      word.contains("=") && !word.prefix { $0 != "=" }.contains(".") && !known.contains { word.hasPrefix($0) }
    }
    if unknown.count > Self.unknownLimit {
      add(
        ChainRules.arguments, "\(unknown.count) arguments that the kernel may not know", line.span,
        "it has room for \(Self.unknownLimit): put settings into a file of an archive")
    }
  }

  private mutating func checkSettings(_ line: ChainScript.Line) {
    for piece in line.text.split(separator: "$").dropFirst() where piece.hasPrefix("{") {
      guard let end = piece.firstIndex(of: "}") else { continue }
      let name = String(piece[..<end].dropFirst().prefix { $0 != ":" })
      let plain = name.split(separator: "/").last.map(String.init) ?? name
      if !known.contains(plain) {
        add(
          ChainRules.setting, "nobody sets ${\(name)}", line.span,
          "set it before, or write what it stands for")
      }
    }
  }

  private static func name(of command: ChainScript.Command) -> String {
    let words = command.words
    if words.count > 2, words[1] == "--name" { return words[2] }
    return words.dropFirst().first?.split(separator: "/").last.map(String.init) ?? ""
  }
}
