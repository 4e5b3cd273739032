internal import BundleReading
internal import Bundles
internal import NodeCalls

/// Has the system's manager run what changed, and watches whether it lives.
struct Activation {
  let tree: NodeTree
  let root: String
  let console: Console

  /// How long a unit may take to become active, and to live.
  private static let patience = 120_000

  /// Why a release is not to stay.
  struct Failure: Error {
    var code: ExitCode
    var message: String
  }

  /// Stops what is gone, starts what is new or changed, and waits until all of it lives.
  func run(from old: InstalledRelease?, to new: InstalledRelease) throws(Failure) {
    try reload()
    let names = Set(new.manifest.units.flatMap { UnitText.names($0) })
    let gone = (old?.manifest.units ?? []).flatMap { UnitText.names($0) }.filter { !names.contains($0) }
    if !gone.isEmpty { try systemctl(["stop"] + gone.sorted(), .rolledBack) }
    try makeState(new)
    let changed = Self.changed(from: old, to: new)
    guard !changed.isEmpty else { return }
    if new.manifest.formsQuorum {
      // A member of a cluster that forms lives and waits for the others: nobody may wait for it to be ready. What ran
      // before is gone first, or it would be taken for what comes.
      try systemctl(["stop"] + changed, .rolledBack)
      try systemctl(["start", "--no-block"] + changed, .rolledBack)
    } else {
      try systemctl(["restart"] + changed, .rolledBack)
    }
    for unit in new.manifest.units where !Set(UnitText.names(unit)).isDisjoint(with: changed) {
      for name in UnitText.names(unit) { try lives(name, unit, new) }
    }
  }

  /// Has the folders made that the services write to, as a boot would (tmpfiles.d(5)): a unit whose `ReadWritePaths=`
  /// are not there does not start.
  private func makeState(_ release: InstalledRelease) throws(Failure) {
    let files = release.manifest.files.map { $0.path }.filter { path in
      path.hasSuffix(".conf") && (path.hasPrefix("etc/tmpfiles.d/") || path.hasPrefix("usr/lib/tmpfiles.d/"))
    }
    guard !files.isEmpty else { return }
    let words = ["systemd-tmpfiles", "--create"] + (root == "/" ? [] : ["--root=" + root])
    let run = tree.calls.run(
      words + files.map { "/" + $0 }.sorted(), input: [], outputLimit: 0, milliseconds: 60_000)
    if run.status != 0 {
      throw Failure(code: .rolledBack, message: "systemd-tmpfiles ended with \(run.status)")
    }
  }

  /// Has the manager read its units again.
  func reload() throws(Failure) { try systemctl(["daemon-reload"], .manager) }

  /// Units that a boot would start and whose own files, or files that they name, are not what they were.
  static func changed(from old: InstalledRelease?, to new: InstalledRelease) -> [String] {
    var before: [String: BundleManifest.File] = [:]
    for file in old?.manifest.files ?? [] { before[file.path] = file }
    let differs = new.manifest.files.contains { file in
      !file.path.hasPrefix(Places.units) && before[file.path]?.digest != file.digest
    }
    let secretsDiffer = old.map { $0.id != new.id && $0.manifest.secrets.count > 0 } ?? true
    return new.manifest.units.filter { unit in
      guard unit.isEnabled else { return false }
      let own = Places.units + unit.name
      let isChanged = new.manifest.files.contains { file in
        (file.path == own || file.path.hasPrefix(own + ".d/")) && before[file.path]?.digest != file.digest
      }
      return isChanged || differs || secretsDiffer
    }.flatMap { UnitText.names($0) }.sorted()
  }

  private func systemctl(_ words: [String], _ code: ExitCode) throws(Failure) {
    let command = ["systemctl"] + (root == "/" ? [] : ["--root=" + root]) + words
    let run = tree.calls.run(command, input: [], outputLimit: 4096, milliseconds: 300_000)
    if run.status != 0 {
      throw Failure(code: code, message: "systemctl \(words.joined(separator: " ")) ended with \(run.status)")
    }
  }

  /// Waits until a unit is active and what tells that it lives says so; never for a quorum.
  private func lives(_ name: String, _ unit: BundleManifest.Unit, _ release: InstalledRelease) throws(Failure)
  {
    var probes = [unit.live].compactMap { $0 }
    if let ready = unit.ready, ready.quorum == nil { probes.append(ready) }
    probes = probes.filter { $0.quorum == nil || !release.manifest.formsQuorum }
    let deadline = tree.calls.milliseconds() + Self.patience
    var pause = 100
    var lived = false
    while true {
      let state = tree.calls.run(
        ["systemctl", "is-active", name], input: [], outputLimit: 64, milliseconds: 30_000)
      let text = String(decoding: state.output.filter { $0 > 32 }, as: UTF8.self)
      if text == "failed" { throw Failure(code: .rolledBack, message: "\(name) failed") }
      if state.status == 0, probes.allSatisfy({ holds($0, release) }) {
        // A process that dies at once was active for a moment: it is asked again a second later.
        if lived { return }
        lived = true
        tree.calls.pause(milliseconds: 1000)
        continue
      }
      lived = false
      // A oneshot that is done is inactive again.
      if text == "inactive", probes.isEmpty { return }
      guard tree.calls.milliseconds() < deadline else {
        throw Failure(code: .rolledBack, message: "\(name) does not live after \(Self.patience / 1000) s")
      }
      tree.calls.pause(milliseconds: pause)
      pause = min(2000, pause * 2)
    }
  }

  private func holds(_ probe: BundleManifest.Probe, _ release: InstalledRelease) -> Bool {
    // Certificates are held against the system's authorities, and against those that the release has.
    var clients = [WebClient(calls: tree.calls)]
    for secret in release.manifest.secrets where !secret.isPrivate {
      clients.append(WebClient(calls: tree.calls, authority: "/" + secret.path))
    }
    return Prober(calls: tree.calls, clients: clients).refusal(probe) == nil
  }
}
