import Diagnostics
import HostFiles
import SeededRandom
import SystemdUnits
import Testing

@Suite struct UnitSourceTests {
  private func read(_ text: String) -> UnitSource {
    UnitSource(Array(text.utf8), source: SourceID(index: 0))
  }

  /// Elements follow one another without a gap and cover the file.
  private func expectLossless(_ source: UnitSource, _ comment: Comment? = nil) {
    #expect(source.elements.flatMap { source.bytes[$0.range] } == source.bytes, comment)
    var end = 0
    for element in source.elements {
      #expect(element.range.lowerBound == end && !element.range.isEmpty, comment)
      end = element.range.upperBound
      #expect(element.range.contains(element.text), comment)
    }
  }

  @Test func `comments do not end a continued line, an empty line does`() {
    let source = read("[Service]\nExecStart=/bin/a \\\n# note\n  ; other \\\n  b \\\n\nRestart=no\n")
    expectLossless(source)
    #expect(source.assignments.map(\.key) == ["ExecStart", "Restart"])
    #expect(source.assignments[0].value == "/bin/a    b")
    #expect(source.assignments[0].isContinued)
    let offset = source.assignments[0].fileOffset(ofValue: 10)
    #expect(source.bytes[offset] == UInt8(ascii: "b"))
    #expect(source.bytes[source.assignments[0].valueRange].first == UInt8(ascii: "/"))
    #expect(source.bytes[source.assignments[0].valueRange].last == UInt8(ascii: "b"))
  }

  @Test func `a blank behind the backslash ends the line`() {
    let source = read("[Service]\nExecStart=/bin/a \\ \nRestart=no\n")
    #expect(source.assignments.map(\.value) == ["/bin/a \\", "no"])
  }

  @Test func `two backslashes do not continue`() {
    let source = read("[Unit]\nDescription=a\\\\\nAfter=b.service\n")
    #expect(source.assignments.map(\.value) == ["a\\\\", "b.service"])
  }

  @Test func `odd lines are named`() {
    let source = read("A=1\n[Unit\n[Unit]\nnonsense\n=x\n  B = c d \n")
    expectLossless(source)
    let kinds = source.elements.map(\.kind)
    #expect(kinds[0] == .assignment(0) && source.assignments[0].section == nil)
    #expect(kinds[1] == .stray(.malformedSection) && source.isRefused)
    #expect(kinds[3] == .stray(.missingEquals) && kinds[4] == .stray(.missingKey))
    #expect(source.assignments[1].key == "B" && source.assignments[1].value == "c d")
  }

  @Test(arguments: [
    "", "\n", "\u{feff}", "\u{feff}[Unit]\r\nA=b\r\n", "A", "A=\\", "[S]\rA=b\rB=c", "\\\n\n",
    "[U]\nA=b\0C=d", "[]",
    "[U]\nA=\\\n\\\n\\\n", "# only", " \t ",
  ])
  func `no byte is lost`(_ text: String) {
    expectLossless(read(text))
  }

  @Test func `line ends of all kinds are read`() {
    #expect(read("\u{feff}[U]\r\nA=b\rB=c\n\rC=d\0D=e").assignments.map(\.key) == ["A", "B", "C", "D"])
  }

  @Test func `no byte of random files is lost`() {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    let alphabet: [UInt8] = Array("[]=\\\n\n\r #;aB\t".utf8) + [0, 0xff, 0xc3, 0xa4]
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      expectLossless(UnitSource(bytes, source: SourceID(index: 0)), "seed \(seed): \(bytes)")
    }
  }

  @Test func `stock units are read without loss`() throws {
    let folder = "/lib/systemd/system"
    var count = 0
    for entry in try HostFile.list(folder) where entry.kind == .file {
      let source = UnitSource(
        try HostFile.read(folder + "/" + entry.name, limit: 1 << 20), source: SourceID(index: 0))
      expectLossless(source, "\(entry.name)")
      #expect(!source.isRefused && !source.assignments.isEmpty, "\(entry.name)")
      count += 1
    }
    #expect(count > 100)
  }

  /// What systemd takes a hostile file for, word for word.
  @Test func `odd values are read as systemd reads them`() throws {
    let text = """
      \u{feff}# top
      [Unit]
      DefaultDependencies=no
      Description = one \\
      # between
        two\\
      three
      [Service]
      Type=oneshot
      ExecStart=/bin/true a\\
      b \\
      ; not a comment's end \\

      X-Own=1
      """ + "\r\nEnvironment='A=1 2' \"B=\\x41\\101\" C=\\sD\r"
    let source = read(text)
    let (output, errors) = try SystemdProbe.load(["a.service": text], start: "a.service")
    let description = try #require(source.assignments.first { $0.key == "Description" }).value
    #expect(output.contains("\t\tDescription: \(description)\n"), "\(errors)")
    let command = try #require(source.assignments.first { $0.key == "ExecStart" }).value
    let words = ExecCommand.parse(command).commands.flatMap { [$0.program] + $0.arguments.map(\.text) }
    #expect(output.contains("Command Line: \(words.joined(separator: " "))\n"), "\(output)")
    let environment = try #require(source.assignments.first { $0.key == "Environment" }).value
    for word in UnitWords.split(environment, .command).words {
      #expect(output.contains("\t\tEnvironment: \(word.text)\n"), "\(word.text) \(errors)")
    }
  }
}

extension Range<Int> {
  fileprivate func contains(_ other: Range<Int>) -> Bool {
    lowerBound <= other.lowerBound && other.upperBound <= upperBound
  }
}
