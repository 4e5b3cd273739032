internal import CommandLineKit
internal import Diagnostics
internal import HostFiles

/// How a command ended.
enum ExitStatus: Int32 {
  case done = 0
  case findings = 1
  case usage = 2
  case environment = 3
}

/// The program's inside: from words to an exit status.
public enum Tool {
  /// Runs a command line, without the program's name, and returns the exit status. It stays where it is called,
  /// but for a command that waits.
  public nonisolated(nonsending) static func run(_ words: [String]) async -> Int32 {
    switch ToolTable.tool.parse(words) {
    case .help(let text), .version(let text):
      return Console.print(text) ? ExitStatus.done.rawValue : ExitStatus.environment.rawValue
    case .failure(let message):
      if let failure = WrittenFailure(message, words) { failure.print() } else { Console.say(message) }
      return ExitStatus.usage.rawValue
    case .run(let arguments):
      do throws(CommandFailure) {
        return try await Self.run(arguments).rawValue
      } catch {
        let failure = WrittenFailure(command: arguments.verb, message: error.message, help: error.help)
        if arguments.value("format") == "json" { failure.print() } else { Console.say(failure.text) }
        return error.status.rawValue
      }
    }
  }

  private nonisolated(nonsending) static func run(
    _ arguments: ParsedArguments
  ) async throws(CommandFailure) -> ExitStatus {
    let session = try Session(arguments)
    switch arguments.verb {
    case "init": return try InitCommand.run(session)
    case "check": return try CheckCommand.run(session)
    case "build": return try await BuildCommand.run(session)
    case "diff": return try DiffCommand.run(session)
    case "lint": return try LintCommand.run(session)
    case "explain": return try ExplainCommand.run(session)
    case "graph": return try GraphCommand.run(session)
    case "simulate": return try SimulateCommand.run(session)
    case "secrets": return try SecretsCommand.run(session)
    case "publish": return try PublishCommand.run(session)
    case "schema": return SchemaCommand.run(session)
    case "completions": return CompletionsCommand.run(session)
    default: return ManCommand.run(session)
    }
  }
}

/// Why a command could not do its work, when it is not a finding about its input.
struct CommandFailure: Error {
  let status: ExitStatus
  let message: String
  let help: String?

  static func usage(_ message: String, help: String? = nil) -> CommandFailure {
    CommandFailure(status: .usage, message: message, help: help)
  }

  static func environment(_ error: HostError) -> CommandFailure {
    CommandFailure(status: .environment, message: error.message, help: nil)
  }
}

/// Data goes to stdout, talk to stderr.
enum Console {
  /// Writes data; `false` when nobody can read it.
  @discardableResult
  static func print(_ text: String) -> Bool { write(Array(text.utf8), to: .standardOutput) }

  @discardableResult
  static func print(_ bytes: [UInt8]) -> Bool { write(bytes, to: .standardOutput) }

  /// Writes talk; where stderr is closed nobody wants to hear it.
  static func say(_ text: String) { _ = write(Array(text.utf8), to: .standardError) }

  private static func write(_ bytes: [UInt8], to stream: HostStream) -> Bool {
    do throws(HostError) {
      try HostStream.write(bytes, to: stream)
      return true
    } catch {
      return false
    }
  }
}
