public import Artifacts
internal import HostFiles

/// A fleet's results on their way: a folder beside `out/FLEET` that takes its place in one step.
///
/// The fleet is locked from the beginning to the end. Whatever happens before `commit` has exchanged
/// the names leaves the former results whole; whatever happens after leaves the new ones. The folder
/// that is not in use any more is removed at the end of this value's life, or, when the process was
/// killed, by the next run.
public struct FleetStage: ~Copyable {
  /// Writes into the stage; may be handed to any number of threads.
  public let writer: StageWriter

  private let out: HostFolder
  private let fleet: String
  private let stageName: String
  private let lock: HostLock

  /// Locks the fleet, removes what killed runs left behind, and makes an empty stage.
  ///
  /// - Parameters:
  ///   - out: The folder of all results; made when it is not there.
  ///   - fleet: The fleet's name.
  ///   - sources: Where bytes of artifacts come from.
  ///   - patience: How long to wait for another run to end, in seconds.
  public init(
    out path: String, fleet: String, sources: ArtifactSources, patience: Int = 10
  ) throws(PublishingError) {
    let out = try PublishingError.host { () throws(HostError) in
      try HostFile.makeDirectories(path, mode: 0o755)
      return try HostFolder(path)
    }
    let lock = try Self.lock(fleet, in: out, patience: patience)
    let former = try Self.openFormer(fleet, in: out)
    let name = try PublishingError.host { () throws(HostError) in
      try Self.sweep(fleet, in: out)
      let random = try HostRandom.bytes(6).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      return Self.stagePrefix(fleet) + random.joined()
    }
    do throws(HostError) {
      let stage = try out.make(name, mode: 0o755)
      // ext4 looks for a free inode by walking past those freed in the last minutes, all of them in the
      // block group of the parent: after a large tree was removed, 41,000 files took 15 s instead of 2.
      stage.spreadFolders()
      writer = try StageWriter(stage: stage, former: former, sources: sources)
    } catch {
      try? out.removeTree(name)
      throw .host(error)
    }
    self.out = out
    self.fleet = fleet
    self.stageName = name
    self.lock = lock
  }

  deinit {
    // What cannot be removed now is swept by the next run.
    try? out.removeTree(stageName)
    try? out.remove(Self.lockName(fleet))
  }

  /// The folders and files of the former results, in order of their bytes.
  public func former() throws(PublishingError) -> [String] {
    guard let former = writer.former else { return [] }
    return try PublishingError.host { () throws(HostError) in try former.folder.list() }.map(\.name)
  }

  /// Takes over a file or folder of the former results as it is, by links. Says whether there was one.
  public func keep(_ path: ArtifactPath) throws(PublishingError) -> Bool {
    let parts = path.description.split(separator: "/").map(String.init)
    return try writer.keep(parts[...])
  }

  /// Sends the stage to the disk and puts it in the place of the former results, in one step.
  public consuming func commit() throws(PublishingError) {
    do throws(HostError) {
      try writer.stage.syncFileSystem()
    } catch {
      throw .host(error)
    }
    let status = try PublishingError.host { () throws(HostError) in try out.status(fleet) }
    if let status, status.kind != .directory { throw .notAFolder(out.path + "/" + fleet) }
    do throws(HostError) {
      if status == nil {
        try out.renameNew(stageName, to: fleet)
      } else {
        try out.exchange(stageName, with: fleet)
      }
    } catch {
      throw error.isUnsupported ? .cannotExchange(folder: out.path) : .host(error)
    }
    do throws(HostError) { try out.sync() } catch { throw .host(error) }
  }

  private static func stagePrefix(_ fleet: String) -> String { ".\(fleet).stage-" }

  private static func lockName(_ fleet: String) -> String { ".\(fleet).lock" }

  private static func lock(
    _ fleet: String, in out: borrowing HostFolder, patience: Int
  ) throws(PublishingError) -> HostLock {
    let interval = 20
    var tries = max(patience, 0) * 1000 / interval
    let name = lockName(fleet)
    while true {
      do throws(HostError) {
        if let lock = try HostLock.take(name, in: out) { return lock }
      } catch {
        throw .host(error)
      }
      guard tries > 0 else {
        throw .busy(folder: out.path + "/" + fleet, process: HostLock.holder(name, in: out))
      }
      HostMachine.pause(milliseconds: interval)
      tries -= 1
    }
  }

  private static func openFormer(
    _ fleet: String, in out: borrowing HostFolder
  ) throws(PublishingError) -> FormerFolder? {
    let status = try PublishingError.host { () throws(HostError) in try out.status(fleet) }
    guard let status else { return nil }
    guard status.kind == .directory else { throw .notAFolder(out.path + "/" + fleet) }
    return try PublishingError.host { () throws(HostError) in FormerFolder(try out.open(fleet)) }
  }

  /// Removes stages of runs that were killed: the lock is held, so nobody is at work in them.
  private static func sweep(_ fleet: String, in out: borrowing HostFolder) throws(HostError) {
    let prefix = stagePrefix(fleet)
    for entry in try out.list() where entry.name.hasPrefix(prefix) { try out.removeTree(entry.name) }
  }
}
