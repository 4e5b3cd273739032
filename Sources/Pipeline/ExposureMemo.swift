internal import Hardening
internal import Synchronization
internal import SystemdUnits

/// Exposure scores by what they depend on. Nodes of a fleet run the same services: their units' scores
/// are worked out once, whichever node comes first.
final class ExposureMemo: Sendable {
  private let known = Mutex<[String: String]>([:])

  /// As systemd-analyze security says it; `nil` for units that are no services.
  func text(of unit: UnitFile) -> String? {
    guard unit.name.hasSuffix(".service") else { return nil }
    let key = key(of: unit)
    if let text = known.withLock({ $0[key] }) { return text }
    let text = Exposure.score(of: unit).text
    known.withLock { $0[key] = text }
    return text
  }

  /// All of [Service] but what differs from node to node and says nothing of the sandbox.
  private func key(of unit: UnitFile) -> String {
    var key = ""
    for directive in unit.directives(in: "Service")
    where !directive.key.hasPrefix("Exec") && directive.key != "LoadCredential" {
      key += directive.key
      key += "="
      key += directive.value
      key += "\n"
    }
    return key
  }
}
