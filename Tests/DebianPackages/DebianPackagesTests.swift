import Diagnostics
import Hardening
import HostFiles
import JSONText
import SystemdUnits
import Testing
import UnitGraphs

/// What must hold of all units of a few hundred packages of Debian. Built and run by
/// `scripts/proofs/debian-packages` alone, which brings the packages.
@Suite struct DebianPackagesTests {
  /// Every byte of a file belongs to exactly one element, and every place of an assignment is in its file.
  @Test func `every unit file is read without loss`() throws {
    let files = try DebianRoot().unitFiles
    try #require(files.count > 400)
    for file in files {
      let source = UnitSource(file.bytes, source: SourceID(index: 0))
      var end = 0
      for element in source.elements {
        #expect(element.range.lowerBound == end, "\(file.path): a gap at byte \(end)")
        end = element.range.upperBound
      }
      #expect(end == file.bytes.count, "\(file.path)")
      #expect(source.elements.flatMap { file.bytes[$0.range] } == file.bytes, "\(file.path)")
      for assignment in source.assignments {
        #expect(Array(assignment.key.utf8) == Array(file.bytes[assignment.keyRange]), "\(file.path)")
        guard !assignment.isContinued else { continue }
        #expect(Array(assignment.value.utf8) == Array(file.bytes[assignment.valueRange]), "\(file.path)")
      }
    }
    print("figure: files-read-without-loss \(files.count)")
  }

  /// The score of every service and every check's part in it are those of the tool.
  @Test func `every service is as exposed as systemd says`() throws {
    let root = try DebianRoot()
    let services = UnitSet(entries: root.entries).units.filter {
      $0.name.type == .service && $0.hasFile && !$0.isMasked && !$0.settings.isEmpty
    }
    try #require(services.count > 200)
    // Of a template an instance is judged, here and there.
    let names = services.map { ($0.name.instantiated("1") ?? $0.name).description }
    let verdicts = try SecurityVerdicts(of: names, in: root.path)
    var compared = 0
    for (service, name) in zip(services, names) {
      let ours = Exposure.score(of: Self.unitFile(service, as: name))
      let total = try #require(verdicts.totals[name], "systemd says nothing of \(name)")
      #expect(ours.tenths == total, "\(name): \(ours.text)")
      let theirs = try #require(verdicts.rows[name], "\(name)")
      for row in ours.rows {
        let said = try #require(theirs[row.field], "\(name) \(row.field)")
        let mine =
          row.badness.map { $0 == 0 ? .met : CheckVerdict.adds(ours.tenths(of: row)) } ?? .notApplicable
        #expect(mine == said, "\(name) \(row.field)")
      }
      #expect(theirs.count == ours.rows.count, "\(name)")
      compared += 1
    }
    print("figure: services-with-equal-exposure \(compared)")
  }

  private static func unitFile(_ unit: LoadedUnit, as name: String) -> UnitFile {
    var sections: [UnitFile.Section] = []
    for setting in unit.settings {
      if sections.last?.name != setting.sectionName { sections.append(.init(setting.sectionName)) }
      let directive = UnitFile.Directive(setting.name, setting.value, .standard("package"))
      sections[sections.count - 1].directives.append(directive)
    }
    return UnitFile(name: name, sections: sections)
  }

  /// What a unit depends on, default and implied dependencies included, is what the manager loads, of both sides
  /// and with the same reason.
  @Test(arguments: ["graphical.target", "multi-user.target"])
  func `dependencies are those that systemd loads`(_ target: String) throws {
    let root = try DebianRoot()
    let theirs = try root.dependencies(ofStarting: target)
    try #require(theirs.count > 400)
    // Mounts, devices and what else the manager finds on the host are nothing that a file says.
    let host = Set(try DebianRoot.unitsOfHost())
    let name = try #require(UnitName(target))
    let set = UnitSet(entries: root.entries)
    let graph = UnitGraph(loading: name, of: set, stock: .none, countsInstall: false)
    let table = DependencyTable(graph)
    var ours: [String: [String: [String: String]]] = [:]
    for (number, node) in graph.nodes.enumerated() {
      var kinds: [String: [String: String]] = [:]
      for kind in table.kinds(of: number) {
        for entry in table.entries(of: number, kind) {
          kinds[kind, default: [:]][graph.nodes[entry.unit].name.description] = entry.origin
        }
      }
      ours[node.name.description] = kinds
    }
    var compared = 0
    for unit in Set(theirs.keys).union(ours.keys).subtracting(host).sorted() {
      let (mine, said) = (ours[unit, default: [:]], theirs[unit, default: [:]])
      for kind in Set(mine.keys).union(said.keys).sorted() where kind != "RequiresMountsFor" {
        let (left, right) = (mine[kind, default: [:]], said[kind, default: [:]])
        for other in Set(left.keys).union(right.keys).subtracting(host).sorted() {
          #expect(left[other] == right[other], "\(unit) \(kind)=\(other)")
          compared += 1
        }
      }
    }
    print("figure: \(target)-units-compared \(Set(theirs.keys).subtracting(host).count)")
    print("figure: \(target)-dependencies-compared \(compared)")
  }
}

/// What the tool says of one check.
enum CheckVerdict: Hashable {
  case notApplicable
  case met
  /// Ten times what it adds to the exposure.
  case adds(Int)
}

/// What `systemd-analyze security --offline=true` says of the services of a root.
struct SecurityVerdicts {
  /// Ten times the exposure, by service.
  var totals: [String: Int] = [:]
  /// By service and the check's name.
  var rows: [String: [String: CheckVerdict]] = [:]

  init(of names: [String], in root: String) throws {
    let words = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--root=" + root]
    let environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "COLUMNS": "400"]
    let text = try HostProgram.run(words + names, environment: environment, limit: 1 << 26)
    let mark = "Overall exposure level for "
    for line in String(decoding: text.output, as: UTF8.self).split(separator: "\n") {
      guard let start = line.firstRange(of: mark) else { continue }
      let parts = line[start.upperBound...].split(separator: ": ")
      guard parts.count == 2 else { continue }
      totals[String(parts[0])] = Self.tenths(parts[1].split(separator: " ").first ?? "")
    }
    let json = try HostProgram.run(
      words + ["--json=short"] + names, environment: environment, limit: 1 << 26)
    let tables = json.output.split(separator: UInt8(ascii: "\n"))
    try #require(tables.count == names.count)
    for (name, table) in zip(names, tables) { rows[name] = try Self.rows(Array(table)) }
  }

  private static func rows(_ bytes: [UInt8]) throws -> [String: CheckVerdict] {
    var found: [String: CheckVerdict] = [:]
    for item in try JSONReader.parse(bytes).elements ?? [] {
      guard let field = item["json_field"]?.text else { continue }
      switch item["set"] {
      case .null?: found[field] = .notApplicable
      case .bool(true)?: found[field] = .met
      default: found[field] = item["exposure"]?.text.flatMap { tenths(Substring($0)) }.map { .adds($0) }
      }
    }
    return found
  }

  private static func tenths(_ text: Substring) -> Int? {
    let parts = text.split(separator: ".")
    guard parts.count == 2, let whole = Int(parts[0]), let part = Int(parts[1]) else { return nil }
    return whole * 10 + part
  }
}
