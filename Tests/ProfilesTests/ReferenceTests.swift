import Diagnostics
import Testing
import YAMLSources

@testable import Profiles

/// What is a reference, and what is just content with the same key.
@Suite struct ReferenceTests {
  private func entries(_ text: String) throws -> [YAMLEntry] {
    let parsed = YAMLDocument.parse(Array(text.utf8), source: SourceID(index: 0))
    return try #require(parsed.value).entries
  }

  @Test(
    arguments: [
      "{port: raft}", "{node: name}", "{parameter: replicas}", "{env: HTTP_PORT}", "{secret: cluster-pass}",
      "{leader: group, port: api}", "{each: a, except: self, port: b, as: '{host}', join: ','}",
      "{port: Raft}",
    ]) func references(_ text: String) throws
  {
    #expect(Reference.isReference(try entries(text)))
  }

  @Test(
    arguments: [
      "{port: 8080}", "{file: /etc/x.toml}", "{key: [a]}", "{state: a.b}", "{port: raft, host: x}",
      "{address: 10.0.0.1}",
      "{name: port}", "{certificate: a, key: b}",
    ]) func contents(_ text: String) throws
  {
    #expect(!Reference.isReference(try entries(text)))
  }

  @Test func formsAreFilled() {
    let words = ["host": "node01", "port": "80"]
    #expect(Reference.fill("{host}:{port}", words) == "node01:80")
    #expect(Reference.fill("plain", words) == "plain")
    #expect(Reference.fill("{address}", words) == nil)
  }

  @Test(
    arguments: [
      ("{host}:{port}", nil), ("{ip}", "{ip}"), ("{host", "{"), ("host}", "}"), ("{{host}}", "{{host}"),
      ("{}", "{}"),
    ] as [(String, String?)])
  func unknownPlaceholders(_ form: String, _ expected: String?) {
    #expect(Reference.unknownPlaceholder(in: form) == expected)
  }
}
