import CommandLineKit
import SeededRandom
import Testing

@Suite struct ParserTests {
  private func run(_ words: String...) throws -> ParsedArguments {
    guard case .run(let arguments) = sample.parse(words) else {
      Issue.record("not run: \(sample.parse(words))")
      throw Unexpected()
    }
    return arguments
  }

  private struct Unexpected: Error {}

  @Test func `options and operands come in any order`() throws {
    let arguments = try run(
      "-q", "--format", "json", "bake", "rye", "-o", "big", "--skip=a", "spelt", "--skip", "b", "-")
    #expect(arguments.verb == "bake")
    #expect(arguments.operands == ["rye", "spelt", "-"])
    #expect(arguments.flag("quiet"))
    #expect(!arguments.flag("all"))
    #expect(arguments.value("oven") == "big")
    #expect(arguments.value("format") == "json")
    #expect(arguments.values("skip") == ["a", "b"])
  }

  @Test func `defaults, last values and unknown names`() throws {
    let arguments = try run("bake", "--format=json", "--format=text", "--oven=", "-aq")
    #expect(arguments.value("format") == "text")
    #expect(arguments.value("oven") == "")
    #expect(arguments.flag("all") && arguments.flag("quiet"))
    #expect(try run("bake").value("oven") == "oven")
    #expect(try run("bake").values("oven") == ["oven"])
    #expect(try !run("bake").flag("oven"))
    #expect(try run("bake").values("skip") == [])
    #expect(arguments.value("nothing") == nil)
  }

  @Test func `two dashes end the options, and values may look like options`() throws {
    #expect(try run("bake", "a", "--", "-x", "--all", "--").operands == ["a", "-x", "--all", "--"])
    #expect(try run("bake", "-o-a", "--skip", "--all").values("skip") == ["--all"])
    #expect(try run("bake", "-oé", "ü").value("oven") == "é")
    #expect(try run("--", "bake").verb == "bake")
    #expect(try run("bake", "", "x").operands == ["", "x"])
  }

  static let failures: [(words: [String], text: String)] = [
    (
      ["bkae"],
      "baker: no command `bkae`\n  help: did you mean `baker bake`?\n  help: `baker --help` says more\n"
    ),
    (["xyzzy"], "baker: no command `xyzzy`\n  help: `baker --help` says more\n"),
    (["ba"], "baker: no command `ba`\n  help: `baker --help` says more\n"),
    (
      ["help", "batte"],
      "baker: no command `batte`\n  help: did you mean `baker batter`?\n  help: `baker --help` says more\n"
    ),
    (
      ["bake", "--ovne", "x"],
      "baker bake: no option `--ovne`\n  help: did you mean `--oven`?\n  help: `baker bake --help` says more\n"
    ),
    (
      ["bake", "--ove=x"],
      "baker bake: option `--ove` is abbreviated\n  help: write `--oven`\n  help: `baker bake --help` says more\n"
    ),
    (
      ["bake", "--ove"],
      "baker bake: option `--ove` is abbreviated\n  help: write `--oven`\n  help: `baker bake --help` says more\n"
    ),
    (
      ["bake", "--al=x"],
      "baker bake: option `--al` is abbreviated\n  help: write `--all`\n  help: `baker bake --help` says more\n"
    ),
    (["bake", "--"], ""),
    (["bake", "-zq"], "baker bake: no option `-z`\n  help: `baker bake --help` says more\n"),
    (["bake", "-qé"], "baker bake: no option `-qé`\n  help: `baker bake --help` says more\n"),
    (
      ["bake", "--all=yes"],
      "baker bake: option `--all` takes no value\n  help: `baker bake --help` says more\n"
    ),
    (
      ["bake", "x", "--oven"],
      "baker bake: option `--oven` needs a value\n  help: write `--oven DIR`\n  help: `baker bake --help` says more\n"
    ),
    (
      ["bake", "-o"],
      "baker bake: option `--oven` needs a value\n  help: write `--oven DIR`\n  help: `baker bake --help` says more\n"
    ),
    (
      ["bake", "--format", "jsno"],
      "baker bake: option `--format` cannot be `jsno`\n  help: did you mean `json`? It is one of text, json\n  help: `baker bake --help` says more\n"
    ),
    (
      ["--format", "xml", "bake"],
      "baker: option `--format` cannot be `xml`\n  help: it is one of text, json\n  help: `baker --help` says more\n"
    ),
    (
      ["--all", "bake"],
      "baker: option `--all` stands before the command\n  help: write `baker bake --all`\n  help: `baker --help` says more\n"
    ),
    (
      ["-a", "bake"],
      "baker: option `-a` stands before the command\n  help: write `baker bake -a`\n  help: `baker --help` says more\n"
    ),
    (
      ["batter"],
      "baker batter: FILE is missing\n  help: usage: baker batter [OPTION]... FILE [SPEED]\n  help: `baker batter --help` says more\n"
    ),
    (
      ["sell"],
      "baker sell: LOAF is missing\n  help: usage: baker sell [OPTION]... LOAF...\n  help: `baker sell --help` says more\n"
    ),
    (
      ["batter", "a", "slow", "c"],
      "baker batter: operand `c` is one too many\n  help: usage: baker batter [OPTION]... FILE [SPEED]\n  help: `baker batter --help` says more\n"
    ),
    (
      ["batter", "a", "fats"],
      "baker batter: SPEED cannot be `fats`\n  help: did you mean `fast`? It is one of slow, fast\n  help: `baker batter --help` says more\n"
    ),
  ]

  @Test(arguments: failures) func `says what is wrong and what to write`(words: [String], text: String) {
    switch sample.parse(words) {
    case .failure(let said): #expect(said == text)
    default: #expect(text.isEmpty)
    }
  }

  @Test func `help and version win over mistakes behind them`() {
    for words in [["--help"], ["-h", "bake"], ["help"]] {
      guard case .help(let text) = sample.parse(words) else {
        Issue.record("no help for \(words)")
        continue
      }
      #expect(text.hasPrefix("baker: bake bread by recipe\n"))
    }
    for words in [["bake", "--help", "--wrong"], ["help", "bake"], ["--quiet", "bake", "x", "-h"]] {
      guard case .help(let text) = sample.parse(words) else {
        Issue.record("no help for \(words)")
        continue
      }
      #expect(text.hasPrefix("baker bake: bake loaves\n"))
    }
    for words in [["--version"], ["bake", "--version"]] {
      guard case .version("baker 1.2.3\n") = sample.parse(words) else {
        Issue.record("no version for \(words)")
        continue
      }
    }
  }

  @Test func `a bare call says where to start`() {
    guard case .failure(let text) = sample.parse([]) else {
      Issue.record("bare call runs")
      return
    }
    #expect(
      text == """
        baker: bake bread by recipe

        Usage:
          baker COMMAND [OPTION]... [OPERAND]...

        Examples:
          baker bake rye --oven big
              bake one loaf in the big oven
          baker batter rye.txt fast
              stir fast
          baker sell rye
              sell one loaf

        `baker --help` lists the commands.

        """)
  }

  @Test func `many threads may parse at once`() async {
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<200 {
        group.addTask {
          guard
            case .run(let arguments) = sample.parse(["bake", "-q", "a\(index)", "--oven", "o\(index)", "b"])
          else {
            return false
          }
          return arguments.operands == ["a\(index)", "b"] && arguments.value("oven") == "o\(index)"
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func `random words never break the parser`() {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "bake", "-", "--", "--oven", "--oven=", "--all", "-o", "-ao", "--fo", "é", "😀", "-é", "", "=", "--=",
      "x", "-h=", ":", "?", "+",
    ]
    for _ in 0..<3000 {
      let words = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
        (0..<Int.random(in: 1..<3, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }
          .joined()
      }
      switch sample.parse(words) {
      case .run(let arguments):
        #expect(arguments.verb == "bake" || arguments.verb == "sell", "seed \(seed) \(words)")
      case .help(let text), .version(let text), .failure(let text):
        #expect(text.hasPrefix("baker"), "seed \(seed) \(words)")
      }
    }
  }
}

@Suite struct TableFaultTests {
  @Test func `a sound table has no faults`() {
    #expect(sample.tableFaults == [])
  }

  @Test func `every fault is found`() {
    let bad = ToolSpec(
      name: "t", version: "1", summary: "s",
      commands: [
        CommandSpec(
          "a", summary: "",
          operands: [OperandSpec("X", .any, help: "x."), OperandSpec("Y", .one, help: "y")],
          options: [
            OptionSpec("one", short: "q", help: "1"), OptionSpec("one", short: "é", help: "2"),
            OptionSpec("B", help: ""),
            OptionSpec("pick", .choice(["p"]), standard: "r", help: "p"),
          ], examples: []),
        CommandSpec("a", summary: "s", examples: [.init("x y", "z")]),
      ], common: [OptionSpec("quiet", short: "q", help: "q")], exitStatus: [.init(1, "a"), .init(1, "b")])
    #expect(
      bad.tableFaults == [
        "command a is there twice",
        "summary of t a has no text", "t a has no example",
        "operand X of a is not one line without full stop",
        "operand X of a leaves Y open", "option -é of t a is badly named", "option --B of t a has no text",
        "option --B of t a is badly named", "option --pick of t a leaves no choice",
        "the default of --pick of t a is no choice", "option --one of t a is there twice",
        "option -q of t a is there twice",
        "example `x y` of t a does not call t", "exit status 1 is there twice",
      ])
  }
}
