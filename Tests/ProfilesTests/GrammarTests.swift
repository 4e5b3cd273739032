import SeededRandom
import Testing

@testable import Profiles

/// The grammars against the patterns that editors get.
@Suite struct GrammarTests {
  /// Every scalar of the language, by what it expects.
  static let scalars: [String: ScalarType] = {
    var found: [String: ScalarType] = [:]
    func visit(_ type: SchemaType) {
      switch type {
      case .scalar(let scalar), .value(let scalar): found[scalar.expected] = scalar
      case .content: break
      case .list(let element, _, _): visit(element)
      case .map(let key, let value):
        found[key.expected] = key
        // Overrides hold services, which are visited anyway.
        visit(value)
      case .object(let schema): for field in schema.fields { visit(field.type) }
      case .variants(let schemas): for schema in schemas { for field in schema.fields { visit(field.type) } }
      case .either(let short, let long):
        visit(short)
        visit(long)
      }
    }
    for kind in DocumentKind.allCases { visit(.object(kind.schema)) }
    for schema in ReferenceSchema.variants { visit(.object(schema)) }
    return found
  }()

  /// Words of all kinds; the samples are these and what becomes of them.
  private static let words = [
    "a", "node01", "my-node", "plasma.local", "0.1.0", "2025-12-12", "192.168.100.11", "fd00::1",
    "10.0.0.0/24",
    "52:54:00:00:01:01", "512MiB", "80GiB", "rest", "90s", "5min", "0640", "/etc/x/y.toml", "payloads/server",
    "../plasmacloud", "https://example.org/x", "man:x(1)", "/health?x=1", "chainfire.joined", "leader.api",
    "self#server", "LOG_LEVEL", "ProtectSystem", "true", "8080", "0", "-1", "65535", "x.y-z_0+",
    "nixos-25.11", "25.11",
    "NixOS/nixpkgs", "0a0b0c0d", "687f05a9184cad4eaf905c48b63649e3a86f5433", "net.core.somaxconn",
    "console=ttyS0",
    "sha256-vZJZjLo513IeI8hjzHFc6TDezUd4uCE2Eq4SNO3DNNg=", "1024:4096", "infinity", "root", "_x", "lan",
    "web@1",
    "306c6ca7407560340797866e077e053627ad409277d1b9da58106fce4cf717cb", "membershipd-cluster", "",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB6tWyKlR4FX9iA6TyKWAi1EFEq8hX1zLPHAAkFCDZZ4 operator@example",
  ]

  private static let letters = Array("aZ09-_.:/@#+=% ~<\"'\\\n\t\u{e9}\u{2028}\u{0}")

  /// A word, or one with a few letters put in, taken out or doubled.
  private static func sample(_ random: inout some RandomNumberGenerator) -> String {
    var text = Array(words.randomElement(using: &random) ?? "")
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let place = Int.random(in: 0...text.count, using: &random)
      switch Int.random(in: 0...3, using: &random) {
      case 0: text.insert(letters.randomElement(using: &random) ?? "x", at: place)
      case 1: if place < text.count { text.remove(at: place) }
      case 2: if place < text.count { text[place] = letters.randomElement(using: &random) ?? "x" }
      default: text += text.prefix(40)
      }
    }
    return String(text)
  }

  /// An editor must not underline what the tool takes.
  @Test func patternsTakeWhatIsAccepted() throws {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    let samples = Self.words + (0..<4000).map { _ in Self.sample(&random) }
    for (expected, scalar) in Self.scalars.sorted(by: { $0.key < $1.key }) where scalar.choices.isEmpty {
      guard let pattern = scalar.pattern else { continue }
      let expression = try Regex(pattern)
      let accepted = samples.filter(scalar.accepts)
      let refused = try accepted.first { try expression.firstMatch(in: $0) == nil }
      #expect(refused == nil, "\(pattern) does not take this, which is \(expected); seed \(seed)")
      #expect(!accepted.isEmpty, "no sample is \(expected)")
    }
  }

  /// Whatever is accepted is one line of visible text, but for what is a whole file.
  @Test func nothingInvisibleIsAccepted() {
    for (expected, scalar) in Self.scalars.sorted(by: { $0.key < $1.key })
    where expected != Grammar.lines.expected {
      for bad in ["a\nb", "a\u{0}", "\u{202e}a", "a\u{2028}", "\u{feff}a", "a\u{7f}", "\u{85}"] {
        #expect(!scalar.accepts(bad), "\(expected) takes \(bad.debugDescription)")
      }
    }
  }

  @Test func choicesAreAccepted() {
    for scalar in Self.scalars.values where !scalar.choices.isEmpty {
      #expect(scalar.choices.allSatisfy(scalar.accepts))
      #expect(!scalar.accepts("none-of-these"))
    }
  }

  @Test(
    arguments: [
      ("1980-01-01", 315_532_800), ("2000-02-29", 951_782_400), ("2025-12-12", 1_765_497_600),
      ("2199-12-31", 7_258_032_000),
    ] as [(String, Int)]) func datesAreMidnights(_ text: String, _ epoch: Int)
  {
    #expect(CalendarDate(text)?.epoch == epoch)
  }

  @Test(arguments: [
    "1979-12-31", "2200-01-01", "2025-02-29", "2100-02-29", "2025-13-01", "2025-1-1", "2025-12-12 ",
  ])
  func noDates(_ text: String) {
    #expect(CalendarDate(text) == nil)
  }

  @Test(
    arguments: [
      "1.10", "0640", "+1", "-01", "0x1f", "0o17", "1e3", "1.", ".5", "-.5", ".inf", "-.Inf", ".nan", "True",
      "FALSE", "NULL", "1.5e-3",
    ])
  func readersDisagree(on text: String) {
    #expect(PlainScalar.isAmbiguous(text))
  }

  @Test(arguments: [
    "1", "-1", "0", "true", "false", "0.1.0", "1.2.3.4", "10s", "1_000", "e3", ".", "-", "x1", "0x", "a.b",
    "yes",
  ])
  func readersAgree(on text: String) {
    #expect(!PlainScalar.isAmbiguous(text))
  }

  @Test func publicKeysAreWhole() {
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB6tWyKlR4FX9iA6TyKWAi1EFEq8hX1zLPHAAkFCDZZ4"
    #expect(PublicKeyText.isWellFormed(key))
    #expect(PublicKeyText.isWellFormed(key + " a comment of several words"))
    #expect(!PublicKeyText.isWellFormed(String(key.dropLast())))
    #expect(!PublicKeyText.isWellFormed(String(key.dropLast(4))))
    #expect(!PublicKeyText.isWellFormed("ssh-rsa" + key.dropFirst(11)))
    #expect(!PublicKeyText.isWellFormed("ssh-ed25519"))
  }
}
