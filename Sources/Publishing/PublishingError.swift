// The only writer of results. See docs/architecture.md.
public import HostFiles
public import SecretStore

/// Why nothing was published. The former results are as they were.
public enum PublishingError: Error, Hashable, Sendable {
  /// The host refused.
  case host(HostError)
  /// Another run writes to the folder; its process, where the system says.
  case busy(folder: String, process: Int?)
  /// Something that is no folder has the name that results go by.
  case notAFolder(String)
  /// A file is not what it was when profiles were loaded.
  case changed(path: String)
  /// A secret is there and must not be used.
  case secret(SecretError)
  /// The artifact's path into the secret store is none.
  case unknownSecret(String)
  /// The file system has no exchange of two names.
  case cannotExchange(folder: String)
  /// More folders below each other than anything here needs.
  case tooDeep(path: String)
  /// A root has so many machines of a name, and one was meant.
  case unknownMachine(String, count: Int)
  /// There is no generation to go back to.
  case nothingBefore

  /// Short, lower case, no full stop.
  public var message: String {
    switch self {
    case .host(let error): error.message
    case .busy(let folder, let process):
      "another run writes to \(folder)" + (process.map { ": process \($0)" } ?? "")
    case .notAFolder(let path): "\(path) is no folder"
    case .changed(let path): "\(path) has changed since the profiles were read"
    case .secret(let error): error.message
    case .unknownSecret(let path): "\(path) is no path in the secret store"
    case .cannotExchange(let folder): "the file system of \(folder) cannot exchange two folders in one step"
    case .tooDeep(let path): "\(path) has too many folders below each other"
    case .unknownMachine(let name, let count):
      count == 0 ? "the root has no node \(name)" : "\(name) is a node of several fleets"
    case .nothingBefore: "there is no generation before the one that serves"
    }
  }

  /// What to do about it.
  public var help: String? {
    switch self {
    case .host(let error) where error.isLackOfSpace: "make room, or give --out a folder on a larger disk"
    case .host, .unknownSecret, .tooDeep: nil
    case .unknownMachine(_, let count):
      count == 0 ? "imagegen publish --list says which there are" : "write FLEET/NODE"
    case .nothingBefore: nil
    case .busy: "wait until it has ended"
    case .notAFolder: "move it away: results are a folder, not a link to one"
    case .changed: "build again; if it comes back, see what writes to the file"
    case .secret: "imagegen secrets --check says what lacks and why"
    case .cannotExchange: "give --out a folder on ext4, xfs, btrfs or tmpfs"
    }
  }

  /// Runs a step of the host.
  static func host<Result: ~Copyable>(
    _ body: () throws(HostError) -> Result
  ) throws(PublishingError) -> Result {
    do throws(HostError) {
      return try body()
    } catch {
      throw .host(error)
    }
  }
}
