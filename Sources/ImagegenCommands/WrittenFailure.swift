internal import CommandLineKit
internal import JSONText

/// A failure of a command as it is told: to people on stderr, to programs as the one document that
/// `--format json` promises whatever happens.
struct WrittenFailure {
  let command: String
  let message: String
  let help: String?

  init(command: String, message: String, help: String?) {
    self.command = command
    self.message = message
    self.help = help
  }

  /// A command line that does not fit the table, where its words ask for JSON all the same.
  init?(_ text: String, _ words: [String]) {
    let isJSON =
      words.contains("--format=json")
      || zip(words, words.dropFirst()).contains { $0 == "--format" && $1 == "json" }
    let verbs = ToolTable.tool.commands.map(\.name)
    guard isJSON, let verb = words.first(where: verbs.contains) else { return nil }
    let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
    let caller = "imagegen \(verb): "
    let first = lines.first ?? ""
    let hints = lines.dropFirst().map { $0.hasPrefix("help: ") ? $0.dropFirst(6) : $0 }
    self.init(
      command: verb, message: String(first.hasPrefix(caller) ? first.dropFirst(caller.count) : first),
      help: hints.isEmpty ? nil : hints.joined(separator: "; "))
  }

  var text: String { "imagegen: \(message)\n" + (help.map { "  help: \($0)\n" } ?? "") }

  func print() {
    let diagnostic = JSONValue.object([
      "severity": .string("error"), "message": .string(message), "help": help.map { .string($0) },
    ])
    let document = JSONValue.object([
      "version": .integer(1), "command": .string(command), "diagnostics": .array([diagnostic]),
      "summary": .object(["error": .integer(1), "warning": .integer(0), "note": .integer(0)]),
    ])
    Console.print(document.pretty)
  }
}
