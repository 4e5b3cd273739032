public import FleetModel

/// What a node told the boot server: that its installation is on the disk.
public struct InstallReport: Hashable, Sendable {
  /// The node that says so.
  public var node: String
  /// The nonce that it was armed with.
  public var nonce: String

  /// Makes a report.
  public init(node: String, nonce: String) {
    self.node = node
    self.nonce = nonce
  }

  /// All reports in a log of HTTP requests: `… GET /report/NODE/installed?nonce=NONCE …`. Lines of anything else are
  /// passed over; what is said of a node that does not exist comes to nothing later.
  public static func all(in log: String) -> [InstallReport] {
    log.split(separator: "\n").compactMap { line in
      guard let start = line.firstRange(of: "GET /report/")?.upperBound else { return nil }
      let rest = line[start...].prefix { $0 != " " && $0 != "\"" }
      let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].hasPrefix("installed?nonce=") else { return nil }
      let nonce = String(parts[1].dropFirst(16))
      return BootState.isNonce(nonce) ? InstallReport(node: String(parts[0]), nonce: nonce) : nil
    }
  }
}

extension BootPlan {
  /// Sets what a machine does; nothing where there is none of that name.
  public mutating func set(_ state: BootState, of node: Name, in fleet: Name) {
    if let index = machines.firstIndex(where: { $0.fleet == fleet && $0.node == node }) {
      machines[index].state = state
    }
  }

  /// Lets machines boot from their disks that reported so with the nonce they are armed with; returns their names.
  public mutating func take(reports: [InstallReport]) -> [String] {
    var done: [String] = []
    for index in machines.indices {
      guard case .armed(let nonce) = machines[index].state,
        reports.contains(InstallReport(node: "\(machines[index].node)", nonce: nonce))
      else { continue }
      machines[index].state = .installed(nonce: nonce)
      done.append("\(machines[index].node)")
    }
    return done
  }
}
