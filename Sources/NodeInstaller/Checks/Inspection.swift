internal import BundleReading
internal import Bundles
internal import NodeCalls

/// Asks whether a node is fit for a bundle, and writes nothing. Every rule is asked, so that one run tells all.
///
/// With another root than `/` nothing is asked of the running system: ports, clock, peers and kernel are its own.
struct Inspection {
  let tree: NodeTree
  let bundle: OpenBundle
  let options: InstallOptions
  /// The active release.
  let current: InstalledRelease?
  /// What was brought for the bundle's secrets, by path.
  let brought: [String: [UInt8]]
  /// What refuses, in order of rule.
  var findings: [Refusal] = []
  /// Texts of units and environment files, by path.
  var texts: [String: [UInt8]] = [:]

  var manifest: BundleManifest { bundle.manifest }
  var isLive: Bool { options.root == "/" }

  init(
    _ tree: NodeTree, _ bundle: OpenBundle, _ options: InstallOptions, current: InstalledRelease?,
    brought: [String: [UInt8]]
  ) {
    self.tree = tree
    self.bundle = bundle
    self.options = options
    self.current = current
    self.brought = brought
  }

  /// Asks all rules.
  mutating func run() throws(Refusal) {
    for file in manifest.files where file.fileClass != .program {
      // Units and variables are read by what follows; of other files those that a person may have filled in.
      guard file.size <= (file.fileClass == .configuration ? 16 << 10 : 1 << 20) else { continue }
      texts[file.path] = try bundle.text(of: file, limit: 1 << 20)
    }
    do throws(NodeFailure) {
      try identity()
      try features()
      try space()
      try units()
      try certificates()
      try layout()
      if isLive {
        try ports()
        clock()
        try peers()
      }
    } catch {
      throw error.refusal
    }
    try programs()
    findings.sort { ($0.rule ?? "", $0.subject ?? "") < ($1.rule ?? "", $1.subject ?? "") }
  }

  mutating func refuse(
    _ rule: String, _ code: ExitCode, _ message: String, _ subject: String? = nil, help: String? = nil
  ) {
    findings.append(Refusal(code, message, rule: rule, subject: subject, help: help))
  }

  // MARK: Which machine

  private mutating func identity() throws(NodeFailure) {
    let target = manifest.target
    let floor = try Switching.floor(tree)
    if manifest.sequence < floor, options.allowDowngrade != manifest.sequence {
      refuse(
        "ND003", .rollbackFloor, "sequence \(manifest.sequence) is below \(floor), which was active here",
        help: "build a release with a higher sequence, or say --allow-downgrade \(manifest.sequence)")
    }
    if let current, current.manifest.sequence == manifest.sequence,
      current.manifest.setDigest != manifest.setDigest
    {
      refuse(
        "ND039", .peers, "another set has sequence \(manifest.sequence) here",
        help: "raise release.sequence of the fleet for every change")
    }
    let known = try line("etc/imagegen/node")
    let host = isLive ? tree.calls.name(.host) : try line("etc/hostname") ?? ""
    let label = String(decoding: Array(host.utf8.prefix { $0 != 46 }), as: UTF8.self)
    if known.map({ $0 != "\(target.fleet)/\(target.node)" }) ?? (label != target.node) {
      refuse(
        "ND005", .wrongNode, "this is node '\(known ?? label)', the bundle is for '\(target.node)'",
        help: "take the node's own bundle, or write FLEET/NODE into /etc/imagegen/node")
    }
    if tree.calls.name(.machine) != target.architecture {
      refuse("ND006", .wrongNode, "the bundle is for \(target.architecture) machines")
    }
    try operatingSystem(target)
  }

  private mutating func operatingSystem(_ target: BundleManifest.Target) throws(NodeFailure) {
    var system: [String: String] = [:]
    for path in ["etc/os-release", "usr/lib/os-release"] where system.isEmpty {
      guard let found = try tree.resolved(path), let bytes = try tree.read(found, limit: 1 << 16) else {
        continue
      }
      for (key, value) in UnitText.assignments(bytes) {
        system[key] = String(decoding: value.utf8.filter { $0 != 34 && $0 != 39 }, as: UTF8.self)
      }
    }
    let (id, version) = (system["ID"] ?? "", system["VERSION_ID"] ?? "")
    if id != target.system || Self.isLower(version, target.systemVersion) {
      refuse(
        "ND007", .wrongNode,
        "this is \(id.isEmpty ? "an unknown system" : id) \(version), the bundle is for \(target.system) "
          + "\(target.systemVersion) or later")
    }
  }

  /// Whether a version, numbers between dots, comes before another.
  static func isLower(_ version: String, _ other: String) -> Bool {
    let left = version.utf8.split(separator: 46).map { Int(String(decoding: Array($0), as: UTF8.self)) ?? 0 }
    let right = other.utf8.split(separator: 46).map { Int(String(decoding: Array($0), as: UTF8.self)) ?? 0 }
    for index in 0..<max(left.count, right.count) {
      let (one, two) = (index < left.count ? left[index] : 0, index < right.count ? right[index] : 0)
      if one != two { return one < two }
    }
    return false
  }

  private func line(_ path: String) throws(NodeFailure) -> String? {
    guard let bytes = try tree.read(path, limit: 4096) else { return nil }
    return String(decoding: Array(bytes.prefix { $0 != 10 }), as: UTF8.self)
  }

  // MARK: What it has

  private mutating func features() throws(NodeFailure) {
    for command in manifest.commands where try !hasProgram(command) {
      refuse("ND012", .missingFeature, "there is no program '\(command)'", command, help: "install it")
    }
    let accounts = Accounts(
      passwd: try tree.read("etc/passwd", limit: Accounts.fileLimit) ?? [],
      group: try tree.read("etc/group", limit: Accounts.fileLimit) ?? [])
    for user in manifest.users where !user.isMade && accounts.owner(user.name) == nil {
      refuse("ND013", .missingFeature, "there is no user '\(user.name)'", user.name, help: "make it")
    }
    let made = Set(manifest.users.filter { $0.isMade }.map { $0.name })
    for file in manifest.files where accounts.owner(file.owner) == nil && !made.contains(file.owner) {
      refuse("ND013", .missingFeature, "there is no user '\(file.owner)'", file.path)
    }
    guard isLive else { return }
    try kernel()
  }

  private mutating func kernel() throws(NodeFailure) {
    for setting in manifest.kernelSettings {
      let path =
        "proc/sys/" + setting.utf8.map { $0 == 46 ? "/" : String(decoding: [$0], as: UTF8.self) }.joined()
      if try tree.status(path) == nil {
        refuse("ND014", .missingFeature, "the kernel has no setting '\(setting)'", setting)
      }
    }
    guard !manifest.kernelModules.isEmpty else { return }
    var known: [UInt8] = []
    let folder = "lib/modules/" + tree.calls.name(.release)
    for path in ["\(folder)/modules.dep", "\(folder)/modules.builtin"] {
      guard let found = try tree.resolved(path) else { continue }
      known += try tree.read(found, limit: 8 << 20) ?? []
    }
    known += try tree.read("proc/modules", limit: 1 << 20) ?? []
    let names = Self.moduleNames(known)
    for module in manifest.kernelModules where !names.contains(Self.moduleName(Array(module.utf8)[...])) {
      refuse("ND014", .missingFeature, "the kernel has no module '\(module)'", module)
    }
  }

  /// The first word of each line, without its path and `.ko…`.
  private static func moduleNames(_ text: [UInt8]) -> Set<String> {
    Set(
      text.split(separator: 10).map { line in
        let word = line.prefix { $0 != 58 && $0 != 32 }
        let name = word.split(separator: 47).last ?? word
        return moduleName(name.prefix { $0 != 46 })
      })
  }

  private static func moduleName(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.map { $0 == 45 ? 95 : $0 }, as: UTF8.self)
  }

  /// Whether a program is there, by name or by absolute path, or is brought.
  func hasProgram(_ name: String) throws(NodeFailure) -> Bool {
    guard name.utf8.first != 47 else {
      let path = String(name.dropFirst())
      if manifest.files.contains(where: { $0.path == path && $0.mode & 0o111 != 0 }) { return true }
      return try isExecutable(path)
    }
    for folder in [
      "usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin", "run/current-system/sw/bin",
    ] where try isExecutable(folder + "/" + name) { return true }
    return false
  }

  func isExecutable(_ path: String) throws(NodeFailure) -> Bool {
    guard let found = try tree.resolved(path), let status = try tree.status(found) else { return false }
    return status.kind == .file && status.mode & 0o111 != 0
  }

  // MARK: Space

  private mutating func space() throws(NodeFailure) {
    let staged = manifest.files.filter { !$0.path.hasPrefix(Places.units) }
    let units = manifest.files.filter { $0.path.hasPrefix(Places.units) }
    try room(Places.releases, staged, for: "the release")
    try room(Places.sets, units, for: "units")
    for wanted in manifest.spaces {
      let space = try space(at: wanted.path)
      if UInt64(space.total) < wanted.bytes {
        refuse(
          "ND015", .space,
          "/\(wanted.path) is to have \(wanted.bytes) bytes, its file system has \(space.total)",
          wanted.path, help: "give it a larger disk")
      }
    }
    for mount in manifest.mounts where isLive { try mounted(mount) }
  }

  private mutating func room(
    _ path: String, _ files: [BundleManifest.File], for what: String
  ) throws(NodeFailure) {
    let space = try space(at: path)
    if space.isReadOnly {
      refuse("ND017", .space, "/\(path) is on a file system that is mounted read-only", path)
    }
    if space.isNoExec, files.contains(where: { $0.mode & 0o111 != 0 }) {
      refuse("ND017", .space, "nothing can be run from /\(path): it is mounted noexec", path)
    }
    let folders = Set(files.flatMap { Places.parents($0.path) }).count
    // Every file takes whole blocks, every folder one; a few more for manifest, list and links.
    let blocks = files.reduce(folders + 16) { $0 + ($1.size + space.block - 1) / space.block }
    let needed = blocks * space.block + BundleFormat.manifestLimit
    if needed > space.bytes {
      refuse("ND015", .space, "\(what) needs \(needed) bytes, /\(path) has \(space.bytes) free", path)
    }
    if files.count + folders + 16 > space.inodes {
      refuse(
        "ND016", .space, "\(what) needs \(files.count + folders + 16) inodes, /\(path) has \(space.inodes)",
        path)
    }
  }

  /// The file system that a path is on, or would be.
  private func space(at path: String) throws(NodeFailure) -> NodeSpace {
    var here = path
    while try tree.status(here)?.kind != .directory {
      guard here != "." else { break }
      here = Places.parent(here)
    }
    return try tree.inFolder(here) { folder throws(NodeFailure) in
      switch tree.calls.space(folder) {
      case .success(let space): return space
      case .failure(let reason): throw NodeFailure("measure", here, reason)
      }
    }
  }

  /// The disk layout, as the plan has it: a file system of this type and size is mounted here (proc(5), mounts).
  private mutating func mounted(_ mount: BundleManifest.Mount) throws(NodeFailure) {
    let table = try tree.read("proc/1/mounts", limit: 4 << 20) ?? []
    let path = mount.path == "/" ? "." : String(mount.path.dropFirst())
    let rows = table.split(separator: 10).map { row in
      row.split(separator: 32).map { String(decoding: $0, as: UTF8.self) }
    }
    guard let row = rows.last(where: { $0.count > 3 && $0[1] == mount.path }) else {
      return refuse("ND044", .layout, "nothing is mounted at \(mount.path)", mount.path)
    }
    if row[2] != mount.format {
      refuse("ND044", .layout, "\(mount.path) is \(row[2]), the plan says \(mount.format)", mount.path)
    }
    // A file system keeps some of its partition for itself: a tenth is more than any of them.
    let total = try space(at: path).total
    if UInt64(total) < mount.bytes / 10 * 9 {
      refuse("ND044", .layout, "\(mount.path) has \(total) bytes, the plan says \(mount.bytes)", mount.path)
    }
  }
}
