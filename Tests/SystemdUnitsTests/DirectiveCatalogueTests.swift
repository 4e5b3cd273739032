import HostFiles
import SystemdUnits
import Testing

@Suite struct DirectiveCatalogueTests {
  /// Both ways: all that the installed systemd knows is in the table, and what is in the table for
  /// its version and not in the dump is an error.
  @Test func `knows what the installed systemd knows`() throws {
    let dump = try HostProgram.run([SystemdProbe.program, "--dump-configuration-items"])
    try #require(dump.status == 0)
    var section: UnitSection?
    var known = Set<String>()
    for line in String(decoding: dump.output, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("[") {
        section = UnitSection(rawValue: String(line.dropFirst().dropLast()))
        #expect(section != nil, "\(line)")
      } else if let section, let equals = line.firstIndex(of: "=") {
        let name = String(line[..<equals])
        known.insert(section.rawValue + "." + name)
        #expect(DirectiveCatalogue.standard.directive(name, in: section) != nil, "\(section) \(name)")
      }
    }
    #expect(known.count > 1000)
    for directive in DirectiveCatalogue.standard.directives where directive.since <= 252 {
      for section in directive.sections {
        #expect(known.contains(section.rawValue + "." + directive.name), "\(section) \(directive.name)")
      }
    }
  }

  @Test func `every row of the table is read`() throws {
    let catalogue = DirectiveCatalogue.standard
    #expect(catalogue.directive("After", in: .unit)?.kind == .units)
    #expect(catalogue.directive("After", in: .unit)?.isList == true)
    #expect(catalogue.directive("ExecStart", in: .service)?.kind == .exec)
    #expect(catalogue.directive("TimeoutStopSec", in: .service)?.kind == .seconds)
    #expect(catalogue.directive("WantsMountsFor", in: .unit)?.since == 256)
    #expect(catalogue.directive("after", in: .unit) == nil)
    #expect(catalogue.directives(namedLike: "execstart").map(\.name) == ["ExecStart"])
    #expect(catalogue.directive("ExecStart", in: .unit) == nil)
  }

  @Test func `every key that rules ask for is a directive`() {
    for key in SettingKey.allCases where key != .mountType {
      #expect(!DirectiveCatalogue.standard.directives(named: key.rawValue).isEmpty, "\(key)")
    }
  }
}
