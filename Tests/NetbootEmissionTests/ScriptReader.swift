/// A strict reader of the iPXE scripts that the tool writes: it knows only what Debian 12's iPXE
/// (1.0.0+git-20190125) was seen to do, and says what it would fetch and boot.
struct ScriptReader {
  struct Fault: Error, Equatable { let line: String }

  /// Commands of Debian 12's build that a script may use.
  static let commands: Set = [
    "echo", "set", "imgfree", "kernel", "initrd", "boot", "inc", "iseq", "goto", "sleep", "reboot",
  ]
  /// Settings that are there without being set.
  static let settings: Set = ["platform", "errno"]

  private(set) var labels: Set<String> = []
  private(set) var jumps: Set<String> = []
  private(set) var images: [String: String] = [:]
  private(set) var kernelWords: [String] = []
  private(set) var booted: String?
  private(set) var last = ""

  init(_ text: String) throws {
    guard text.hasSuffix("\n"), text.utf8.allSatisfy({ $0 == 10 || (32...126).contains($0) }) else {
      throw Fault(line: "text")
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    guard lines.removeFirst() == "#!ipxe" else { throw Fault(line: "first") }
    var known = Self.settings
    for line in lines {
      if line.hasPrefix(":") {
        guard labels.insert(String(line.dropFirst())).inserted else { throw Fault(line: String(line)) }
        continue
      }
      try read(line, known: &known)
    }
    guard jumps == labels, last == "reboot" else { throw Fault(line: "labels") }
  }

  private mutating func read(_ line: Substring, known: inout Set<String>) throws {
    let fault = Fault(line: String(line))
    var words = line.split(separator: " ").map(String.init)
    guard words.allSatisfy({ !$0.hasPrefix("#") }), let command = words.first,
      Self.commands.contains(command)
    else { throw fault }
    for piece in line.split(separator: "$").dropFirst() where piece.hasPrefix("{") {
      guard let end = piece.firstIndex(of: "}"), known.contains(String(piece[..<end].dropFirst())) else {
        throw fault
      }
    }
    last = command
    if let index = words.firstIndex(of: "||") {
      let escape = words[(index + 1)...]
      if escape.first == "goto", escape.count == 2 { jumps.insert(words[words.count - 1]) }
      words.removeSubrange(index...)
    } else if ["kernel", "initrd", "boot", "iseq"].contains(command) {
      throw fault  // unguarded: a failure would end the script
    }
    switch command {
    case "set":
      // Without its type a number is a text that `inc` refuses.
      guard words.count == 3, words[1].hasSuffix(":int32") else { throw fault }
      known.insert(String(words[1].dropLast(6)))
    case "goto": jumps.insert(words[1])
    case "iseq":
      guard words.count == 6, words[3] == "&&", words[4] == "goto" else { throw fault }
      jumps.insert(words[5])
    case "kernel", "initrd":
      guard words.count >= 4, words[1] == "--name", !words[3].contains(":"), !words[3].hasPrefix("/")
      else { throw fault }
      images[words[2]] = words[3]
      if command == "kernel" { kernelWords = Array(words[4...]) }
    case "boot": booted = words[1]
    default: break
    }
  }
}
