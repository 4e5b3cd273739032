import HostFiles
import SeededRandom

/// Asks the installed systemd how it reads unit files. `systemd --test` loads them with the real
/// loader and prints what it took them for; it refuses to run as root, so root drops its rights.
enum SystemdProbe {
  static let program = "/lib/systemd/systemd"

  /// Loads `units` and prints all of them, in the order of a start of `start`.
  static func load(_ units: [String: String], start: String) throws -> (output: String, errors: String) {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-units")
    defer { try? HostFile.removeTree(folder) }
    try HostFile.setMode(0o755, of: folder)
    for (name, text) in units {
      try HostFile.write(Array(text.utf8), to: folder + "/" + name, mode: 0o644)
    }
    let environment = [
      "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "SYSTEMD_UNIT_PATH": folder,
      "SYSTEMD_GENERATOR_PATH": "/nonexistent", "SYSTEMD_ENVIRONMENT_GENERATOR_PATH": "/nonexistent",
      "SYSTEMD_LOG_TARGET": "console", "SYSTEMD_LOG_COLOR": "0",
    ]
    let test = [program, "--test", "--system", "--no-pager", "--unit=" + start]
    let isRoot = try HostProgram.run(["id", "-u"]).output == Array("0\n".utf8)
    let drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    let result = try HostProgram.run((isRoot ? drop : []) + test, environment: environment)
    return (String(decoding: result.output, as: UTF8.self), String(decoding: result.errors, as: UTF8.self))
  }

  /// The words of a line in the dump, which quotes them as a shell would, with C escapes.
  static func words(_ line: Substring) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8]?
    var isQuoted = false
    var rest = line.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
        word = word ?? []
      } else if byte == UInt8(ascii: " "), !isQuoted {
        if let done = word { words.append(done) }
        word = nil
      } else if byte == UInt8(ascii: "\\") {
        word = (word ?? []) + escape(&rest)
      } else {
        word = (word ?? []) + [byte]
      }
    }
    if let done = word { words.append(done) }
    return words
  }

  private static func escape(_ rest: inout Substring.UTF8View.SubSequence) -> [UInt8] {
    guard let letter = rest.popFirst() else { return [] }
    let controls: [UInt8: UInt8] = [
      UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
      UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
    ]
    if let control = controls[letter] { return [control] }
    guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(letter) else { return [letter] }
    let digits = [letter] + Array(rest.prefix(2))
    rest = rest.dropFirst(2)
    return [UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1 - UInt8(ascii: "0")) })]
  }
}

extension SeededGenerator {
  /// A text of up to `length` characters that quoting has trouble with.
  mutating func text(length: Int, from alphabet: [Unicode.Scalar]) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...length, using: &self) {
      text.append(alphabet.randomElement(using: &self) ?? "x")
    }
    return String(text)
  }
}
