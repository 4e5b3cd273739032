import CommandLineKit
import HostFiles
import Testing

@Suite struct CompletionTests {
  private let bash = sample.completions(for: .bash)

  private static let zshFunction = #"""
    #compdef baker

    _baker() {
      local curcontext=$curcontext state line ret=1
      local -a commands
      commands=(
        'bake:bake loaves'
        'batter:stir'
        'sell:sell what is there'
      )
      _arguments -C \
        '--format=[how to write]:text|json:(text json)' \
        '(--quiet -q)--quiet[say less]' '(--quiet -q)-q[say less]' \
        '(--help -h)--help[show help and exit]' '(--help -h)-h[show help and exit]' \
        '--version[show the version and exit]' \
        '1: :->command' \
        '*:: :->rest' && ret=0
      case $state in
      command) _describe -t commands command commands && ret=0 ;;
      rest)
        case $line[1] in
        bake)
          _arguments \
            '(--all -a)--all[bake all loaves]' '(--all -a)-a[bake all loaves]' \
            '(--oven -o)--oven=[the oven'\''s folder]:DIR:_files -/' '(--oven -o)-o+[the oven'\''s folder]:DIR:_files -/' \
            '*--skip=[rule not to follow \[none\]: it'\''s up to you]:RULE: ' \
            '--format=[how to write]:text|json:(text json)' \
            '(--quiet -q)--quiet[say less]' '(--quiet -q)-q[say less]' \
            '(--help -h)--help[show help and exit]' '(--help -h)-h[show help and exit]' \
            '--version[show the version and exit]' \
            '*:LOAF: ' && ret=0
          ;;
        batter)
          _arguments \
            '--format=[how to write]:text|json:(text json)' \
            '(--quiet -q)--quiet[say less]' '(--quiet -q)-q[say less]' \
            '(--help -h)--help[show help and exit]' '(--help -h)-h[show help and exit]' \
            '--version[show the version and exit]' \
            ':FILE:_files' \
            '::SPEED:(slow fast)' && ret=0
          ;;
        sell)
          _arguments \
            '--format=[how to write]:text|json:(text json)' \
            '(--quiet -q)--quiet[say less]' '(--quiet -q)-q[say less]' \
            '(--help -h)--help[show help and exit]' '(--help -h)-h[show help and exit]' \
            '--version[show the version and exit]' \
            '*:LOAF: ' && ret=0
          ;;
        esac
        ;;
      esac
      return ret
    }

    _baker "$@"

    """#

  /// What bash offers for the last of `words`.
  private func offered(_ words: String...) throws -> [String] {
    let script =
      bash + """
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _baker; printf '%s\\n' "${COMPREPLY[@]}"
        """
    let result = try HostProgram.run(["bash", "--norc", "-c", script, "bash", "baker"] + words)
    #expect(result.status == 0 && result.errors.isEmpty, "\(String(decoding: result.errors, as: UTF8.self))")
    return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init).sorted()
  }

  @Test func `bash takes the script`() throws {
    let result = try HostProgram.run(["bash", "-n"], input: Array(bash.utf8))
    #expect(result.status == 0 && result.errors.isEmpty)
  }

  @Test func `bash offers commands, options and values`() throws {
    #expect(try offered("") == ["bake", "batter", "sell"])
    #expect(try offered("ba") == ["bake", "batter"])
    #expect(try offered("-") == ["--format", "--help", "--quiet", "--version", "-h", "-q"])
    #expect(try offered("--format", "") == ["json", "text"])
    #expect(try offered("--format", "=", "j") == ["json"])
    #expect(try offered("--format", "=") == ["json", "text"])
    #expect(try offered("--format", "json", "s") == ["sell"])
    #expect(
      try offered("-q", "bake", "--") == [
        "--all", "--format", "--help", "--oven", "--quiet", "--skip", "--version",
      ])
    #expect(try offered("bake", "--skip", "") == [])
    #expect(try offered("bake", "x") == [])
  }

  @Test func `bash offers folders and files where they are meant`() throws {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "completion")
    defer { try? HostFile.removeTree(folder) }
    try HostFile.makeDirectories(folder + "/some dir", mode: 0o755)
    try HostFile.write([], to: folder + "/some file", mode: 0o644)
    #expect(try offered("bake", "--oven", folder + "/so") == [folder + "/some dir"])
    #expect(try offered("batter", folder + "/so") == [folder + "/some dir", folder + "/some file"])
  }

  @Test func `zsh's function`() {
    #expect(sample.completions(for: .zsh) == Self.zshFunction)
  }

  @Test func `fish's commands`() {
    #expect(
      sample.completions(for: .fish) == #"""
        # fish completion for baker
        complete -c baker -f
        complete -c baker -n __fish_use_subcommand -a bake -d 'bake loaves'
        complete -c baker -n __fish_use_subcommand -a batter -d 'stir'
        complete -c baker -n __fish_use_subcommand -a sell -d 'sell what is there'
        complete -c baker -l format -x -a 'text json' -d 'how to write'
        complete -c baker -s q -l quiet -d 'say less'
        complete -c baker -s h -l help -d 'show help and exit'
        complete -c baker -l version -d 'show the version and exit'
        complete -c baker -n '__fish_seen_subcommand_from bake' -s a -l all -d 'bake all loaves'
        complete -c baker -n '__fish_seen_subcommand_from bake' -s o -l oven -x -a '(__fish_complete_directories)' -d 'the oven\'s folder'
        complete -c baker -n '__fish_seen_subcommand_from bake' -l skip -x -d 'rule not to follow [none]: it\'s up to you'
        complete -c baker -n '__fish_seen_subcommand_from batter' -F
        complete -c baker -n '__fish_seen_subcommand_from batter' -a 'slow fast'

        """#)
  }
}

@Suite struct ManualPageTests {
  /// The page as groff(1) shows it, with every warning on.
  private func rendered() throws -> (text: String, warnings: String) {
    let result = try HostProgram.run(
      ["groff", "-man", "-ww", "-Tutf8", "-P-cbou", "-rLL=80n"], input: Array(sample.manualPage.utf8))
    return (String(decoding: result.output, as: UTF8.self), String(decoding: result.errors, as: UTF8.self))
  }

  @Test func `groff has nothing to say about it`() throws {
    let (text, warnings) = try rendered()
    #expect(warnings == "")
    let words = text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    for expected in [
      "NAME baker - bake bread by recipe", "SYNOPSIS baker COMMAND [OPTION]... [OPERAND]...",
      "baker bake [OPTION]... LOAF... | --all Bake loaves.", #"baker's note: \fB'$HOME'\fR `date` "quoted""#,
      ".dots at a line's start, and a - dash", "-o, --oven DIR the oven's folder (default: oven)",
      "Bake one loaf in the big oven: baker bake rye --oven big", "SPEED how to stir: slow, fast",
      "COMMON OPTIONS --format text|json how to write (default: text)",
      "EXIT STATUS 0 everything was baked 2 the command",
    ] {
      #expect(words.contains(expected), "\(expected)")
    }
  }

  @Test func `the source has title and name as man-db reads them`() {
    let lines = sample.manualPage.split(separator: "\n")
    #expect(
      lines.prefix(3) == [
        #".TH "BAKER" "1" "" "baker 1.2.3""#, #".SH "NAME""#, "baker - bake bread by recipe",
      ])
  }
}
