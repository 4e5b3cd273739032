public import Diagnostics
public import FleetModel
public import SecretStore

/// What a fleet needs, and what of it is there: the result of looking, nothing has been changed.
public struct MintingPlan: Sendable {
  /// A piece of secret material: one file, or a pair.
  public struct Item: Sendable {
    /// What it is.
    public enum Subject: Hashable, Sendable {
      case authority(Name)
      case certificate(CertificateRequest, node: Name)
      case hostKey(node: Name)
      case secret(Name, node: Name?)
      case releaseKey
    }

    /// How it stands with it.
    public enum State: Hashable, Sendable {
      /// It is there and right; a certificate whose authority cannot be used is taken for right.
      case present
      /// It is not there.
      case missing
      /// Its private half is there, the other can be made from it: an earlier run was interrupted.
      case incomplete
      /// It is there and cannot be used; the report says why.
      case unusable
      /// It is there, in order, and not what the profile asks for; the report says why.
      case mismatched
    }

    /// What it is.
    public let subject: Subject
    /// How it stands with it.
    public let state: State
    /// Its files, the private one first.
    public let files: [SecretFile]
    /// The profile line that asks for it.
    public let span: Span?

    /// Whether minting it makes it right.
    public var isMintable: Bool { state == .missing || state == .incomplete }

    /// The node it belongs to; `nil` for the fleet's.
    public var node: Name? {
      switch subject {
      case .authority, .releaseKey: nil
      case .certificate(_, let node), .hostKey(let node): node
      case .secret(_, let node): node
      }
    }
  }

  /// What was asked for.
  public let request: MintingRequest
  /// In the order of minting: each authority and its certificates, host keys, secrets, release key.
  public let items: [Item]

  /// What `imagegen secrets` would make now.
  public var mintable: [Item] { items.filter(\.isMintable) }

  /// A finding for each piece that is not there: what `imagegen secrets --check` says.
  public var lacks: Report {
    var report = Report()
    for item in mintable {
      let names = item.files.map(\.path).joined(separator: " and ")
      let verb = item.files.count == 1 ? "is" : "are"
      report.add(
        Diagnostic(
          CertificateRules.missingMaterial,
          item.state == .missing ? "\(names) \(verb) not minted yet" : "\(names) \(verb) minted by half",
          at: item.span, help: "run `imagegen secrets \(request.fleet)`", node: item.node?.description))
    }
    return report
  }
}
