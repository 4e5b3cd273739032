internal import HostFiles

/// A kernel and its modules, wherever they come from.
struct KernelSource {
  /// The kernel's file.
  let kernel: String
  /// The folder with `modules.dep`: `/lib/modules/VERSION`.
  let modules: String
  /// What `uname -r` says on it.
  var version: String { modules.split(separator: "/").last.map(String.init) ?? "" }
  /// Holds what was unpacked, to be removed.
  let temporary: String?

  /// `debian` or `debian:PACKAGE`, a file, or the newest of `/boot`.
  static func find(_ word: String?, modules: String?) throws(CommandFailure) -> KernelSource {
    if let word, word == "debian" || word.hasPrefix("debian:") {
      return try debian(word == "debian" ? "linux-image-cloud-amd64" : String(word.dropFirst(7)))
    }
    let kernel: String
    if let word { kernel = word } else { kernel = try newest() }
    guard let folder = modules ?? beside(kernel) else {
      throw .usage(
        "--kernel \(kernel): its name does not say which modules are its own",
        help: "give their folder with --modules: /lib/modules/VERSION")
    }
    return KernelSource(kernel: kernel, modules: trimmed(folder), temporary: nil)
  }

  /// Removes what was unpacked.
  func clean() { if let temporary { try? HostFile.removeTree(temporary) } }

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// `…/boot/vmlinuz-VERSION` -> `…/lib/modules/VERSION`.
  private static func beside(_ kernel: String) -> String? {
    guard let range = kernel.firstRange(of: "boot/vmlinuz-") else { return nil }
    return kernel[..<range.lowerBound] + "lib/modules/" + kernel[range.upperBound...]
  }

  private static func newest() throws(CommandFailure) -> String {
    let names = ((try? HostFile.list("/boot")) ?? []).map(\.name).filter { $0.hasPrefix("vmlinuz-") }
    let key = { (name: String) in
      name.split { !$0.isNumber }.map { String(repeating: "0", count: max(0, 8 - $0.count)) + $0 }
    }
    guard let last = names.max(by: { key($0).lexicographicallyPrecedes(key($1)) }) else {
      throw CommandFailure(
        status: .environment, message: "there is no kernel in /boot",
        help: "--kernel debian takes one from the distribution's packages, --kernel FILE one that you have")
    }
    return "/boot/" + last
  }

  /// Downloads and unpacks the package, or the one it depends on where it is a name for the newest; installs nothing.
  private static func debian(_ package: String) throws(CommandFailure) -> KernelSource {
    do throws(HostError) {
      let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-kernel")
      // apt downloads as a user of its own.
      try HostFolder(folder).setMode(0o755)
      let listed = try run(["apt-cache", "depends", "--important", "--", package], in: folder)
      let real =
        listed.split(separator: "\n").compactMap { line -> String? in
          let words = line.split(separator: " ")
          guard words.count == 2, words[0] == "Depends:", words[1].hasPrefix("linux-image-") else {
            return nil
          }
          return String(words[1])
        }.first ?? package
      _ = try run(["apt-get", "-qq", "download", "--", real], in: folder)
      for entry in try HostFile.list(folder) where entry.name.hasSuffix(".deb") {
        _ = try run(["dpkg-deb", "-x", entry.name, "."], in: folder)
      }
      let versions = try HostFile.list(folder + "/lib/modules").map(\.name)
      guard let version = versions.last else {
        throw HostError(operation: "find modules in", path: package, errno: 2)
      }
      _ = try run(["depmod", "-b", folder, version], in: folder)
      return KernelSource(
        kernel: "\(folder)/boot/vmlinuz-\(version)", modules: "\(folder)/lib/modules/\(version)",
        temporary: folder)
    } catch {
      throw CommandFailure(
        status: .environment, message: "no kernel from package \(package): \(error.message)",
        help: "apt-get update may be due; --kernel FILE takes one that you have")
    }
  }

  private static func run(_ words: [String], in folder: String) throws(HostError) -> String {
    let result = try HostProgram.run(words, directory: folder)
    guard result.status == 0 else { throw HostError(operation: "run", path: words[0], errno: 5) }
    return String(decoding: result.output, as: UTF8.self)
  }
}
