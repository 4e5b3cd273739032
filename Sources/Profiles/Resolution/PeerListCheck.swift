internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// Compares the lists of peers that a node overrides with what its service would have made of them.
enum PeerListCheck {
  static func report(on service: Service, declared: ServiceTemplate, evaluation: Evaluation) -> Report {
    var report = Report()
    let actual = service.environment + (service.environmentFile?.entries ?? [])
    let trees = [declared.tree["environment"], declared.tree["environment-file"]?["entries"]]
    for entry in trees.compactMap({ $0 }).flatMap(\.entries) where entry.value["each"] != nil {
      var evaluation = evaluation
      guard let given = actual.first(where: { $0.name.value.description == entry.key }),
        let expected = evaluation.text(entry.value), given.value.value != expected.value
      else { continue }
      let separator = entry.value["join"]?.scalarText ?? ","
      let wanted = parts(expected.value, separator)
      let found = parts(given.value.value, separator)
      let missing = wanted.subtracting(found).sorted()
      let extra = found.subtracting(wanted).sorted()
      guard !missing.isEmpty || !extra.isEmpty else { continue }
      var words: [String] = []
      if !missing.isEmpty { words.append("lacks " + missing.joined(separator: ", ")) }
      if !extra.isEmpty { words.append("names " + extra.joined(separator: ", ")) }
      report.add(
        Diagnostic(
          MeaningRules.peerList,
          "\(entry.key) of \(evaluation.entry.name.value) is not the others: it \(words.joined(separator: " and "))",
          at: given.value.span, related: [Label("the service makes the list here", at: entry.value.span)],
          help: "take the override away", node: evaluation.entry.name.value.description))
    }
    return report
  }

  private static func parts(_ text: String, _ separator: String) -> Set<String> {
    Set(text.split(separator: separator).map(String.init))
  }
}
