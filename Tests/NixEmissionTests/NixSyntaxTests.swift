import Diagnostics
import FleetModel
import JSONText
import NixEmission
import SeededRandom
import Testing

@Suite struct NixSyntaxTests {
  private let why = Origin.standard("test")

  private func evaluate(_ expression: NixExpression) throws -> String {
    let tool = try NixTool()
    let json = try tool.json(of: NixPrinter.text(of: expression))
    try tool.remove()
    return json
  }

  private func compact(_ value: JSONValue) -> String {
    String(decoding: value.compact, as: UTF8.self)
  }

  private let hostile = [
    "", " ", "$", "$$", "${", "$${", "$$${", "\\${", "\\", "\\\\", "\"", "\\\"", "''", "'''", "''''",
    "''${x}",
    "'${x}", "''\\n", "'$", "a\nb", "a\r\nb", "\r", "\t", "\n", "\n\n", " \n", "a\n", "  a\n", "a\n  b\n",
    "  a\nb\n",
    "a\n\nb\n", "a\n \nb\n", "${x}\ny\n", "$${x}\ny\n", "'\n'\n", "''\n", "x'\n${y}\n", "tab\tin\n",
    "é ü 漢 𝄞", "\u{feff}",
    "\u{7f}", "\u{1}\u{1b}", "or", "rec", "a.b", "-", "1a", "builtins.abort \"no\"", "#", "/* */",
    "<nixpkgs>",
  ]

  @Test func `Strings come back from nix as they were`() throws {
    let json = try evaluate(.literals(hostile))
    #expect(json == compact(.strings(hostile)))
  }

  @Test func `Attribute names come back from nix as they were`() throws {
    var set = NixSet()
    for name in hostile { set.add(name, to: .integer(1), why) }
    let expected = JSONValue.object(hostile.map { JSONValue.Member($0, .integer(1)) }).sorted
    #expect(try evaluate(.set(set)) == compact(expected))
  }

  @Test func `Random strings come back from nix as they were`() throws {
    let seed = SeededGenerator.seed
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("$${{}}''\\\"\n\n  \rabc\té𝄞")
    let texts = (0..<2000).map { _ in
      String(
        (0..<Int.random(in: 0...12, using: &generator)).map { _ in
          alphabet.randomElement(using: &generator) ?? "a"
        })
    }
    // A let around it puts the strings at another depth of indentation.
    let json = try evaluate(.local(NixSet(), .list([.literals(texts)])))
    #expect(json == compact(.array([.strings(texts)])), "seed \(seed)")
    let pairs = zip(texts, texts.reversed()).map { ($0, $1) }
    let joined = pairs.map {
      NixExpression.string([.literal($0), .interpolation(.literal("<>")), .literal($1)])
    }
    #expect(
      try evaluate(.local(NixSet(), .list(joined))) == compact(.strings(pairs.map { $0 + "<>" + $1 })),
      "seed \(seed)")
  }

  @Test func `Numbers, flags, operators and selections mean what the tree says`() throws {
    var set = NixSet()
    set.add(["a", "b"], to: .integer(.min), why)
    set.add("c", to: .list([.integer(-1), .integer(.max), .null, .boolean(false)]), why)
    var bindings = NixSet()
    bindings.add("x", to: .set(set), why)
    bindings.add("id", to: .function(.variable("v"), .name("v")), why)
    let missing = NixExpression.select(.name("x"), [.literal("no")], fallback: .integer(-2))
    let negative = NixExpression.apply(.name("id"), [.integer(-3)])
    let body = NixExpression.update(
      .update(.name("x"), .set(single("d", missing))),
      .set(single("e", .concatenation(.list([negative]), .list([.reference("x", "a", "b")])))))
    #expect(
      try evaluate(.local(bindings, body))
        == #"{"a":{"b":-9223372036854775808},"c":[-1,9223372036854775807,null,false],"d":-2,"e":[-3,-9223372036854775808]}"#
    )
  }

  private func single(_ key: String, _ value: NixExpression) -> NixSet {
    var set = NixSet()
    set.add(key, to: value, why)
    return set
  }

  @Test func `A NUL is refused, with the reason of the attribute it is in`() {
    var set = NixSet()
    set.add("fine", to: .literal("x"), .standard("other"))
    set.add("bad", to: .list([.literal("a\0b")]), .standard("that one"))
    let error = #expect(throws: NixTextError.self) { try NixPrinter.text(of: .set(set)) }
    #expect(error?.origin == .standard("that one"))
  }

  @Test func `The form is that of RFC 166`() throws {
    var disk = NixSet()
    disk.add("type", to: .literal("disk"), why)
    disk.add("none", to: .list([]), why)
    disk.add("one", to: .list([.literal("umask=0077")]), why, startsGroup: true)
    disk.add("two", to: .list([.integer(1), .set(single("a", .integer(2)))]), why)
    disk.add("empty", to: .set(NixSet()), why)
    disk.add("text", to: .literal("listen = 1\n\n[tls]\n"), why)
    var local = NixSet()
    local.add(
      "make", to: .function(.variable("a"), .function(.variable("b"), .apply(.name("f"), [.set(disk)]))), why)
    local.add("short", to: .function(.variable("a"), .set(single("x", .name("a")))), why)
    var outer = NixSet()
    outer.inherit("make", "short", origin: why)
    outer.add("path", to: .path([.literal("./nodes/"), .interpolation(.name("n")), .literal("/a.nix")]), why)
    let file = NixExpression.function(
      .attributes(["lib"], isOpen: true),
      .local(local, .set(outer)))
    #expect(try String(decoding: NixPrinter.text(of: file), as: UTF8.self) == rfc166)
  }

  private let rfc166 = """
    { lib, ... }:
    let
      make =
        a: b:
        f {
          type = "disk";
          none = [ ];

          one = [ "umask=0077" ];
          two = [
            1
            { a = 2; }
          ];
          empty = { };
          text = ''
            listen = 1

            [tls]
          '';
        };
      short = a: {
        x = a;
      };
    in
    {
      inherit make short;
      path = ./nodes/${n}/a.nix;
    }

    """
}
