import Diagnostics
import Testing

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("biuld", "build"), ("buld", "build"), ("Build", "build"), ("publsh", "publish"), ("chekc", "check"),
    ("completion", "completions"), ("simluate", "simulate"),
  ])
  func `finds what was meant`(typed: String, meant: String) {
    let near = Suggestion.nearest(to: typed, in: ["check", "build", "publish", "completions", "simulate"])
    #expect(near == meant)
  }

  @Test(arguments: ["", "x", "deploy", "checkbuild", String(repeating: "a", count: 100)])
  func `keeps silent when nothing is near`(typed: String) {
    #expect(Suggestion.nearest(to: typed, in: ["check", "build", "publish", "net"]) == nil)
  }

  @Test func `the nearest wins, the first of equals`() {
    #expect(Suggestion.nearest(to: "ports", in: ["port", "parts", "ports2"]) == "port")
    #expect(Suggestion.nearest(to: "nodes", in: ["notes", "node", "nodes"]) == "nodes")
  }
}
