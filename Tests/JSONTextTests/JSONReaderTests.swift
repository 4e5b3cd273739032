import JSONText
import SeededRandom
import Testing

@Suite struct JSONReaderTests {
  private func read(_ text: String) throws(JSONError) -> JSONValue { try JSONReader.parse(Array(text.utf8)) }

  @Test func `reads every kind of value in order`() throws {
    let text =
      #" { "b" : [ 1 , -0, 9223372036854775807, -9223372036854775808 ] , "a":{"x":true,"é":false},"n":null,"":[]} "#
    #expect(
      try read(text)
        == .object([
          "b": .array([.integer(1), .integer(0), .integer(.max), .integer(.min)]),
          "a": .object(["x": .bool(true), "é": .bool(false)]), "n": .null, "": .array([]),
        ]))
  }

  @Test func `escapes become their characters`() throws {
    let text = #""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\uDE00\uFFFF é😀""#
    #expect(try read(text).text == "\"\\/\u{8}\u{c}\n\r\tAé😀\u{ffff} é😀")
  }

  static let refused: [(text: String, message: String, offset: Int)] = [
    ("", "unexpected end of text", 0), ("  ", "unexpected end of text", 2),
    ("[1,", "unexpected end of text", 3),
    ("[1,]", "expected a value", 3), ("[1 2]", "expected `,` or `]`", 3), ("{\"a\":1,}", "expected a key", 7),
    ("{\"a\" 1}", "expected `:`", 5), ("{a:1}", "expected a key", 1), ("{\"a\":1]", "expected `,` or `}`", 6),
    ("{\"a\":1,\"\\u0061\":2}", "duplicate key `a`", 7), ("1 1", "text behind the value", 2),
    ("tru", "expected a value", 0), ("nulL", "expected a value", 0), ("01", "number with leading zero", 0),
    ("-", "unexpected end of text", 1), ("-a", "expected a digit", 1), ("+1", "expected a value", 0),
    ("1.5", "number with fraction or exponent", 0), ("[1E3]", "number with fraction or exponent", 1),
    ("9223372036854775808", "number out of range", 0), ("-9223372036854775809", "number out of range", 0),
    ("\"a", "unexpected end of text", 2), ("\"a\nb\"", "control character in a string", 2),
    ("\"\\q\"", "unknown escape", 1), ("\"\\u12g4\"", "expected four hexadecimal digits", 5),
    ("\"\\ud800\"", "lone surrogate", 1), ("\"\\udc00\\ud800\"", "lone surrogate", 1),
    ("\"\\ud800\\u0041\"", "lone surrogate", 1), ("\"\\", "unexpected end of text", 2),
    ("\u{feff}1", "expected a value", 0), ("1\u{0}", "text behind the value", 1),
    ("// c\n1", "expected a value", 0),
    ("NaN", "expected a value", 0), ("'a'", "expected a value", 0),
  ]

  @Test(arguments: refused) func `refuses with the place`(text: String, message: String, offset: Int) {
    #expect(throws: JSONError(message, at: offset)) { try read(text) }
  }

  @Test func `bytes that are not UTF-8 are refused`() {
    #expect(throws: JSONError("invalid UTF-8", at: 2)) { try JSONReader.parse([0x22, 0x61, 0xff, 0x22]) }
    #expect(throws: JSONError("invalid UTF-8", at: 1)) {
      try JSONReader.parse([0x22, 0xed, 0xa0, 0x80, 0x22])
    }
  }

  @Test func `limits hold at their edge`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try read(nested(64))
    #expect(throws: JSONError("nested more than 64 levels", at: 64)) { try read(nested(65)) }
    #expect(throws: JSONError("nested more than 64 levels", at: 64)) {
      try read(String(repeating: "[", count: 1_000_000))
    }
    let limits = JSONLimits(bytes: 4, depth: 64)
    _ = try JSONReader.parse(Array("1234".utf8), limits: limits)
    #expect(throws: JSONError("more than 4 bytes", at: 4)) {
      try JSONReader.parse(Array("12345".utf8), limits: limits)
    }
  }

  @Test func `what is written is read back`() throws {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let value = randomValue(depth: 0, &random)
      #expect(try JSONReader.parse(value.compact) == value, "seed \(seed)")
      #expect(try JSONReader.parse(value.pretty) == value, "seed \(seed)")
    }
  }

  @Test func `random changes never break the reader`() {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      var bytes = randomValue(depth: 0, &random).compact
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] =
          Array("{}[]\",:\\u0e-\n".utf8).randomElement(using: &random) ?? 0
      }
      do throws(JSONError) {
        let value = try JSONReader.parse(bytes)
        #expect(try JSONReader.parse(value.compact) == value, "seed \(seed)")
      } catch {
        #expect((0...bytes.count).contains(error.offset), "seed \(seed)")
      }
    }
  }

  private func randomValue(depth: Int, _ random: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth < 5 ? 7 : 4), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int.random(in: .min ... .max, using: &random))
    case 3: return .string(randomText(&random))
    case 4:
      return .array(
        (0..<Int.random(in: 0..<4, using: &random)).map { _ in randomValue(depth: depth + 1, &random) })
    default:
      return .object(
        (0..<Int.random(in: 0..<4, using: &random)).map { index in
          JSONValue.Member("\(index)" + randomText(&random), randomValue(depth: depth + 1, &random))
        })
    }
  }

  private func randomText(_ random: inout SeededGenerator) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<6, using: &random) {
      let range: Range<UInt32> = Bool.random(using: &random) ? 0..<0x80 : 0..<0x11_0000
      text.append(Unicode.Scalar(UInt32.random(in: range, using: &random)) ?? "\u{0}")
    }
    return String(text)
  }
}
