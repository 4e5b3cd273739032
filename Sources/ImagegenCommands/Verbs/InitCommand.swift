internal import CommandLineKit
internal import HostFiles
internal import JSONText
internal import Profiles

/// `imagegen init`.
enum InitCommand {
  static func run(_ session: Session) throws(CommandFailure) -> ExitStatus {
    let folder = session.arguments.operands.first ?? session.profiles + "/starter"
    let name = folder.split(separator: "/").last.map(String.init) ?? "starter"
    guard Starter.isName(name) else {
      throw .usage(
        "\(name) cannot be a fleet's name", help: "use a lower-case letter, then letters, digits and hyphens")
    }
    guard try isFree(folder) else {
      throw CommandFailure(
        status: .findings, message: "\(folder) is there already and not empty",
        help: "name another folder: nothing of yours is overwritten")
    }
    do throws(HostError) {
      for file in Starter.files(fleet: name) {
        let path = folder + "/" + file.path
        try HostFile.makeDirectories(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]), mode: 0o755)
        try HostFile.write(Array(file.text.utf8), to: path, mode: 0o644)
        session.tell("wrote \(path)")
      }
      try HostFile.write(JSONSchema.document.pretty, to: folder + "/imagegen.schema.json", mode: 0o644)
    } catch {
      throw .environment(error)
    }
    session.tell("next: imagegen check --profiles \(folder), then imagegen build --all --profiles \(folder)")
    return .done
  }

  /// Whether a folder is not there, or empty.
  private static func isFree(_ folder: String) throws(CommandFailure) -> Bool {
    do throws(HostError) {
      guard let status = try HostFile.status(folder) else { return true }
      guard status.kind == .directory else { return false }
      return try HostFile.list(folder).isEmpty
    } catch {
      throw .environment(error)
    }
  }
}
