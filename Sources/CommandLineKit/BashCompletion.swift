/// A script for bash, without the bash-completion package.
struct BashCompletion {
  let tool: ToolSpec

  private var function: String { "_" + tool.name.map { $0 == "-" ? "_" : String($0) }.joined() }

  var text: String {
    let valued = (tool.common + ToolSpec.standardOptions).filter { $0.placeholder != nil }.flatMap(
      \.spellings)
    let skip = valued.isEmpty ? [] : ["      \(valued.joined(separator: "|"))) ((i++)) ;;"]
    let lines =
      [
        "# bash completion for \(tool.name)",
        "\(function)() {",
        "  local cur=${COMP_WORDS[COMP_CWORD]} prev= verb= i",
        "  ((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD-1]}",
        "  COMPREPLY=()",
        "  # bash splits --option=value at the sign",
        "  if [[ $cur == = ]]; then cur=",
        "  elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi",
        "  for ((i = 1; i < COMP_CWORD; i++)); do",
        "    case ${COMP_WORDS[i]} in",
      ] + skip + [
        "      -*|=) ;;",
        "      *) verb=${COMP_WORDS[i]}; break ;;",
        "    esac",
        "  done",
        "  case $verb in",
      ] + tool.commands.flatMap(branch) + [
        "  *)"
      ] + values(of: tool.options(of: nil)) + [
        "    if [[ $cur == -* ]]; then",
        "      \(reply(words: tool.options(of: nil).flatMap(\.spellings)))",
        "    elif [[ -z $verb ]]; then",
        "      \(reply(words: tool.commands.map(\.name)))",
        "    fi",
        "    ;;",
        "  esac",
        "}",
        "complete -F \(function) \(tool.name)",
      ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func branch(of command: CommandSpec) -> [String] {
    let options = tool.options(of: command)
    var lines = ["  \(command.name))"] + values(of: options)
    lines += [
      "    if [[ $cur == -* ]]; then",
      "      \(reply(words: options.flatMap(\.spellings)))",
    ]
    if let operand = command.operands.first.flatMap({ reply($0.completion) }) {
      lines += ["    else", "      \(operand)"]
    }
    return lines + ["    fi", "    ;;"]
  }

  /// Completion of the word behind an option that takes a value.
  private func values(of options: [OptionSpec]) -> [String] {
    let branches = options.filter { $0.placeholder != nil }.map { option in
      "    \(option.spellings.joined(separator: "|"))) \(reply(option.completion).map { $0 + "; " } ?? "")return ;;"
    }
    return branches.isEmpty ? [] : ["    case $prev in"] + branches + ["    esac"]
  }

  private func reply(_ kind: CompletionKind) -> String? {
    switch kind {
    case .words(let words): reply(words: words)
    case .files: "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")"
    case .folders: "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")"
    case .nothing: nil
    }
  }

  private func reply(words: [String]) -> String {
    "mapfile -t COMPREPLY < <(compgen -W \(ShellWord.quoted(words.joined(separator: " "))) -- \"$cur\")"
  }
}
