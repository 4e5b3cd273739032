import Diagnostics
import FleetModel
import Pipeline
import Testing
import UnitLint

/// Generated units are judged with what their node has.
@Suite struct NodeKnowledgeTests {
  private func findings(_ node: Node) throws -> [Diagnostic] {
    var settings = LintSettings()
    settings.files = NodeKnowledge.files(of: node)
    return UnitLint.run(generated: try ProjectFleet.units(of: node), settings).sorted
  }

  @Test(arguments: ["plasmacloud", "unibus"])
  func theFleetsHaveWhatTheirUnitsName(fleet: String) throws {
    for node in try ProjectFleet(fleet).nodes {
      let found = try findings(node).filter { $0.severity > .note }
      #expect(found.isEmpty, "\(node.name.value): \(found.map(\.message))")
    }
  }

  /// Without its variables, a file that commands draw from is missed.
  @Test func aVariableThatNoFileHasIsFound() throws {
    var count = 0
    for var node in try ProjectFleet("unibus").nodes {
      for index in node.services.indices { node.services[index].environmentFile?.entries = [] }
      count += try findings(node).count { $0.code == Code("EN002") }
    }
    #expect(count > 0)
  }

  /// An account that the node does not make is missed.
  @Test func anAccountThatNobodyMakesIsFound() throws {
    var node = try #require(try ProjectFleet("unibus").nodes.first)
    #expect(NodeKnowledge.files(of: node).accounts?.users.contains("root") == true)
    node.accounts = []
    let named = node.services.contains { if case .account = $0.identity { true } else { false } }
    #expect(try findings(node).contains { $0.code == Code("SE007") } == named)
  }
}
