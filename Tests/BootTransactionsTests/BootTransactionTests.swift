import BootTransactions
import Diagnostics
import Testing
import UnitGraphs

@Suite struct BootTransactionTests {
  @Test func `a start brings along what its units pull in, in order`() throws {
    let entries = [
      file("a.target", "[Unit]\nDefaultDependencies=no\nWants=b.service\n"),
      file(
        "b.service",
        "[Unit]\nDefaultDependencies=no\nRequires=c.service\nAfter=c.service\n[Service]\nExecStart=/bin/true\n"
      ),
      file("c.service", "[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/true\n"),
    ]
    let graph = UnitGraph(UnitSet(entries: entries), stock: .none)
    let found = BootTransaction.outcomes(of: graph, target: try #require(graph.node(named: "a.target")))
    let outcome = try #require(found.outcomes.first)
    #expect(found.outcomes.count == 1 && !found.isTruncated && found.mode == .replace)
    #expect(
      outcome.jobs.map { "\(graph.nodes[$0.unit].name)/\($0.type.rawValue)" }
        == ["a.target/start", "b.service/start", "c.service/start"])
    #expect(
      outcome.order.map { "\(graph.nodes[$0.first].name) \(graph.nodes[$0.second].name)" }
        == ["c.service b.service"])
  }

  private func file(_ path: String, _ text: String) -> UnitFolderEntry {
    .init(path: path, content: .file(Array(text.utf8)), source: SourceID(index: 0))
  }
}
