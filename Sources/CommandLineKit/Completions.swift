/// Shells that completions can be made for.
public enum CompletionShell: String, CaseIterable, Sendable {
  /// GNU bash.
  case bash
  /// The Z shell.
  case zsh
  /// The friendly interactive shell.
  case fish
}

extension ToolSpec {
  /// The completion script for a shell, made from the table.
  public func completions(for shell: CompletionShell) -> String {
    switch shell {
    case .bash: BashCompletion(tool: self).text
    case .zsh: ZshCompletion(tool: self).text
    case .fish: FishCompletion(tool: self).text
    }
  }
}

/// How a shell completes a value or an operand.
enum CompletionKind: Equatable {
  case words([String])
  case files
  case folders
  case nothing

  init(placeholder: String?, choices: [String]) {
    switch placeholder {
    case _ where !choices.isEmpty: self = .words(choices)
    case "DIR": self = .folders
    case "FILE", "PATH": self = .files
    default: self = .nothing
    }
  }
}

extension OptionSpec {
  var completion: CompletionKind { CompletionKind(placeholder: placeholder, choices: choices) }

  /// `--format` and, where there is one, `-f`.
  var spellings: [String] { ["--\(long)"] + (short.map { ["-\($0)"] } ?? []) }
}

extension OperandSpec {
  var completion: CompletionKind { CompletionKind(placeholder: name, choices: choices) }
}

/// Text as one word of a shell, in single quotes.
enum ShellWord {
  /// POSIX shells: nothing is special within single quotes but the quote itself.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// fish knows `\'` and `\\` within single quotes.
  static func fishQuoted(_ text: String) -> String {
    "'" + text.reduce(into: "") { $0 += ($1 == "'" || $1 == "\\") ? "\\\($1)" : String($1) } + "'"
  }
}
