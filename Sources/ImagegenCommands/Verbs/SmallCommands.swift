internal import CommandLineKit
internal import DiagnosticRendering
internal import Diagnostics
internal import JSONText
internal import Profiles

/// `imagegen schema`.
enum SchemaCommand {
  static func run(_ session: Session) -> ExitStatus {
    Console.print(JSONSchema.document.pretty) ? .done : .environment
  }
}

/// `imagegen completions SHELL`.
enum CompletionsCommand {
  static func run(_ session: Session) -> ExitStatus {
    guard let shell = session.arguments.operands.first.flatMap(CompletionShell.init(rawValue:)) else {
      return .usage
    }
    return Console.print(ToolTable.tool.completions(for: shell)) ? .done : .environment
  }
}

/// `imagegen man`.
enum ManCommand {
  static func run(_ session: Session) -> ExitStatus {
    Console.print(ToolTable.tool.manualPage) ? .done : .environment
  }
}

/// `imagegen explain CODE`.
enum ExplainCommand {
  static func run(_ session: Session) throws(CommandFailure) -> ExitStatus {
    var pages: [String] = []
    var values: [JSONValue] = []
    for word in session.arguments.operands {
      guard let rule = RuleCatalogue.rule(word) else {
        let known = RuleCatalogue.all.map(\.code.description) + RuleCatalogue.all.map(\.name)
        let nearest = Suggestion.nearest(to: word, in: known)
        throw .usage("there is no rule \(word)", help: nearest.map { "did you mean \($0)?" })
      }
      pages.append(page(rule))
      values.append(json(rule))
    }
    let document = JSONValue.object([
      "version": .integer(1), "command": .string("explain"), "rules": .array(values),
    ])
    let isWritten =
      session.format == .json ? Console.print(document.pretty) : Console.print(pages.joined(separator: "\n"))
    return isWritten ? .done : .environment
  }

  private static func page(_ rule: Rule) -> String {
    var sections = [
      ("What it finds", rule.finds), ("Why it matters", rule.why), ("Example", indented(rule.example)),
      ("Use instead", indented(rule.instead)),
    ]
    if !rule.ignoreWhen.isEmpty { sections.append(("When to ignore it", rule.ignoreWhen)) }
    let title = "\(rule.code) \(rule.name) (\(rule.severity.rawValue))\n"
    return title + sections.map { "\n\($0)\n\($1)\n" }.joined()
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }.joined(separator: "\n")
  }

  private static func json(_ rule: Rule) -> JSONValue {
    .object([
      "code": .string(rule.code.description), "name": .string(rule.name),
      "severity": .string(rule.severity.rawValue),
      "finds": .string(rule.finds), "why": .string(rule.why), "example": .string(rule.example),
      "instead": .string(rule.instead),
      "ignoreWhen": rule.ignoreWhen.isEmpty ? nil : .string(rule.ignoreWhen),
    ])
  }
}
