import HostFiles
import SeededRandom
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
    "1 hour, 2 min", "5.5.5", "68.5.5ms", "5ms.5", "68.5 .5ms",
  ])
  func `time spans are judged as systemd-analyze does`(_ text: String) throws {
    let result = try HostProgram.run(["systemd-analyze", "timespan", "--", text])
    #expect((ValueReading.seconds(text) != nil) == (result.status == 0), "\(text)")
  }

  /// Random spans have the length that systemd gives them.
  @Test func `random time spans are read as systemd-analyze does`() throws {
    let seed = SeededGenerator.seed
    var generator = SeededGenerator(seed: seed)
    print("seed of the time span test: \(seed)")
    let units = [
      "", "s", "sec", "min", "m", "h", "hr", "d", "w", "M", "y", "ms", "us", "month", "x", "hours",
    ]
    var texts: [String] = []
    for _ in 0..<200 {
      let parts = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        let fraction = Int.random(in: 0..<4, using: &generator) == 0 ? ".5" : ""
        return "\(Int.random(in: 0...90, using: &generator))\(fraction)"
          + (units.randomElement(using: &generator) ?? "")
      }
      texts.append(parts.joined(separator: Bool.random(using: &generator) ? " " : ""))
    }
    for text in texts {
      let result = try HostProgram.run(["systemd-analyze", "timespan", "--", text])
      let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
      let theirs = lines.first { $0.contains("s: ") && !$0.contains("Original") }.flatMap {
        $0.split(separator: " ").last.flatMap { Double($0) }
      }
      let ours = ValueReading.seconds(text).map { ($0 * 1e6).rounded() }
      #expect((ours == nil) == (result.status != 0), "\(text)")
      // systemd cuts off what is below a microsecond, part by part; and no double counts the microseconds of
      // thousands of years one by one.
      if let ours, let theirs { #expect(abs(ours - theirs) <= max(3, 2 * theirs.ulp), "\(text)") }
    }
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
