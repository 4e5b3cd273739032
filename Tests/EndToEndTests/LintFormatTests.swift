import HostFiles
import JSONText
import Testing

/// Reports for other programs, read by programs that others wrote.
@Suite struct LintFormatTests {
  private static let files = [
    "u/a.service":
      "[Unit]\nAfter=b.service network-online.target\n[Service]\nExecStart=/bin/true\nRestrat=always\n",
    "u/b.service": "[Unit]\nAfter=a.service\n[Service]\nExecStart=/bin/true\nRestart=always # up\n",
    "u/c %1,2.conf": "", "u/d.service": "[Service]\nExecStart=/bin/echo 100% <&> \"x\n",
    "u/t.target": "[Unit]\nRequires=a.service b.service\n",
  ]

  private func write(_ place: Workplace) throws {
    try HostFile.makeDirectories(place.folder + "/u", mode: 0o755)
    for (path, text) in Self.files.sorted(by: { $0.key < $1.key }) {
      try HostFile.write(Array(text.utf8), to: place.folder + "/" + path, mode: 0o644)
    }
  }

  /// Debian's own Python, which has Debian's modules.
  private func python(_ program: String, _ input: String) throws -> HostProgram.Result {
    try HostProgram.run(["/usr/bin/python3", "-c", program], input: Array(input.utf8))
  }

  /// The part of SARIF 2.1.0 that is used, written after the standard's text (section 3 of the OASIS
  /// standard of 27 March 2020) and strict: a property that is not named here is an error. The standard's own schema is
  /// in no package of Debian.
  private static let schema = """
    import json, sys, jsonschema
    def obj(required, **properties):
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    def arr(items, minimum=0):
        return {"type": "array", "items": items, "minItems": minimum}
    text = {"type": "string", "minLength": 1}
    number = {"type": "integer", "minimum": 1}
    level = {"enum": ["none", "note", "warning", "error"]}
    message = obj(["text"], text=text)
    region = obj(["startLine", "startColumn", "endLine", "endColumn"], startLine=number, startColumn=number,
                 endLine=number, endColumn=number)
    place = obj(["uri"], uri={"type": "string", "pattern": "^(?![^/]*:[^/])[!#$&-;=?-Z_a-z~%]*$|^file:///"})
    physical = obj(["artifactLocation"], artifactLocation=place, region=region)
    location = obj(["physicalLocation"], physicalLocation=physical, message=message,
                   id={"type": "integer", "minimum": -1})
    change = obj(["artifactLocation", "replacements"], artifactLocation=place,
                 replacements=arr(obj(["deletedRegion"], deletedRegion=region, insertedContent=message), 1))
    flow = obj(["threadFlows"], threadFlows=arr(obj(["locations"], locations=arr(obj([], location=location), 1)), 1))
    result = obj(["ruleId", "message", "level", "partialFingerprints"], ruleId=text, message=message, level=level,
                 ruleIndex={"type": "integer", "minimum": 0}, locations=arr(location),
                 relatedLocations=arr(location), codeFlows=arr(flow, 1),
                 fixes=arr(obj(["artifactChanges"], artifactChanges=arr(change, 1)), 1),
                 partialFingerprints={"type": "object", "additionalProperties": text, "minProperties": 1},
                 properties={"type": "object"})
    rule = obj(["id"], id=text, name=text, shortDescription=message, fullDescription=message, help=message,
               defaultConfiguration=obj(["level"], level=level))
    run = obj(["tool", "results"], tool=obj(["driver"], driver=obj(["name"], name=text, rules=arr(rule))),
              columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]}, results=arr(result))
    log = obj(["version", "runs"], version={"const": "2.1.0"}, runs=arr(run, 1), **{"$schema": text})
    document = json.load(sys.stdin)
    jsonschema.Draft7Validator(log).validate(document)
    run = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for found in run["results"]:
        assert rules[found["ruleIndex"]]["id"] == found["ruleId"], found
        ids = [place["id"] for place in found.get("relatedLocations", [])]
        assert len(set(ids)) == len(ids)
    prints = [(found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], *found["partialFingerprints"].items())
              for found in run["results"] if "locations" in found]
    assert len(set(prints)) == len(prints), "two findings have one fingerprint"
    print(len(run["results"]), sum("codeFlows" in found for found in run["results"]),
          sum("fixes" in found for found in run["results"]))
    """

  @Test func sarifIsValid() throws {
    try Workplace.with { place in
      try write(place)
      let outcome = try place.run("lint", "--format", "sarif", "u")
      let read = try python(Self.schema, outcome.output)
      let counts = String(decoding: read.output, as: UTF8.self).split(separator: " ").compactMap {
        Int($0.filter(\.isNumber))
      }
      #expect(read.status == 0, "\(String(decoding: read.errors, as: UTF8.self).suffix(2000))")
      #expect(counts.count == 3 && counts.allSatisfy { $0 > 0 }, "findings, paths, fixes: \(counts)")
      // The same findings of other lines have the same fingerprints.
      let before = try prints(outcome)
      try place.edit("u/b.service", "[Unit]\n", "# moved\n\n[Unit]\n")
      #expect(try prints(place.run("lint", "--format", "sarif", "u")) == before)
    }
  }

  private func prints(_ outcome: Outcome) throws -> [String] {
    try #require(try outcome.json()["runs"]?.elements?.first?["results"]?.elements).compactMap {
      $0["partialFingerprints"]?["imagegen/v1"]?.text
    }.sorted()
  }

  @Test func junitIsReadByItsReader() throws {
    try Workplace.with { place in
      try write(place)
      let json = try place.run("lint", "--format", "json", "u").json()
      let junit = try place.run("lint", "--format", "junit", "u")
      let read = try python(
        """
        import sys, junitparser
        xml = junitparser.JUnitXml.fromstring(sys.stdin.buffer.read())
        cases = [case for suite in xml for case in suite]
        failed = [r for case in cases for r in case.result if isinstance(r, junitparser.Failure)]
        assert xml.tests == len(cases) and xml.failures == len(failed), (xml.tests, xml.failures)
        assert all(case.name and case.classname for case in cases)
        print(len(cases), len(failed))
        """, junit.output)
      #expect(read.status == 0, "\(String(decoding: read.errors, as: UTF8.self))")
      let count = json["diagnostics"]?.elements?.count ?? 0
      let errors = json["summary"]?["error"]?.number ?? 0
      #expect(count > errors && errors > 0)
      #expect(read.output == Array("\(count) \(errors)\n".utf8))
    }
  }

  /// The runner splits at `::`, `,` and line ends, and unescapes; so does this reader of its grammar.
  @Test func annotationsArriveWhole() throws {
    try Workplace.with { place in
      try write(place)
      let json = try place.run("lint", "--format", "json", "u").json()
      let github = try place.run("lint", "--format", "github", "u").output
      let read = try python(
        """
        import sys, json, re
        def plain(text, marks):
            for mark in marks: text = text.replace("%%%02X" % ord(mark), mark)
            return text
        found = []
        for line in sys.stdin.read().splitlines():
            command, properties, message = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line).groups()
            values = dict(part.split("=", 1) for part in properties.split(","))
            values = {key: plain(value, ":,\\r\\n%") for key, value in values.items()}
            assert set(values) <= {"file", "line", "endLine", "col", "endColumn", "title"}
            found.append([command, values.get("file"), values.get("line"), values["title"][:5],
                          plain(message, "\\r\\n%").split("\\n")[0]])
        print(json.dumps(found))
        """, github)
      #expect(read.status == 0, "\(String(decoding: read.errors, as: UTF8.self))")
      let found = try #require(try JSONReader.parse(read.output).elements).map {
        $0.elements?.map(\.text) ?? []
      }
      let expected = try #require(json["diagnostics"]?.elements).map { finding -> [String?] in
        let severity = finding["severity"]?.text
        return [
          severity == "note" ? "notice" : severity, finding["file"]?.text,
          finding["line"]?.number.map(String.init), finding["code"]?.text, finding["message"]?.text,
        ]
      }
      #expect(found == expected)
    }
  }
}
