public import FleetModel
internal import SystemdUnits
public import UnitLint

/// What the linter may know of the node that generated units are for: its files and accounts.
public enum NodeKnowledge {
  /// The environment files and configuration of a node's services, what is delivered to it, and who has an
  /// account. Of other paths nothing is known: programs come with payloads or the system.
  public static func files(of node: Node) -> KnownFiles {
    var files = KnownFiles()
    for service in node.services {
      if let file = service.environmentFile {
        let lines = file.entries.compactMap {
          UnitQuoting.environmentFileLine(name: $0.name.value.description, value: $0.value.value)
        }
        let path = file.path.value.description
        files.environmentFiles[path] = lines.flatMap { Array(($0 + "\n").utf8) }
        files.paths[path] = .found(KnownFile(.file, mode: file.mode.bits))
      }
      for file in service.files {
        files.paths[file.path.value.description] = .found(KnownFile(.file, mode: file.mode.bits))
      }
    }
    for delivery in node.deliveries {
      files.paths[delivery.path.value.description] = .found(KnownFile(.file, mode: delivery.mode.bits))
    }
    files.isComplete = true
    var accounts = KnownAccounts()
    for account in node.accounts {
      let name = account.name.value.description
      accounts.users.insert(name)
      accounts.groups.insert(name)
    }
    files.accounts = accounts
    return files
  }
}
