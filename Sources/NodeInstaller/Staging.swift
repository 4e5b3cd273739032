internal import BundleReading
internal import Bundles
internal import Digests
internal import NodeCalls

/// Puts a release beside the active one: whole and on the disk before anything points at it.
struct Staging {
  let tree: NodeTree
  let bundle: OpenBundle
  let id: String
  /// Secrets that come with it: their bytes' places, by path.
  let secrets: [StagedSecret]
  /// Writing system accounts, where the release brings any.
  let makeAccounts: ([String]) throws(Refusal) -> Void

  /// A secret's bytes, and how they are kept.
  struct StagedSecret {
    var secret: BundleManifest.Secret
    var bytes: [UInt8]
  }

  private var releaseStage: String { Places.release(id) + ".stage" }
  private var setStage: String { Places.set(id) + ".stage" }

  /// Writes, syncs, reads back and names both halves; what stood under these names before is gone first.
  func run() throws(Refusal) {
    try asRefusal { () throws(NodeFailure) in
      for leftover in [releaseStage, setStage, Places.release(id), Places.set(id)] {
        try tree.removeTree(leftover)
      }
    }
    try writeRelease()
    try writeSet()
    try asRefusal { () throws(NodeFailure) in
      // One sync for all: some hundred times as fast as one for each file.
      try tree.syncAll(releaseStage)
      try tree.syncAll(setStage)
    }
    try readBack()
    try asRefusal { () throws(NodeFailure) in
      try tree.renameNew(releaseStage, to: Places.release(id))
      try tree.sync(Places.releases)
      try tree.renameNew(setStage, to: Places.set(id))
      try tree.sync(Places.sets)
    }
  }

  private func writeRelease() throws(Refusal) {
    let files = bundle.manifest.files.filter { !$0.path.hasPrefix(Places.units) }
    let paths = files.map { $0.path } + secrets.map { $0.secret.path }
    try makeFolders(releaseStage, "files", paths)
    // Accounts first: what makes them is a file of the release, and others belong to them.
    let makers = files.filter {
      $0.path.hasPrefix("etc/sysusers.d/") || $0.path.hasPrefix("usr/lib/sysusers.d/")
    }
    let makerPaths = Set(makers.map { $0.path })
    let root = Accounts(passwd: [], group: [])
    for file in makers { try write(file, to: releaseStage + "/files/" + file.path, root) }
    try makeAccounts(makers.map { releaseStage + "/files/" + $0.path })
    let accounts = try Self.accounts(tree)
    for file in files where !makerPaths.contains(file.path) {
      try write(file, to: releaseStage + "/files/" + file.path, accounts)
    }
    for staged in secrets {
      let owner = try Self.owner(staged.secret.owner, accounts, staged.secret.path)
      let path = releaseStage + "/files/" + staged.secret.path
      try asRefusal { () throws(NodeFailure) in
        try tree.create(path, mode: UInt32(staged.secret.mode), owner: owner, isDurable: false) {
          file throws(NodeFailure) in try tree.write(staged.bytes, to: file, path)
        }
      }
    }
  }

  private func writeSet() throws(Refusal) {
    let files = bundle.manifest.files.filter { $0.path.hasPrefix(Places.units) }
    let inner = files.map { String($0.path.dropFirst(Places.units.utf8.count)) }
    try makeFolders(setStage, "units", inner)
    let accounts = try Self.accounts(tree)
    for (file, name) in zip(files, inner) { try write(file, to: setStage + "/units/" + name, accounts) }
    let list = secrets.map { $0.secret.path }.sorted().flatMap { path -> [UInt8] in Array(path.utf8) + [10] }
    let texts: [(String, [UInt8])] = [
      ("manifest.json", bundle.manifestBytes), ("manifest.sig", bundle.signatureBytes), ("secrets", list),
    ]
    for (name, bytes) in texts {
      let path = setStage + "/" + name
      try asRefusal { () throws(NodeFailure) in
        try tree.create(path, mode: 0o644, isDurable: false) { file throws(NodeFailure) in
          try tree.write(bytes, to: file, path)
        }
      }
    }
    try asRefusal { () throws(NodeFailure) in
      try tree.makeLink("/" + Places.release(id) + "/files", at: setStage + "/files")
    }
  }

  private func makeFolders(_ stage: String, _ top: String, _ paths: [String]) throws(Refusal) {
    var folders = Set<String>()
    for path in paths { folders.formUnion(Places.parents(path)) }
    try asRefusal { () throws(NodeFailure) in
      try tree.makeFolder(stage, mode: 0o755)
      try tree.makeFolder(stage + "/" + top, mode: 0o755)
      for folder in folders.sorted() { try tree.makeFolder(stage + "/" + top + "/" + folder, mode: 0o755) }
    }
  }

  private func write(_ file: BundleManifest.File, to path: String, _ accounts: Accounts) throws(Refusal) {
    let owner = try Self.owner(file.owner, accounts, file.path)
    var problem: Refusal?
    do throws(NodeFailure) {
      try tree.create(path, mode: UInt32(file.mode), owner: owner, isDurable: false) {
        descriptor throws(NodeFailure) in
        do throws(Refusal) {
          try bundle.content(of: file) { piece throws(Refusal) in
            try asRefusal { () throws(NodeFailure) in try tree.write(piece, to: descriptor, path) }
          }
        } catch {
          problem = error
          throw NodeFailure("write", path, .io)
        }
      }
    } catch {
      throw problem ?? error.refusal
    }
  }

  /// Reads everything again, past the kernel's memory where that can be: what the disk gives is what was signed.
  private func readBack() throws(Refusal) {
    var buffer = Self.buffer()
    for file in bundle.manifest.files {
      let path =
        file.path.hasPrefix(Places.units)
        ? setStage + "/units/" + file.path.dropFirst(Places.units.utf8.count)
        : releaseStage + "/files/" + file.path
      let digest = try asRefusal { () throws(NodeFailure) in
        try Self.digest(tree, path, through: &buffer, fromDisk: true)
      }
      guard digest == file.digest else {
        throw Refusal(.io, "the disk gives back other bytes than were written", subject: file.path)
      }
    }
  }

  static func accounts(_ tree: NodeTree) throws(Refusal) -> Accounts {
    try asRefusal { () throws(NodeFailure) in
      Accounts(
        passwd: try tree.read("etc/passwd", limit: Accounts.fileLimit) ?? [],
        group: try tree.read("etc/group", limit: Accounts.fileLimit) ?? [])
    }
  }

  private static func owner(
    _ name: String, _ accounts: Accounts, _ path: String
  ) throws(Refusal) -> (user: UInt32, group: UInt32) {
    guard let owner = accounts.owner(name) else {
      throw Refusal(.missingFeature, "there is no user \(name)", rule: "ND013", subject: path)
    }
    return owner
  }

  /// The digest of a plain file, read through a buffer that serves for many: making one takes longer than hashing
  /// most files.
  static func digest(
    _ tree: NodeTree, _ path: String, through buffer: inout [UInt8], fromDisk: Bool = false
  ) throws(NodeFailure) -> SHA256Digest {
    try tree.withFile(path) { file throws(NodeFailure) in
      if fromDisk { _ = tree.calls.forget(file) }
      var hash = SHA256()
      var offset = 0
      while true {
        let count = try tree.fill(&buffer, from: file, at: offset, path)
        if count == 0 { return hash.finish() }
        unsafe buffer.withUnsafeBytes { unsafe hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        offset += count
      }
    }
  }

  /// What files are read through.
  static func buffer() -> [UInt8] { [UInt8](repeating: 0, count: 1 << 17) }
}

extension NodeFailure {
  /// Which class of failure this is.
  var refusal: Refusal {
    switch reason {
    case .noSpace, .readOnly, .quota: Refusal(.storage, message)
    case .link: Refusal(.hostile, message, help: "a link stands where a folder should be")
    default: Refusal(.io, message)
    }
  }
}

/// Runs what fails as the file system does, and refuses as the installer does.
func asRefusal<Value>(_ body: () throws(NodeFailure) -> Value) throws(Refusal) -> Value {
  do throws(NodeFailure) {
    return try body()
  } catch {
    throw error.refusal
  }
}
