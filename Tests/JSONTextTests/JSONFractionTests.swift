import JSONText
import Testing

/// Times in seconds are written as thousandths; nothing that is trusted has fractions.
@Suite struct JSONFractionTests {
  @Test(arguments: [
    (0, "0.0"), (1, "0.001"), (10, "0.01"), (2500, "2.5"), (2000, "2.0"), (-125, "-0.125"),
    (1_234_567, "1234.567"), (Int.min, "-9223372036854775.808"),
  ])
  func asManyDigitsAsItTakes(_ thousandths: Int, _ text: String) {
    #expect(String(decoding: JSONValue.thousandths(thousandths).compact, as: UTF8.self) == text)
  }

  @Test func theReaderTakesNone() {
    #expect(throws: JSONError.self) { try JSONReader.parse(Array("[2.5]".utf8)) }
  }
}
