/// The sections of a node's page, in their order.
enum PageSection: String, CaseIterable {
  case overview, graph, boot, hardening, network, disk, files, secrets

  /// What links lead to.
  var anchor: String { rawValue }

  /// Its heading.
  var title: String {
    switch self {
    case .overview: "Overview"
    case .graph: "Units"
    case .boot: "Boot"
    case .hardening: "Hardening"
    case .network: "Ports and network"
    case .disk: "Disk"
    case .files: "Files"
    case .secrets: "Secrets"
    }
  }
}
