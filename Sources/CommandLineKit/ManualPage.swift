extension ToolSpec {
  /// The manual page in section 1, as man(7) source. It bears no date, so that the same table gives the
  /// same bytes.
  public var manualPage: String {
    var page = ManualWriter()
    page.macro("TH", [name.uppercased(), "1", "", "\(name) \(version)"])
    page.macro("SH", ["NAME"])
    page.text("\(name) - \(summary)", isName: true)
    page.macro("SH", ["SYNOPSIS"])
    page.raw(".B \(ManualWriter.escaped(name))")
    page.text("COMMAND [OPTION]... [OPERAND]...")
    page.macro("SH", ["COMMANDS"])
    for command in commands { page.add(command, of: self) }
    page.macro("SH", ["COMMON OPTIONS"])
    (common + Self.standardOptions).forEach { page.add($0) }
    if !exitStatus.isEmpty {
      page.macro("SH", ["EXIT STATUS"])
      for entry in exitStatus { page.item("\(entry.status)", entry.meaning) }
    }
    return page.source
  }
}

/// Writes man(7) source: nothing of the text is taken for a request or an escape.
private struct ManualWriter {
  private(set) var source = ""

  mutating func raw(_ line: String) { source += line + "\n" }

  mutating func macro(_ name: String, _ arguments: [String]) {
    raw(".\(name) " + arguments.map { "\"\(Self.escaped($0))\"" }.joined(separator: " "))
  }

  /// Paragraphs, separated by an empty line; lines that start with two spaces are kept as they are.
  mutating func text(_ text: String, isName: Bool = false) {
    var isKept = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("  ") != isKept, !line.isEmpty {
        isKept.toggle()
        raw(isKept ? ".nf" : ".fi")
      }
      // In NAME the dash that parts name and summary must stay a plain one for whatis(1).
      raw(line.isEmpty ? ".PP" : isName ? String(line) : Self.line(String(line)))
    }
    if isKept { raw(".fi") }
  }

  mutating func item(_ term: String, _ text: String) {
    raw(".TP")
    raw("\\fB\(Self.escaped(term))\\fR")
    self.text(text)
  }

  mutating func add(_ option: OptionSpec) { item(HelpText.term(of: option), HelpText.help(of: option)) }

  mutating func add(_ command: CommandSpec, of tool: ToolSpec) {
    macro("SS", [HelpText.usage(of: command, in: tool)])
    text(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".")
    if !command.discussion.isEmpty {
      raw(".PP")
      text(command.discussion)
    }
    for operand in command.operands { item(operand.name, HelpText.help(of: operand)) }
    for option in command.options { add(option) }
    for example in command.examples {
      raw(".PP")
      text(example.what.prefix(1).uppercased() + example.what.dropFirst() + ":")
      raw(".PP")
      raw(".RS 4")
      raw("\\fB\(Self.escaped(example.command))\\fR")
      raw(".RE")
    }
  }

  private static func line(_ text: String) -> String {
    let text = escaped(text)
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }

  /// Backslash, quotes and what typesetting would change: dashes, backquotes, carets and tildes.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\"": result += "\\(dq"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "\u{80}"...: result += "\\[u" + hexadecimal(scalar.value) + "]"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
