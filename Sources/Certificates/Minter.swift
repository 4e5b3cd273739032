internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import SecretStore

/// Makes what a plan lacks, authority by authority. Whoever calls it holds the folder's lock.
struct Minter {
  private let folder: SecretFolder
  private let maker: SecretMaker
  private(set) var report: Report
  private(set) var made: [MintingPlan.Item] = []

  init(_ folder: SecretFolder, now: Int, report: Report) {
    self.folder = folder
    maker = SecretMaker(folder, now: now)
    self.report = report
  }

  mutating func mint(_ plan: MintingPlan) throws(HostError) {
    // Each authority comes with its certificates right behind it.
    let groups = Dictionary(grouping: plan.items.filter(\.isMintable)) { item -> Name? in
      if case .certificate(let request, _) = item.subject { request.authority } else { nil }
    }
    for authority in plan.request.authorities {
      let name = authority.name.value
      guard let own = plan.items.first(where: { $0.subject == .authority(name) }) else { continue }
      try mint(own, authority, groups[name] ?? [], fleet: plan.request.fleet)
    }
    let kinds = Dictionary(plan.request.secrets.map { ($0.name.value, $0.kind.value) }) { first, _ in first }
    let maker = maker
    for item in plan.items where item.isMintable {
      try attempt(item) { () throws(MintingFailure) in
        switch item.subject {
        case .authority, .certificate: return false
        case .hostKey(let node): try maker.makeHostKey(of: node, isThere: item.state == .incomplete)
        case .releaseKey: try maker.makeReleaseKey()
        case .secret(let name, _):
          guard let kind = kinds[name], let file = item.files.first else { return false }
          try maker.makeSecret(kind, as: file)
        }
        return true
      }
    }
  }

  private mutating func mint(
    _ own: MintingPlan.Item, _ authority: Authority, _ leaves: [MintingPlan.Item], fleet: Name
  ) throws(HostError) {
    guard own.isMintable || own.state == .present else { return }
    if own.isMintable {
      let (maker, count) = (maker, made.count)
      try attempt(own) { () throws(MintingFailure) in
        try maker.makeAuthority(authority, fleet: fleet)
        return true
      }
      if made.count == count { return }
    }
    if !leaves.isEmpty { try mint(leaves, of: authority) }
  }

  private mutating func mint(_ leaves: [MintingPlan.Item], of authority: Authority) throws(HostError) {
    let name = authority.name.value
    // Both were there, or were made, a moment ago; what the plan found wrong is said already.
    guard var text = try bytes(of: .authorityKey(name)),
      let rootText = try bytes(of: .authorityCertificate(name))
    else { return }
    defer { wipe(&text) }
    guard let key = try? PrivateKey(pem: text), let root = try? X509Certificate(pem: rootText),
      let times = try? root.times()
    else { return }
    let isStrict = (try? CertificateCheck.strictRefusal(of: root, key)) == nil
    let validity = validity(of: authority, times)
    let (maker, kind) = (maker, authority.key.value)
    for item in leaves {
      guard case .certificate(let request, let node) = item.subject else { continue }
      let failure: MintingFailure?
      do throws(MintingFailure) {
        try maker.makeCertificate(
          request, of: node, kind: kind, validity: validity, root: root, rootKey: key,
          rootIsStrict: isStrict)
        failure = nil
      } catch {
        failure = error
      }
      try record(item, failure)
    }
  }

  /// From an hour ago for the authority's leaf days, but not beyond the authority's own time.
  private mutating func validity(
    of authority: Authority, _ times: (notBefore: Int, notAfter: Int)
  ) -> ClosedRange<Int> {
    let wish = maker.end(ofDays: authority.leafDays.value)
    if wish > times.notAfter {
      report.add(
        Diagnostic(
          CertificateRules.endsBeforeLeaf,
          "authority \(authority.name.value) ends within \(authority.leafDays.value) days, and what it signs ends with it",
          at: authority.name.span, help: "give the authority more days than its certificates"))
    }
    let start = max(maker.start, times.notBefore)
    return start...max(start, min(wish, times.notAfter))
  }

  private func bytes(of file: SecretFile) throws(HostError) -> [UInt8]? {
    do throws(SecretError) {
      return try folder.read(file)
    } catch {
      if case .host(let error) = error { throw error }
      return nil
    }
  }

  /// Makes one piece; `make` says whether there was one to make.
  private mutating func attempt(
    _ item: MintingPlan.Item, _ make: () throws(MintingFailure) -> Bool
  ) throws(HostError) {
    let failure: MintingFailure?
    do throws(MintingFailure) {
      guard try make() else { return }
      failure = nil
    } catch {
      failure = error
    }
    try record(item, failure)
  }

  /// Notes what became of a piece. A failure of the host ends the run, any other is a finding.
  private mutating func record(_ item: MintingPlan.Item, _ failure: MintingFailure?) throws(HostError) {
    let reason: String
    switch failure {
    case nil:
      made.append(item)
      return
    case .host(let error): throw error
    case .store(let error): reason = error.message
    case .openSSL(let error): reason = error.message
    case .selfCheck(let text): reason = text
    }
    let names = item.files.map(\.path).joined(separator: " and ")
    report.add(
      Diagnostic(
        CertificateRules.mintingFailed, "cannot mint \(names): \(reason)", at: item.span,
        help: "mend what the reason names and run `imagegen secrets` again", node: item.node?.description))
  }
}
