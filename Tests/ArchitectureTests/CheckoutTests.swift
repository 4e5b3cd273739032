import Testing

/// What belongs into the repository.
@Suite struct CheckoutTests {
  @Test func resultsAndSecretsAreNotCommitted() throws {
    #expect(try Checkout.tracked("out", "secrets") == ["out/.gitignore", "secrets/.gitignore"])
  }

  /// Text files people and machines work with; golden output and lock files have their own tests.
  private func texts() throws -> [String] {
    let endings = [".swift", ".c", ".h", ".py", ".md", ".yaml", ".json", ".txt"]
    return try Checkout.tracked().filter { path in
      endings.contains { path.hasSuffix($0) } || path.hasPrefix("scripts/") || path.hasPrefix(".ci/")
    }
  }

  @Test func noPathOfAMachine() throws {
    // Parts are joined here so that this file may be searched as well.
    let places = ["/work" + "/", "/Users" + "/", "/tmp" + "/wt", "/home" + "/centra", Checkout.root + "/"]
    for file in try texts() {
      let text = try Checkout.text(file)
      for place in places where text.contains(place) {
        // A checkout directly below / has a root such as /src, which says nothing.
        if place == Checkout.root + "/", Checkout.root.split(separator: "/").count < 2 { continue }
        Issue.record("\(file) names \(place)")
      }
    }
  }

  @Test func nothingIsLeftForLater() throws {
    // Spelt backwards, so that this file may be searched as well.
    let words = ["ODOT", "EMXIF", "XXX"].map { String($0.reversed()) }
    let marks = ["// ", "# "].flatMap { sign in words.map { sign + $0 } }
    for file in try texts() where !file.hasSuffix(".md") {
      let text = try Checkout.text(file)
      for mark in marks where text.contains(mark) { Issue.record("\(file) has a \(mark)") }
    }
  }

  @Test func scriptsAreExecutable() throws {
    let sourced: Set = ["scripts/packages", "scripts/digest-inputs"]
    for file in try Checkout.tracked("scripts", ".ci") where !sourced.contains(file) {
      let mode = try Checkout.mode(file)
      #expect(mode & 0o111 == 0o111, "\(file) cannot be run")
      #expect(try Checkout.text(file).hasPrefix("#!"), "\(file) does not name its interpreter")
    }
  }
}
