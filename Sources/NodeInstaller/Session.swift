internal import BundleReading
internal import Bundles
internal import Digests
internal import JSONText
internal import NodeCalls

/// One run of the program on a node.
struct Session {
  let tree: NodeTree
  let options: InstallOptions
  let console: Console

  func run(_ verb: String) throws(Refusal) -> ExitCode {
    switch verb {
    case "verify":
      return try withBundle { bundle throws(Refusal) in
        try bundle.verifyContent()
        return verified(bundle)
      }
    case "check": return try withBundle { bundle throws(Refusal) in try check(bundle, isAlone: true) }
    case "plan": return try withBundle { bundle throws(Refusal) in try plan(bundle) }
    case "install":
      return try withLock { recovered throws(Refusal) in
        try withBundle { bundle throws(Refusal) in try install(bundle, recovered) }
      }
    case "rollback": return try withLock { _ throws(Refusal) in try rollback() }
    case "recover":
      return try withLock { recovered throws(Refusal) in
        switch recovered {
        case .nothing: .done
        case .old: .recoveredOld
        case .new: .recoveredNew
        }
      }
    case "gc":
      return try withLock { _ throws(Refusal) in
        let gone = try asRefusal { () throws(NodeFailure) in try Switching(tree, records: 0).collect() }
        for path in gone { console.result("removed /\(path)") }
        return .done
      }
    case "status": return try status()
    case "attest": return try attest()
    default: throw Refusal(.fault, "the verb \(verb) is not there")
    }
  }

  // MARK: What everything begins with

  /// Opens the bundle and trusts it.
  private func withBundle(_ body: (OpenBundle) throws(Refusal) -> ExitCode) throws(Refusal) -> ExitCode {
    let calls = tree.calls
    let path = options.words[1]
    let file = calls.openNamed(path, isFolder: false)
    guard file >= 0 else { throw Refusal(.unreadable, "cannot open \(path): \(NodeErrno(-file).text)") }
    defer { _ = calls.close(file) }
    return try body(OpenBundle(file, calls: calls, trust: try trust()))
  }

  private func trust() throws(Refusal) -> TrustStore {
    guard let keys = options.keys else { return try TrustStore(tree, TrustStore.folder) }
    let root = tree.calls.openNamed(keys, isFolder: true)
    guard root >= 0 else { throw Refusal(.key, "cannot open the keys \(keys): \(NodeErrno(-root).text)") }
    defer { _ = tree.calls.close(root) }
    return try TrustStore(NodeTree(calls: tree.calls, root: root), ".")
  }

  /// Makes the state folders, takes the lock, and finishes or undoes what was cut off: first in everything that writes.
  private func withLock(_ body: (Recovered) throws(Refusal) -> ExitCode) throws(Refusal) -> ExitCode {
    guard tree.calls.user() == 0 else { throw Refusal(.notPermitted, "only root may do this") }
    try guardFolders()
    try asRefusal { () throws(NodeFailure) in
      for path in [Places.sets, Places.releases] {
        for folder in Places.parents(path) + [path] where try tree.status(folder) == nil {
          try tree.makeFolder(folder, mode: 0o755)
          try tree.sync(Places.parent(folder))
        }
      }
    }
    let calls = tree.calls
    let lock = calls.openAppending(tree.root, Places.lock)
    guard lock >= 0 else { throw NodeFailure("open", Places.lock, NodeErrno(-lock)).refusal }
    defer { _ = calls.close(lock) }
    let taken = calls.tryLock(lock)
    if taken == -NodeErrno.wouldBlock.number { throw Refusal(.busy, "another installer is at work here") }
    guard taken >= 0 else { throw NodeFailure("lock", Places.lock, NodeErrno(-taken)).refusal }
    let recovered = try asRefusal { () throws(NodeFailure) in try Recovery.run(tree) }
    switch recovered {
    case .nothing: break
    case .old: console.say("WARN", "an interrupted run was undone: the release before it is active")
    case .new: console.say("WARN", "an interrupted run was finished: its release is active")
    }
    return try body(recovered)
  }

  /// Nobody else may be able to put something else in the place of the installer's folders.
  private func guardFolders() throws(Refusal) {
    for path in ["etc", Places.state, Places.sets, "var", "var/lib", "var/lib/imagegen", Places.releases] {
      guard let status = try asRefusal({ () throws(NodeFailure) in try tree.status(path) }) else { continue }
      guard status.kind == .directory, status.mode & 0o022 == 0, status.owner == 0 else {
        throw Refusal(.hostile, "/\(path) is not a folder that root alone may write", rule: "ND042")
      }
    }
  }

  // MARK: verify, check

  private func verified(_ bundle: OpenBundle) -> ExitCode {
    let manifest = bundle.manifest
    if options.isJSON {
      console.result(
        .object([
          "digest": .string(bundle.digest.description), "fleet": .string(manifest.target.fleet),
          "node": .string(manifest.target.node), "version": .string(manifest.version),
          "sequence": .integer(manifest.sequence), "files": .integer(manifest.files.count),
        ]))
    } else {
      console.result(
        "\(manifest.target.fleet)/\(manifest.target.node) \(manifest.version), sequence \(manifest.sequence), "
          + "\(manifest.files.count) files: signed and whole")
    }
    return .done
  }

  func brought(_ bundle: OpenBundle) throws(Refusal) -> [String: [UInt8]] {
    guard let folder = options.secrets else { return [:] }
    return try SecretFolder.read(tree.calls, folder, bundle.manifest)
  }

  func current() throws(Refusal) -> InstalledRelease? {
    try asRefusal { () throws(NodeFailure) in try InstalledRelease.at(tree, Places.current) }
  }

  /// Asks every rule. Refuses with the first one's status; `.waived` when only skipped ones refused.
  func check(_ bundle: OpenBundle, isAlone: Bool) throws(Refusal) -> ExitCode {
    if isAlone { try bundle.verifyContent() }
    var inspection = Inspection(
      tree, bundle, options, current: try current(), brought: try brought(bundle))
    try inspection.run()
    var isWaived = false
    var first: Refusal?
    for finding in inspection.findings {
      let isSkipped = finding.rule.map { options.skipped.contains($0) } ?? false
      if isSkipped { isWaived = true } else if first == nil { first = finding }
      console.refuse(finding, isWaived: isSkipped)
    }
    if let first { return first.code }
    if isAlone { console.result("this node is fit for the bundle") }
    return isWaived ? .waived : .done
  }

  // MARK: status, attest

  private func status() throws(Refusal) -> ExitCode {
    let release = try current()
    let (previous, interrupted, floor) = try asRefusal { () throws(NodeFailure) in
      (
        try InstalledRelease.name(tree, Places.previous), try tree.status(Places.log) != nil,
        try Switching.floor(tree)
      )
    }
    if options.isJSON {
      console.result(
        .object([
          "active": release.map { .string($0.id) }, "node": release.map { .string($0.manifest.target.node) },
          "version": release.map { .string($0.manifest.version) },
          "sequence": release.map { .integer($0.manifest.sequence) },
          "previous": previous.map { .string($0) },
          "floor": .integer(floor), "interrupted": .bool(interrupted),
        ]))
    } else if let release {
      let manifest = release.manifest
      console.result(
        "active: \(manifest.target.node) \(manifest.version), sequence \(manifest.sequence), \(release.id)")
      if let previous { console.result("before: \(previous)") }
    } else {
      console.result("nothing is installed")
    }
    if interrupted { console.say("WARN", "a run was interrupted; run 'imagegen-install recover'") }
    return .done
  }

  private func attest() throws(Refusal) -> ExitCode {
    guard let release = try current() else { throw Refusal(.layout, "nothing is installed") }
    let differences = try asRefusal { () throws(NodeFailure) in
      try Attestation(tree: tree, release: release).differences()
    }
    for difference in differences {
      console.refuse(Refusal(.layout, difference.what, rule: "ND041", subject: "/" + difference.path))
    }
    if options.isJSON {
      console.result(
        .object([
          "_type": .string("https://in-toto.io/Statement/v1"),
          "subject": .array([
            .object([
              "name": .string(release.manifest.target.node),
              "digest": .object(["sha256": .string(String(release.id.prefix(64)))]),
            ])
          ]),
          "predicateType": .string("urn:imagegen:attest:1"),
          "predicate": .object([
            "date": .string(Timestamp(tree.calls.seconds()).text),
            "differences": .array(
              differences.map { .object(["path": .string("/" + $0.path), "what": .string($0.what)]) }),
          ]),
        ]))
    } else if differences.isEmpty {
      console.result("everything is as it was signed")
    }
    return differences.isEmpty ? .done : .layout
  }
}
