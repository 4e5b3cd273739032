import HostFiles
import JSONText
import Testing

@testable import Profiles

/// The JSON Schema, as editors and python3-jsonschema see it.
@Suite struct SchemaTests {
  /// Loads each file as YAML 1.2 has it (no dates, truths are true and false) and says what is invalid.
  private static let program = """
    import json, re, sys
    import jsonschema, yaml

    class Loader(yaml.SafeLoader):
        pass

    keep = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:null")
    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in rules if tag in keep]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))

    with open(sys.argv[1]) as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in sys.argv[2:]:
        with open(path) as file:
            document = yaml.load(file, Loader)
        for error in validator.iter_errors(document):
            print(path, error.message[:200])
    """

  private func findings(in files: [String]) throws -> String {
    let schema = FleetFixture.root + "/profiles/imagegen.schema.json"
    let result = try HostProgram.run(["python3", "-c", Self.program, schema] + files)
    try #require(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
    return String(decoding: result.output, as: UTF8.self)
  }

  private func files(below folder: String) throws -> [String] {
    try HostFile.list(folder).flatMap { entry -> [String] in
      let path = folder + "/" + entry.name
      switch entry.kind {
      case .directory: return try files(below: path)
      case .file: return entry.name.hasSuffix(".yaml") ? [path] : []
      case .link, .other: return []
      }
    }
  }

  @Test func theFileIsWhatIsPrinted() throws {
    let file = try HostFile.read(FleetFixture.root + "/profiles/imagegen.schema.json", limit: 4 << 20)
    #expect(file == JSONSchema.document.pretty, "run: imagegen schema > profiles/imagegen.schema.json")
  }

  @Test func shippedProfilesAreValid() throws {
    let profiles = try files(below: FleetFixture.root + "/profiles")
    #expect(profiles.count > 20)
    #expect(try findings(in: profiles) == "")
  }

  @Test func theGoldenBaseIsValid() throws {
    #expect(try findings(in: files(below: FleetFixture.root + "/Tests/GoldenTests/Base")) == "")
  }

  /// What the tool refuses for its form an editor underlines: the schema is not just permissive.
  @Test(
    arguments: [
      "unknown-key", "port-too-large", "role-as-word", "decimal-size", "bad-mac", "upper-case-name",
      "unknown-choice",
      "relative-path", "empty-command", "a-pause-too-many", "voter-listed-twice", "operator-on-roles",
      "short-version",
      "vlan-number-too-large", "missing-command", "exception-without-reason",
    ]) func badFormIsInvalid(in name: String) throws
  {
    let files = try files(below: FleetFixture.root + "/Tests/GoldenTests/Cases/\(name)/profiles")
    #expect(!files.isEmpty)
    #expect(try findings(in: files) != "")
  }
}
