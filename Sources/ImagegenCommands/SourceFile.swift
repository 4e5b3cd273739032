internal import HostFiles

/// A file that findings or origins point into, read again to show its lines.
enum SourceFile {
  /// No profile and no unit is larger: those that are were refused when they were read first.
  static let limit = 1 << 20

  /// Its bytes; `nil` where it is gone by now, since what is said of it stands without its lines too.
  static func bytes(_ path: String) -> [UInt8]? {
    do throws(HostError) { return try HostFile.read(path, limit: limit) } catch { return nil }
  }
}
