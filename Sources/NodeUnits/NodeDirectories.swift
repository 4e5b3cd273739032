public import Diagnostics
public import FleetModel
import Hardening
import SystemdUnits

/// A line of tmpfiles.d(5).
public struct TemporaryFileLine: Hashable, Sendable {
  /// What it does.
  public enum Kind: String, Sendable {
    /// Makes a directory, or sets the rights of the one that is there.
    case directory = "d"
    /// Sets the rights of what is there.
    case rights = "z"
  }

  /// What it does.
  public let kind: Kind
  /// The file or directory.
  public let path: TargetPath
  /// Its permissions; `nil` leaves those of what is there.
  public let mode: FileMode?
  /// Its owner and group; `nil` leaves those of what is there.
  public let owner: AccountName?
  /// Why.
  public let origin: Origin

  /// The line, without line feed.
  public var text: String {
    // A target path holds no control character, so that there is always a spelling.
    let path = UnitQuoting.listWord(path.description) ?? path.description
    let owner = owner?.description ?? "-"
    return "\(kind.rawValue) \(path) \(mode?.description ?? "-") \(owner) \(owner) -"
  }
}

extension NodeUnits {
  /// The directories and rights that the node's units count on and systemd does not make for them:
  /// `ReadWritePaths=` and `WorkingDirectory=` name what has to exist. In order of path.
  ///
  /// Only what a service writes belongs to its account: systemd-tmpfiles refuses to follow a path
  /// from a folder of an account's to a file of root's, as the account could have put it there.
  public static func temporaryFiles(for node: Node) -> [TemporaryFileLine] {
    var lines: [TargetPath: TemporaryFileLine] = [:]
    func add(
      _ kind: TemporaryFileLine.Kind, _ path: Sourced<TargetPath>, _ mode: FileMode?, _ owner: AccountName?
    ) {
      guard path.value != .root else { return }
      lines[path.value] = TemporaryFileLine(
        kind: kind, path: path.value, mode: mode, owner: owner, origin: path.origin)
    }
    for service in node.services {
      if let path = service.workingDirectory, !isManaged(path.value, by: service),
        lines[path.value] == nil
      {
        add(.directory, path, nil, nil)
      }
    }
    for service in node.services {
      guard case .account(let account) = service.identity else { continue }
      for path in service.writablePaths { add(.directory, path, FileMode(0o750), account.value) }
    }
    for service in node.services {
      for file in service.files where file.owner.value != .root {
        add(.rights, file.path, file.mode.value, file.owner.value)
      }
      if let file = service.environmentFile, file.owner.value != .root {
        add(.rights, file.path, file.mode.value, file.owner.value)
      }
    }
    for delivery in node.deliveries where delivery.owner != .root {
      add(.rights, delivery.path, delivery.mode, delivery.owner)
    }
    return lines.values.sorted { $0.path < $1.path }
  }

  /// Whether systemd makes the directory itself: state and run-time directories.
  private static func isManaged(_ path: TargetPath, by service: Service) -> Bool {
    let made =
      service.state.map { "/var/lib/" + $0.path.value }
      + (service.runtimeDirectory.map { ["/run/" + $0.value] } ?? [])
    return made.contains { path.description == $0 || path.description.hasPrefix($0 + "/") }
  }
}
