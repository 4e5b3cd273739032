internal import CommandLineKit
internal import DiagnosticRendering
internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import JSONText
internal import Pipeline

/// One run of a command: its options, the fleets it works on and what was found in them.
struct Session {
  let arguments: ParsedArguments
  let format: OutputFormat
  let jobs: Int
  private let color: Bool

  init(_ arguments: ParsedArguments) throws(CommandFailure) {
    self.arguments = arguments
    format = OutputFormat(rawValue: arguments.value("format") ?? "text") ?? .text
    if let word = arguments.value("format"), !["text", "json"].contains(word) {
      let verbs =
        OutputFormat(rawValue: word) != nil ? ["lint"] : word == "svg" ? ["graph", "simulate"] : ["graph"]
      guard verbs.contains(arguments.verb) else {
        throw .usage(
          "--format \(word) is for \(verbs.joined(separator: " and "))",
          help: "text and json are for every command")
      }
    }
    if let text = arguments.value("jobs") {
      guard let number = Int(text), (1...1024).contains(number) else {
        throw .usage("--jobs needs a number from 1 to 1024, not \(text)")
      }
      jobs = number
    } else {
      jobs = HostMachine.processors
    }
    let stream: HostStream = format == .text ? .standardError : .standardOutput
    color =
      switch arguments.value("color") {
      case "always": true
      case "never": false
      default: HostTerminal.isTerminal(stream) && (HostEnvironment.value("NO_COLOR") ?? "").isEmpty
      }
  }

  var profiles: String { trimmed(arguments.value("profiles") ?? "profiles") }
  var out: String { trimmed(arguments.value("out") ?? "out") }
  var secrets: String { trimmed(arguments.value("secrets") ?? "secrets") }
  var isQuiet: Bool { arguments.flag("quiet") }

  private func trimmed(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// The texts of a run: those that are known, and the rest read again by whoever needs them.
  static func sources(_ registry: SourceRegistry, known: [SourceID: [UInt8]] = [:]) -> SourceMap {
    SourceMap(registry: registry, known: known, read: SourceFile.bytes)
  }

  /// Writes findings where they belong: text to stderr, everything else to stdout.
  /// `members` are added to the JSON document.
  func show(
    _ report: Report, sources: SourceRegistry, known: [SourceID: [UInt8]] = [:],
    summary: [(String, Int)] = [], members: [JSONValue.Member] = []
  ) {
    let map = Self.sources(sources, known: known)
    let text = DiagnosticRenderer.render(
      report, command: arguments.verb, format: format, sources: map, color: color, rules: RuleCatalogue.all,
      summary: summary, members: members)
    if format == .text { Console.say(text) } else { Console.print(text) }
  }

  /// Tells a person what is going on, unless they asked for quiet or a machine listens.
  func tell(_ text: String) {
    if !isQuiet, format == .text { Console.say(text + "\n") }
  }
}
