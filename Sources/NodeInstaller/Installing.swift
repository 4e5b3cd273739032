internal import BundleReading
internal import Bundles
internal import Digests
internal import JSONText
internal import NodeCalls

extension Session {
  // MARK: plan

  func plan(_ bundle: OpenBundle) throws(Refusal) -> ExitCode {
    let old = try current()
    var before: [String: SHA256Digest] = [:]
    for file in old?.manifest.files ?? [] { before[file.path] = file.digest }
    var (added, changed): ([String], [String]) = ([], [])
    for file in bundle.manifest.files {
      guard let digest = before.removeValue(forKey: file.path) else {
        added.append(file.path)
        continue
      }
      if digest != file.digest { changed.append(file.path) }
    }
    let removed = before.keys.sorted()
    let new = InstalledRelease(
      id: bundle.digest.description, manifest: bundle.manifest, secrets: [], enabled: [:])
    let isActive = old?.id.hasPrefix(bundle.digest.description) ?? false
    let restarts = isActive ? [] : Activation.changed(from: old, to: new)
    let bytes = bundle.manifest.files.reduce(0) { $0 + $1.size }
    guard !options.isJSON else {
      console.result(
        .object([
          "changed": .bool(!isActive), "add": .strings(added), "change": .strings(changed),
          "remove": .strings(removed), "restart": .strings(restarts), "bytes": .integer(bytes),
        ]))
      return .done
    }
    if isActive { console.result("nothing: the release is active") }
    for path in added { console.result("add /\(path)") }
    for path in changed { console.result("change /\(path)") }
    for path in removed { console.result("remove /\(path)") }
    for unit in restarts { console.result("restart \(unit)") }
    console.result("\(bytes) bytes in \(Places.releases)")
    return .done
  }

  // MARK: install

  func install(_ bundle: OpenBundle, _ recovered: Recovered) throws(Refusal) -> ExitCode {
    try bundle.verifyContent()
    let old = try current()
    let brought = try brought(bundle)
    if let old, try isSame(old, bundle, brought) {
      console.say("INFO", "the release is active already")
      return .done
    }
    let checked = try check(bundle, isAlone: false)
    guard checked == .done || checked == .waived else { return checked }
    let secrets = try secretsToStage(bundle, brought, old)
    let id = try freeName(bundle.digest.description)
    var switching = Switching(tree, records: 0)
    let (new, adopt): (InstalledRelease, Set<String>)
    do throws(Refusal) {
      try asRefusal { () throws(NodeFailure) in try switching.begin(old: old?.id, new: id, stages: true) }
      try Staging(tree: tree, bundle: bundle, id: id, secrets: secrets, makeAccounts: makeAccounts).run()
      new = try release(bundle, id, secrets.map { $0.secret.path })
      adopt = try inTheWay(of: new, old)
      try asRefusal { () throws(NodeFailure) in try switching.run(to: new, adopt: adopt) }
    } catch {
      throw undone(error)
    }
    let result = try activate(switching, from: old, to: new)
    return result == .done ? checked : result
  }

  /// Whether the active release is this bundle's, with these secrets, and nobody has changed it.
  private func isSame(
    _ old: InstalledRelease, _ bundle: OpenBundle, _ brought: [String: [UInt8]]
  ) throws(Refusal) -> Bool {
    guard old.id.hasPrefix(bundle.digest.description) else { return false }
    return try asRefusal { () throws(NodeFailure) in
      for (path, bytes) in brought.sorted(by: { $0.key < $1.key }) {
        guard old.secrets.contains(path),
          try tree.read(Places.stored(path, in: old.id), limit: SecretFolder.fileLimit) == bytes
        else { return false }
      }
      return try Attestation(tree: tree, release: old).differences().isEmpty
    }
  }

  /// What the release keeps of its secrets: those that were brought, and those that the active one has.
  private func secretsToStage(
    _ bundle: OpenBundle, _ brought: [String: [UInt8]], _ old: InstalledRelease?
  ) throws(Refusal) -> [Staging.StagedSecret] {
    var staged: [Staging.StagedSecret] = []
    for secret in bundle.manifest.secrets {
      if let bytes = brought[secret.path] {
        staged.append(Staging.StagedSecret(secret: secret, bytes: bytes))
      } else if let old, old.secrets.contains(secret.path) {
        let path = Places.stored(secret.path, in: old.id)
        let bytes = try asRefusal { () throws(NodeFailure) in
          try tree.read(path, limit: SecretFolder.fileLimit)
        }
        if let bytes { staged.append(Staging.StagedSecret(secret: secret, bytes: bytes)) }
      }
    }
    return staged
  }

  /// The digest; with a number behind it where that release is active or the one before, and so is not to be touched.
  private func freeName(_ digest: String) throws(Refusal) -> String {
    let taken = try asRefusal { () throws(NodeFailure) in
      [try InstalledRelease.name(tree, Places.current), try InstalledRelease.name(tree, Places.previous)]
    }
    var name = digest
    var number = 2
    while taken.contains(where: { $0 == name }) {
      name = "\(digest).\(number)"
      number += 1
    }
    return name
  }

  private func release(
    _ bundle: OpenBundle, _ id: String, _ secrets: [String]
  ) throws(Refusal) -> InstalledRelease {
    guard let release = try asRefusal({ () throws(NodeFailure) in try InstalledRelease(tree, id: id) }) else {
      throw Refusal(.fault, "the staged release is not there")
    }
    return release
  }

  /// Foreign files where the release has links, once the rule about them was skipped.
  private func inTheWay(of new: InstalledRelease, _ old: InstalledRelease?) throws(Refusal) -> Set<String> {
    guard options.skipped.contains("ND040") || options.skipped.contains("ND041") else { return [] }
    var found = Set<String>()
    try asRefusal { () throws(NodeFailure) in
      for (path, target) in new.links.sorted(by: { $0.key < $1.key }) {
        var isThere = true
        for folder in Places.parents(path) where try tree.status(folder) == nil { isThere = false }
        guard isThere, let status = try tree.status(path), status.kind != .directory else { continue }
        let isOurs = try status.kind == .link ? tree.link(path) == target : false
        if !isOurs { found.insert(path) }
      }
    }
    return found
  }

  private func makeAccounts(_ files: [String]) throws(Refusal) {
    guard !files.isEmpty else { return }
    let root = options.root == "/" ? "/" : options.root + "/"
    let run = tree.calls.run(
      ["systemd-sysusers"] + (options.root == "/" ? [] : ["--root=" + options.root])
        + files.map { root + $0 }, input: [],
      outputLimit: 4096, milliseconds: 60_000)
    guard run.status == 0 else {
      throw Refusal(.missingFeature, "systemd-sysusers ended with \(run.status)", rule: "ND013")
    }
  }

  /// Undoes what was begun; the reason stays the reason, whatever else goes wrong on the way back.
  private func undone(_ reason: Refusal) -> Refusal {
    do throws(NodeFailure) {
      _ = try Recovery.run(tree)
      return reason
    } catch {
      var reason = reason
      reason.message += "; undoing it failed as well (\(error.message)): run 'imagegen-install recover'"
      return reason
    }
  }

  // MARK: switch and watch

  /// Has the new release run, and goes back when it does not live.
  private func activate(
    _ switching: Switching, from old: InstalledRelease?, to new: InstalledRelease
  ) throws(Refusal) -> ExitCode {
    let activation = Activation(tree: tree, root: options.root, console: console)
    if !options.noStart {
      do throws(Activation.Failure) {
        try activation.run(from: old, to: new)
      } catch {
        console.say("ERROR", error.message)
        return try goBack(switching, from: new, to: old, error.code)
      }
    }
    try asRefusal { () throws(NodeFailure) in
      try switching.finish(from: old, to: new, floor: new.manifest.sequence)
    }
    console.say("INFO", "\(new.manifest.target.node) \(new.manifest.version) is active")
    return .done
  }

  private func goBack(
    _ switching: Switching, from new: InstalledRelease, to old: InstalledRelease?, _ code: ExitCode
  ) throws(Refusal) -> ExitCode {
    do throws(NodeFailure) {
      let log = TransactionLog(tree)
      let records = try log.records() ?? []
      try log.append([.reverse], after: records.count)
      _ = try Recovery.run(tree)
    } catch {
      console.say("ERROR", error.message)
      return .rollbackFailed
    }
    let activation = Activation(tree: tree, root: options.root, console: console)
    do throws(Activation.Failure) {
      if let old { try activation.run(from: new, to: old) } else { try activation.run(without: new) }
    } catch {
      console.say("ERROR", error.message)
      return .rollbackFailed
    }
    console.say("WARN", "the release before is active again")
    return code == .manager ? .manager : .rolledBack
  }

  // MARK: rollback

  func rollback() throws(Refusal) -> ExitCode {
    let (old, new) = try asRefusal { () throws(NodeFailure) in
      (try InstalledRelease.at(tree, Places.current), try InstalledRelease.at(tree, Places.previous))
    }
    guard let old, let new, old.id != new.id else {
      throw Refusal(.layout, "there is no release before this one")
    }
    let damage = try asRefusal { () throws(NodeFailure) in
      try Attestation(tree: tree, release: new).differences().filter {
        $0.path.hasPrefix(Places.set(new.id)) || $0.path.hasPrefix(Places.release(new.id))
      }
    }
    if let first = damage.first { throw Refusal(.digest, first.what, subject: "/" + first.path) }
    var switching = Switching(tree, records: 0)
    do throws(NodeFailure) {
      try switching.begin(old: old.id, new: new.id, stages: false)
      try switching.run(to: new, adopt: [])
    } catch {
      throw undone(error.refusal)
    }
    return try activate(switching, from: old, to: new)
  }
}

extension Activation {
  /// Stops all of a release that is gone.
  func run(without release: InstalledRelease) throws(Failure) {
    try reload()
    let names = release.manifest.units.flatMap { UnitText.names($0) }.sorted()
    if !names.isEmpty {
      _ = tree.calls.run(["systemctl", "stop"] + names, input: [], outputLimit: 0, milliseconds: 300_000)
    }
  }
}
