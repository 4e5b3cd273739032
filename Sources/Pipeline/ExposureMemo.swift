internal import Hardening
internal import Synchronization
internal import SystemdUnits

/// Exposure scores by what they depend on. Nodes of a fleet run the same services: their units' scores
/// are worked out once, whichever node comes first.
final class ExposureMemo: Sendable {
  private let known = Mutex<[String: Int]>([:])

  /// Ten times what systemd-analyze security says; `nil` for units that are no services.
  func tenths(of unit: UnitFile) -> Int? {
    guard unit.name.hasSuffix(".service") else { return nil }
    let key = key(of: unit)
    if let tenths = known.withLock({ $0[key] }) { return tenths }
    let tenths = Exposure.score(of: unit).tenths
    known.withLock { $0[key] = tenths }
    return tenths
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
