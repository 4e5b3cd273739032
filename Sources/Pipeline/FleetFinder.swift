public import HostFiles

/// Finds fleets: a folder with a `fleet.yaml`, or one of the folders directly in it that have one.
public enum FleetFinder {
  /// The fleets' folders, in order of name.
  public static func folders(in profiles: String) throws(HostError) -> [String] {
    if try HostFile.status(profiles + "/fleet.yaml") != nil { return [profiles] }
    var folders: [String] = []
    for entry in try HostFile.list(profiles) where entry.kind == .directory && !entry.name.hasPrefix(".") {
      let folder = profiles + "/" + entry.name
      if try HostFile.status(folder + "/fleet.yaml") != nil { folders.append(folder) }
    }
    return folders
  }
}
