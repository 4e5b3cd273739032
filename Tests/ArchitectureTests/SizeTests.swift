import Testing

/// What is read in one go.
@Suite struct SizeTests {
  static let longestFile = 400
  static let longestFunction = 60

  private func sources() throws -> [String] {
    try ["Sources", "Tests"].flatMap { try Checkout.files(below: $0, ending: [".swift", ".c", ".h", ".py"]) }
  }

  @Test func filesAreShort() throws {
    let scripts = try Checkout.files(below: "scripts", ending: [""])
    let payloads = try Checkout.files(below: "profiles", ending: [""]).filter { $0.contains("/payloads/") }
    for file in try sources() + scripts + payloads {
      let lines = try Checkout.text(file).utf8.count { $0 == 0x0A }
      #expect(lines <= Self.longestFile, "\(file) has \(lines) lines")
    }
  }

  @Test func functionsAreShort() throws {
    for file in try sources() where file.hasSuffix(".swift") {
      for function in SwiftText(try Checkout.text(file)).functions
      where function.length > Self.longestFunction {
        Issue.record("\(file):\(function.line): \(function.name) has \(function.length) lines")
      }
    }
  }

  @Test func namesSaySomething() throws {
    let empty = [
      "Utilities", "Utility", "Utils", "Util", "Helpers", "Helper", "Common", "Extensions", "Misc",
    ]
    for file in try sources() {
      let parts = file.split(separator: "/").map { $0.prefix { $0 != "." } }
      for part in parts {
        #expect(!empty.contains { part.hasSuffix($0) }, "\(file): the name does not say what belongs there")
      }
    }
  }
}
