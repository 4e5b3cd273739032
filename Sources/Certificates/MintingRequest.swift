public import FleetModel

/// The secret material that one node needs for itself.
public struct NodeSecrets: Sendable {
  /// The node.
  public var node: Sourced<Name>
  /// Its certificates, each with the profile line that asks for it.
  public var certificates: [Sourced<CertificateRequest>]
  /// Declared secrets that it has of its own.
  public var secrets: [Sourced<Name>]
  /// Whether it gets its ssh host key from here.
  public var hasHostKey: Bool

  /// Lists what a node needs.
  public init(
    node: Sourced<Name>, certificates: [Sourced<CertificateRequest>], secrets: [Sourced<Name>],
    hasHostKey: Bool
  ) {
    self.node = node
    self.certificates = certificates
    self.secrets = secrets
    self.hasHostKey = hasHostKey
  }

  /// Takes what a node needs from its deliveries, each piece once.
  public init(_ node: Node) {
    self.init(node: node.name, certificates: [], secrets: [], hasHostKey: false)
    var requests = Set<CertificateRequest>()
    var names = Set<Name>()
    if let encryption = node.disk?.encryption, encryption.scope == .node {
      names.insert(encryption.secret.value)
      secrets.append(encryption.secret)
    }
    for delivery in node.deliveries {
      let origin = delivery.path.origin
      switch delivery.reference {
      case .certificate(let request), .certificateKey(let request):
        if requests.insert(request).inserted { certificates.append(Sourced(request, origin)) }
      case .secret(let name, .node):
        if names.insert(name).inserted { secrets.append(Sourced(name, origin)) }
      case .hostKey, .hostPublicKey: hasHostKey = true
      case .secret(_, .fleet), .authorityCertificate, .clusterConfig: break
      }
    }
  }
}

/// The secret material that a fleet needs.
public struct MintingRequest: Sendable {
  /// The fleet: the organization of its authorities.
  public var fleet: Name
  /// In order of name.
  public var authorities: [Authority]
  /// In order of name; those of nodes are minted for the nodes that name them.
  public var secrets: [SecretDeclaration]
  /// In the order they are minted in.
  public var nodes: [NodeSecrets]
  /// Whether bundles are signed.
  public var hasReleaseKey: Bool

  /// Lists what a fleet needs.
  public init(
    fleet: Name, authorities: [Authority], secrets: [SecretDeclaration], nodes: [NodeSecrets],
    hasReleaseKey: Bool
  ) {
    self.fleet = fleet
    self.authorities = authorities
    self.secrets = secrets
    self.nodes = nodes
    self.hasReleaseKey = hasReleaseKey
  }

  /// Takes everything the fleet declares, and what the nodes need.
  public init(fleet: Fleet, nodes: [NodeSecrets], hasReleaseKey: Bool) {
    self.init(
      fleet: fleet.name.value,
      authorities: fleet.authorities.sorted { $0.key < $1.key }.map(\.value),
      secrets: fleet.secrets.sorted { $0.key < $1.key }.map(\.value),
      nodes: nodes, hasReleaseKey: hasReleaseKey)
  }
}
