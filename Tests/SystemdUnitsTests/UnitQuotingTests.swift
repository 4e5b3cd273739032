import HostFiles
import SeededRandom
import SystemdUnits
import Testing

@Suite struct UnitQuotingTests {
  static let alphabet: [Unicode.Scalar] =
    Array("ab \"'\\%$;{}`#&|<>()[]*?~!-@:+=\t\n\r,./_0änß€🦀".unicodeScalars) + [
      "\u{1}", "\u{7f}", "\u{1b}", "\u{a0}",
    ]

  @Test func `plain words stay as they are`() {
    #expect(UnitQuoting.execWord("--config=/etc/a.toml") == "--config=/etc/a.toml")
    #expect(UnitQuoting.execWord("") == "\"\"")
    #expect(UnitQuoting.execWord("50% of $HOME") == "\"50%% of $$HOME\"")
    #expect(UnitQuoting.execProgram("/opt/$x") == "\"/opt/$x\"")
    #expect(UnitQuoting.execLine(["/bin/echo", "a b", ";"]) == "/bin/echo \"a b\" \";\"")
    #expect(UnitQuoting.plain("100% sure\nreally\\") == "100%% sure really\\\\")
    #expect(UnitQuoting.listWord("/srv/a b") == "\"/srv/a b\"")
    #expect(UnitQuoting.listWord("/srv/a\nb") == nil)
  }

  @Test func `what no variable can hold is refused`() {
    #expect(UnitQuoting.environmentAssignment(name: "1A", value: "x") == nil)
    #expect(UnitQuoting.environmentAssignment(name: "A", value: "\0") == nil)
    // A literal cannot spell a non-character.
    let noncharacter = String(decoding: [0xef, 0xb7, 0x90] as [UInt8], as: UTF8.self)
    #expect(UnitQuoting.environmentAssignment(name: "A", value: noncharacter) == nil)
    #expect(UnitQuoting.environmentFileLine(name: "A B", value: "x") == nil)
    #expect(UnitQuoting.environmentFileLine(name: "A", value: "x\ny") == nil)
  }

  /// Words survive quoting: systemd's own loader gives them back, `$` still doubled because it is the
  /// start of the program that takes it away.
  @Test func `systemd reads arguments back`() throws {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    let commands = (0..<400).map { _ in
      (0..<4).map { _ in random.text(length: 9, from: Self.alphabet) }
    }
    var unit = "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\n"
    for words in commands { unit += "ExecStart=" + UnitQuoting.execLine(["/bin/true"] + words) + "\n" }
    let (output, errors) = try SystemdProbe.load(["a.service": unit], start: "a.service")
    let lines = output.split(separator: "\n").compactMap { (line: Substring) -> Substring? in
      line.firstRange(of: "Command Line: ").map { line[$0.upperBound...] }
    }
    #expect(lines.count == commands.count, "seed \(seed): \(errors)")
    for (words, line) in zip(commands, lines) {
      let expected = words.map { Array($0.replacing("$", with: "$$").utf8) }
      #expect(Array(SystemdProbe.words(line).dropFirst()) == expected, "seed \(seed)")
    }
  }

  @Test func `systemd reads environment assignments back`() throws {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    // The dump prints values as they are, so they must not break its lines.
    let alphabet = Self.alphabet.filter { $0.value >= 0x20 }
    let values = (0..<400).map { _ in random.text(length: 12, from: alphabet) }
    var unit = "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nExecStart=/bin/true\n"
    for (index, value) in values.enumerated() {
      let assignment = try #require(UnitQuoting.environmentAssignment(name: "V\(index)", value: value))
      unit += "Environment=" + assignment + "\n"
    }
    let description = random.text(
      length: 30, from: alphabet.filter { !["\\", " ", "\u{7f}"].contains($0) })
    unit += "[Unit]\nDescription=x" + UnitQuoting.plain(description) + "\n"
    let (output, errors) = try SystemdProbe.load(["a.service": unit], start: "a.service")
    let found = output.split(separator: "\n").compactMap { (line: Substring) -> String? in
      line.firstRange(of: "\t\tEnvironment: ").map { String(line[$0.upperBound...]) }
    }
    let expected = values.enumerated().map { "V\($0.offset)=\($0.element)" }
    #expect(found.map { Array($0.utf8) } == expected.map { Array($0.utf8) }, "seed \(seed): \(errors)")
    let shown = output.split(separator: "\n").first { $0.hasPrefix("\t\tDescription: x") }
    #expect(shown.map(String.init) == "\t\tDescription: x\(description)", "seed \(seed)")
  }

  /// The grammar of environment files, read with the words of systemd.exec(5) by the shell, whose
  /// quoting it follows: what is in double quotes means the same to both.
  @Test func `a shell reads environment file lines back`() throws {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    let alphabet = Self.alphabet.filter { $0 != "\n" && $0 != "\r" }
    let values = (0..<200).map { _ in random.text(length: 12, from: alphabet) }
    var script = ""
    for (index, value) in values.enumerated() {
      script += try #require(UnitQuoting.environmentFileLine(name: "V\(index)", value: value)) + "\n"
      script += "printf '%s\\0' \"$V\(index)\"\n"
    }
    let result = try HostProgram.run(
      ["sh"], input: Array(script.utf8), environment: ["PATH": "/usr/bin:/bin"])
    let found = result.output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
    #expect(found == values.map { Array($0.utf8) }, "seed \(seed)")
  }
}
