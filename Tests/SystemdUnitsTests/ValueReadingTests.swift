import HostFiles
import SystemdUnits
import Testing

@Suite struct ValueReadingTests {
  @Test(arguments: [
    ("90", 90.0), ("1min 30s", 90), ("1.5h", 5400), ("infinity", .infinity), ("2M", 5_259_600),
    ("5ms", 0.005),
    (".5", 0.5), ("1h 20", 3620), ("1 2", 3), ("1µs", 1e-6),
  ])
  func `time spans are read`(_ text: String, _ expected: Double) {
    #expect(ValueReading.seconds(text) == expected)
  }

  @Test(arguments: [
    "90", "1min 30s", "1.5h", "infinity", "5x", "", ".5", "1h 20", "1. 5", "1..5", "-1", " infinity",
    "infinity s",
    "1µs", "5ns", "3M", "1.s", "99999999999999999999", "1 min30", "1w2d", "s", "+5", "1e3", "5 5 5",
    "1 hour, 2 min",
  ])
  func `time spans are judged as systemd-analyze does`(_ text: String) throws {
    let result = try HostProgram.run(["systemd-analyze", "timespan", "--", text])
    #expect((ValueReading.seconds(text) != nil) == (result.status == 0), "\(text)")
  }

  @Test func `booleans are read`() {
    for text in ["1", "yes", "Y", "TRUE", "t", "on"] { #expect(ValueReading.boolean(text) == true) }
    for text in ["0", "no", "N", "False", "f", "off"] { #expect(ValueReading.boolean(text) == false) }
    for text in ["", "2", "enable", "yes # x", "ja"] { #expect(ValueReading.boolean(text) == nil) }
  }

  @Test func `variables are found as systemd finds them`() {
    #expect(VariableReference.all(in: "$HOME") == [.init(name: "HOME", isBraced: false)])
    #expect(VariableReference.all(in: "a=${A}:${B}").map(\.name) == ["A", "B"])
    #expect(VariableReference.all(in: "x$HOME").isEmpty)
    #expect(VariableReference.all(in: "$$HOME $${A}").isEmpty)
    #expect(VariableReference.all(in: "$1").isEmpty && VariableReference.all(in: "${").isEmpty)
  }

  @Test func `names are filled in`() throws {
    let unit = try #require(UnitName("a-b@c\\x2dd.service"))
    #expect(Specifiers.expandNames("x-%i.service", for: unit) == "x-c\\x2dd.service")
    #expect(
      Specifiers.expandNames("%I %p %j %n %N 5%%", for: unit)
        == "c-d a-b b a-b@c\\x2dd.service a-b@c\\x2dd 5%")
    #expect(Specifiers.expandNames("%H", for: unit) == nil)
    #expect(Specifiers.offsets(in: "%% %i 5% %Q") == [3, 9])
  }
}
