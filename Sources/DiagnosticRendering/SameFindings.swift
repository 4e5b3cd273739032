import Diagnostics

/// Findings that say the same of the same place for several nodes: a line of a service is wrong once,
/// however many nodes run it.
struct SameFindings {
  /// Most nodes named one by one.
  private static let named = 3

  /// The first of them.
  let first: Diagnostic
  private var nodes: [String] = []

  /// What a reader sees of a finding.
  private struct Key: Hashable {
    let code: Code
    let severity: Severity
    let message: String
    let span: Span?
    let help: String?
    let unit: String?
  }

  /// Groups in the order their first findings have; findings without a place stay alone.
  static func groups(of findings: [Diagnostic]) -> [SameFindings] {
    var groups: [SameFindings] = []
    var places: [Key: Int] = [:]
    for finding in findings {
      let key = Key(
        code: finding.code, severity: finding.severity, message: finding.message, span: finding.span,
        help: finding.help, unit: finding.unit)
      if finding.span != nil, let node = finding.node, let place = places[key] {
        groups[place].nodes.append(node)
      } else {
        if finding.node != nil { places[key] = groups.count }
        groups.append(SameFindings(first: finding))
      }
    }
    return groups
  }

  /// "the same on node02, node03 and 7 other nodes"; `nil` when there are none.
  var others: String? {
    guard !nodes.isEmpty else { return nil }
    let rest = nodes.count - Self.named
    guard rest > 0 else { return "the same on " + nodes.joined(separator: ", ") }
    return
      "the same on \(nodes.prefix(Self.named).joined(separator: ", ")) and \(rest) other \(rest == 1 ? "node" : "nodes")"
  }
}
