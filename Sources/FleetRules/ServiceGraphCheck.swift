internal import Diagnostics
internal import FleetModel

/// Finds services that wait for each other and dependencies on services that do not exist.
enum ServiceGraphCheck {
  static func report(on fleet: Fleet) -> Report {
    var report = Report()
    let names = fleet.services.keys.sorted()
    for name in names {
      for dependency in fleet.services[name]?.dependencies ?? [] where fleet.services[dependency.value] == nil
      {
        let nearest = Suggestion.nearest(to: dependency.value.description, in: names.map(\.description))
        report.add(
          Diagnostic(
            FleetRules.requirementMissing, "\(name) depends on \(dependency.value), which no file declares",
            at: dependency.span,
            help: nearest.map { "did you mean \($0)?" } ?? "add services/\(dependency.value).yaml"))
      }
    }
    var search = CycleSearch(fleet.services)
    for name in names { search.visit(name) }
    for cycle in search.cycles {
      let words = cycle.map(\.value.description) + [cycle[0].value.description]
      report.add(
        Diagnostic(
          FleetRules.serviceCycle, "services wait for each other: \(words.joined(separator: " → "))",
          at: cycle[0].span,
          related: cycle.dropFirst().compactMap { step in
            step.span.map { Label("and \(step.value) here", at: $0) }
          },
          help: "take one of these dependencies away"))
    }
    return report
  }

  /// Depth-first search; each cycle is reported once, at the edge that closes it.
  private struct CycleSearch {
    private let services: [Name: ServiceFacts]
    private var done: Set<Name> = []
    private(set) var cycles: [[Sourced<Name>]] = []

    init(_ services: [Name: ServiceFacts]) { self.services = services }

    /// Iterative: a chain of services may be longer than the stack is deep.
    mutating func visit(_ start: Name) {
      guard !done.contains(start), let facts = services[start] else { return }
      var path: [(name: Name, edges: ArraySlice<Sourced<Name>>, arrival: Sourced<Name>)] = [
        (start, facts.dependencies[...], facts.name)
      ]
      while let last = path.indices.last {
        guard let edge = path[last].edges.popFirst() else {
          done.insert(path[last].name)
          path.removeLast()
          continue
        }
        if let index = path.firstIndex(where: { $0.name == edge.value }) {
          cycles.append(path[(index + 1)...].map(\.arrival) + [edge])
        } else if !done.contains(edge.value), let next = services[edge.value] {
          path.append((edge.value, next.dependencies[...], edge))
        }
      }
    }
  }
}
