/// Help as a terminal shows it: 80 columns, headings in bold where colour is allowed.
struct HelpText {
  private static let width = 80
  private static let column = 26

  let tool: ToolSpec
  let isColored: Bool

  /// `--help` without a command.
  var text: String {
    var lines = ["\(tool.name): \(tool.summary)", ""]
    lines += section("Usage", ["  \(tool.name) COMMAND [OPTION]... [OPERAND]..."])
    lines += section("Commands", tool.commands.flatMap { row("  \($0.name)", $0.summary) })
    lines += section("Options", rows(of: tool.common + ToolSpec.standardOptions))
    lines += section("Exit status", exitStatus)
    lines.append("`\(tool.name) COMMAND --help` says what a command does, with examples.")
    return lines.joined(separator: "\n") + "\n"
  }

  /// What is said when nothing was asked for: where to start.
  var brief: String {
    var lines = ["\(tool.name): \(tool.summary)", ""]
    lines += section("Usage", ["  \(tool.name) COMMAND [OPTION]... [OPERAND]..."])
    let examples = tool.commands.prefix(3).compactMap(\.examples.first).flatMap(Self.lines)
    lines += section("Examples", examples)
    lines.append("`\(tool.name) --help` lists the commands.")
    return lines.joined(separator: "\n") + "\n"
  }

  /// `--help` of a command.
  func text(of command: CommandSpec) -> String {
    var lines = ["\(tool.name) \(command.name): \(command.summary)", ""]
    lines += section("Usage", ["  \(Self.usage(of: command, in: tool))"])
    let discussion = WrappedText.lines(of: command.discussion, width: Self.width)
    lines += discussion.isEmpty ? [] : discussion + [""]
    lines += section("Operands", command.operands.flatMap { row("  \($0.name)", Self.help(of: $0)) })
    lines += section("Options", rows(of: command.options))
    lines += section("Common options", rows(of: tool.common + ToolSpec.standardOptions))
    lines += section("Examples", command.examples.flatMap(Self.lines))
    lines += section("Exit status", exitStatus)
    return lines.dropLast().joined(separator: "\n") + "\n"
  }

  /// `imagegen build [OPTION]... NODE...`.
  static func usage(of command: CommandSpec, in tool: ToolSpec) -> String {
    let operands = command.usage ?? command.operands.map(\.usage).joined(separator: " ")
    return ["\(tool.name) \(command.name) [OPTION]...", operands].filter { !$0.isEmpty }.joined(
      separator: " ")
  }

  /// An option's names and value: `-h, --help`, `--jobs N`.
  static func term(of option: OptionSpec) -> String {
    let short = option.short.map { "-\($0), " } ?? ""
    return short + "--\(option.long)" + (option.placeholder.map { " \($0)" } ?? "")
  }

  /// An option's help with what else there is to say of it.
  static func help(of option: OptionSpec) -> String {
    var text = option.help
    if case .many = option.value { text += "; may be given several times" }
    if let standard = option.standard { text += " (default: \(standard))" }
    return text
  }

  static func help(of operand: OperandSpec) -> String {
    operand.choices.isEmpty ? operand.help : "\(operand.help): \(operand.choices.joined(separator: ", "))"
  }

  private var exitStatus: [String] {
    tool.exitStatus.flatMap { WrappedText.row("  \($0.status)", $0.meaning, column: 6, width: Self.width) }
  }

  private static func lines(of example: CommandSpec.Example) -> [String] {
    ["  \(example.command)"] + WrappedText.lines(of: example.what, width: width - 6).map { "      " + $0 }
  }

  /// A heading and its lines with an empty line behind; nothing when there are no lines.
  private func section(_ title: String, _ lines: [String]) -> [String] {
    guard !lines.isEmpty else { return [] }
    return [isColored ? "\u{1b}[1m\(title):\u{1b}[0m" : "\(title):"] + lines + [""]
  }

  private func rows(of options: [OptionSpec]) -> [String] {
    options.flatMap { option in
      row((option.short == nil ? "      " : "  ") + Self.term(of: option), Self.help(of: option))
    }
  }

  private func row(_ term: String, _ text: String) -> [String] {
    WrappedText.row(term, text, column: Self.column, width: Self.width)
  }
}
