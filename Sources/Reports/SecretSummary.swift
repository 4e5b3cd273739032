import FleetModel

extension SecretReference {
  /// What a piece of secret material is, in words; never anything of its content.
  var summary: String {
    switch self {
    case .secret(let name, let scope): "secret \(name), one per \(scope.rawValue)"
    case .certificate(let request):
      "certificate \(request.name) of authority \(request.authority) "
        + "(\(request.usages.map(\.rawValue).joined(separator: ", ")))"
    case .certificateKey(let request): "private key of certificate \(request.name)"
    case .authorityCertificate(let name): "certificate of authority \(name)"
    case .hostKey: "ssh host key"
    case .hostPublicKey: "public ssh host key"
    case .clusterConfig: "cluster configuration"
    }
  }
}
