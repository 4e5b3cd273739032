import Diagnostics
import Testing
import YAMLSources

@testable import Profiles

/// Fleet, role and node, put over one another.
@Suite struct CompositionTests {
  /// Reads a mapping; what is no YAML is a fault of the test.
  private func tree(_ text: String) throws -> YAMLNode {
    let parsed = YAMLDocument.parse(Array(text.utf8), source: SourceID(index: 0))
    try #require(!parsed.report.hasErrors)
    return try #require(parsed.value)
  }

  private func node(_ layers: String...) throws -> String {
    try compose(layers, as: NodeSchema.node).text
  }

  private func service(_ layers: String...) throws -> String {
    try compose(layers, as: ServiceSchema.document).text
  }

  private func compose(_ layers: [String], as schema: ObjectSchema) throws -> (
    text: String, findings: [String]
  ) {
    var composition = Composition()
    var composed: YAMLNode?
    for layer in layers { composed = composition.merge(composed, try tree(layer), as: schema) }
    return (composed.map(flow) ?? "", composition.report.diagnostics.map { "\($0.code) \($0.message)" })
  }

  /// The tree on one line.
  private func flow(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let text, _): text
    case .sequence(let items): "[" + items.map(flow).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{" + entries.map { "\($0.key): \(flow($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  @Test func laterValuesReplace() throws {
    #expect(
      try node("mode: bootstrap\nservices: [a, b]", "mode: join\nservices: [c]")
        == "{mode: join, services: [c]}")
  }

  @Test func mappingsMerge() throws {
    let text = try node(
      "disk: {layout: lvm, size: 10GiB, volumes: {root: 5GiB, data: rest}}",
      "disk: {size: 20GiB, volumes: {root: 8GiB}}")
    #expect(text == "{disk: {layout: lvm, size: 20GiB, volumes: {root: 8GiB, data: rest}}}")
  }

  @Test func plusAddsWhatIsNotThere() throws {
    #expect(try node("services: [a, b]", "services+: [b, c]", "services+: [d]") == "{services: [a, b, c, d]}")
    #expect(try node("mode: join", "services+: [a]") == "{mode: join, services: [a]}")
  }

  @Test func minusTakesAway() throws {
    #expect(try node("services: [a, b, c]", "services-: [b]") == "{services: [a, c]}")
    let nothing = try compose(["services: [alpha]", "services-: [alhpa]"], as: NodeSchema.node)
    #expect(nothing.text == "{services: [alpha]}")
    #expect(nothing.findings == ["PR035 alhpa is not in the list it is taken from"])
  }

  @Test func operatorsNeedNoBase() throws {
    #expect(try node("services+: [a]\nsysctl: {kernel.x: null}") == "{services: [a], sysctl: {}}")
  }

  @Test func nullUnsets() throws {
    #expect(try node("hostname: a\nmode: join", "hostname: null") == "{mode: join}")
    #expect(try node("disk: {layout: lvm}", "disk: null", "disk: {size: 1GiB}") == "{disk: {size: 1GiB}}")
  }

  @Test func referencesAreReplacedAsAWhole() throws {
    let base =
      "environment: {PORT: {port: api}, NAME: {node: name}}\ncommand: [{program: server}, --port, {port: api}]"
    #expect(
      try service(base, "environment: {PORT: {parameter: port}}")
        == "{environment: {PORT: {parameter: port}, NAME: {node: name}}, command: [{program: server}, --port, {port: api}]}"
    )
    #expect(
      try service(base, "environment: {PORT: '1'}\ncommand: [x]")
        == "{environment: {PORT: 1, NAME: {node: name}}, command: [x]}")
    #expect(
      try service("environment: {PORT: '1'}", "environment: {PORT: {each: a, port: b, as: c}}")
        == "{environment: {PORT: {each: a, port: b, as: c}}}")
  }

  @Test func contentOfFilesIsReplacedAsAWhole() throws {
    #expect(
      try service(
        "files: {config: {mode: '0600', toml: {a: 1, b: {c: 2}}}}", "files: {config: {toml: {b: {d: 3}}}}")
        == "{files: {config: {mode: 0600, toml: {b: {d: 3}}}}}")
  }

  @Test func variantsKeepWhatBelongsToTheirKind() throws {
    let base = "ports: {api: {tcp: 80, network: lan, from: [peers]}}"
    #expect(
      try service(base, "ports: {api: {from: [clients]}}")
        == "{ports: {api: {tcp: 80, network: lan, from: [clients]}}}")
    #expect(
      try service(base, "ports: {api: {tcp: 81}}") == "{ports: {api: {tcp: 81, network: lan, from: [peers]}}}"
    )
    // A port of the other protocol is another port.
    #expect(try service(base, "ports: {api: {udp: 81}}") == "{ports: {api: {udp: 81}}}")
    #expect(
      try service("health: {ready: {https: api, path: /health}}", "health: {ready: {tcp: api}}")
        == "{health: {ready: {tcp: api}}}")
  }

  @Test func shortAndLongFormsReplaceOneAnother() throws {
    #expect(
      try node("disk: {volumes: {root: 5GiB}}", "disk: {volumes: {root: {size: rest}}}")
        == "{disk: {volumes: {root: {size: rest}}}}")
    #expect(
      try node("disk: {volumes: {root: {size: 5GiB, format: xfs}}}", "disk: {volumes: {root: {size: rest}}}")
        == "{disk: {volumes: {root: {size: rest, format: xfs}}}}")
    #expect(
      try node("disk: {volumes: {root: {size: 5GiB, format: xfs}}}", "disk: {volumes: {root: rest}}")
        == "{disk: {volumes: {root: rest}}}")
  }

  /// The place of a composed value is the line that counts.
  @Test func valuesKeepTheirPlaces() throws {
    func parse(_ text: String, _ source: UInt32) throws -> YAMLNode {
      try #require(YAMLDocument.parse(Array(text.utf8), source: SourceID(index: source)).value)
    }
    let base = try parse("mode: bootstrap\nhostname: a\n", 1)
    let over = try parse("mode: join\n", 2)
    var composition = Composition()
    let composed = composition.merge(base, over, as: NodeSchema.node)
    #expect(composed["mode"]?.span.source == SourceID(index: 2))
    #expect(composed["hostname"]?.span.source == SourceID(index: 1))
  }
}
