import CommandLineKit
import Testing

@Suite struct HelpTests {
  private func help(_ words: String..., color: Bool = false) -> String {
    guard case .help(let text) = sample.parse(words, color: color) else { return "no help" }
    return text
  }

  @Test func `the program's help lists commands`() {
    #expect(
      help("--help") == """
        baker: bake bread by recipe

        Usage:
          baker COMMAND [OPTION]... [OPERAND]...

        Commands:
          bake                    bake loaves
          batter                  stir
          sell                    sell what is there

        Options:
              --format text|json  how to write (default: text)
          -q, --quiet             say less
          -h, --help              show help and exit
              --version           show the version and exit

        Exit status:
          0   everything was baked
          2   the command line is wrong

        `baker COMMAND --help` says what a command does, with examples.

        """)
  }

  @Test func `a command's help teaches it`() {
    #expect(
      help("bake", "--help") == #"""
        baker bake: bake loaves

        Usage:
          baker bake [OPTION]... LOAF... | --all

        Bakes every loaf it is told to, in order, and stops at the first that burns;
        what was baked before stays where it is.

          baker's note: \fB'$HOME'\fR `date` "quoted"
        .dots at a line's start, and a - dash

        Operands:
          LOAF                    a loaf's name

        Options:
          -a, --all               bake all loaves
          -o, --oven DIR          the oven's folder (default: oven)
              --skip RULE         rule not to follow [none]: it's up to you; may be
                                  given several times

        Common options:
              --format text|json  how to write (default: text)
          -q, --quiet             say less
          -h, --help              show help and exit
              --version           show the version and exit

        Examples:
          baker bake rye --oven big
              bake one loaf in the big oven
          baker bake --all
              bake all

        Exit status:
          0   everything was baked
          2   the command line is wrong

        """#)
    #expect(help("batter", "-h").contains("  SPEED                   how to stir: slow, fast\n"))
  }

  @Test func `headings are bold only when asked for`() {
    #expect(!help("bake", "-h").contains("\u{1b}"))
    let colored = help("bake", "-h", color: true)
    #expect(colored.contains("\n\u{1b}[1mCommon options:\u{1b}[0m\n"))
    #expect(colored.split(separator: "\u{1b}").count == 2 * 6 + 1)
  }

  @Test func `no line is wider than 80 columns`() {
    let texts = [help("--help"), help("bake", "-h"), help("batter", "-h")]
    for line in texts.flatMap({ $0.split(separator: "\n") }) { #expect(line.count <= 80, "\(line)") }
  }
}
