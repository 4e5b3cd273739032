import Diagnostics
import HostFiles
import SystemdUnits
import Testing
import UnitGraphs

@testable import UnitLint

/// All units that systemd's own package ships, which work: whatever is found in them at error level is an
/// accusation of the innocent. Packages of others are looked at by `scripts/proofs/debian-packages`.
@Suite struct CorpusTests {
  private func corpus() throws -> [UnitFolderEntry] {
    var entries: [UnitFolderEntry] = []
    let root = "/lib/systemd/system"
    let listed = try HostProgram.run(["dpkg-query", "--listfiles", "systemd"]).output
    let shipped = Set(listed.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) })
    func add(_ path: String) throws {
      for entry in try HostFile.list(path.isEmpty ? root : root + "/" + path) {
        let name = path.isEmpty ? entry.name : path + "/" + entry.name
        guard shipped.contains(root + "/" + name) else { continue }
        let source = SourceID(index: UInt32(entries.count))
        switch entry.kind {
        case .directory: try add(name)
        case .link:
          let target = try HostFile.target(of: root + "/" + name)
          entries.append(.init(path: name, content: .link(target: target), source: source))
        default:
          let bytes = try HostFile.read(root + "/" + name, limit: 1 << 20)
          entries.append(.init(path: name, content: .file(bytes), source: source))
        }
      }
    }
    try add("")
    return entries
  }

  @Test func `no working unit is called wrong`() throws {
    let entries = try corpus()
    #expect(entries.count > 150)
    let found = UnitLint.run(LintTarget(entries)).sorted
    let errors = found.filter { $0.severity == .error }.map { "\($0.code) \($0.unit ?? ""): \($0.message)" }
    #expect(errors.isEmpty)
    let tally = Dictionary(grouping: found) { $0.code.description }.mapValues(\.count)
    // Noise makes people deaf: of the rules that warn, none may speak on every other working unit.
    for (code, count) in tally { #expect(count < entries.count / 4, "\(code) speaks \(count) times") }
  }
}
