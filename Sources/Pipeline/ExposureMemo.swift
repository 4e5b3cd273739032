internal import Hardening
internal import Synchronization
internal import SystemdUnits

/// Exposure scores by what they depend on. Nodes of a fleet run the same services: what is said of their
/// units is worked out once, whichever node comes first.
final class ExposureMemo: Sendable {
  /// What the report says of a service's sandbox.
  struct Verdict: Sendable {
    /// Ten times what systemd-analyze security says.
    let tenths: Int
    /// The directives that would gain most, as they are written, each with its gain.
    let nextSteps: [String]
  }

  /// More would be read as a list to work through; what a service can live with is for people to say.
  private static let mostSteps = 3

  private let known = Mutex<[String: Verdict]>([:])

  /// `nil` for units that are no services.
  func verdict(on unit: UnitFile) -> Verdict? {
    guard unit.name.hasSuffix(".service") else { return nil }
    let key = key(of: unit)
    if let verdict = known.withLock({ $0[key] }) { return verdict }
    let steps = Exposure.nextSteps(for: unit).prefix(Self.mostSteps)
    let verdict = Verdict(
      tenths: Exposure.score(of: unit).tenths,
      nextSteps: steps.map { "\($0.directive)=\($0.value) (\($0.gainText))" })
    known.withLock { $0[key] = verdict }
    return verdict
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
