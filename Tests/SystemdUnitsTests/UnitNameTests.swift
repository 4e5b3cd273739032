import HostFiles
import SeededRandom
import SystemdUnits
import Testing

@Suite struct UnitNameTests {
  @Test func `names have their parts`() throws {
    let plain = try #require(UnitName("chain-fire.service"))
    #expect(plain.prefix == "chain-fire" && plain.instance == nil && plain.type == .service)
    #expect(!plain.isTemplate && !plain.isInstance && plain.withoutType == "chain-fire")
    let template = try #require(UnitName("a@.socket"))
    #expect(template.isTemplate && template.instance == "" && template.prefix == "a")
    let instance = try #require(UnitName("a@b@c.d.service"))
    #expect(instance.isInstance && instance.instance == "b@c.d" && instance.prefix == "a")
    #expect(instance.template?.description == "a@.service")
    #expect(template.instantiated("x")?.description == "a@x.socket")
    #expect(UnitName(path: "/srv/my data", type: .mount)?.description == "srv-my\\x20data.mount")
    #expect(UnitName(path: "/", type: .mount)?.description == "-.mount")
    #expect(UnitName(path: "srv", type: .mount) == nil)
  }

  @Test(arguments: [
    "", "a", ".service", "a.", "a.servic", "@.service", "@b.service", "a b.service", "a/b.service",
    "ä.service",
  ])
  func `other texts are no names`(_ text: String) {
    #expect(UnitName(text) == nil)
  }

  @Test func `names end at 255 bytes`() {
    #expect(UnitName(String(repeating: "a", count: 247) + ".service") != nil)
    #expect(UnitName(String(repeating: "a", count: 248) + ".service") == nil)
  }

  @Test func `escapes as systemd-escape does`() throws {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("ab09/.-_:@\\%~ ä€".unicodeScalars)
    let texts = (0..<300).map { _ in "x" + random.text(length: 10, from: alphabet) }
    let escaped = try systemdEscape([], texts)
    #expect(texts.map { UnitEscaping.escape($0) } == escaped, "seed \(seed)")
    let paths = texts.map { "/" + $0 }.filter { UnitEscaping.escape(path: $0) != nil }
    #expect(
      paths.map { UnitEscaping.escape(path: $0) } == (try systemdEscape(["--path"], paths)), "seed \(seed)")
    for (text, name) in zip(texts, escaped) {
      #expect(UnitEscaping.unescape(name) == Array(text.utf8), "seed \(seed)")
    }
  }

  @Test(arguments: [".a", "..", "a..b", "-", "/", "//", "a//b/"])
  func `escapes odd texts as systemd-escape does`(_ text: String) throws {
    #expect([UnitEscaping.escape(text)] == (try systemdEscape([], [text])))
  }

  @Test(arguments: ["/", "//", "/a/./b//", "/.a", "/a/..b", "/."])
  func `escapes odd paths as systemd-escape does`(_ path: String) throws {
    #expect([UnitEscaping.escape(path: path)] == (try systemdEscape(["--path"], [path])))
  }

  private func systemdEscape(_ options: [String], _ texts: [String]) throws -> [String] {
    let result = try HostProgram.run(["systemd-escape"] + options + ["--"] + texts)
    try #require(result.status == 0)
    var output = String(decoding: result.output, as: UTF8.self)
    if output.hasSuffix("\n") { output.removeLast() }
    return output.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
  }
}
